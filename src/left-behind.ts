/**
 * Leases of our own that nobody works under any more: a commit that was not answered may have taken them, or a drain lost the
 * record in the middle. They are given back as soon as the record can be reached, rather than when they run out.
 */
import type pg from 'pg'
import { type HeldLane, releaseLanes, releaseTokens } from './postgres/lanes.ts'

export class LeftBehind {
  readonly #tokens = new Set<string>()
  readonly #lanes = new Set<HeldLane>()

  /** A batch whose commit was not answered: whatever it leased. */
  commit(token: string): void {
    this.#tokens.add(token)
  }

  /** A drain that ended without giving its lane back. */
  lane({ conversation, lane, token }: HeldLane): void {
    this.#lanes.add({ conversation, lane, token })
  }

  /** Kept for the next time when the record is still away, as is what comes meanwhile. */
  async giveBack(pool: pg.Pool): Promise<void> {
    const [tokens, lanes] = [[...this.#tokens], [...this.#lanes]]
    if (tokens.length > 0) await releaseTokens(pool, tokens)
    for (const token of tokens) this.#tokens.delete(token)
    if (lanes.length > 0) await releaseLanes(pool, lanes)
    for (const lane of lanes) this.#lanes.delete(lane)
  }
}
