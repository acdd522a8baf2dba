/** The agents of an inbox: taken from the YAML, known by their token, online while their page is seen. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { type Colleague, HubError, type Seat } from '#hub/connector.ts'
import type { Inbox, Tx } from './inbox.ts'
import type { Seat as OnlineSeat } from './routing.ts'
import type { AgentSettings } from './settings.ts'
import type { AgentRow, Presence } from './tables.ts'

export type Agent = Selectable<AgentRow>

/** Makes the table say what the YAML says. Presence is kept over a restart. */
export async function seedAgents(inbox: Inbox, agents: readonly AgentSettings[]): Promise<void> {
  refuseTwins(agents)
  await inbox.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('inbox_agents')
      .set({ active: false })
      .where('connection', '=', inbox.name)
      .where('is_user', '=', false)
      .execute()
    for (const agent of agents) {
      const row = {
        name: agent.name,
        skills: agent.skills ?? [],
        languages: agent.languages ?? [],
        capacity: agent.capacity ?? 3,
        // Nobody knows a token with the hash of one that was just made up.
        token_hash: hashToken(agent.token ?? newToken()),
        active: true,
        is_user: false,
      }
      await tx
        .insertInto('inbox_agents')
        .values({ ...row, connection: inbox.name, id: idOf(agent) })
        .onConflict((conflict) => conflict.columns(['connection', 'id']).doUpdateSet(row))
        .execute()
    }
  })
}

function refuseTwins(agents: readonly AgentSettings[]): void {
  for (const [index, agent] of agents.entries()) {
    const earlier = agents.findIndex((other) => idOf(other) === idOf(agent) || isSame(other.token, agent.token))
    if (earlier === index) continue
    const what = idOf(agents[earlier]!) === idOf(agent) ? 'e-mail' : 'token'
    throw new HubError(
      'invalid',
      `agents[${index}] has the same ${what} as agents[${earlier}]; each agent needs one of their own`,
    )
  }
}

const isSame = (one: string | undefined, other: string | undefined) => one !== undefined && one === other
const idOf = (agent: AgentSettings): string => agent.email.toLowerCase()

export const newToken = (): string => randomBytes(24).toString('base64url')

/** Tokens are long and random, so a fast hash is enough: there is nothing to guess slowly. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** The agent of this token. Every agent's hash is compared, in constant time. */
export async function agentOfToken(inbox: Inbox, token: string): Promise<Agent | undefined> {
  const presented = Buffer.from(hashToken(token), 'hex')
  const agents = await agentsOf(inbox)
  return agents.filter((agent) => timingSafeEqual(Buffer.from(agent.token_hash, 'hex'), presented))[0]
}

/** The agent that a user of the console is here. Whom the YAML names too is who the YAML says; undefined without a seat. */
export async function agentOfUser(inbox: Inbox, user: Colleague): Promise<Agent | undefined> {
  const seat = user.seat ?? (user.role === 'admin' ? { skills: [], languages: [], capacity: 3 } : undefined)
  if (!seat) return undefined
  const known = (await agentsOf(inbox)).find(({ id }) => id === user.email)
  if (known && (!known.is_user || isSeated(known, user.name, seat))) return known
  const row = {
    name: user.name,
    skills: [...seat.skills],
    languages: [...seat.languages],
    capacity: seat.capacity,
    active: true,
    is_user: true,
  }
  return inbox.db
    .insertInto('inbox_agents')
    .values({ ...row, connection: inbox.name, id: user.email, token_hash: hashToken(newToken()) })
    .onConflict((conflict) => conflict.columns(['connection', 'id']).doUpdateSet(row))
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** As they are on record: most requests of a page find nothing to write. */
const isSeated = (agent: Agent, name: string, { skills, languages, capacity }: Seat): boolean =>
  agent.name === name &&
  agent.capacity === capacity &&
  String(agent.skills) === String(skills) &&
  String(agent.languages) === String(languages)

export const agentsOf = (inbox: Inbox): Promise<Agent[]> =>
  inbox.db
    .selectFrom('inbox_agents')
    .selectAll()
    .where('connection', '=', inbox.name)
    .where('active', '=', true)
    .orderBy('name')
    .execute()

/** What colleagues see: who chose to be online but was not seen for a minute is away. */
export function presenceOf(inbox: Inbox, agent: Pick<Agent, 'presence' | 'last_seen'>): Presence {
  if (agent.presence !== 'online') return agent.presence
  return Number(agent.last_seen) > inbox.host.clock.now() - inbox.times.awayMs ? 'online' : 'away'
}

/** A sign of life of the agent's page; with a presence, also their choice. Who comes back online starts at the end of the turn. */
export async function seen(inbox: Inbox, agent: string, presence?: Presence): Promise<void> {
  const now = inbox.host.clock.now()
  const wasOnline = sql<boolean>`presence = 'online' AND last_seen > ${now - inbox.times.awayMs}`
  const chosen = presence ?? sql<Presence>`presence`
  await inbox.db
    .updateTable('inbox_agents')
    .set({
      presence: chosen,
      last_seen: now,
      idle_since: sql<number>`CASE WHEN ${wasOnline} OR ${chosen}::text <> 'online' THEN idle_since ELSE ${now} END`,
    })
    .where('connection', '=', inbox.name)
    .where('id', '=', agent)
    .execute()
}

/** The agent did something just now: the others have been idle for longer. */
export async function touchIdle(tx: Tx, inbox: Inbox, agents: readonly string[]): Promise<void> {
  if (agents.length === 0) return
  await tx
    .updateTable('inbox_agents')
    .set({ idle_since: inbox.host.clock.now() })
    .where('connection', '=', inbox.name)
    .where('id', 'in', [...new Set(agents)].sort())
    .execute()
}

/** Agents who are online and seen, with the room they have for live tickets. */
export async function onlineSeats(db: Tx | Inbox['db'], inbox: Inbox): Promise<OnlineSeat[]> {
  const since = inbox.host.clock.now() - inbox.times.awayMs
  const { rows } = await sql<{ id: string; skills: string[]; languages: string[]; free: number; idle_since: number }>`
    SELECT a.id, a.skills, a.languages, a.idle_since,
      a.capacity - (SELECT count(*)::int FROM inbox_tickets t WHERE t.connection = a.connection AND t.agent = a.id
        AND t.mode = 'live' AND t.status IN ('offered', 'accepted')) AS free
    FROM inbox_agents a
    WHERE a.connection = ${inbox.name} AND a.active AND a.presence = 'online' AND a.last_seen > ${since}`.execute(db)
  return rows.map(({ idle_since, ...seat }) => ({ ...seat, idleSince: Number(idle_since) }))
}
