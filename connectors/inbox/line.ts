/** The line: who waits at which place, how long it takes, and what of it is worth telling. */
import { sql } from 'kysely'
import type { Skills, Staffing } from '#hub/connector.ts'
import { onlineSeats } from './agents.ts'
import type { Inbox, Tx } from './inbox.ts'
import { report } from './reports.ts'
import { hasSkills } from './routing.ts'

/** Online agents who could take it, and how long the last live tickets waited for a person. */
export async function staffing(inbox: Inbox, need: Skills): Promise<Staffing> {
  const [seats, waiting, etaMs] = await Promise.all([
    onlineSeats(inbox.db, inbox),
    waitingCount(inbox),
    pickUpMs(inbox),
  ])
  const online = seats.filter((seat) => hasSkills(seat, need.skills)).length
  return { online, waiting, ...(online > 0 && etaMs !== undefined ? { etaMs } : {}) }
}

async function waitingCount(inbox: Inbox): Promise<number> {
  const { count } = await waitingTickets(inbox)
    .select((eb) => eb.fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

const waitingTickets = (inbox: Inbox) =>
  inbox.db
    .selectFrom('inbox_tickets')
    .where('connection', '=', inbox.name)
    .where('mode', '=', 'live')
    .where('status', 'in', ['queued', 'offered'])

/** The median wait of the last 20 accepted live tickets, in milliseconds; unknown below three, which is no measure. */
async function pickUpMs(inbox: Inbox): Promise<number | undefined> {
  const { rows } = await sql<{ median: number | null; count: number }>`
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY wait) AS median, count(*)::int AS count FROM (
      SELECT (accepted_at - created_at)::float8 AS wait FROM inbox_tickets
      WHERE connection = ${inbox.name} AND mode = 'live' AND accepted_at IS NOT NULL
      ORDER BY accepted_at DESC LIMIT 20
    ) AS last`.execute(inbox.db)
  const { median, count } = rows[0]!
  return median === null || count < 3 ? undefined : Math.round(median)
}

interface Place {
  readonly id: string
  readonly told: number
  readonly told_position: number | null
  readonly created_at: number
  readonly position: number
}

/** Tells those whose place in line changed. Returns the tickets that have something to report. */
export async function tellLine(inbox: Inbox): Promise<string[]> {
  const news = (await places(inbox)).filter((place) => isNews(place.told_position, place.position))
  if (news.length === 0) return []
  const [pickUp, now] = [await pickUpMs(inbox), inbox.host.clock.now()]
  return inbox.db.transaction().execute(async (tx) => {
    const still = await lockUntold(tx, news)
    for (const { id, told, position, created_at } of news.filter((place) => still.has(place.id))) {
      await tx
        .updateTable('inbox_tickets')
        .set({ told: told + 1, told_position: position })
        .where('id', '=', id)
        .execute()
      const etaMs = leftOf(pickUp, now - Number(created_at))
      await report(tx, inbox, id, { type: 'desk-queue', externalId: `queue:${id}:${told + 1}`, position, etaMs })
    }
    return [...still]
  })
}

/** Those that nobody else is telling or changing at this moment; the next round comes back for the others. */
async function lockUntold(tx: Tx, news: readonly Place[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    SELECT t.id FROM inbox_tickets t
    JOIN unnest(${news.map((place) => place.id)}::text[], ${news.map((place) => place.told)}::int[]) AS n (id, told)
      ON n.id = t.id AND n.told = t.told
    WHERE t.status IN ('queued', 'offered') FOR UPDATE OF t SKIP LOCKED`.execute(tx)
  return new Set(rows.map((row) => row.id))
}

/** Near the front each step counts; far behind, a tenth of the line does. */
export function isNews(told: number | null, position: number): boolean {
  if (told === null || told === position) return told === null
  return Math.min(told, position) <= 10 || Math.abs(told - position) >= told / 10
}

/** What is left of the usual wait. Once that is used up nothing true can be said. */
export function leftOf(usualMs: number | undefined, waitedMs: number): number | undefined {
  return usualMs !== undefined && usualMs > waitedMs ? usualMs - waitedMs : undefined
}

async function places(inbox: Inbox): Promise<Place[]> {
  const { rows } = await sql<Place>`
    SELECT id, told, told_position, created_at,
      (row_number() OVER (ORDER BY priority DESC, created_at, id))::int AS position
    FROM inbox_tickets
    WHERE connection = ${inbox.name} AND mode = 'live' AND status IN ('queued', 'offered')`.execute(inbox.db)
  return rows
}
