/** Who gets which waiting ticket. Pure: told everything, asks nobody. */

export interface Waiting {
  readonly id: string
  readonly skills: readonly string[]
  readonly language?: string
  /** Agents who declined it or let it ring, and when. */
  readonly passed: Readonly<Record<string, number>>
}

/** An agent who is online and seen, free or not: one who is busy still counts as speaking a language. */
export interface Seat {
  readonly id: string
  readonly skills: readonly string[]
  readonly languages: readonly string[]
  readonly free: number
  readonly idleSince: number
}

export interface Ring {
  readonly ticket: string
  readonly agent: string
  /** Nobody online with the skills speaks the customer's language. */
  readonly otherLanguage: boolean
}

/** Rings for as many tickets as there are free agents for. `waiting` comes in the order of service. */
export function assign(waiting: readonly Waiting[], seats: readonly Seat[], now: number, restMs: number): Ring[] {
  const free = new Map(seats.map((seat) => [seat.id, seat.free]))
  const given = new Set<string>()
  const rings: Ring[] = []
  for (const ticket of waiting) {
    const { candidates, otherLanguage } = candidatesFor(ticket, seats)
    const agent = candidates
      .filter((seat) => (free.get(seat.id) ?? 0) > 0 && hasRested(ticket, seat.id, now, restMs))
      .sort((a, b) => inTurn(ticket, given, a, b))[0]
    if (!agent) continue
    free.set(agent.id, (free.get(agent.id) ?? 0) - 1)
    given.add(agent.id)
    rings.push({ ticket: ticket.id, agent: agent.id, otherLanguage })
  }
  return rings
}

export const hasSkills = (seat: Pick<Seat, 'skills'>, needed: readonly string[]): boolean =>
  needed.every((skill) => seat.skills.includes(skill))

/** `de-AT` is spoken by who speaks `de`. Who names no language was not asked. */
export function speaks(seat: Pick<Seat, 'languages'>, language: string | undefined): boolean {
  if (!language || seat.languages.length === 0) return true
  return seat.languages.some((spoken) => primary(spoken) === primary(language))
}

function candidatesFor(ticket: Waiting, seats: readonly Seat[]) {
  const skilled = seats.filter((seat) => hasSkills(seat, ticket.skills))
  const speakers = skilled.filter((seat) => speaks(seat, ticket.language))
  return speakers.length > 0
    ? { candidates: speakers, otherLanguage: false }
    : { candidates: skilled, otherLanguage: true }
}

/** Who passed is asked again only after as long as a ring, so that one agent alone is not rung without a break. */
const hasRested = (ticket: Waiting, agent: string, now: number, restMs: number): boolean =>
  now - (ticket.passed[agent] ?? Number.NEGATIVE_INFINITY) >= restMs

/** Those never asked before those who passed; then those given nothing in this round; then the longest idle. */
function inTurn(ticket: Waiting, given: ReadonlySet<string>, a: Seat, b: Seat): number {
  return (
    (ticket.passed[a.id] ?? 0) - (ticket.passed[b.id] ?? 0) ||
    Number(given.has(a.id)) - Number(given.has(b.id)) ||
    a.idleSince - b.idleSince ||
    (a.id < b.id ? -1 : 1)
  )
}

const primary = (language: string): string => language.toLowerCase().split(/[-_]/)[0] ?? ''
