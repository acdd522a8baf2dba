/** What a visitor can do, whichever way it came in: the socket and the REST routes both end here. */
import { type Customer, type Host, HubError, type Ref } from '#hub/connector.ts'
import type { Details } from './details.ts'
import { createFiles, type Files } from './files.ts'
import { type Said, toMessage } from './frames.ts'
import { openIdentity, type ReadIdentity } from './identity.ts'
import { createRate, type Rate } from './rate.ts'
import { Refusal } from './refusal.ts'
import { createSessions, type Session, type Sessions } from './sessions.ts'
import type { CompleteSettings } from './settings.ts'

export interface Pace {
  /** A socket that has not said hello by then is closed. */
  readonly helloMs: number
  /** Each beat pings the browser and looks into the record in case a wake-up was lost. */
  readonly beatMs: number
  /** How long the other side's typing is shown, unless it is renewed. */
  readonly typingMs: number
}

export interface Chat {
  readonly host: Host
  readonly settings: CompleteSettings
  readonly pace: Pace
  readonly sessions: Sessions
  readonly files: Files
  readonly rates: { readonly messages: Rate; readonly begins: Rate; readonly requests: Rate }
  /** Sockets open on this hub, by thread. */
  readonly screens: Map<Ref, number>
  begin(asked: Begin, token: string | undefined, address: string): Promise<Begun>
  /** Throws 401 for a token that is unknown or has expired. */
  session(token: string | undefined): Promise<Session>
  /** Resolves once the hub has it on disk. */
  say(session: Session, said: Said): Promise<void>
  leave(session: Session, id: string): Promise<void>
  /** What the page says of the visitor, who need not be asked for it. */
  describe(session: Session, details: Details): Promise<void>
  typing(session: Session, on: boolean): void
  read(session: Session, seq: number): Promise<void>
}

export interface Begin {
  readonly identity?: string
  readonly language?: string
  readonly timeZone?: string
}
export interface Begun {
  readonly token: string
  readonly thread: Ref
  /** True when the browser goes on in a thread that it, or the same person elsewhere, already has. */
  readonly resumed: boolean
  readonly read: number
}

/** Passing news of one thread, between hubs and between a visitor's screens. */
export type News =
  | { readonly typing: boolean }
  | { readonly read: number }
  | { readonly seen: number }
  | { readonly described: true }
  | { readonly over: true }
export const topicOf = (host: Host, thread: Ref): string => `webchat:${host.name}:${thread}`

/** Frames and requests of one visitor, typing and pings included. */
const requestsPerMinute = 300

export async function openChat(host: Host, settings: CompleteSettings, pace: Pace): Promise<Chat> {
  const now = () => host.clock.now()
  const identity = await openIdentity(settings.identity, now)
  const sessions = createSessions(host, settings.sessionDays)
  const files = createFiles(host, settings.files)
  const rates = {
    messages: createRate(settings.messagesPerMinute, now),
    begins: createRate(settings.sessionsPerMinute, now),
    requests: createRate(requestsPerMinute, now),
  }

  return {
    host,
    settings,
    pace,
    sessions,
    files,
    rates,
    screens: new Map(),

    async begin(asked, token, address) {
      refuseOften(rates.begins, address, 'Too many new visitors from here')
      const vouched = await readIdentity(identity, asked.identity)
      if (vouched === undefined && settings.identity?.required)
        throw new Refusal(401, 'refused', 'identity: found nothing; this chat is for signed-in customers only')
      const here = token === undefined ? undefined : await sessions.find(token)
      const isSamePerson = vouched === undefined || here?.subject === undefined || here.subject === vouched.subject
      if (here !== undefined && isSamePerson) {
        if (vouched !== undefined) await introduce(here, vouched)
        return { token: token!, thread: here.thread, resumed: true, read: here.read }
      }
      const begun = await sessions.begin(aboutVisitor(asked), vouched)
      const resumed = (await host.record.state(begun.session.thread)) !== undefined
      return { token: begun.token, thread: begun.session.thread, resumed, read: begun.session.read }
    },

    async session(token) {
      const session = token === undefined ? undefined : await sessions.find(token)
      if (session === undefined)
        throw new Refusal(401, 'refused', 'token: unknown or expired; begin again with POST /sessions')
      return session
    },

    async say(session, said) {
      refuseOften(rates.messages, session.thread, 'Too many messages in a short time')
      const { thread, customer } = session
      const file = said.file === undefined ? undefined : await files.say(thread, said.file)
      const message = toMessage(said, file, customer)
      const externalId = `${thread}:${said.id}`
      await host.receive([{ type: 'customer-message', thread, externalId, at: now(), message, customer }])
    },

    async leave({ thread }, id) {
      await host.receive([{ type: 'customer-left', thread, externalId: `${thread}:${id}`, at: now() }])
    },

    async describe({ thread }, details) {
      refuseOften(rates.messages, thread, 'Too many details in a short time')
      const customer = await sessions.describe(thread, details)
      if (customer === undefined) return
      host.signals.publish(topicOf(host, thread), { described: true } satisfies News)
      await tellHub(thread, 'details', customer)
    },

    typing({ thread }, on) {
      host.signals.customerTyping(thread, on)
    },

    async read({ thread }, seq) {
      await sessions.read(thread, seq)
      host.signals.publish(topicOf(host, thread), { read: seq } satisfies News)
      host.signals.customerRead(thread)
    },
  }

  async function introduce({ thread }: Session, vouched: Awaited<ReturnType<ReadIdentity>>) {
    await tellHub(thread, 'identity', await sessions.identify(thread, vouched))
  }

  /** The hub hears who it is only where somebody was talking already; else the first message tells. */
  async function tellHub(thread: Ref, what: string, customer: Customer) {
    if ((await host.record.state(thread)) === undefined) return
    const at = now()
    const externalId = `${thread}:${what}:${at}`
    await host.receive([{ type: 'customer-identified', thread, externalId, at, customer }])
  }
}

/** Throws 429 with the time to wait. */
export function refuseOften(rate: Rate, key: string, sentence: string): void {
  const waitMs = rate.take(key)
  if (waitMs > 0) throw new Refusal(429, 'busy', `${sentence}; try again in ${Math.ceil(waitMs / 1000)} s`, waitMs)
}

async function readIdentity(read: ReadIdentity | undefined, token: string | undefined) {
  if (token === undefined) return undefined
  if (read === undefined)
    throw new HubError(
      'invalid',
      'identity: found a token, but this connection has no identity settings to check it by',
    )
  return read(token)
}

const aboutVisitor = ({ language, timeZone }: Begin): Customer => ({
  ...(language === undefined ? {} : { language }),
  ...(timeZone === undefined ? {} : { timeZone }),
})
