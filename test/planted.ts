/** A customer whose every fact can be recognised, planted wherever a hub keeps such facts: what must stay unseen is then searched for. */
import { expect } from 'vitest'
import { HubError } from '../src/errors.ts'
import { propose } from '../src/postgres/suggestions.ts'
import { type Answer, aVisitor, type Call, type Running } from './app.ts'
import { until } from './hub.ts'

export interface Planted {
  /** Waits for a person. */
  readonly waiting: number
  /** Is with one, and has a dead letter, a note, a file and an answer to a survey. */
  readonly held: number
  readonly cause: string
  readonly letters: readonly { readonly conversation: number; readonly lane: string; readonly n: number }[]
  readonly suggestion: number
  /** None of these may be seen by whoever sees no personal data. */
  readonly secrets: readonly string[]
}

const patient = '{ waitMinutes: 60, agentSilentMinutes: 60 }'

/**
 * Two of each, so that what belongs to the desk of somebody else can be told apart. Their agents have no page that gives signs of
 * life, and nobody answers: what they hold must not go back to the line, nor who waits leave it, while a test takes long.
 */
export const twoDesks = `connections:
  site: { use: webchat }
  shop: { use: webchat }
  first-line: { use: faq, folder: ${JSON.stringify(new URL('../config/demo/faq', import.meta.url).pathname)} }
  people: { use: inbox, returnAfterSeconds: 3600 }
  others: { use: inbox, returnAfterSeconds: 3600 }
  how-was-it: { use: form }
mappings:
  - { name: support, channel: site, bot: first-line, desks: [people], survey: how-was-it, limits: ${patient} }
  - { name: sales, channel: shop, bot: first-line, desks: [others], survey: how-was-it, limits: ${patient} }
`

/** `cookie`: of an agent of this desk. */
export async function plant(
  hub: Running,
  { chat, desk, cookie }: { chat: string; desk: string; cookie: string },
): Promise<Planted> {
  const { pool } = hub.database
  const words = (what: string) => `canary${what}${desk}`
  const customer = {
    name: `Zelda${desk} Quibblewick${desk}`,
    email: `zelda@${words('mail')}.example`,
    phone: desk === 'people' ? '+49 30 5550199' : '+49 30 5550288',
    segment: 'Gold',
    facts: { Plan: words('fact') },
  }
  const at = () => Date.now()
  const agent = (path: string, body?: unknown): Promise<Answer> => askAs(hub, cookie, `/hooks/${desk}${path}`, body)
  expect((await agent('/presence', { presence: 'online' })).status).toBe(204)

  const write = async () => {
    const visitor = await aVisitor(hub.url, {}, chat)
    await visitor.say(`Does ${words('word')} arrive today?`)
    await hub.app.hub.receive(chat, [
      { type: 'customer-identified', thread: visitor.thread, externalId: `who-${visitor.thread}`, at: at(), customer },
    ])
    await visitor.say('I want to talk to a person')
    const { rows } = await pool.query('SELECT id FROM conversations WHERE thread = $1', [visitor.thread])
    const id = rows[0].id as number
    const state = async () =>
      (await pool.query('SELECT control FROM conversations WHERE id = $1', [id])).rows[0].control
    let ticket = ''
    await until('it is at the desk', async () => {
      const found = await pool.query('SELECT ticket FROM attempts WHERE conversation = $1 AND ticket IS NOT NULL', [id])
      ticket = found.rows[0]?.ticket ?? ''
      return ticket !== ''
    })
    return { id, visitor, ticket, state }
  }

  const { id: held, visitor, ticket, state } = await write()
  expect((await agent(`/tickets/${ticket}/accept`)).status).toBe(204)
  await until('the agent has it', async () => (await state()) === 'agent')
  await agent(`/tickets/${ticket}/messages`, { id: `${desk}-1`, text: `About ${words('reply')}: yes` })
  await agent(`/tickets/${ticket}/notes`, { id: `${desk}-2`, text: `${words('note')} was promised` })
  const file = { kind: 'file', name: `${words('file')}.pdf`, mime: 'application/pdf', bytes: 9, url: `${hub.url}/none` }
  const { thread } = visitor
  await hub.app.hub.receive(chat, [
    { type: 'customer-message', thread, externalId: `file-${thread}`, at: at(), message: { parts: [file as never] } },
  ])
  await hub.app.hub.receive('how-was-it', [
    {
      type: 'feedback',
      conversation: held,
      externalId: `answer-${held}`,
      at: at(),
      feedback: { handoff: 1, score: 2, scale: 5, comment: `${words('comment')} was slow` },
    },
  ])

  const real = hub.app.hub.connections.get(desk)!
  const said = { response: { status: 422, data: { message: `the text "${words('vendor')}" is too long` } } }
  const refuse = () => Promise.reject(new HubError('invalid', 'It rejected the request (422, POST)', { cause: said }))
  hub.app.hub.connections.set(desk, { ...real, desk: { ...real.desk!, send: refuse } })
  const lost = ['Where', 'What', 'Who', 'When'].map((which) => `${which} is ${words('letter')}?`)
  for (const text of lost) await visitor.say(text)
  const dead = () =>
    pool.query('SELECT conversation, lane, n FROM effects WHERE conversation = $1 AND dead_at IS NOT NULL', [held])
  await until('they failed for good', async () => (await dead()).rows.length === lost.length)
  hub.app.hub.connections.set(desk, real)
  const { groups } = (await hub.staff(`/api/v1/dead-letters/groups?connection=${desk}`)).json

  const suggestion = await propose(pool, {
    kind: 'phrase-set',
    connection: 'first-line',
    intent: `returns-${desk}`,
    title: `returns ${desk}`,
    present: { phrases: ['can I send it back'] },
    proposed: { phrases: ['take it back', `write to ${customer.email} please`] },
    sources: [{ conversation: held, seq: 1, of: 'take it back' }],
    estimate: 3,
  })
  const { id: waiting } = await write()
  const kinds = ['mail', 'fact', 'word', 'reply', 'note', 'file', 'comment', 'vendor', 'letter']
  return {
    waiting,
    held,
    cause: groups[0].cause,
    letters: (await dead()).rows,
    suggestion: suggestion!,
    secrets: [`Zelda${desk}`, `Quibblewick${desk}`, customer.phone, ...kinds.map(words)],
  }
}

/** As a page of the hub asks for somebody who has signed in. */
export function askAs(hub: Running, cookie: string, path: string, body?: unknown, method?: string): Promise<Answer> {
  const headers = { cookie, origin: hub.url, 'sec-fetch-site': 'same-origin' }
  const call: Call = {
    method: method ?? (body === undefined && path.startsWith('/api') ? 'GET' : 'POST'),
    headers,
    body,
  }
  return hub.ask(path, call)
}

/** Which of these stand in a text, whatever their case. */
export const foundIn = (everything: string, secrets: readonly string[]): string[] =>
  secrets.filter((secret) => everything.toLowerCase().includes(secret.toLowerCase()))
