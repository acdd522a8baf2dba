/** Customers in line at the desk `people`, by their own words at a running hub. */
import { expect } from 'vitest'
import { aVisitor, type Visitor } from '../../app.ts'
import { until } from '../../hub.ts'
import { type ConsoleStage, type Person, patienceMs, people } from './stage.ts'

export interface InLine {
  readonly id: number
  readonly visitor: Visitor
}

export async function inLine(
  stage: ConsoleStage,
  name?: string,
  words = 'How long does delivery take?',
): Promise<InLine> {
  const { url, hub } = stage
  // A desk where nobody is online would be passed over.
  await comeOnline(stage, people.agent)
  const visitor = await aVisitor(url, {})
  await visitor.say(words)
  await visitor.say('I want to talk to a person')
  const { pool } = hub.database
  const find = () =>
    pool.query(
      `SELECT c.id FROM conversations c JOIN handoffs h ON h.conversation = c.id
       WHERE c.thread = $1 AND h.stage IN ('opened', 'assigned')`,
      [visitor.thread],
    )
  await until('the customer is in line', async () => (await find()).rows.length > 0, patienceMs)
  const { id } = (await find()).rows[0]
  if (name !== undefined) {
    const customer = JSON.stringify({ name, email: `${name.replace(' ', '.')}@private.example`, segment: 'Gold' })
    await pool.query(
      `UPDATE conversations SET customer = $2, state = (state::jsonb || jsonb_build_object('customer', $2::jsonb))::text WHERE id = $1`,
      [id, customer],
    )
  }
  return { id, visitor }
}

/** At the desk `people`, until they are not seen for a minute. */
export async function comeOnline(stage: ConsoleStage, who: Person): Promise<void> {
  const online = await stage.hub.ask('/hooks/people/presence', {
    method: 'POST',
    body: { presence: 'online' },
    headers: { cookie: await stage.cookieOf(who), origin: stage.url, 'sec-fetch-site': 'same-origin' },
  })
  expect(online.status).toBe(204)
}

/** As if they had come so much earlier. */
export async function makeWait({ hub }: ConsoleStage, id: number, minutes: number): Promise<void> {
  await hub.database.pool.query(
    // Locked in the order in which the hub locks.
    `WITH held AS (SELECT id FROM conversations WHERE id = $1 FOR UPDATE),
       asked AS (UPDATE attempts SET asked_at = asked_at - $2::bigint FROM held WHERE conversation = held.id RETURNING asked_at)
       UPDATE conversations SET state = jsonb_set(state::jsonb, '{handoff,attempts,0,askedAt}', to_jsonb(asked.asked_at))::text
       FROM asked WHERE id = $1`,
    [id, minutes * 60_000],
  )
}

/** Ends what is open, so that the next test begins with an empty line. */
export async function endAll({ hub }: ConsoleStage): Promise<void> {
  const { rows } = await hub.database.pool.query(
    `SELECT conversation FROM handoffs WHERE outcome IS NULL AND stage <> 'offered'`,
  )
  for (const { conversation } of rows)
    await hub.staff(`/api/v1/conversations/${conversation}/commands`, {
      method: 'POST',
      body: { do: 'end', outcome: 'resolved' },
    })
}
