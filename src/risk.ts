/** How near a waiting customer is to the end of what their mapping allows. */
export const risks = ['over', 'soon', 'fine'] as const
export type Risk = (typeof risks)[number]

/** From this share of the limit on, it is soon. */
const soonFrom = 0.6

export interface Waits {
  readonly control: string
  readonly since: number
  /** What the customer was told at `since`. */
  readonly etaMs?: number | null
}

/** Over: the limit is passed. Soon: most of it is, or what was estimated does not fit into what is left. */
export function riskOf({ control, since, etaMs }: Waits, limitMs: number, now: number): Risk {
  if (control !== 'waiting') return 'fine'
  const waited = now - since
  if (waited >= limitMs) return 'over'
  if (waited >= soonFrom * limitMs) return 'soon'
  return etaMs != null && etaMs > limitMs ? 'soon' : 'fine'
}
