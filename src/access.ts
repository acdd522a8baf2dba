/** Who may see and do what: the roles of staff, and the actions of API and console, as one table. */

export const roles = ['agent', 'viewer', 'admin'] as const
export type Role = (typeof roles)[number]

/** How far a right reaches: an agent's own desks and numbers, all of it with personal data masked, or all of it. */
export type Reach = 'own' | 'masked' | 'all'

type Grants = Readonly<Partial<Record<Role, Reach>>>

/** An action that names no role may be done by nobody of it: the screen leaves its control out, the API answers 403. */
const grants = {
  'queue.read': { agent: 'own', viewer: 'masked', admin: 'all' },
  'conversations.read': { agent: 'own', viewer: 'masked', admin: 'all' },
  /** A transcript as a file: words that are masked cannot be taken out. */
  'conversations.export': { agent: 'own', admin: 'all' },
  /** Assign, move, end, take over. */
  'conversations.command': { admin: 'all' },
  'inbox.use': { agent: 'own', admin: 'all' },
  /** What whoever answers asks beside a conversation: of the CRM, the articles, the bot, other desks. */
  'conversations.lookup': { agent: 'own', admin: 'all' },
  /** The health word of each connection. */
  'connections.read': { agent: 'all', viewer: 'all', admin: 'all' },
  'connections.inspect': { viewer: 'masked', admin: 'all' },
  /** Test, pause, resume. */
  'connections.command': { admin: 'all' },
  'mappings.read': { viewer: 'all', admin: 'all' },
  'dead-letters.read': { agent: 'own', viewer: 'masked', admin: 'all' },
  /** Replay, dismiss. */
  'dead-letters.command': { admin: 'all' },
  'suggestions.read': { agent: 'own', viewer: 'masked', admin: 'all' },
  /** Approve, reject, edit. */
  'suggestions.command': { admin: 'all' },
  'reports.read': { agent: 'own', viewer: 'all', admin: 'all' },
  /** With names. */
  'reports.export': { admin: 'all' },
  /** One's own name, password, shortcuts, density. */
  'me.change': { agent: 'own', viewer: 'own', admin: 'own' },
  /** Canned replies: one's own, or everybody's. */
  'replies.change': { agent: 'own', admin: 'all' },
  /** Users, tokens, the widget's look, the setup page. */
  'settings.change': { admin: 'all' },
  'customers.erase': { admin: 'all' },
  'audit.read': { admin: 'all' },
  'metrics.read': { admin: 'all' },
  /** The queues' own pages, and the API's description. */
  'queues.read': { admin: 'all' },
} as const satisfies Record<string, Grants>

export type Action = keyof typeof grants
export const actions = Object.keys(grants) as readonly Action[]

/** Somebody, or some program, who has signed in. */
export interface Staff {
  /** `user:<id>`, `token:<id>`, or `hub` for the token in the data folder: what the audit names. */
  readonly id: string
  readonly name: string
  readonly email?: string
  readonly role: Role
  /** The desks of our own at which this person is an agent: what `own` reaches. */
  readonly desks: readonly string[]
  /** Of an API token: what it may do, within its role. Missing: all of it. */
  readonly scopes?: readonly Action[]
}

/** What somebody is as an agent of one desk of our own. */
export interface Seat {
  readonly skills: readonly string[]
  /** BCP 47 codes. None: every language is fine. */
  readonly languages: readonly string[]
  /** Live conversations at a time. */
  readonly capacity: number
}

/** Undefined when it is not theirs to do. */
export function reachOf({ role, scopes }: Pick<Staff, 'role' | 'scopes'>, action: Action): Reach | undefined {
  if (scopes && !scopes.includes(action)) return undefined
  return (grants[action] as Grants)[role]
}

/** Whether they may answer customers at this desk of our own. */
export function worksAt(staff: Staff, desk: string): boolean {
  const reach = reachOf(staff, 'inbox.use')
  return reach === 'all' || (reach === 'own' && staff.desks.includes(desk))
}

/** What the console shows controls by. */
export const rightsOf = (staff: Pick<Staff, 'role' | 'scopes'>): Partial<Record<Action, Reach>> =>
  Object.fromEntries(
    actions.flatMap((action) => {
      const reach = reachOf(staff, action)
      return reach ? [[action, reach]] : []
    }),
  )
