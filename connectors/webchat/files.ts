/** What visitors attach: recognised by content, kept in the hub's database, given out under names nobody can guess. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { type Host, HubError, type Part, type Ref } from '#hub/connector.ts'
import { clean } from './checks.ts'
import { Refusal } from './refusal.ts'
import type { CompleteSettings, FileType } from './settings.ts'
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
      throw new Refusal(413, 'invalid', `All your files together may have ${inWords(settings.threadBytes)}`)
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

export const tooLarge = (maxBytes: number) =>
  new Refusal(413, 'invalid', `The file is too large; at most ${inWords(maxBytes)} are permitted`)

/** Type and safe name of a file. The content decides; a name that claims another family of types is refused. */
export function recognise(givenName: string, content: Buffer, permitted: readonly FileType[]) {
  if (content.length === 0) throw new HubError('invalid', 'The file is empty')
  const mime = sniff(content)
  if (mime === undefined || !permitted.includes(mime))
    throw new Refusal(415, 'invalid', `This type of file is not permitted; right is ${permitted.map(label).join(', ')}`)
  const { stem, ending } = splitName(givenName)
  const claimed = Object.entries(endings).find(([, list]) => list.includes(ending))?.[0]
  if (ending !== '' && family(claimed) !== family(mime))
    throw new Refusal(415, 'invalid', `The name ends in ".${ending}", but the content is ${label(mime)}`)
  return { mime, name: `${stem}.${claimed === mime ? ending : endings[mime][0]}` }
}

/** The type by the first bytes; undefined for what we do not know. */
export function sniff(content: Buffer): FileType | undefined {
  const head = content.toString('latin1', 0, 12)
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif'
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'image/webp'
  if (head.startsWith('%PDF-')) return 'application/pdf'
  return isPlainText(content) ? 'text/plain' : undefined
}

/** Headers under which a foreign file can do no harm: never run, never guessed to be another type. */
export function safeHeaders(name: string, mime: string): Record<string, string> {
  const how = mime.startsWith('image/') ? 'inline' : 'attachment'
  return {
    'content-type': mime === 'text/plain' ? 'text/plain; charset=utf-8' : mime,
    'content-disposition': `${how}; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, percent)}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
    'referrer-policy': 'no-referrer',
    'cache-control': 'private, max-age=86400, immutable',
  }
}

const endings: Record<FileType, readonly string[]> = {
  'image/png': ['png'],
  'image/jpeg': ['jpg', 'jpeg', 'jfif'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'application/pdf': ['pdf'],
  'text/plain': ['txt', 'text', 'log', 'md', 'csv'],
}

const label = (mime: FileType): string => endings[mime][0]!.toUpperCase()

/** Phones name pictures freely (a WebP called .jpg); that is repaired. Across families it is a lie. */
const family = (mime: string | undefined): string | undefined => (mime?.startsWith('image/') ? 'image' : mime)

function splitName(given: string): { stem: string; ending: string } {
  const name = clean(given.split(/[/\\]/).pop() ?? '').trim()
  const dot = name.lastIndexOf('.')
  const stem = (dot > 0 ? name.slice(0, dot) : name).slice(0, 120).toWellFormed().trim()
  return { stem: stem || 'file', ending: dot > 0 ? name.slice(dot + 1).toLowerCase() : '' }
}

function isPlainText(content: Buffer): boolean {
  try {
    const words = new TextDecoder('utf-8', { fatal: true }).decode(content)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their presence means: no text
    return !/[\u0000-\u0008\u000e-\u001f]/.test(words)
  } catch {
    return false
  }
}

const percent = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`

const inWords = (bytes: number): string =>
  bytes >= 1_048_576 ? `${Math.floor(bytes / 104_857.6) / 10} MB` : `${Math.floor(bytes / 1024)} KB`
