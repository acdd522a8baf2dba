/** The time a list is about: named, so that a link made today says the same tomorrow, or from and to in milliseconds. */
const day = 86_400_000

export function rangeOf(
  { period, from, to }: { readonly period?: string; readonly from?: string; readonly to?: string },
  now: number,
): { from?: string; to?: string } {
  const today = new Date(now).setHours(0, 0, 0, 0)
  if (period === 'today') return { from: String(today) }
  const days = /^(\d{1,3})d$/.exec(period ?? '')?.[1]
  // Whole days: the address stays the same all day, and so does the page that is kept for it.
  if (days) return { from: String(today - (Number(days) - 1) * day) }
  return { from, to }
}
