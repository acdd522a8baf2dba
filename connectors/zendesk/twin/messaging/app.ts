/** The messaging side of the account: users, conversations, who holds each, and what it tells. Knows no HTTP. */
import { randomBytes } from 'node:crypto'
import type { Account } from '../account.ts'

export interface Member {
  readonly id: string
  readonly name: string
  readonly integrationId: string
  readonly integrationType: string
  deliverStandbyEvents: boolean
}

export interface SunUser {
  readonly id: string
  readonly externalId?: string
  readonly profile: Readonly<Record<string, unknown>>
  readonly authenticated: boolean
}

export interface SunMessage {
  readonly id: string
  readonly received: string
  readonly author: Readonly<Record<string, unknown>>
  readonly content: Readonly<Record<string, unknown>>
  readonly source: { readonly type: string; readonly integrationId?: string }
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly activity?: { readonly type: string; readonly data: object }
  /** Kept, and shown on none of the customer’s channels. */
  readonly isSilent?: boolean
}

/** What the agents work on; made when control comes to them. */
export interface Case {
  readonly number: number
  state: 'open' | 'solved' | 'closed'
  agent?: { readonly id: string; readonly name: string }
  readonly made: Readonly<Record<string, unknown>>
  readonly notes: { readonly by: string; readonly text: string; readonly at: string }[]
}

export interface Talk {
  readonly id: string
  readonly user: SunUser
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly createdAt: string
  readonly messages: SunMessage[]
  readonly cases: Case[]
  active?: Member
  pending?: Member
  /** With what control came to the agents before there was anything to make a ticket of. */
  waiting?: Readonly<Record<string, unknown>>
}

export interface App {
  readonly account: Account
  readonly id: string
  readonly own: Member
  readonly workspace: Member
  readonly members: readonly Member[]
  readonly users: Map<string, SunUser>
  readonly talks: Map<string, Talk>
  /** Told of everything that webhooks may be about. */
  told?(type: string, talk: Talk, payload: object): void
  newId(): string
  now(): string
}

interface Given {
  readonly app?: string
  readonly control?: string
  readonly workspace?: string
  readonly integration?: string
}

export const customerSource = { type: 'web', integrationId: '64f0e1a2b3c4d5e6f7081930' } as const

export function createApp(account: Account, given: Given): App {
  let ids = 0
  const birth = randomBytes(4).toString('hex')
  const newId = () => `${birth}${(++ids).toString(16).padStart(16, '0')}`
  const member = (name: string, integrationType: string, integrationId = newId()): Member => ({
    id: newId(),
    name,
    integrationId,
    integrationType,
    deliverStandbyEvents: integrationType === 'custom' && account.quirks.noStandby !== true,
  })
  const own = member(given.control ?? 'baton', 'custom', given.integration)
  const workspace = member(given.workspace ?? 'zd-agentWorkspace', 'zd:agentWorkspace')
  return {
    account,
    id: given.app ?? newId(),
    own,
    workspace,
    members: [own, workspace],
    users: new Map(),
    talks: new Map(),
    newId,
    now: () => new Date(account.clock.now()).toISOString(),
  }
}

export function addUser(app: App, given: { externalId?: string; profile?: object; authenticated?: boolean }): SunUser {
  const user = {
    id: app.newId(),
    ...(given.externalId && { externalId: given.externalId }),
    profile: { ...given.profile },
    authenticated: given.authenticated ?? false,
  }
  app.users.set(user.id, user)
  return user
}

export function addTalk(app: App, user: SunUser, metadata?: Talk['metadata']): Talk {
  const talk: Talk = { id: app.newId(), user, metadata, createdAt: app.now(), messages: [], cases: [] }
  app.talks.set(talk.id, talk)
  return talk
}

/** A word of the customer goes to the default integration where nobody has the conversation (zendesk.md 5). */
export function addMessage(app: App, talk: Talk, given: Omit<SunMessage, 'id' | 'received'>): SunMessage {
  const isCustomer = given.author.type === 'user'
  if (isCustomer && !talk.active) talk.active = app.own
  const message = { ...given, id: app.newId(), received: app.now() }
  talk.messages.push(message)
  if (isCustomer && talk.active === app.workspace) {
    if (openCase(talk)?.state === 'solved') openCase(talk)!.state = 'open'
    if (!openCase(talk)) makeCase(app, talk, talk.waiting ?? {})
  }
  app.told?.('conversation:message', talk, { message: message })
  return message
}

export const openCase = (talk: Talk): Case | undefined => talk.cases.find(({ state }) => state !== 'closed')

function makeCase(app: App, talk: Talk, made: Readonly<Record<string, unknown>>): void {
  talk.cases.push({ number: app.account.nextId(), state: 'open', made, notes: [] })
  talk.waiting = undefined
}

export function pass(
  app: App,
  talk: Talk,
  to: Member,
  metadata: Readonly<Record<string, unknown>>,
  reason?: string,
): void {
  const isAgain = talk.active === to
  talk.active = to
  talk.pending = undefined
  if (to === app.workspace && !openCase(talk)) {
    const hasWords = talk.messages.some(({ author }) => author.type === 'user')
    if (hasWords && !app.account.quirks.lateTickets) makeCase(app, talk, metadata)
    else talk.waiting = metadata
  }
  if (isAgain && !app.account.quirks.repeatsPass) return
  app.told?.('switchboard:passControl', talk, { metadata, ...(reason && { reason }) })
}

export function release(app: App, talk: Talk, metadata?: object, reason?: string): void {
  talk.active = undefined
  talk.pending = undefined
  app.told?.('switchboard:releaseControl', talk, {
    ...(metadata && { metadata }),
    ...(reason && !app.account.quirks.releaseWithoutReason && { reason }),
  })
}

/** The agents’ ticket is closed: the customer reads a notice, and control goes back (zendesk.md 6.1). */
export function close(app: App, talk: Talk, activity: string, reason: string): void {
  const ticket = openCase(talk)
  if (ticket) ticket.state = 'closed'
  addMessage(app, talk, {
    author: { type: 'business', subtypes: ['activity'] },
    activity: { type: activity, data: {} },
    content: { type: 'text', text: 'This conversation has ended.' },
    source: { type: 'zd:agentWorkspace' },
  })
  release(app, talk, undefined, reason)
}

export const showMember = ({ id, name, integrationId, integrationType }: Member) => ({
  id,
  name,
  integrationId,
  integrationType,
})

export const showShort = ({ id, metadata, active, pending }: Talk) => ({
  id,
  type: 'personal',
  ...(metadata && { metadata }),
  ...(active && { activeSwitchboardIntegration: showMember(active) }),
  ...(pending && { pendingSwitchboardIntegration: showMember(pending) }),
})

export const showTalk = (talk: Talk) => ({
  ...showShort(talk),
  isDefault: false,
  createdAt: talk.createdAt,
  lastUpdatedAt: talk.messages.at(-1)?.received ?? talk.createdAt,
})

export const showUser = ({ authenticated, ...user }: SunUser) => ({
  ...user,
  authenticated,
  identities: [],
  metadata: {},
})

/** What is read-only in requests, and what only this twin knows, is not shown. */
export function showMessage({ isSilent: _, author, ...message }: SunMessage) {
  const { userExternalId: __, ...shown } = author
  return { ...message, author: shown }
}
