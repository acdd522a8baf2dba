/** Answers in the vendor's form: shapes of its objects and errors. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type Account,
  type AccountAgent,
  type AccountArticle,
  type AccountContact,
  type AccountEntry,
  type AccountTicket,
  textOf,
} from './account.ts'

export interface Fault {
  readonly field: string
  readonly message: string
  readonly code: string
  readonly additional_info?: object
}

/** Thrown by routes; the error handler answers with it. */
export class Refusal extends Error {
  readonly status: number
  readonly body: unknown
  constructor(status: number, body: unknown) {
    super(`refused with ${status}`)
    this.status = status
    this.body = body
  }
}

export const invalid = (...errors: Fault[]): Refusal => new Refusal(400, { description: 'Validation failed', errors })
export const fault = (field: string, code: string, message: string): Fault => ({ field, message, code })
/** Of an unknown id the body is empty (freshdesk.md 3). */
export const notFound = (): Refusal => new Refusal(404, '')

export const credentials = {
  code: 'invalid_credentials',
  message: 'You have to be logged in to perform this action.',
}
export const tooMany = { message: 'You have exceeded the limit of requests per minute' }
export const broken = { message: 'We’re sorry, but something went wrong.' }

/** One page, with the link to the next where there is one. */
export function page<T>(request: FastifyRequest, reply: FastifyReply, all: readonly T[]): T[] {
  const query = request.query as Record<string, string>
  const number = Number(query.page ?? 1)
  const size = Number(query.per_page ?? 30)
  if (!Number.isInteger(number) || number < 1 || number > 300)
    throw invalid(fault('page', 'invalid_value', 'It should be a number from 1 to 300'))
  if (!Number.isInteger(size) || size < 1 || size > 100)
    throw invalid(fault('per_page', 'invalid_value', 'It should be a number from 1 to 100'))
  if (all.length > number * size) {
    const next = new URLSearchParams({ ...query, page: String(number + 1) })
    reply.header('link', `<https://twin.freshdesk.com${request.url.split('?')[0]}?${next}>; rel="next"`)
  }
  return all.slice((number - 1) * size, number * size)
}

export const asTicket = (ticket: AccountTicket, withDescription: boolean): object => {
  const { description, deleted, ...rest } = ticket
  return {
    ...rest,
    cc_emails: [],
    fwd_emails: [],
    reply_cc_emails: [],
    company_id: null,
    product_id: null,
    email_config_id: null,
    ...(withDescription ? { description: `<div>${description}</div>`, description_text: textOf(description) } : {}),
    ...(deleted ? { deleted } : {}),
  }
}

export const asEntry = (entry: AccountEntry): object => ({
  ...entry,
  body: `<div>${entry.body}</div>`,
  support_email: null,
  category: 3,
  to_emails: [],
  from_email: null,
  cc_emails: [],
  bcc_emails: null,
})

export const asAgent = (agent: AccountAgent, account: Account): object => ({
  // Not a presence: false for everybody when no group assigns by itself (freshdesk.md 2.7).
  available: false,
  occasional: false,
  id: agent.id,
  ticket_scope: 1,
  type: 'support_agent',
  deactivated: false,
  skill_ids: skillsOf(account).flatMap((skill) => (agent.skills.includes(skill.name) ? [skill.id] : [])),
  contact: { active: true, email: `${agent.id}@example.com`, name: agent.name, language: agent.language },
})

export const skillsOf = ({ agents }: Account) =>
  [...new Set(agents.flatMap(({ skills }) => skills))].map((name, index) => ({
    id: 501000990001 + index,
    name,
    rank: index + 1,
    match_type: 'all',
    agents: agents.filter(({ skills }) => skills.includes(name)).map(({ id }) => ({ id })),
  }))

export const asAvailability = (agent: AccountAgent, account: Account): object => ({
  agent_ref: agent.id,
  channel_availability: [
    {
      channel: 'freshdesk',
      available: agent.online,
      logged_in: agent.online,
      round_robin_enabled: true,
      assignment_limit: agent.limit,
      current_assignment_load: [...account.tickets.values()].filter(
        (one) => one.responder_id === agent.id && one.status < 4,
      ).length,
    },
  ],
})

export const asContact = ({ deleted, ...contact }: AccountContact): object => ({
  active: false,
  address: null,
  description: null,
  csat_rating: null,
  company_id: null,
  ...contact,
})

export const asArticle = ({ keywords, ...article }: AccountArticle, account: Account): object => ({
  ...article,
  type: 1,
  category_id: 501000036597,
  hierarchy: [],
  thumbs_up: 0,
  thumbs_down: 0,
  hits: 0,
  tags: [],
  seo_data: { meta_title: article.title, meta_keywords: keywords },
  agent_id: account.me,
  description_text: textOf(article.description),
  updated_at: article.created_at,
})
