/** What narrows or orders the queue, by its names in the address. */
export const everyFilter = ['mapping', 'desk', 'reason', 'language', 'risk', 'order'] as const

export const noFilters: Readonly<Record<(typeof everyFilter)[number], undefined>> = {
  mapping: undefined,
  desk: undefined,
  reason: undefined,
  language: undefined,
  risk: undefined,
  order: undefined,
}
