/** Canned replies: an agent's own, and everybody's. */
import type { ExpressionBuilder } from 'kysely'
import { HubError } from '#hub/connector.ts'
import type { Agent } from './agents.ts'
import type { ReplyBody } from './bodies.ts'
import type { Inbox } from './inbox.ts'
import type { InboxTables } from './tables.ts'

export interface CannedReply {
  readonly id: number
  readonly name: string
  /** May hold fields such as {{customer.name}}, filled where it is used. */
  readonly text: string
  readonly shared: boolean
}

/** Who changes replies: an admin also those that are everybody's. */
export interface Author {
  readonly agent: Agent
  /** Their id among the hub's staff, where they are one. */
  readonly admin: string | undefined
}

export async function repliesOf(inbox: Inbox, agent: Agent): Promise<CannedReply[]> {
  const rows = await inbox.db
    .selectFrom('inbox_replies')
    .select(['id', 'name', 'text', 'owner'])
    .where('connection', '=', inbox.name)
    .where((row) => row.or([row('owner', '=', agent.id), row('owner', 'is', null)]))
    .orderBy('name')
    .orderBy('id')
    .execute()
  return rows.map(({ id, name, text, owner }) => ({ id: Number(id), name, text, shared: owner === null }))
}

export async function addReply(inbox: Inbox, author: Author, body: ReplyBody): Promise<{ id: number }> {
  const owner = ownerOf(author, body)
  const { id } = await inbox.db
    .insertInto('inbox_replies')
    .values({ connection: inbox.name, owner, name: body.name, text: body.text })
    .returning('id')
    .executeTakeFirstOrThrow()
    .catch(refuseTaken(body))
  if (owner === null) await audit(inbox, author, 'add', body.name)
  return { id: Number(id) }
}

export async function changeReply(inbox: Inbox, author: Author, id: number, body: ReplyBody): Promise<void> {
  const next = { owner: ownerOf(author, body), name: body.name, text: body.text }
  const before = await inbox.db.transaction().execute(async (tx) => {
    const known = await tx
      .selectFrom('inbox_replies')
      .select(['owner', 'name', 'text'])
      .where(isTheirs(inbox, author, id))
      .forUpdate()
      .executeTakeFirst()
    if (!known) throw none()
    await tx.updateTable('inbox_replies').set(next).where('id', '=', id).execute().catch(refuseTaken(body))
    return known
  })
  if (before.owner !== null && next.owner !== null) return
  const changed = (['name', 'text'] as const).filter((field) => before[field] !== next[field])
  const whose = before.owner === next.owner ? [] : ['shared']
  await audit(inbox, author, 'change', next.name, {
    changed: [...changed, ...whose],
    ...(before.name === next.name ? {} : { before: before.name }),
  })
}

export async function dropReply(inbox: Inbox, author: Author, id: number): Promise<void> {
  const dropped = await inbox.db
    .deleteFrom('inbox_replies')
    .where(isTheirs(inbox, author, id))
    .returning(['owner', 'name'])
    .executeTakeFirst()
  if (!dropped) throw none()
  if (dropped.owner === null) await audit(inbox, author, 'remove', dropped.name)
}

/** What belongs to everybody is changed for everybody. Never the text: it may have been written with a customer in mind. */
async function audit(
  { host, name: desk }: Inbox,
  { admin }: Author,
  verb: 'add' | 'change' | 'remove',
  name: string,
  details: Readonly<Record<string, string | readonly string[]>> = {},
): Promise<void> {
  if (admin !== undefined) await host.audit?.(admin, `replies.${verb}`, `${desk}/${name}`, details)
}

const isTheirs =
  ({ name }: Inbox, { agent, admin }: Author, id: number) =>
  (row: ExpressionBuilder<InboxTables, 'inbox_replies'>) =>
    row.and([
      row('connection', '=', name),
      row('id', '=', id),
      row.or([row('owner', '=', agent.id), ...(admin !== undefined ? [row('owner', 'is', null)] : [])]),
    ])

function ownerOf({ agent, admin }: Author, { shared }: ReplyBody): string | null {
  if (!shared) return agent.id
  if (admin !== undefined) return null
  throw new HubError('refused', 'Only an admin changes the replies that everybody has')
}

const none = () => new HubError('unknown', 'There is no such reply of yours')

const refuseTaken =
  ({ name }: ReplyBody) =>
  (error: { code?: string }): never => {
    if (error.code === '23505') throw new HubError('conflict', `There is a reply "${name}" already`)
    throw error
  }
