/** Routes of agents, groups, skills, contacts and Solutions. */
import type { FastifyInstance } from 'fastify'
import type { Account, AccountContact } from './account.ts'
import {
  asAgent,
  asArticle,
  asAvailability,
  asContact,
  fault,
  invalid,
  notFound,
  page,
  Refusal,
  skillsOf,
} from './answers.ts'

type Body = Record<string, unknown>
type WithId = { Params: { id: string } }

export function peopleRoutes(app: FastifyInstance, account: Account): void {
  app.get('/agents/me', async () => asAgent(account.agents[0]!, account))
  app.get('/agents', async (request, reply) => {
    if ((request.query as Body).only !== 'availability')
      return page(request, reply, account.agents).map((agent) => asAgent(agent, account))
    if (!account.habits.tellsAvailability)
      throw new Refusal(403, { code: 'require_feature', message: 'The feature is not available in your plan' })
    return page(request, reply, account.agents).map((agent) => asAvailability(agent, account))
  })
  app.get<WithId>('/agents/:id', async ({ params }) => {
    const agent = account.agents.find(({ id }) => id === Number(params.id))
    if (!agent) throw notFound()
    return asAgent(agent, account)
  })
  app.get<WithId>('/groups/:id', async ({ params }) => {
    const group = account.groups.get(Number(params.id))
    if (!group) throw notFound()
    return {
      id: Number(params.id),
      name: group.name,
      description: null,
      agent_ids: group.agents,
      auto_ticket_assign: 0,
    }
  })
  app.get('/admin/skills', async (request, reply) => page(request, reply, skillsOf(account)))

  app.get('/contacts', async (request, reply) =>
    page(request, reply, findContacts(account, request.query as Body)).map(asContact),
  )
  app.post('/contacts', async (request, reply) =>
    reply.code(201).send(asContact(addContact(account, request.body as Body))),
  )
}

const contactKeys = ['email', 'phone', 'mobile', 'unique_external_id'] as const

function findContacts(account: Account, query: Body): AccountContact[] {
  if (query.email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(String(query.email)))
    throw invalid(fault('email', 'invalid_value', 'It should be in the valid email address format'))
  return account.contacts.filter(
    (contact) =>
      !contact.deleted && contactKeys.every((key) => query[key] === undefined || contact[key] === query[key]),
  )
}

function addContact(account: Account, body: Body): AccountContact {
  if (typeof body.name !== 'string' || body.name === '')
    throw invalid(fault('name', 'missing_field', 'It should be a/an String'))
  if (!contactKeys.some((key) => body[key]))
    throw invalid(fault('email', 'missing_field', 'Please fill at least 1 of email, phone, mobile, unique_external_id'))
  for (const key of ['email', 'unique_external_id'] as const) {
    const there = account.contacts.find((contact) => contact[key] !== null && contact[key] === body[key])
    if (there) {
      const duplicate = {
        ...fault(key, 'duplicate_value', 'It should be a unique value'),
        additional_info: { user_id: there.id },
      }
      throw new Refusal(409, { description: 'Validation failed', errors: [duplicate] })
    }
  }
  const text = (key: string) => (typeof body[key] === 'string' ? (body[key] as string) : null)
  const contact: AccountContact = {
    id: account.nextId(),
    name: body.name,
    email: text('email'),
    phone: text('phone'),
    mobile: text('mobile'),
    unique_external_id: text('unique_external_id'),
    job_title: text('job_title'),
    language: text('language') ?? 'en',
    custom_fields: {},
    created_at: account.now(),
    deleted: false,
  }
  account.contacts.push(contact)
  return contact
}

export function solutionRoutes(app: FastifyInstance, account: Account): void {
  app.get('/search/solutions', async (request) => {
    const term = String((request.query as Body).term ?? '')
    if (term === '') throw invalid(fault('term', 'missing_field', 'It should be a/an String'))
    const words = term.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []
    // Drafts and articles for agents are found too: the key is an agent's.
    return account.articles
      .filter(({ title, description }) => words.some((word) => `${title} ${description}`.toLowerCase().includes(word)))
      .map((article) => asArticle(article, account))
  })
  app.get<WithId>('/solutions/folders/:id', async ({ params }) => {
    const folder = account.folders.get(Number(params.id))
    if (!folder) throw notFound()
    return { id: Number(params.id), ...folder }
  })
  app.get<WithId>('/solutions/folders/:id/articles', async (request, reply) => {
    const id = Number(request.params.id)
    if (!account.folders.has(id)) throw notFound()
    return page(
      request,
      reply,
      account.articles.filter((one) => one.folder_id === id),
    ).map((one) => asArticle(one, account))
  })
  app.post<WithId>('/solutions/folders/:id/articles', async (request, reply) => {
    const folder_id = Number(request.params.id)
    if (!account.folders.has(folder_id)) throw notFound()
    const body = request.body as Body
    const faults = ['title', 'description']
      .filter((name) => typeof body[name] !== 'string' || body[name] === '')
      .map((name) => fault(name, 'missing_field', 'It should be a/an String'))
    for (const name of ['type', 'status'])
      if (body[name] !== 1 && body[name] !== 2)
        faults.push(fault(name, 'invalid_value', "It should be one of these values: '1,2'"))
    if (faults.length > 0) throw invalid(...faults)
    const article = {
      id: account.nextId(),
      folder_id,
      title: body.title as string,
      description: body.description as string,
      status: body.status as number,
      keywords: String((body.seo_data as Body | undefined)?.meta_keywords ?? ''),
      created_at: account.now(),
    }
    account.articles.push(article)
    return reply.code(201).send(asArticle(article, account))
  })
}
