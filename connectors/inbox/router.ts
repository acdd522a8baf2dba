/** Brings waiting tickets to agents, and takes them back from agents who do not answer or are gone. */
import { sql } from 'kysely'
import { onlineSeats, touchIdle } from './agents.ts'
import type { Inbox, Tx } from './inbox.ts'
import { tellLine } from './line.ts'
import { asAgent, flush, report } from './reports.ts'
import { assign, type Ring, type Waiting } from './routing.ts'

export interface Router {
  /** Resolves when a round that began after this call is over. Calls made meanwhile share the next round. */
  route(): Promise<void>
  /** A round soon, without waiting for it. What fails is tried again by the next poll. */
  nudge(): void
  /** A round only if there may be something to do: one small query when all is quiet. */
  look(): Promise<void>
  /** Resolves when no round is running. */
  rest(): Promise<void>
}

export function createRouter(inbox: Inbox): Router {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const route = (): Promise<void> => {
    if (!running) {
      running = round(inbox).finally(() => {
        running = undefined
      })
      return running
    }
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined
        return route()
      })
    return next
  }
  return {
    route,
    nudge: () => {
      route().catch((error: unknown) =>
        inbox.host.log.warn({ err: error }, 'A round of routing failed; the next poll tries again'),
      )
    },
    rest: async () => {
      while (running) await running.catch(() => {})
    },
    look: async () => {
      if (await mayHaveWork(inbox)) await route()
    },
  }
}

/** Several hubs may run rounds at once: each takes only rows that no other holds. */
async function round(inbox: Inbox): Promise<void> {
  const back = [...(await takeBackRings(inbox)), ...(await takeBackLeft(inbox))]
  const rung = await ring(inbox)
  const told = await tellLine(inbox)
  if (back.length + rung.length > 0) inbox.changed(...back, ...rung)
  await flush(inbox, [...back, ...rung, ...told])
}

async function mayHaveWork(inbox: Inbox): Promise<boolean> {
  const { rows } = await sql<{ work: boolean }>`
    SELECT EXISTS (SELECT FROM inbox_tickets WHERE connection = ${inbox.name} AND mode = 'live' AND status <> 'ended')
        OR EXISTS (SELECT FROM inbox_tickets WHERE connection = ${inbox.name} AND status = 'offered') AS work`.execute(
    inbox.db,
  )
  return rows[0]!.work
}

/** Rings that ran out, and those at agents who have not been seen for a minute or are not online any more. */
async function takeBackRings(inbox: Inbox): Promise<string[]> {
  const now = inbox.host.clock.now()
  return inbox.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string; agent: string }>`
      SELECT t.id, t.agent FROM inbox_tickets t
      LEFT JOIN inbox_agents a ON a.connection = t.connection AND a.id = t.agent AND a.active
        AND a.presence = 'online' AND a.last_seen > ${now - inbox.times.awayMs}
      WHERE t.connection = ${inbox.name} AND t.status = 'offered' AND (t.ring_until <= ${now} OR a.id IS NULL)
      FOR UPDATE OF t SKIP LOCKED`.execute(tx)
    if (rows.length === 0) return []
    await passOn(
      tx,
      inbox,
      rows.map((row) => row.id),
    )
    await touchIdle(
      tx,
      inbox,
      rows.map((row) => row.agent),
    )
    return rows.map((row) => row.id)
  })
}

/** Back to the queue, remembering who passed and when. The tickets must be locked. */
export async function passOn(tx: Tx, inbox: Inbox, tickets: readonly string[]): Promise<void> {
  await sql`
    UPDATE inbox_tickets SET status = 'queued', agent = NULL, ring_until = NULL, other_language = false,
      passed = passed || jsonb_build_object(agent, ${inbox.host.clock.now()}::bigint)
    WHERE id = ANY(${[...tickets]})`.execute(tx)
}

/** Live tickets of agents whose page is gone for too long. A ticket to be answered later stays with its agent overnight. */
async function takeBackLeft(inbox: Inbox): Promise<string[]> {
  const limit = inbox.host.clock.now() - inbox.times.returnMs
  return inbox.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string; turn: number; agent: string; name: string }>`
      SELECT t.id, t.turn, a.id AS agent, a.name FROM inbox_tickets t
      JOIN inbox_agents a ON a.connection = t.connection AND a.id = t.agent
      WHERE t.connection = ${inbox.name} AND t.status = 'accepted' AND t.mode = 'live' AND (a.last_seen <= ${limit} OR NOT a.active)
      FOR UPDATE OF t SKIP LOCKED`.execute(tx)
    for (const { id, turn, agent, name } of rows) {
      await passOn(tx, inbox, [id])
      await report(tx, inbox, id, {
        type: 'agent-left',
        externalId: `left:${id}:${turn}`,
        agent: asAgent({ id: agent, name }),
      })
    }
    return rows.map((row) => row.id)
  })
}

async function ring(inbox: Inbox): Promise<string[]> {
  const now = inbox.host.clock.now()
  return inbox.db.transaction().execute(async (tx) => {
    // Holding the agents makes their free places certain: a second router waits here and then counts again.
    const { rows: agents } = await sql<{ id: string; name: string }>`
      SELECT id, name FROM inbox_agents WHERE connection = ${inbox.name} AND active AND presence = 'online'
        AND last_seen > ${now - inbox.times.awayMs} ORDER BY id FOR UPDATE`.execute(tx)
    if (agents.length === 0) return []
    const seats = await onlineSeats(tx, inbox)
    const free = seats.filter((seat) => seat.free > 0).map((seat) => seat.id)
    if (free.length === 0) return []
    const rings = assign(await waitingFor(tx, inbox, free), seats, now, inbox.times.ringMs)
    const names = new Map(agents.map((agent) => [agent.id, agent.name]))
    for (const one of rings) await start(tx, inbox, one, names.get(one.agent) ?? one.agent)
    return rings.map((one) => one.ticket)
  })
}

/** Those in line that somebody free has the skills for: the others must not fill the round. */
async function waitingFor(tx: Tx, inbox: Inbox, free: readonly string[]): Promise<Waiting[]> {
  const { rows } = await sql<{ id: string; skills: string[]; language: string | null; passed: Record<string, number> }>`
    SELECT t.id, t.skills, t.language, t.passed FROM inbox_tickets t
    WHERE t.connection = ${inbox.name} AND t.mode = 'live' AND t.status = 'queued' AND EXISTS (
      SELECT FROM inbox_agents a WHERE a.connection = t.connection AND a.id = ANY(${[...free]}) AND a.skills @> t.skills)
    ORDER BY t.priority DESC, t.created_at, t.id LIMIT 200
    FOR UPDATE OF t SKIP LOCKED`.execute(tx)
  return rows.map(({ language, ...ticket }) => (language === null ? ticket : { ...ticket, language }))
}

async function start(tx: Tx, inbox: Inbox, { ticket, agent, otherLanguage }: Ring, name: string): Promise<void> {
  const { turn } = await tx
    .updateTable('inbox_tickets')
    .set((eb) => ({
      status: 'offered',
      agent,
      other_language: otherLanguage,
      ring_until: inbox.host.clock.now() + inbox.times.ringMs,
      turn: eb('turn', '+', 1),
    }))
    .where('id', '=', ticket)
    .returning('turn')
    .executeTakeFirstOrThrow()
  await report(tx, inbox, ticket, {
    type: 'desk-assigned',
    externalId: `assigned:${ticket}:${turn}`,
    agent: asAgent({ id: agent, name }),
  })
}
