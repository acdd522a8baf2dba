/** Measures against criteria: does a person have to take over, is one worth offering, or neither; and why. Pure. */
import type { Condition } from './conditions.ts'
import {
  type Action,
  type DefaultName,
  type Guards,
  type Policy,
  type Priority,
  priorities,
  strength,
} from './defaults.ts'
import type { Finding, Verdict } from './finding.ts'
import { guard, offerFactor } from './guards.ts'
import { type Reading, rules } from './rules.ts'
import type { Measures } from './signals.ts'

export type { Finding, Verdict } from './finding.ts'

/** The criteria of one mapping, as `buildCriteria` makes them from its YAML. */
export interface Criteria {
  readonly policy: Policy
  readonly off: ReadonlySet<DefaultName>
  readonly choices: Partial<Readonly<Record<DefaultName, Choices>>>
  readonly own: readonly OwnCriterion[]
  readonly guards: Guards
  /** What must be known before a person is asked, unless it is urgent. */
  readonly require?: { readonly condition: Condition; readonly words: string }
}

/** What a mapping may say of any criterion. */
export interface Choices {
  /** Always this, where the shipped criterion would tell cases apart. */
  readonly action?: Action
  readonly priority?: Priority
  readonly skills?: readonly string[]
}

export interface OwnCriterion extends Choices {
  readonly name: string
  readonly condition: Condition
  readonly action: Action
  /** The condition in the words of whoever wrote it. */
  readonly words?: string
}

/** A finding with all that the choice among several needs. */
export interface Candidate extends Reading {
  readonly criterion: string
}

export function decide(criteria: Criteria, m: Measures, at: number): Verdict {
  const candidates = [...shippedCandidates(criteria, m, at), ...ownCandidates(criteria, m, at)]
  const findings = candidates.map(toFinding)
  const fired = candidates.filter((candidate) => candidate.fired)
  const guarded = fired.map((candidate) => ({ candidate, ...guard(candidate, criteria, m, at) }))
  const best =
    guarded.find((one) => one.action === 'escalate') ?? guarded.find((one) => one.action === 'offer') ?? guarded[0]
  if (!best)
    return { action: 'none', text: `None of ${findings.length} criteria is met.`, priority: 'normal', findings }
  const { candidate, action, held } = best
  return {
    action,
    criterion: candidate.criterion,
    text: held ? `${candidate.text} ${held}` : candidate.text,
    priority: candidate.priority ?? 'normal',
    skills: candidate.skills,
    findings,
    held,
  }
}

function shippedCandidates(criteria: Criteria, m: Measures, at: number): Candidate[] {
  const factor = offerFactor(criteria.guards, m)
  return strength
    .filter((name) => !criteria.off.has(name))
    .map((name) => {
      const chosen = criteria.choices[name]
      const reading = read(name, criteria.policy, m, at, factor)
      return {
        ...reading,
        criterion: name,
        action: chosen?.action ?? reading.action,
        softened: chosen?.action ? undefined : reading.softened,
        priority: chosen?.priority ?? reading.priority ?? priorities[name],
        skills: merge(chosen?.skills, reading.skills),
      }
    })
}

function read<Name extends DefaultName>(name: Name, policy: Policy, m: Measures, at: number, factor: number): Reading {
  return rules[name](policy[name], m, at, factor, policy)
}

function ownCandidates(criteria: Criteria, m: Measures, at: number): Candidate[] {
  return criteria.own.map(({ name, condition, words, action, priority, skills }) => {
    const { met, unknown } = condition.test(m, at)
    const claim = words ?? condition.source
    return {
      criterion: name,
      fired: met,
      action,
      measured: met ? 'met' : unknown ? 'cannot be told' : 'not met',
      limit: condition.source,
      text: met
        ? `Own criterion ${name}: ${claim}.`
        : `Own criterion ${name} is not met: ${claim}${unknown ? ` (${unknown})` : ''}.`,
      wouldFire: `when ${condition.source}`,
      priority,
      skills,
    }
  })
}

function toFinding({ criterion, fired, action, measured, limit, text, evidence, wouldFire }: Candidate): Finding {
  return { criterion, fired, action, measured, limit, text, evidence: evidence ?? [], ...(fired ? {} : { wouldFire }) }
}

function merge(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  if (!a || !b) return a ?? b
  return [...new Set([...a, ...b])]
}
