/** Zendesk takes 30 updates in 10 minutes of one ticket by one user (zendesk.md 7.2, 12): counted before it has to say no. */
import { type Clock, HubError, type Ref } from '#hub/connector.ts'

export interface Pace {
  /** Throws `busy` when this ticket must wait. Other tickets need not: no time is named, so only its own lane waits. */
  step(ticket: Ref): void
  /** Zendesk counted more than we did: another hub writes as the same user. */
  isFull(ticket: Ref): void
}

const windowMs = 10 * 60_000
const most = 30

export function createPace(clock: Clock): Pace {
  const updates = new Map<Ref, number[]>()
  const recent = (ticket: Ref): number[] => (updates.get(ticket) ?? []).filter((at) => at > clock.now() - windowMs)
  return {
    step(ticket) {
      const made = recent(ticket)
      if (made.length >= most) throw tooMany()
      if (made.length === 0) forgetOld()
      updates.set(ticket, [...made, clock.now()])
    },
    isFull(ticket) {
      const spread = Array.from({ length: most }, (_, place) => clock.now() - (windowMs * (most - 1 - place)) / most)
      updates.set(ticket, spread)
    },
  }

  function forgetOld(): void {
    for (const ticket of updates.keys()) if (recent(ticket).length === 0) updates.delete(ticket)
  }
}

export const tooMany = (): HubError =>
  new HubError('busy', 'This ticket had as many updates in ten minutes as Zendesk allows')
