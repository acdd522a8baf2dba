/** Slows down whoever tries tokens: so many misses in a minute, then nothing but "wait". Tokens have 256 bits; this saves the database. */

const windowMs = 60_000
const maxMisses = 20
const maxAddresses = 10_000

export function countGuesses() {
  let since = 0
  let misses = new Map<string, number>()

  const turn = (now: number) => {
    if (now - since < windowMs && misses.size < maxAddresses) return
    since = now
    misses = new Map()
  }
  return {
    /** Milliseconds to wait; 0 when this address may ask. */
    waitMs(address: string, now: number): number {
      turn(now)
      return (misses.get(address) ?? 0) < maxMisses ? 0 : since + windowMs - now
    },
    miss(address: string, now: number): void {
      turn(now)
      misses.set(address, (misses.get(address) ?? 0) + 1)
    },
  }
}
