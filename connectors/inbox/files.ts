/** What agents attach to a reply: kept with the ticket from the upload on, given out under names nobody can guess. */
import { randomBytes } from 'node:crypto'
import { HubError, type Part } from '#hub/connector.ts'
import { FileRefused, inWords, recognise } from '#hub/files.ts'
import type { Agent } from './agents.ts'
import type { DraftNews } from './drafts.ts'
import { holds } from './holding.ts'
import { type Inbox, type Tx, topics } from './inbox.ts'
import type { FileRow } from './tables.ts'
import { lockTicket } from './tickets.ts'

/** A file in the agent's hand. */
export interface Attached {
  /** The id that their page gave it. */
  readonly id: string
  readonly name: string
  readonly mime: string
  readonly bytes: number
  readonly url: string
}

export interface NewFile {
  /** The page's own: the same id again is the same file, so an answer that was lost costs nothing. */
  readonly id: string
  readonly name: string
  readonly content: Buffer
}

/** Only for who has the conversation. Throws 413 and 415 for what the settings do not permit. */
export async function attach(inbox: Inbox, agent: Agent, ticket: string, file: NewFile): Promise<Attached> {
  const kept = await inbox.db.transaction().execute(async (tx) => {
    await holds(inbox, agent, await lockTicket(tx, inbox, ticket), 'attach a file')
    return (await knownFile(tx, agent, ticket, file.id)) ?? (await store(tx, inbox, agent, ticket, file))
  })
  tell(inbox, agent, ticket)
  return toAttached(inbox, kept)
}

/** Taken out of the reply again; what was sent stays sent. */
export async function detach(inbox: Inbox, agent: Agent, ticket: string, id: string): Promise<void> {
  await inbox.db
    .deleteFrom('inbox_files')
    .where('connection', '=', inbox.name)
    .where('ticket', '=', ticket)
    .where('agent', '=', agent.id)
    .where('own', '=', id)
    .where('said', '=', false)
    .execute()
  tell(inbox, agent, ticket)
}

/** What this agent has attached and not sent yet, in the order in which it came. */
export async function attachedTo(inbox: Inbox, agent: string, ticket: string): Promise<Attached[]> {
  const rows = await inbox.db
    .selectFrom('inbox_files')
    .select(shown)
    .where('connection', '=', inbox.name)
    .where('ticket', '=', ticket)
    .where('agent', '=', agent)
    .where('said', '=', false)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => toAttached(inbox, row))
}

/** As parts of the message that carries them from now on. The ticket must be locked. */
export async function sayFiles(
  tx: Tx,
  inbox: Inbox,
  agent: Agent,
  ticket: string,
  ids: readonly string[],
): Promise<Part[]> {
  if (ids.length === 0) return []
  const rows = await tx
    .updateTable('inbox_files')
    .set({ said: true })
    .where('connection', '=', inbox.name)
    .where('ticket', '=', ticket)
    .where('agent', '=', agent.id)
    .where('said', '=', false)
    .where('own', 'in', ids)
    .returning(shown)
    .execute()
  return ids.map((id): Part => {
    const row = rows.find(({ own }) => own === id)
    if (!row) throw new HubError('unknown', 'A file of this message is not here any more; attach it again')
    const { id: _, ...file } = toAttached(inbox, row)
    return { kind: 'file', ...file }
  })
}

/** Its name is the permission: the customer holds it, and whoever may read the conversation. */
export async function readFile(inbox: Inbox, id: string): Promise<Pick<FileRow, 'name' | 'mime' | 'content'>> {
  const row = await inbox.db
    .selectFrom('inbox_files')
    .select(['name', 'mime', 'content'])
    .where('connection', '=', inbox.name)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw new HubError('unknown', 'No such file')
  return row
}

/** Of conversations that are over nothing is sent any more. */
export async function sweepFiles(inbox: Inbox): Promise<void> {
  await inbox.db
    .deleteFrom('inbox_files')
    .where('connection', '=', inbox.name)
    .where('said', '=', false)
    .where('ticket', 'in', (from) =>
      from.selectFrom('inbox_tickets').select('id').where('connection', '=', inbox.name).where('status', '=', 'ended'),
    )
    .execute()
}

const shown = ['id', 'own', 'name', 'mime', 'bytes'] as const
type Shown = Pick<FileRow, (typeof shown)[number]>

const toAttached = (inbox: Inbox, { id, own, name, mime, bytes }: Shown): Attached => ({
  id: own,
  name,
  mime,
  bytes,
  url: `${inbox.host.url}/files/${id}`,
})

const knownFile = (tx: Tx, agent: Agent, ticket: string, own: string): Promise<Shown | undefined> =>
  tx
    .selectFrom('inbox_files')
    .select(shown)
    .where('ticket', '=', ticket)
    .where('agent', '=', agent.id)
    .where('own', '=', own)
    .executeTakeFirst()

async function store(tx: Tx, inbox: Inbox, agent: Agent, ticket: string, file: NewFile): Promise<Shown> {
  const { content } = file
  const { name, mime } = recognise(file.name, content, inbox.files.types)
  const { used } = await tx
    .selectFrom('inbox_files')
    .select((of) => of.fn.sum<string | null>('bytes').as('used'))
    .where('ticket', '=', ticket)
    .executeTakeFirstOrThrow()
  if (Number(used) + content.length > inbox.files.ticketBytes)
    throw new FileRefused(413, `All files of one conversation together may have ${inWords(inbox.files.ticketBytes)}`)
  const row = { id: randomBytes(32).toString('base64url'), own: file.id, name, mime, bytes: content.length }
  await tx
    .insertInto('inbox_files')
    .values({ ...row, connection: inbox.name, ticket, agent: agent.id, content, created_at: inbox.host.clock.now() })
    .execute()
  return row
}

/** The agent's other pages show the same draft, and its files with it. */
const tell = (inbox: Inbox, { id }: Agent, ticket: string) =>
  inbox.host.signals.publish(topics.draft(inbox), { agent: id, ticket } satisfies DraftNews)
