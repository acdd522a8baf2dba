/** A recorded dialogue against the criteria of a mapping: where a person would have been asked or offered, and why. Pure. */
import { text } from '../message.ts'
import { type Criteria, decide, type Verdict } from './criteria.ts'
import { hearBot, hearCustomer, type Measures, noMeasures, noteOffer } from './signals.ts'

export interface Dialogue {
  readonly id: string
  readonly turns: ReadonlyArray<{ readonly by: string; readonly text: string }>
}

export interface RehearsalOptions {
  readonly criteria: Criteria
  /** The customer takes every offer; otherwise an offer is made, not taken, and the dialogue goes on. */
  readonly acceptOffers?: boolean
}

export interface Rehearsal {
  /** At the turn that decided it; where nothing did, at the last one. Undefined when nobody said anything. */
  readonly verdict?: Verdict
  /** Turn of the dialogue, from 1, all speakers counted. */
  readonly turn?: number
}

/** Transcripts carry no times; so long a turn takes, so that `duration` counts turns and not an invented clock. */
const turnMs = 20_000

/** Ends at the first escalation; of offers the first is what is reported. */
export function rehearse(dialogue: Dialogue, options: RehearsalOptions): Rehearsal {
  let m = noMeasures
  let offered: Rehearsal | undefined
  let last: Rehearsal = {}
  for (const [index, said] of dialogue.turns.entries()) {
    const at = (index + 1) * turnMs
    const heard = hear(m, said, at)
    if (!heard) continue
    m = heard
    const verdict = decide(options.criteria, m, at)
    last = { verdict, turn: index + 1 }
    if (verdict.action === 'escalate') return last
    if (verdict.action === 'none') continue
    m = noteOffer(m)
    offered ??= last
    if (options.acceptOffers) return offered
  }
  return offered ?? last
}

/** People's turns and actions are not the bot's doing: they are passed over. */
function hear(m: Measures, turn: Dialogue['turns'][number], at: number): Measures | undefined {
  if (turn.by === 'customer') return hearCustomer(m, text(turn.text), at, {})
  if (turn.by === 'bot') return hearBot(m, { messages: [text(turn.text)] }, at)
}

const speakers: Readonly<Record<string, string>> = {
  customer: 'customer',
  user: 'customer',
  visitor: 'customer',
  client: 'customer',
  bot: 'bot',
  assistant: 'bot',
  agent: 'agent',
}

/** A transcript as a person pastes it: "Customer: …", "Bot: …". A line without a speaker goes on with the one before, at first the customer. */
export function readTranscript(pasted: string): Dialogue['turns'] {
  const turns: { by: string; text: string }[] = []
  for (const line of pasted.split(/\r?\n/)) {
    const [, name, words] = /^\s*(?:\[?\d[\d:. ]*\]?\s*)?([A-Za-z]+)\s*:\s*(.*)$/.exec(line) ?? []
    const by = name && speakers[name.toLowerCase()]
    if (by) turns.push({ by, text: words! })
    else if (line.trim() && turns.length > 0) turns.at(-1)!.text += `\n${line.trim()}`
    else if (line.trim()) turns.push({ by: 'customer', text: line.trim() })
  }
  return turns.filter(({ text: said }) => said.trim() !== '')
}
