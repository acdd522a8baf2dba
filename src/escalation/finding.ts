/** What one criterion found, and what came of all of them: complete enough to answer "why?" and "why not?". */
import type { Action, Priority } from './defaults.ts'

export interface Finding {
  readonly criterion: string
  readonly fired: boolean
  /** What it asks for, or would ask for. */
  readonly action: Action
  readonly measured: string
  readonly limit: string
  /** One plain sentence. */
  readonly text: string
  /** The customer's words that counted. */
  readonly evidence: readonly string[]
  /** What would have made it fire; missing when it did. */
  readonly wouldFire?: string
}

export interface Verdict {
  readonly action: 'none' | Action
  /** The strongest criterion that fired, also when a guard held it. */
  readonly criterion?: string
  readonly text: string
  readonly priority: Priority
  /** Skills that the criterion asks for. */
  readonly skills?: readonly string[]
  /** All criteria, fired or not, in order of strength. */
  readonly findings: readonly Finding[]
  /** Why a guard turned a fired criterion into an offer or into nothing. */
  readonly held?: string
}

/** "−0.62", with the sign typographers use. */
export const number = (value: number, digits = 2): string => value.toFixed(digits).replace('-', '−')

export const count = (amount: number, one: string, many = `${one}s`): string => `${amount} ${amount === 1 ? one : many}`
