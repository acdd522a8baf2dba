/** `baton simulate`: recorded dialogues against the criteria of a mapping; what would have happened, when, and why. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Criteria, decide, type Verdict } from '../escalation/criteria.ts'
import { hearBot, hearCustomer, type Measures, noMeasures, noteOffer } from '../escalation/signals.ts'
import { text } from '../message.ts'
import { addDialogue, noTotal, showTotal } from './simulate-total.ts'

export interface SimulateOptions {
  readonly criteria: Criteria
  /** One JSON object a line instead of sentences. */
  readonly json: boolean
  /** The customer takes every offer; otherwise an offer is made, not taken, and the dialogue goes on. */
  readonly acceptOffers?: boolean
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

interface Dialogue {
  readonly id: string
  readonly turns: ReadonlyArray<{ readonly by: string; readonly text: string }>
}

/** Transcripts carry no times; so long a turn takes, so that `duration` counts turns and not an invented clock. */
const turnMs = 20_000

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
export function play(dialogue: Dialogue, options: Pick<SimulateOptions, 'criteria' | 'acceptOffers'>): Outcome {
  let m = noMeasures
  let offered: Outcome | undefined
  for (const [index, turn] of dialogue.turns.entries()) {
    const at = (index + 1) * turnMs
    const heard = hear(m, turn, at)
    if (!heard) continue
    m = heard
    const verdict = decide(options.criteria, m, at)
    if (verdict.action === 'escalate') return toOutcome(dialogue.id, verdict, index + 1)
    if (verdict.action === 'none') continue
    m = noteOffer(m)
    offered ??= toOutcome(dialogue.id, verdict, index + 1)
    if (options.acceptOffers) return offered
  }
  return offered ?? { id: dialogue.id, action: 'none' }
}

/** People's turns and actions are not the bot's doing: they are passed over. */
function hear(m: Measures, turn: Dialogue['turns'][number], at: number): Measures | undefined {
  if (turn.by === 'customer') return hearCustomer(m, text(turn.text), at, {})
  if (turn.by === 'bot') return hearBot(m, { messages: [text(turn.text)] }, at)
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
