/**
 * Whether calls may go to a connection: paused by a person, limited by the vendor, or broken. A gate belongs to the connection,
 * is kept in the record and shared by all hubs; each looks at it through a short-lived copy.
 */
import type pg from 'pg'
import type { HubError } from './errors.ts'

export interface Gate {
  readonly name: string
  readonly pausedBy: string | null
  readonly pausedAt: number | null
  readonly pauseReason: string | null
  readonly limitedUntil: number | null
  readonly brokenUntil: number | null
  readonly failures: number
  /** Of the first failure of this row of them. */
  readonly failingSince: number | null
  readonly lastCode: string | null
  readonly lastText: string | null
  readonly lastAt: number | null
}

/** The connection's word in the console. */
export type Health = 'healthy' | 'slow' | 'silent' | 'paused' | 'limited' | 'failing' | 'credentials refused'

/** Failures in a row after which calls wait. */
const breaksAfter = 5
const shortestBreakMs = 5_000
const longestBreakMs = 60_000
/** A paused connection is looked at again after this time; resuming wakes its lanes at once. */
const pausedLookMs = 60_000
const releaseAgainMs = 2_000

export const gateColumns = `name, paused_by AS "pausedBy", (extract(epoch FROM paused_at) * 1000)::bigint AS "pausedAt",
  pause_reason AS "pauseReason", (extract(epoch FROM failing_since) * 1000)::bigint AS "failingSince", (extract(epoch FROM limited_until) * 1000)::bigint AS "limitedUntil",
  (extract(epoch FROM broken_until) * 1000)::bigint AS "brokenUntil", failures,
  last_code AS "lastCode", last_text AS "lastText", (extract(epoch FROM last_at) * 1000)::bigint AS "lastAt"`

export class Gates {
  readonly #pool: pg.Pool
  readonly #now: () => number
  readonly #changed: () => void
  #gates = new Map<string, Gate>()

  /** `changed` tells the other hubs. */
  constructor(pool: pg.Pool, now: () => number, changed: () => void) {
    this.#pool = pool
    this.#now = now
    this.#changed = changed
  }

  async refresh(): Promise<void> {
    const { rows } = await this.#pool.query<Gate>({
      name: 'gates',
      text: `SELECT ${gateColumns} FROM connections`,
    })
    this.learn(rows)
  }

  /**
   * Of a hub that starts. It asks every broken connection at once instead of when the breaker would have: much can have changed
   * since a process was last here, and the first failure opens the breaker again, for as long as the row of them is worth.
   */
  async tryAgain(): Promise<void> {
    const { rows } = await this.#pool.query<{ name: string }>(
      'UPDATE connections SET broken_until = now() WHERE broken_until > now() AND paused_by IS NULL RETURNING name',
    )
    await Promise.all(rows.map(({ name }) => this.#release(name)))
    await this.refresh()
  }

  learn(gates: readonly Gate[]): void {
    this.#gates = new Map(gates.map((gate) => [gate.name, gate]))
  }

  /** Milliseconds until a call may be made; 0 now. */
  waitMs(name: string): number {
    const gate = this.#gates.get(name)
    if (!gate) return 0
    if (gate.pausedBy !== null) return pausedLookMs
    return Math.max(0, (gate.limitedUntil ?? 0) - this.#now(), (gate.brokenUntil ?? 0) - this.#now())
  }

  isFlowing = (name: string): boolean => this.waitMs(name) === 0

  /** In words, for the sentence a dead letter or a fallback is explained with. */
  why(name: string): string {
    const gate = this.#gates.get(name)
    if (gate?.pausedBy != null) return `${name} is paused by ${gate.pausedBy}`
    if ((gate?.limitedUntil ?? 0) > this.#now()) return `${name} asks us to slow down`
    return `${name} is failing: ${gate?.lastText ?? 'no answer'}`
  }

  health(name: string): { health: Health; gate: Gate | undefined } {
    const gate = this.#gates.get(name)
    if (!gate) return { health: 'healthy', gate }
    if (gate.pausedBy !== null) return { health: 'paused', gate }
    if ((gate.limitedUntil ?? 0) > this.#now()) return { health: 'limited', gate }
    if (gate.failures === 0) return { health: 'healthy', gate }
    return { health: gate.lastCode === 'refused' ? 'credentials refused' : 'failing', gate }
  }

  /** After a call that worked; writes only when there was something to clear. */
  async worked(name: string): Promise<void> {
    const gate = this.#gates.get(name)
    if (!gate || (gate.failures === 0 && gate.brokenUntil === null)) return
    this.#gates.set(name, { ...gate, failures: 0, brokenUntil: null, limitedUntil: null })
    await this.#pool.query(
      'UPDATE connections SET failures = 0, broken_until = NULL, limited_until = NULL WHERE name = $1',
      [name],
    )
  }

  /**
   * After a call that failed by the connection's fault. One that asks us to wait is obeyed; several in a row open the breaker,
   * each time for twice as long. Calls that were under way when it opened say nothing new: however many they are, it stays open
   * no longer for them, so that a short outage of a busy connection stays a short one.
   */
  async failed(name: string, error: HubError): Promise<void> {
    if (error.code !== 'busy' && error.code !== 'unreachable' && error.code !== 'refused') return
    const isBusy = error.code === 'busy'
    const limitMs = isBusy ? (error.retryAfterMs ?? 1_000) : 0
    await this.#pool.query({
      name: 'gate-failed',
      text: `INSERT INTO connections AS c (name, failures, failing_since, limited_until, last_code, last_text, last_at)
             VALUES ($1, 1, now(), CASE WHEN $3::bigint > 0 THEN now() + $3::bigint * interval '1 millisecond' END, $4, $5, now())
             ON CONFLICT (name) DO UPDATE SET failures = c.failures + CASE WHEN c.broken_until > now() THEN 0 ELSE 1 END,
               failing_since = CASE WHEN c.failures = 0 THEN now() ELSE c.failing_since END,
               broken_until = CASE WHEN $2 OR c.broken_until > now() OR c.failures + 1 < $6::int THEN c.broken_until
                 ELSE now() + least($7::int, $8::int * 2 ^ least(c.failures + 1 - $6::int, 20)) * interval '1 millisecond' END,
               limited_until = greatest(c.limited_until, excluded.limited_until),
               last_code = excluded.last_code, last_text = excluded.last_text, last_at = excluded.last_at`,
      values: [
        name,
        isBusy,
        Math.round(limitMs),
        error.code,
        error.message.slice(0, 500),
        breaksAfter,
        longestBreakMs,
        shortestBreakMs,
      ],
    })
    await this.#tell()
  }

  async pause(name: string, by: string, reason?: string): Promise<void> {
    await this.#pool.query(
      `INSERT INTO connections (name, paused_by, paused_at, pause_reason) VALUES ($1, $2, now(), $3) ON CONFLICT (name) DO UPDATE SET
         paused_by = excluded.paused_by, paused_at = excluded.paused_at, pause_reason = excluded.pause_reason`,
      [name, by, reason ?? null],
    )
    await this.#tell()
  }

  /** Opens the gate and makes everything that waited for it due. */
  async resume(name: string): Promise<void> {
    await this.#pool.query(
      'UPDATE connections SET paused_by = NULL, paused_at = NULL, pause_reason = NULL, broken_until = NULL, limited_until = NULL, failures = 0 WHERE name = $1',
      [name],
    )
    await this.#release(name)
    await this.#tell()
    // Whoever held a lane at this moment may have put it back for as long as a pause is waited for.
    setTimeout(() => void this.#release(name).catch(() => {}), releaseAgainMs).unref()
  }

  async #release(name: string): Promise<void> {
    await this.#pool.query(
      `UPDATE lanes SET due = now() WHERE due IS NOT NULL AND head < tail AND token IS NULL AND split_part(lane, ':', 2) = $1`,
      [name],
    )
  }

  async #tell(): Promise<void> {
    await this.refresh()
    this.#changed()
  }
}
