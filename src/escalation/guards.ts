/** What keeps a criterion that fired from acting: offers that come too often, a conversation just given back, facts still missing. */
import type { Candidate, Criteria } from './criteria.ts'
import { type Action, type Guards, passesCoolDown, passesRequire } from './defaults.ts'
import { count } from './finding.ts'
import type { Measures } from './signals.ts'

export interface Guarded {
  readonly action: 'none' | Action
  readonly held?: string
}

export function guard(candidate: Candidate, criteria: Criteria, m: Measures, at: number): Guarded {
  const held =
    heldByCoolDown(candidate, criteria.guards, m) ??
    heldByRequire(candidate, criteria, m, at) ??
    heldByOffers(candidate, criteria.guards, m)
  if (held) return { action: 'none', held }
  return { action: candidate.action, held: candidate.softened }
}

/** What declined offers leave of the composite's weights. */
export const offerFactor = (guards: Guards, m: Measures): number => (m.declined > 0 ? guards.declined : 1)

function heldByCoolDown({ criterion }: Candidate, guards: Guards, m: Measures): string | undefined {
  if (!m.returned || m.turns > guards.coolDown || passesCoolDown.has(criterion)) return
  return `Held: the conversation was given back ${count(m.turns, 'customer turn')} ago, it gets ${guards.coolDown} to settle.`
}

function heldByRequire({ criterion }: Candidate, { require }: Criteria, m: Measures, at: number): string | undefined {
  if (!require || passesRequire.has(criterion)) return
  if (criterion === 'human_request' && m.wishes >= 2) return
  if (require.condition.test(m, at).met) return
  return `Held: first is required: ${require.words}.`
}

function heldByOffers({ action }: Candidate, guards: Guards, m: Measures): string | undefined {
  if (action !== 'offer' || m.offers === 0) return
  const since = m.turns - (m.offeredAt ?? 0)
  const text = `${count(since, 'customer turn')} ago`
  if (m.offers > 1) return `Held: a person was offered ${m.offers} times already, ${text} last.`
  if (since < guards.offerAfter)
    return `Held: a person was offered ${text}, the next offer may come after ${guards.offerAfter}.`
}
