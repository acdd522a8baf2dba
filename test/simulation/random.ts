/** Chance with a seed: the same seed gives the same world, on every machine. */
export interface Random {
  /** From 0 up to, not including, 1. */
  float(): number
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number
  /** True with this probability. */
  chance(p: number): boolean
  pick<T>(list: readonly T[]): T
  /** A name, each with its weight. */
  draw<Name extends string>(weights: Readonly<Record<Name, number>>): Name
  /** Mostly near the lower end, as people's and vendors' times are; milliseconds. */
  span(fromMs: number, toMs: number): number
}

export function seeded(seed: number): Random {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0
  // mulberry32
  const float = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const whole = (from: number, to: number) => from + Math.floor(float() * (to - from + 1))
  return {
    float,
    whole,
    chance: (p) => float() < p,
    pick: (list) => list[Math.floor(float() * list.length)]!,
    draw: (weights) => drawn(Object.entries<number>(weights), float()) as keyof typeof weights,
    span: (fromMs, toMs) => Math.round(fromMs + (toMs - fromMs) * float() ** 3),
  }
}

function drawn(entries: ReadonlyArray<readonly [string, number]>, at: number): string {
  let left = at * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [name, weight] of entries) {
    left -= weight
    if (left < 0) return name
  }
  return entries.at(-1)![0]
}
