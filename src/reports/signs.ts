/**
 * What decisions on record say, where only their sentence says it. The sentences are those of `src/step/`; `test/reports/facts.test.ts`
 * plays them through the real `step`, so that a change of words there is noticed.
 */
import type { Control } from '../conversation.ts'
import type { Decision } from '../effects.ts'
import type { Finding } from '../escalation/finding.ts'
import type { PastEvent } from './past.ts'

type Decisions = readonly Decision[] | null | undefined

const texts = (decisions: Decisions, kind: Decision['kind']): string[] =>
  (decisions ?? []).filter((one) => one.kind === kind).map((one) => one.text)

/** Who has control after it, if it changed hands. */
export function controlTaken(decisions: Decisions): Control | undefined {
  const last = texts(decisions, 'control').at(-1)
  return /^control \w+ → (\w+):/.exec(last ?? '')?.[1] as Control | undefined
}

export function offerAnswered(decisions: Decisions): 'taken' | 'declined' | undefined {
  const said = texts(decisions, 'offer')
  if (said.includes('the customer accepted the offer')) return 'taken'
  return said.includes('the customer declined the offer') ? 'declined' : undefined
}

export const isParking = (decisions: Decisions): boolean =>
  texts(decisions, 'note').some((text) => text.startsWith('parked:'))

export const isLateAnswer = ({ type, decisions }: PastEvent): boolean =>
  type === 'bot-answered' && texts(decisions, 'stopped').some((text) => text.startsWith('stopped a bot answer'))

/** Criteria that fired in the same moment as the one that decided. */
export function firedBeside(criterion: string, ...moments: Decisions[]): string[] {
  const decided = moments.flatMap((decisions) => (decisions ?? []).filter((one) => one.kind === 'escalation'))[0]
  const findings = (Array.isArray(decided?.data) ? decided.data : []) as Finding[]
  return findings.filter((one) => one.fired && one.criterion !== criterion).map((one) => one.criterion)
}
