/** What is new on a board, and how much of it waits for the agent's eyes. Pure. */
import type { Line, OwnBoard } from './desk.ts'

export interface News {
  readonly offers: readonly Line[]
  /** With more words of the customer than before. */
  readonly messages: readonly Line[]
  /** Went back to the queue, though not by the agent's own hand. */
  readonly lost: readonly Line[]
}

/** Nothing is new on the first board: one has just come. But an offer on it rings. */
export function newsOf(before: OwnBoard | undefined, next: OwnBoard, given: ReadonlySet<string>): News {
  const known = new Set(before?.offers.map(({ id }) => id))
  const counts = new Map([...(before?.mine ?? [])].map(({ id, fromCustomer }) => [id, fromCustomer]))
  const open = new Set([...next.queue, ...next.tickets, ...next.others].map(({ id }) => id))
  return {
    offers: next.offers.filter(({ id }) => !known.has(id)),
    messages: next.mine.filter(({ id, fromCustomer }) => fromCustomer > (counts.get(id) ?? fromCustomer)),
    lost: (before?.mine ?? []).filter(({ id }) => open.has(id) && !given.has(id)),
  }
}

/** From top to bottom, as they stand on the screen. */
export const inOrder = ({ offers, mine, queue, tickets, others }: OwnBoard): readonly Line[] => [
  ...offers,
  ...mine,
  ...queue,
  ...tickets,
  ...others,
]

export const findLine = (board: OwnBoard | undefined, id: string | undefined): Line | undefined =>
  board && inOrder(board).find((line) => line.id === id)
