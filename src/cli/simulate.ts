/** `baton simulate`: recorded dialogues against the criteria of a mapping; what would have happened, when, and why. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Verdict } from '../escalation/criteria.ts'
import { type Dialogue, type RehearsalOptions, rehearse } from '../escalation/rehearsal.ts'
import { addDialogue, noTotal, showTotal } from './simulate-total.ts'

export interface SimulateOptions extends RehearsalOptions {
  /** One JSON object a line instead of sentences. */
  readonly json: boolean
  readonly write: (line: string) => void
}

/** What came of one dialogue, at the turn that decided it. */
export interface Outcome {
  readonly id: string
  readonly action: 'none' | 'offer' | 'escalate'
  readonly criterion?: string
  /** Turn of the dialogue, from 1, all speakers counted. */
  readonly turn?: number
  readonly text?: string
  /** One sentence for each criterion that fired at that turn. */
  readonly signals?: readonly string[]
  readonly evidence?: readonly string[]
}

/** Exit code: 0, or 1 when the file cannot be read or a line of it is wrong; right lines are decided all the same. */
export async function simulate(file: string, options: SimulateOptions): Promise<number> {
  const startedAt = performance.now()
  let total = noTotal
  let wrong = 0
  let number = 0
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      number++
      if (!line.trim()) continue
      const dialogue = readDialogue(line)
      if (typeof dialogue === 'string') {
        wrong++
        complain(options, `${file}:${number}: ${dialogue}`)
        continue
      }
      const outcome = play(dialogue, options)
      total = addDialogue(total, outcome)
      if (outcome.action !== 'none') options.write(options.json ? JSON.stringify(outcome) : show(outcome))
    }
  } catch (thrown) {
    complain(options, `${file}: cannot be read: ${(thrown as NodeJS.ErrnoException).code ?? thrown}`)
    return 1
  }
  showTotal(total, wrong, (performance.now() - startedAt) / 1000, options)
  return wrong > 0 ? 1 : 0
}

/** Ends at the first escalation; of offers the first is what is reported. */
export function play(dialogue: Dialogue, options: RehearsalOptions): Outcome {
  const { verdict, turn } = rehearse(dialogue, options)
  return !verdict || verdict.action === 'none'
    ? { id: dialogue.id, action: 'none' }
    : toOutcome(dialogue.id, verdict, turn!)
}

function toOutcome(id: string, verdict: Verdict, turn: number): Outcome {
  const fired = verdict.findings.filter((finding) => finding.fired)
  return {
    id,
    action: verdict.action,
    criterion: verdict.criterion,
    turn,
    text: verdict.text,
    signals: fired.map((finding) => `${finding.criterion}: ${finding.text}`),
    evidence: [...new Set(fired.flatMap((finding) => finding.evidence))],
  }
}

function show({ id, action, criterion, turn, text, signals = [], evidence = [] }: Outcome): string {
  const also = signals.filter((signal) => !signal.startsWith(`${criterion}:`)).map((signal) => `\n    also ${signal}`)
  const quoted =
    evidence.length > 0 ? `\n    evidence: ${evidence.map((words) => JSON.stringify(words)).join(', ')}` : ''
  return `${id}  turn ${turn}  ${action} by ${criterion}: ${text}${also.join('')}${quoted}`
}

const complain = ({ json, write }: SimulateOptions, message: string): void =>
  write(json ? JSON.stringify({ error: message }) : `error: ${message}`)

const right = 'right is {"id": "…", "turns": [{"by": "customer", "text": "…"}, {"by": "bot", "text": "…"}]}'

/** The dialogue of a line, or what is wrong with it. */
function readDialogue(line: string): Dialogue | string {
  let found: unknown
  try {
    found = JSON.parse(line)
  } catch {
    return `found no JSON; ${right}`
  }
  if (!isMap(found)) return `found ${kindOf(found)}; ${right}`
  if (typeof found.id !== 'string' && typeof found.id !== 'number') return `found ${kindOf(found.id)} as id; ${right}`
  if (!Array.isArray(found.turns)) return `found ${kindOf(found.turns)} as turns; ${right}`
  for (const [index, turn] of found.turns.entries()) {
    if (!isMap(turn)) return `found ${kindOf(turn)} as turn ${index + 1}; ${right}`
    for (const field of ['by', 'text']) {
      if (typeof turn[field] !== 'string')
        return `found ${kindOf(turn[field])} as ${field} of turn ${index + 1}; right is a text`
    }
  }
  return { id: String(found.id), turns: found.turns }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
