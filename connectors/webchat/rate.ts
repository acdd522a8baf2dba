/** How often one key (a visitor, an address) may do a thing. Held in memory: each hub counts for itself. */
export interface Rate {
  /** 0: go on. Otherwise milliseconds until the next may go. */
  take(key: string): number
}

const maxKeys = 20_000

/** A bucket of `perMinute` tokens that fills evenly: short bursts pass, a steady flood does not. */
export function createRate(perMinute: number, now: () => number): Rate {
  const buckets = new Map<string, { tokens: number; at: number }>()
  const perMs = perMinute / 60_000

  const fill = (bucket: { tokens: number; at: number }, at: number) =>
    Math.min(perMinute, bucket.tokens + Math.max(0, at - bucket.at) * perMs)

  const forgetFull = (at: number) => {
    for (const [key, bucket] of buckets) if (fill(bucket, at) >= perMinute) buckets.delete(key)
    // A flood of keys that are all in use: forgetting is kinder than growing without bound.
    if (buckets.size >= maxKeys) buckets.clear()
  }

  return {
    take(key) {
      const at = now()
      if (buckets.size >= maxKeys && !buckets.has(key)) forgetFull(at)
      const bucket = buckets.get(key) ?? { tokens: perMinute, at }
      const tokens = fill(bucket, at)
      const isFree = tokens >= 1
      buckets.set(key, { tokens: isFree ? tokens - 1 : tokens, at })
      return isFree ? 0 : Math.ceil((1 - tokens) / perMs)
    },
  }
}
