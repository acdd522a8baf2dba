/** The words spoken between a visitor's screen and us: checked on the way in, chosen field by field on the way out. Pure. */
import type { Article, Customer, Message, Part, ThreadEntry, ThreadState } from '#hub/connector.ts'
import {
  aBoolean,
  aCount,
  aLanguage,
  anId,
  anObject,
  aText,
  aToken,
  found,
  invalid,
  isId,
  parseObject,
} from './checks.ts'

export const frameBytes = 65_536

/** One thing a visitor says. `id` is the client's own: the same id again is the same message. */
export interface Said {
  readonly id: string
  readonly text?: string
  /** The value of the choice picked; `text` is then its label. */
  readonly choice?: string
  /** The id that the upload returned. */
  readonly file?: string
}

export type ClientFrame =
  | { readonly t: 'hello'; readonly token: string; readonly after: number }
  | ({ readonly t: 'say' } & Said)
  | { readonly t: 'typing'; readonly on: boolean }
  | { readonly t: 'read'; readonly seq: number }
  | { readonly t: 'leave'; readonly id: string }
  /** Asks for the state anew and for all that came after this cursor: after sleep, or when something was missed. */
  | { readonly t: 'sync'; readonly after: number }
  | { readonly t: 'ping' }

export type ServerFrame =
  | ({ readonly t: 'state' } & VisibleState)
  /** Continues `after` and leads up to `seq`: a screen that is not at `after` has missed something. */
  | {
      readonly t: 'entries'
      readonly after: number
      readonly seq: number
      readonly entries: readonly VisibleEntry[]
    }
  | { readonly t: 'ack'; readonly id: string }
  | { readonly t: 'typing'; readonly on: boolean; readonly by: 'bot' | 'agent'; readonly expiresIn: number }
  | { readonly t: 'read'; readonly seq: number }
  | { readonly t: 'seen'; readonly at: number }
  | { readonly t: 'pong' }
  | {
      readonly t: 'error'
      readonly id?: string
      readonly code: string
      readonly message: string
      readonly retryAfterMs?: number
    }

export interface VisibleState {
  readonly now: number
  readonly control: ThreadState['control']
  readonly agent?: string
  readonly language?: string
  /** The handoff under way, an offer included; `position` is the place in line that the customer was told last. */
  readonly handoff?: ThreadState['handoff']
  readonly seq: number
  /** How far the visitor has read, on any of their screens. */
  readonly read: number
  /** An agent has seen what the visitor said up to this moment; 0: nothing yet. */
  readonly seen: number
}

/** How far each side has seen the other's words. */
export type Marks = Pick<VisibleState, 'read' | 'seen'>

export interface VisibleEntry {
  readonly seq: number
  readonly id: string
  readonly at: number
  readonly by: ThreadEntry['by']
  readonly name?: string
  readonly message: { readonly parts: readonly VisiblePart[]; readonly choice?: string }
  /** The client id of the visitor's own message. */
  readonly client?: string
}

export type VisiblePart =
  | Exclude<Part, { kind: 'articles' }>
  | { readonly kind: 'articles'; readonly articles: readonly Pick<Article, 'title' | 'excerpt' | 'url'>[] }

/** Throws `invalid`, naming the field, what was found and what would be right. */
export function parseFrame(data: string, textLength: number): ClientFrame {
  if (Buffer.byteLength(data) > frameBytes) throw invalid('frame', `${Buffer.byteLength(data)} bytes`, 'at most 65536')
  const frame = parseObject(data)
  switch (frame.t) {
    case 'hello':
      return { t: 'hello', token: aToken(frame.token), after: aCount(frame.after ?? 0, 'after') }
    case 'say':
      return { t: 'say', ...parseSaid(frame, textLength) }
    case 'typing':
      return { t: 'typing', ...parseTyping(frame) }
    case 'read':
      return { t: 'read', ...parseRead(frame) }
    case 'leave':
      return { t: 'leave', ...parseLeave(frame) }
    case 'sync':
      return { t: 'sync', after: aCount(frame.after ?? 0, 'after') }
    case 'ping':
      return { t: 'ping' }
    default:
      throw invalid('t', found(frame.t), 'one of hello, say, typing, read, leave, sync, ping')
  }
}

/** The client id of a frame that is otherwise wrong, so that the error can be shown at the right message. */
export function idOf(data: string): string | undefined {
  try {
    const { id } = JSON.parse(data)
    return isId(id) ? id : undefined
  } catch {
    return undefined
  }
}

export function parseSaid(body: unknown, textLength: number): Said {
  const { id, text, choice, file } = anObject(body)
  const said: Said = {
    id: anId(id, 'id'),
    ...(text === undefined ? {} : { text: aText(text, 'text', textLength) }),
    ...(choice === undefined ? {} : { choice: aText(choice, 'choice', 500) }),
    ...(file === undefined ? {} : { file: anId(file, 'file') }),
  }
  if (said.text === undefined && said.choice === undefined && said.file === undefined)
    throw invalid('message', 'nothing said', 'text, choice or file')
  return said
}

export const parseTyping = (body: unknown) => ({ on: aBoolean(anObject(body).on, 'on') })
export const parseRead = (body: unknown) => ({ seq: aCount(anObject(body).seq, 'seq') })
export const parseLeave = (body: unknown) => ({ id: anId(anObject(body).id, 'id') })

/** What a browser tells when it begins: a signed identity, if any, and what helps to speak to the person. */
export function parseBegin(body: unknown): { identity?: string; language?: string; timeZone?: string } {
  const { identity, language, timeZone } = anObject(body ?? {})
  if (identity !== undefined && (typeof identity !== 'string' || identity.length > 8192))
    throw invalid('identity', found(identity), 'a signed token (JWT) of at most 8192 characters')
  if (timeZone !== undefined && !(typeof timeZone === 'string' && /^[A-Za-z0-9_+\-/]{2,64}$/.test(timeZone)))
    throw invalid('timeZone', found(timeZone), 'an IANA zone like "Europe/Lisbon"')
  return {
    ...(identity ? { identity } : {}),
    ...(language === undefined || language === '' ? {} : { language: aLanguage(language) }),
    ...(timeZone ? { timeZone } : {}),
  }
}

export function parsePoll(query: unknown): { after: number; waitMs: number } {
  const { after, wait } = anObject(query)
  const seconds = aCount(Number(wait ?? 0), 'wait')
  if (seconds > 25) throw invalid('wait', String(seconds), 'at most 25 seconds')
  return { after: aCount(Number(after ?? 0), 'after'), waitMs: seconds * 1000 }
}

/** The hub's message for what was said; `file` is the stored upload named by `said.file`. */
export function toMessage(said: Said, file: Extract<Part, { kind: 'file' }> | undefined, customer?: Customer): Message {
  const words = said.text ?? said.choice
  return {
    parts: [...(words === undefined ? [] : [{ kind: 'text' as const, text: words }]), ...(file ? [file] : [])],
    ...(said.choice === undefined ? {} : { choice: said.choice }),
    ...(customer?.language === undefined ? {} : { language: customer.language }),
  }
}

/** Field by field: what the record may hold besides never reaches a visitor. */
export function toVisibleEntry(entry: ThreadEntry, thread: string): VisibleEntry {
  const own = entry.by === 'customer' && entry.externalId?.startsWith(`${thread}:`)
  return {
    seq: entry.seq,
    id: entry.id,
    at: entry.at,
    by: entry.by,
    ...(entry.name === undefined ? {} : { name: entry.name }),
    message: {
      parts: entry.message.parts.map(toVisiblePart),
      ...(entry.message.choice === undefined ? {} : { choice: entry.message.choice }),
    },
    ...(own ? { client: entry.externalId!.slice(thread.length + 1) } : {}),
  }
}

/** A thread the hub does not know yet is one where nobody said anything: the bot would answer. */
export function toVisibleState(state: ThreadState | undefined, { read, seen }: Marks, now: number): VisibleState {
  return {
    now,
    control: state?.control ?? 'bot',
    ...(state?.agent === undefined ? {} : { agent: state.agent }),
    ...(state?.language === undefined ? {} : { language: state.language }),
    ...(state?.handoff === undefined ? {} : { handoff: state.handoff }),
    seq: state?.seq ?? 0,
    read,
    seen,
  }
}

function toVisiblePart(part: Part): VisiblePart {
  switch (part.kind) {
    case 'text':
      return { kind: 'text', text: part.text }
    case 'choices':
      return { kind: 'choices', choices: part.choices.map(({ label, value }) => ({ label, value })) }
    case 'file':
      return { kind: 'file', name: part.name, mime: part.mime, bytes: part.bytes, url: part.url }
    case 'articles':
      return { kind: 'articles', articles: part.articles.map(({ title, excerpt, url }) => ({ title, excerpt, url })) }
    case 'survey':
      return { kind: 'survey', url: part.url, question: part.question, handoff: part.handoff }
  }
}
