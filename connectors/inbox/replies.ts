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
  readonly isAdmin: boolean
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
  const { id } = await inbox.db
    .insertInto('inbox_replies')
    .values({ connection: inbox.name, owner: ownerOf(author, body), name: body.name, text: body.text })
    .returning('id')
    .executeTakeFirstOrThrow()
    .catch(refuseTaken(body))
  return { id: Number(id) }
}

export async function changeReply(inbox: Inbox, author: Author, id: number, body: ReplyBody): Promise<void> {
  const { numUpdatedRows } = await inbox.db
    .updateTable('inbox_replies')
    .set({ owner: ownerOf(author, body), name: body.name, text: body.text })
    .where(isTheirs(inbox, author, id))
    .executeTakeFirst()
    .catch(refuseTaken(body))
  if (numUpdatedRows === 0n) throw none()
}

export async function dropReply(inbox: Inbox, author: Author, id: number): Promise<void> {
  const { numDeletedRows } = await inbox.db
    .deleteFrom('inbox_replies')
    .where(isTheirs(inbox, author, id))
    .executeTakeFirst()
  if (numDeletedRows === 0n) throw none()
}

const isTheirs =
  ({ name }: Inbox, { agent, isAdmin }: Author, id: number) =>
  (row: ExpressionBuilder<InboxTables, 'inbox_replies'>) =>
    row.and([
      row('connection', '=', name),
      row('id', '=', id),
      row.or([row('owner', '=', agent.id), ...(isAdmin ? [row('owner', 'is', null)] : [])]),
    ])

function ownerOf({ agent, isAdmin }: Author, { shared }: ReplyBody): string | null {
  if (!shared) return agent.id
  if (isAdmin) return null
  throw new HubError('refused', 'Only an admin changes the replies that everybody has')
}

const none = () => new HubError('unknown', 'There is no such reply of yours')

const refuseTaken =
  ({ name }: ReplyBody) =>
  (error: { code?: string }): never => {
    if (error.code === '23505') throw new HubError('conflict', `There is a reply "${name}" already`)
    throw error
  }
