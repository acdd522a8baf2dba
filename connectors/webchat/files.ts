/** What visitors attach: recognised by content, kept in the hub's database, given out under names nobody can guess. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type Host, HubError, type Part, type Ref } from '#hub/connector.ts'
import { FileRefused, inWords, recognise, tooLarge } from '#hub/files.ts'
import type { CompleteSettings } from './settings.ts'
import { tablesOf } from './tables.ts'

export type FilePart = Extract<Part, { kind: 'file' }>

export interface Files {
  /** Throws 413 (too large), 415 (not a permitted type, or a name that says another) or 400 (empty). */
  store(thread: Ref, name: string, content: Buffer): Promise<FilePart & { id: string }>
  /** The upload as a part of a message of the same thread; `unknown` for any other id. Marks it as used. */
  say(thread: Ref, id: string): Promise<FilePart>
  read(id: string): Promise<{ name: string; mime: string; content: Buffer } | undefined>
  /** Forgets uploads that no message carried within a day. */
  sweep(): Promise<void>
}

const dayMs = 86_400_000

export function createFiles(host: Host, settings: CompleteSettings['files']): Files {
  const db = tablesOf(host)
  const connection = host.name
  const toPart = (id: string, { name, mime, bytes }: { name: string; mime: string; bytes: number }): FilePart => ({
    kind: 'file',
    name,
    mime,
    bytes,
    url: `${host.url}/files/${id}`,
  })

  const refuseTooMuch = async (thread: Ref, bytes: number) => {
    const { used } = await db
      .selectFrom('webchat_files')
      .select(sql<string | null>`sum(bytes)`.as('used'))
      .where('connection', '=', connection)
      .where('thread', '=', thread)
      .executeTakeFirstOrThrow()
    if (Number(used) + bytes > settings.threadBytes)
      throw new FileRefused(413, `All your files together may have ${inWords(settings.threadBytes)}`)
  }

  return {
    async store(thread, givenName, content) {
      if (content.length > settings.maxBytes) throw tooLarge(settings.maxBytes)
      const { name, mime } = recognise(givenName, content, settings.types)
      await refuseTooMuch(thread, content.length)
      const id = randomBytes(32).toString('base64url')
      const row = { name, mime, bytes: content.length }
      await db
        .insertInto('webchat_files')
        .values({ connection, id, thread, content, created_at: host.clock.now(), ...row })
        .execute()
      return { id, ...toPart(id, row) }
    },

    async say(thread, id) {
      const row = await db
        .updateTable('webchat_files')
        .set({ said: true })
        .where('connection', '=', connection)
        .where('id', '=', id)
        .where('thread', '=', thread)
        .returning(['name', 'mime', 'bytes'])
        .executeTakeFirst()
      if (row === undefined) throw new HubError('unknown', 'file: no upload of yours has this id; upload it again')
      return toPart(id, row)
    },

    async read(id) {
      return db
        .selectFrom('webchat_files')
        .select(['name', 'mime', 'content'])
        .where('connection', '=', connection)
        .where('id', '=', id)
        .executeTakeFirst()
    },

    async sweep() {
      await db
        .deleteFrom('webchat_files')
        .where('connection', '=', connection)
        .where('said', '=', false)
        .where('created_at', '<', host.clock.now() - dayMs)
        .execute()
    },
  }
}
