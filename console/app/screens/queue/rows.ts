import type { QueueRow } from '../../../../src/http/api/queue.ts'

/** `12-1`: names a handoff in the address. */
export const keyOf = ({ conversation, handoff }: QueueRow): string => `${conversation}-${handoff}`

export const nameOf = ({ customer, conversation }: QueueRow): string => customer.name ?? `Visitor ${conversation}`
