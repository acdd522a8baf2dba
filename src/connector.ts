/** The contract every connector keeps. A connector imports this file and the words it uses, never the hub, never another connector. */
import type { AxiosInstance } from 'axios'
import type { FastifyBaseLogger, FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Kysely } from 'kysely'
import type { Static, TObject } from 'typebox'
import type { Seat } from './access.ts'
import type { Clock } from './clock.ts'
import type { Customer, Identity } from './customer.ts'
import type { HubEvent } from './events.ts'
import type { EndReason, Handoff, HandoffDigest, HandoffNews, Mode, Skills, Staffing, Stage } from './handoff.ts'
import type { Article, Message, Part, Ref, Sent } from './message.ts'
import type { Twin, TwinOptions } from './twin.ts'

export type { Seat } from './access.ts'
export type { Clock } from './clock.ts'
export type { Customer, Identity } from './customer.ts'
export { HubError } from './errors.ts'
export type { ChannelEvent, DeskEvent, HubEvent, SurveyEvent } from './events.ts'
export type * from './handoff.ts'
export type * from './message.ts'
export { retryAfterMs, toHubError } from './vendor-errors.ts'

export type ConnectorRole = 'channel' | 'bot' | 'desk' | 'survey' | 'knowledge' | 'training' | 'crm'

/** The kind: one per product. */
export interface Connector<S extends TObject = TObject> {
  readonly name: string
  /** What its connections can play, as far as that does not depend on settings: so that a wrong role shows before anything is opened. */
  readonly roles?: readonly ConnectorRole[]
  /** Checks the YAML, types `open`, completes in the editor, draws the console form. */
  readonly settings: S
  /** What its side of a conversation can carry, as far as settings do not decide: for the pairing report of `baton check`. */
  readonly carries?: Carries
  /** The same where settings decide it; then it stands for `carries`. */
  carriesWith?(settings: Static<S>): Carries
  /**
   * Tables of a connector that keeps its own in the hub's database: name to SQL, applied once each, in order, before `open`.
   * Table names begin with the connector's name; rows carry the connection's name, since one connector may be used twice.
   */
  readonly migrations?: Readonly<Record<string, string>>
  /** Connects one YAML entry. Throws `refused` when the vendor rejects the credentials. */
  open(settings: Static<S>, host: Host): Promise<Connection>
  /** Plays the vendor on this machine, for tests and the sandbox; imports what it needs only now. */
  twin?(options: TwinOptions): Promise<Twin>
}

/** Of a channel, a bot or a desk; of a connector with several of these roles, what all of them can. Text goes without saying. */
export interface Carries {
  /** What it shows as it is; anything else arrives there as text. */
  readonly shows: readonly RichPart[]
  /** What the people (or the bot) on its side may send. */
  readonly sends: readonly RichPart[]
  /** Whether it shows that the other side is typing, and tells when its own is. */
  readonly typing?: { readonly shows: boolean; readonly tells: boolean }
  /** Characters of one message; longer ones are split. */
  readonly textLength?: number
}
export type RichPart = Exclude<Part['kind'], 'text'>

/** One configured connector. A role that is present is a role it can play. */
export interface Connection {
  readonly bot?: Bot
  readonly desk?: Desk
  readonly channel?: Channel
  readonly survey?: Survey
  readonly knowledge?: Knowledge
  readonly training?: Training
  readonly crm?: Crm
  readonly limits?: Limits
  /** Mounted under `/hooks/<connection>`; vendor webhooks and the built-in channels' own routes. */
  readonly hooks?: FastifyPluginAsync
  /** What cannot be pushed; run by one hub at a time, also at start and after an outage. */
  readonly poll?: { readonly everyMs: number; run(): Promise<void> }
  /** A harmless call with the credentials: a line for an operator on who we are there and what we may do. Throws what is wrong. */
  check?(): Promise<string>
  /**
   * Forgets what it keeps itself of one conversation: files, tickets, sessions, invitations. `thread` is the connection's own
   * name for it: the channel's thread, the bot's session, each ticket of a desk; for any other role the channel's thread.
   */
  erase?(whose: { readonly conversation: number; readonly thread: Ref }): Promise<void>
  close?(): Promise<void>
}

/** What the other side cannot take. A missing limit means: no limit known. */
export interface Limits {
  /** Characters of one message. */
  readonly textLength?: number
  /** Bytes of one file. */
  readonly fileBytes?: number
  readonly callsPerMinute?: number
  /** Calls at a time. Default 32. */
  readonly concurrency?: number
  /** Part kinds that are turned into text on the way. */
  readonly downgrade?: ReadonlyArray<'choices' | 'file' | 'articles' | 'survey'>
}

/** What a bot answered to one customer message. */
export interface BotTurn {
  readonly messages: readonly Message[]
  readonly intent?: string
  /** 0 to 1. */
  readonly confidence?: number
  /** Confidence of the runner-up, 0 to 1. */
  readonly nextConfidence?: number
  /** The bot says it did not understand. */
  readonly noMatch?: boolean
  /** −1 to 1. */
  readonly sentiment?: number
  /** Articles found for this message, best first; an empty list means: searched, found nothing. */
  readonly articles?: readonly Article[]
  /** Slots the bot still wants filled, and those it has. */
  readonly slots?: { readonly open: number; readonly filled: Readonly<Record<string, string>> }
  /** Distinct intents recognised in this one message. Default 1. */
  readonly intents?: number
  readonly wants?: 'human' | 'end'
  /** Skills the bot asks for when it wants a human. */
  readonly need?: Skills
}

/** `key` names the effect: a second call with the same key must not be seen twice by anybody. */
export interface Bot {
  turn(said: Message, inside: Ref, key: string): Promise<BotTurn>
  inform?(inside: Ref, news: HandoffNews): Promise<void>
}

export interface Desk {
  /** True where the other side drops a second call with the same key by itself. */
  readonly dedupes?: boolean
  /** Its agents are users of the hub who have a seat here. */
  readonly takesStaff?: boolean
  /** Ways this desk can be asked. Default `['live']`. */
  readonly modes?: readonly Mode[]
  /** Creates the ticket, or completes what an earlier try half did. */
  offer(handoff: Handoff, key: string): Promise<Ref>
  /** Gives the agent a message of the customer (or a note of the hub, `internal`). */
  send(ticket: Ref, message: DeskMessage, key: string): Promise<Sent>
  end(ticket: Ref, why: EndReason, key: string): Promise<void>
  staffed?(need: Skills): Promise<Staffing>
  typing?(ticket: Ref, on: boolean): Promise<void>
  /** Ticket or message that this key made; asked after an unclear failure, before trying again. */
  find?(key: string, inside?: Ref): Promise<Ref | undefined>
  /** Who is online; with a ticket, what of its needs each of them lacks. */
  agents?(ticket?: Ref): Promise<readonly DeskAgent[]>
  /** Gives a waiting ticket to this agent by name. Throws `conflict`, in words for who asked, where that cannot be done any more. */
  assign?(ticket: Ref, agent: Ref): Promise<void>
  /** Back to the line, unless the agent has accepted: then it throws `conflict`. */
  unassign?(ticket: Ref, agent: Ref): Promise<void>
}

/** Somebody at a desk who is online. */
export interface DeskAgent {
  readonly id: Ref
  readonly name: string
  /** BCP 47 codes. None: every language is fine. */
  readonly languages: readonly string[]
  /** Live conversations ringing or held, of so many at a time. */
  readonly load: number
  readonly capacity: number
  /** Skills that the ticket needs and they do not have. */
  readonly lacks: readonly string[]
  /** The language of the ticket's customer. */
  readonly speaks: boolean
}

export interface DeskMessage {
  readonly by: 'customer' | 'hub'
  readonly visibility: 'public' | 'internal'
  readonly message: Message
  /** Epoch milliseconds when it was said. */
  readonly at: number
}

export interface Channel {
  /** True where the other side drops a second call with the same key by itself. */
  readonly dedupes?: boolean
  /** Who speaks is part of the message at most channels. */
  send(visitor: Ref, message: ChannelMessage, key: string): Promise<Sent>
  typing?(visitor: Ref, on: boolean): Promise<void>
  /** The agent has seen what the customer said up to this moment, by the `at` of its events. */
  seen?(visitor: Ref, until: number): Promise<void>
  /** How far the customer has read: a `seq` of the thread's entries, 0 for nothing. */
  readUpTo?(visitor: Ref): Promise<number>
  find?(key: string, inside: Ref): Promise<Ref | undefined>
}

export interface ChannelMessage {
  readonly by: 'bot' | 'agent' | 'hub'
  /** The speaker's name, where there is one. */
  readonly name?: string
  readonly message: Message
}

export interface Survey {
  /** The invitation to show the customer; undefined when this survey reaches the customer by itself. */
  invite(after: Invitation, visitor: Ref, key: string): Promise<Message | undefined>
}

export interface Invitation {
  readonly conversation: number
  /** The handoff's number within the conversation. */
  readonly handoff: number
  readonly customer: Customer
  readonly language?: string
}

export interface Knowledge {
  search(question: string, limit: number): Promise<Article[]>
  propose?(draft: ArticleDraft, key: string): Promise<Ref>
}
export interface ArticleDraft {
  readonly title: string
  /** Markdown. */
  readonly body: string
}

export interface Training {
  intents(): AsyncIterable<Intent>
  addPhrases(intent: Ref, phrases: string[], key: string): Promise<void>
}
export interface Intent {
  readonly ref: Ref
  readonly name: string
  readonly phrases: readonly string[]
}

export interface Crm {
  find(visitor: Identity): Promise<Customer | undefined>
  log?(digest: HandoffDigest, key: string): Promise<void>
}

/** All that a connector can reach of us. */
export interface Host {
  /** The connection's name in the YAML. */
  readonly name: string
  /** Resolves once the events are on disk: only then may a webhook answer 200. */
  receive(events: HubEvent[]): Promise<void>
  /** Keep-alive, deadlines and logging built in; never repeats a call. */
  readonly http: AxiosInstance
  readonly clock: Clock
  readonly memory: Memory
  readonly log: FastifyBaseLogger
  /** Aborts when the hub shuts down. */
  readonly signal: AbortSignal
  /** What a visitor's thread holds: the source from which a built-in channel's sockets read and resume. */
  readonly record: ThreadRecord
  /** Passing signals between hubs (typing, presence, "look again"); may drop, never carries what must arrive. */
  readonly signals: Signals
  /** For built-in connectors that keep tables of their own in the hub's database; a vendor's connector needs none. */
  // biome-ignore lint/suspicious/noExplicitAny: each built-in names its own tables by `withTables`
  readonly database: Kysely<any>
  /** Base URL under which `hooks` are reachable from outside, without a trailing slash. */
  readonly url: string
  /**
   * Who of the hub's staff makes this request, by the session of the console; undefined when nobody has signed in.
   * Throws `refused` when another site's page sent it. For a desk whose agents are users of the hub; absent in tests.
   */
  staff?(request: FastifyRequest): Promise<Colleague | undefined>
  /**
   * Writes into the audit what somebody of the hub's staff has done; `who` is the id of a `Colleague`, `action` is `<noun>.<verb>`.
   * Ids, names of things and counts; no words of a customer, no secret. Absent where `staff` is.
   */
  audit?(
    who: string,
    action: `${string}.${string}`,
    target: string,
    details?: Readonly<Record<string, string | readonly string[]>>,
  ): Promise<void>
}

export interface Colleague {
  /** `user:<id>`: the same for good. */
  readonly id: string
  /** In lower case. */
  readonly email: string
  readonly name: string
  readonly role: 'agent' | 'viewer' | 'admin'
  /** What they are at this connection. Missing: no agent here. */
  readonly seat?: Seat
}

/** Small values that outlive a restart: tokens, cursors. Values are JSON. */
export interface Memory {
  get<T>(key: string): Promise<T | undefined>
  set(key: string, value: unknown, ttlMs?: number): Promise<void>
  delete(key: string): Promise<void>
}

export interface ThreadEntry {
  /** Cursor: grows within the thread. Several entries may share one; they come together. */
  readonly seq: number
  /** The effect's or the event's name: unique within the thread. */
  readonly id: string
  readonly at: number
  readonly by: 'customer' | 'bot' | 'agent' | 'hub'
  readonly name?: string
  readonly message: Message
  /** With `by: 'customer'`: the external id the channel gave it. */
  readonly externalId?: string
}

export interface ThreadRecord {
  /**
   * What the customer said and what was really delivered to them, after `seq`, in order. Stops before the first message
   * that is still on its way, so that reading on from the last `seq` misses nothing. Empty for an unknown thread.
   */
  read(thread: Ref, after: number, limit?: number): Promise<ThreadEntry[]>
  /** Who holds control, as a snapshot for the customer's screen. Undefined for an unknown thread. */
  state(thread: Ref): Promise<ThreadState | undefined>
  /** Calls back after the thread may have changed, on whichever hub; returns the way to stop. */
  watch(thread: Ref, changed: () => void): () => void
}

export interface ThreadState {
  readonly conversation: number
  readonly control: 'bot' | 'waiting' | 'agent' | 'closed'
  readonly seq: number
  /** The agent's name while one holds control. */
  readonly agent?: string
  readonly language?: string
  /** While one is under way, an offer included. `position`: the place in line that the customer was told last. */
  readonly handoff?: { readonly stage: Exclude<Stage, 'ended'>; readonly position?: number }
}

export interface Signals {
  publish(topic: string, data: unknown): void
  /** `topic` is exact; returns the way to stop. */
  subscribe(topic: string, heard: (data: unknown) => void): () => void
  /** The customer of this thread is typing (or stopped): passed to whoever holds control. */
  customerTyping(thread: Ref, on: boolean): void
  /** The agent of this ticket is typing: passed to the customer's channel, and what their desk holds counts as seen. */
  agentTyping(ticket: Ref, on: boolean): void
  /** The agent of this ticket has seen what the customer said up to this moment, by the `at` the desk was given. */
  agentSaw(ticket: Ref, until: number): void
  /** `readUpTo` of this thread has grown: who looks at the conversation reads it anew. */
  customerRead(thread: Ref): void
}
