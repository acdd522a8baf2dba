/** A mapping's own conditions, in CEL: checked and compiled when the criteria are built, so that a typo is found at start. */
import { type ASTNode, Environment } from '@marcbachmann/cel-js'
import { HubError } from '../errors.ts'
import { defaults } from './defaults.ts'
import { emptySearches, minutesSince } from './rules.ts'
import { type Measures, repeats } from './signals.ts'

export interface Condition {
  readonly source: string
  /** False with a reason when the condition cannot be told, for example because a variable has no value yet. */
  test(m: Measures, at: number): { readonly met: boolean; readonly unknown?: string }
}

/** What a condition may name: type, and what it is. One that has no value yet makes its comparison unknown, so not met. */
export const variables = {
  turns: ['int', 'customer messages in this episode'],
  minutes: ['double', 'minutes of conversation, the customer’s pauses left out'],
  sentiment: ['double', 'of the last customer message, −1 to 1'],
  loud: ['bool', 'the last customer message was shouted or swore'],
  confidence: ['double', 'of the bot’s last answer, 0 to 1; unknown if the bot does not say'],
  intent: ['string', 'recognised last; unknown if the bot does not say'],
  intents: ['int', 'recognised in the last message'],
  no_match: ['int', 'turns in a row the bot did not understand'],
  repeats: ['int', 'how often the customer said what they said last; 1 is once'],
  same_answer: ['bool', 'the bot’s last answer had been given before'],
  kb_empty: ['int', 'knowledge searches that found nothing'],
  human_request: ['double', 'how clearly the last message asks for a person, 0 to 1'],
  language: ['string', 'of the last customer message, as `de`'],
  bot_errors: ['int', 'turns the bot failed in this episode'],
  thumbs_down: ['int', 'times the customer said that it did not help'],
  offers: ['int', 'offers of a person made in this episode'],
  declined: ['int', 'offers the customer declined'],
  returned: ['bool', 'people gave the conversation back to the bot'],
  open_slots: ['int', 'details the bot still wants'],
  slots: ['map<string, string>', 'details the bot has, as `slots.order`; test with `has(slots.order)`'],
  files: ['list<string>', 'kinds of the files in the last customer message'],
  'customer.segment': ['string', 'from the channel or the CRM; unknown if nobody says'],
  'customer.value': ['double', 'from the channel or the CRM; unknown if nobody says'],
} as const satisfies Record<string, readonly [type: string, meaning: string]>

const environment = new Environment({ limits: { maxAstNodes: 500, maxDepth: 40 } })
for (const [name, [type]] of Object.entries(variables)) {
  if (!name.includes('.')) environment.registerVariable(name, type)
}
environment.registerVariable({ name: 'customer', schema: { segment: 'string', value: 'double' } })

/** Throws `invalid`, naming the place and what may be written instead. */
export function compileCondition(source: string, place: string): Condition {
  const { valid, type, error } = environment.check(source)
  if (!valid) throw wrong(place, source, error?.summary ?? 'it cannot be read')
  if (type !== 'bool') throw wrong(place, source, `it gives ${type}, not true or false`)
  const parsed = environment.parse(source)
  if (calls(parsed.ast, 'matches'))
    throw wrong(place, source, 'matches() may take very long; use contains, startsWith, endsWith or in')
  return {
    source,
    test(m, at) {
      try {
        return { met: parsed(valuesOf(m, at)) === true }
      } catch (thrown) {
        return { met: false, unknown: reasonOf(thrown) }
      }
    },
  }
}

function wrong(place: string, source: string, why: string): HubError {
  const known = Object.keys(variables).join(', ')
  return new HubError(
    'invalid',
    `${place}: the condition ${JSON.stringify(source)} is not right: ${why}. Known variables: ${known}`,
  )
}

function valuesOf(m: Measures, at: number): Record<string, unknown> {
  const int = (value: number) => BigInt(Math.round(value))
  const known = {
    turns: int(m.turns),
    minutes: minutesSince(m.activeMs, m, at),
    sentiment: m.felt.at(-1)?.score,
    loud: m.felt.at(-1)?.loud,
    confidence: m.confidences.at(-1)?.top,
    intent: m.intent,
    intents: int(m.intents),
    no_match: int(m.noMatch.running),
    repeats: int(repeats(m, defaults.loop.similarity, defaults.loop.window)),
    same_answer: m.sameAnswer,
    kb_empty: int(emptySearches(m, defaults.kb_empty.relevance)),
    human_request: m.wish.score,
    language: m.language,
    bot_errors: int(m.botFailures.total),
    thumbs_down: int(m.downs),
    offers: int(m.offers),
    declined: int(m.declined),
    returned: m.returned,
    open_slots: int(m.openSlots),
    slots: m.slots,
    files: m.files,
    customer: withoutUnknown({ segment: m.segment, value: m.value }),
  }
  return withoutUnknown(known)
}

/** The library's summary names the variable; its whole message would quote the source again. */
function reasonOf(thrown: unknown): string {
  const summary = (thrown as { summary?: unknown }).summary
  return typeof summary === 'string' ? summary : 'it cannot be told'
}

const withoutUnknown = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

function calls(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((child) => calls(child, name))
  if (typeof node !== 'object' || node === null || !('op' in node)) return false
  const { op, args } = node as ASTNode
  if (op === 'rcall' && (args as unknown[])[0] === name) return true
  return calls(args, name)
}
