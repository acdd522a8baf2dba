/** The shipped criteria, one function each: measures against limits, and the sentence that explains the outcome. */
import type { Action, DefaultName, Policy, Priority } from './defaults.ts'
import { angerPriority } from './defaults.ts'
import { count, number } from './finding.ts'
import { type Confidence, type Measures, pauseMs, repeats } from './signals.ts'

/** A finding before its action was settled by the mapping. */
export interface Reading {
  readonly fired: boolean
  readonly action: Action
  readonly measured: string
  readonly limit: string
  readonly text: string
  readonly evidence?: readonly string[]
  readonly wouldFire: string
  readonly priority?: Priority
  readonly skills?: readonly string[]
  /** Why it only offers where it would else escalate. */
  readonly softened?: string
}

type Rule<Limits> = (limits: Limits, m: Measures, at: number, factor: number, policy: Policy) => Reading

/** `factor` is what declined offers left of the composite's weights. */
export const rules: { readonly [Name in DefaultName]: Rule<Policy[Name]> } = {
  safety(_, { danger }) {
    return {
      fired: danger !== undefined,
      action: 'escalate',
      measured: danger?.hazard ?? 'none',
      limit: 'any hazard',
      text: danger
        ? `The customer's words point to ${danger.hazard}.`
        : 'No word of danger, law, leaked data or need of special help.',
      evidence: danger?.evidence,
      wouldFire: 'at any word of self-harm, threat, legal action, data breach, medical emergency or accessibility need',
    }
  },

  human_request(limits, m) {
    const { score, evidence } = m.wish
    // The wish that led to an offer is not yet a second one.
    const wasOffered = m.offeredAt !== undefined && m.offeredAt < m.turns
    const isAgain = score >= limits.again && (m.wishes >= 2 || wasOffered)
    const isFirst = m.turns <= 1 && !m.returned
    const escalates = isAgain || (score >= limits.clear && !isFirst)
    return {
      fired: score >= limits.vague || isAgain,
      action: escalates ? 'escalate' : 'offer',
      measured: number(score),
      limit: `≥ ${number(limits.clear)}`,
      text: wishText(score, limits, isAgain),
      evidence,
      wouldFire: `would offer from ${number(limits.vague)}, escalate from ${number(limits.clear)}`,
      softened:
        score >= limits.clear && !escalates ? 'On the very first message a person is offered first.' : undefined,
    }
  },

  bot_request(_, { botWants }) {
    return {
      fired: botWants !== undefined,
      action: 'escalate',
      measured: botWants ? 'asked' : 'not asked',
      limit: 'asked',
      text: botWants ? 'The bot asked for a person.' : 'The bot did not ask for a person.',
      skills: botWants?.skills.length ? botWants.skills : undefined,
      wouldFire: 'when the bot asks for a person',
    }
  },

  bot_down(limits, { botFailures: { running, last } }) {
    const how = last === 'timeout' ? 'gave no answer in time' : 'failed'
    return {
      fired: running >= limits.failures,
      action: 'escalate',
      measured: count(running, 'failure'),
      limit: `≥ ${limits.failures} in a row`,
      text: running > 0 ? `The bot ${how}, ${count(running, 'time')} in a row.` : 'The bot answers.',
      wouldFire: `at ${count(limits.failures, 'failure')} in a row`,
    }
  },

  no_match(limits, { noMatch: { running, total } }) {
    return {
      fired: running >= Math.min(limits.consecutive, limits.escalate) || total >= limits.total,
      action: running >= limits.escalate ? 'escalate' : 'offer',
      measured: `${running} in a row, ${total} in all`,
      limit: `≥ ${limits.consecutive} in a row or ≥ ${limits.total} in all`,
      text: `The bot did not understand ${count(running, 'time')} in a row and ${count(total, 'time')} in all; the limits are ${limits.consecutive} and ${limits.total}.`,
      wouldFire: `at ${limits.consecutive} in a row or ${limits.total} in all; escalates at ${limits.escalate} in a row`,
    }
  },

  low_confidence(limits, m) {
    const window = m.confidences.slice(-limits.window)
    const unsure = window.filter((confidence) => isUnsure(confidence, limits)).length
    const shown = window.length > 0 ? window.map((confidence) => number(confidence.top)).join(', ') : 'unknown'
    return {
      fired: unsure >= limits.turns,
      action: 'offer',
      measured: shown,
      limit: `< ${number(limits.below)}, ${limits.turns} of ${limits.window}`,
      text:
        window.length > 0
          ? `The bot was unsure in ${unsure} of the last ${count(window.length, 'turn')} (${shown}); the limit is ${limits.turns} below ${number(limits.below)}.`
          : 'The bot has not said how sure it is.',
      wouldFire: `below ${number(limits.below)}, or below ${number(limits.unsure)} with a runner-up nearer than ${number(limits.gap)}, in ${limits.turns} of ${limits.window} turns`,
    }
  },

  loop(limits, m) {
    const times = repeats(m, limits.similarity, limits.window)
    const isSaid = times >= limits.repeats
    return {
      fired: isSaid || m.sameAnswer,
      action: 'offer',
      measured: `${count(times, 'time')}${m.sameAnswer ? ', same answer' : ''}`,
      limit: `≥ ${limits.repeats} times, or the same answer twice`,
      text: loopText(times, isSaid, m),
      evidence: isSaid ? [m.lastSaid] : [],
      wouldFire: `when the customer says the same ${limits.repeats} times within ${limits.window} messages, or the bot gives the same answer twice`,
    }
  },

  kb_empty(limits, m) {
    const empty = emptySearches(m, limits.relevance)
    return {
      fired: empty >= limits.turns,
      action: 'offer',
      measured: `${empty} of ${count(m.searches.length, 'search', 'searches')}`,
      limit: `≥ ${limits.turns} below ${number(limits.relevance)}`,
      text: `${empty} of ${count(m.searches.length, 'knowledge search', 'knowledge searches')} found nothing of relevance ${number(limits.relevance)}; the limit is ${limits.turns}.`,
      wouldFire: `at ${limits.turns} searches that find nothing of relevance ${number(limits.relevance)}`,
    }
  },

  frustration(limits, m) {
    const window = m.felt.slice(-limits.window)
    const last = window.at(-1)
    const negative = window.filter((felt) => felt.score <= limits.mild)
    const isStrong = last !== undefined && last.score <= limits.strong
    const isLasting = negative.length >= limits.turns && last!.score <= limits.mild
    const isLoud = limits.loud && last?.loud === true
    const counted = isStrong || isLoud ? [last!] : negative
    return {
      fired: isStrong || isLasting || isLoud,
      action: isStrong ? 'escalate' : 'offer',
      priority: isStrong ? angerPriority : undefined,
      measured: (window.map((felt) => number(felt.score)).join(', ') || 'nothing said') + (isLoud ? ', loud' : ''),
      limit: `≤ ${number(limits.mild)}, ${limits.turns} of ${limits.window}, or ≤ ${number(limits.strong)} once`,
      text: isStrong
        ? `Sentiment was ${number(last.score)} in the last message; the limit is ${number(limits.strong)}.`
        : isLasting || !isLoud
          ? lastingText(negative, window.length, limits)
          : 'The last message was shouted or swore.',
      evidence: [...new Set(counted.flatMap((felt) => felt.evidence))],
      wouldFire: `at ${number(limits.strong)} once, at ${number(limits.mild)} in ${limits.turns} of ${limits.window} messages${limits.loud ? ', or when shouting or swearing' : ''}`,
    }
  },

  complexity(limits, m) {
    const unreadable = m.files.filter((mime) => !limits.readable.some((pattern) => isKind(mime, pattern)))
    const isOpen = m.openSlots >= limits.slots && m.turns >= limits.turns
    const isMany = m.intents >= limits.intents
    return {
      fired: unreadable.length > 0 || isOpen || isMany,
      action: 'offer',
      measured: `${count(m.intents, 'intent')}, ${count(m.openSlots, 'open slot')}, ${count(unreadable.length, 'unreadable file')}`,
      limit: `≥ ${limits.intents} intents, ≥ ${limits.slots} slots after ${limits.turns} turns, or a file`,
      text: isMany
        ? `The customer wants ${count(m.intents, 'thing')} in one message; the limit is ${limits.intents}.`
        : isOpen
          ? `${count(m.openSlots, 'detail')} still open after ${count(m.turns, 'turn')}; the limit is ${limits.slots} after ${limits.turns}.`
          : unreadable.length > 0
            ? `The customer sent what the bot cannot read: ${unreadable.join(', ')}.`
            : 'One matter at a time, nothing unreadable.',
      wouldFire: `at ${limits.intents} intents in one message, ${limits.slots} open slots after ${limits.turns} turns, or a file the bot cannot read`,
    }
  },

  duration(limits, m, at) {
    const minutes = minutesSince(m.goalMs, m, at)
    return {
      fired: m.goalTurns >= limits.turns || minutes >= limits.minutes,
      action: 'offer',
      measured: `${number(minutes, 1)} minutes, ${count(m.goalTurns, 'turn')}`,
      limit: `≥ ${limits.minutes} minutes or ≥ ${limits.turns} turns`,
      text: `${number(minutes, 1)} minutes and ${count(m.goalTurns, 'customer turn')} without a goal reached; the limits are ${limits.minutes} minutes and ${limits.turns} turns.`,
      wouldFire: `at ${limits.minutes} minutes or ${limits.turns} customer turns without a goal reached`,
    }
  },

  value(limits, m) {
    const isSegment = m.segment !== undefined && limits.segments.includes(m.segment)
    const isAbove = limits.above !== undefined && m.value !== undefined && m.value > limits.above
    const isSet = limits.segments.length > 0 || limits.above !== undefined
    return {
      fired: isSegment || isAbove,
      action: 'offer',
      measured: [m.segment, m.value].filter((known) => known !== undefined).join(', ') || 'unknown',
      limit: isSet
        ? [...limits.segments, ...(limits.above === undefined ? [] : [`> ${limits.above}`])].join(' or ')
        : 'not configured',
      text: isSegment
        ? `The customer is ${m.segment}.`
        : isAbove
          ? `The customer's value ${m.value} is above ${limits.above}.`
          : isSet
            ? 'The customer is in none of the segments, nor above the value, that were set.'
            : 'No segment and no value were set.',
      wouldFire: isSet ? 'for the segments and values that were set' : 'once a segment or a value is set',
    }
  },

  bot_feedback(limits, m) {
    return {
      fired: m.downs >= limits.downs,
      action: 'offer',
      measured: `${m.downs}`,
      limit: `≥ ${limits.downs}`,
      text: `The customer said ${count(m.downs, 'time')} that it did not help; the limit is ${limits.downs}.`,
      wouldFire: `at ${limits.downs}`,
    }
  },

  composite(limits, m, at, factor, policy) {
    const signs = earlySigns(limits, m, at, policy)
    const sum = Math.round(signs.reduce((total, sign) => total + limits.weights[sign] * factor, 0) * 1000) / 1000
    return {
      fired: sum >= Math.min(limits.offer, limits.escalate),
      action: sum >= limits.escalate ? 'escalate' : 'offer',
      measured: number(sum),
      limit: `≥ ${number(limits.offer)}`,
      text:
        signs.length > 0
          ? `Early signs add up to ${number(sum)} (${signs.join(', ')})${factor < 1 ? ', weights lowered by a declined offer' : ''}; the limit is ${number(limits.offer)}.`
          : 'No early sign of trouble.',
      wouldFire: `would offer from ${number(limits.offer)}, escalate from ${number(limits.escalate)}`,
    }
  },
}

/** Minutes of conversation so far, the time since the last event included unless it is already a pause. */
export function minutesSince(ms: number, m: Measures, at: number): number {
  const since = Math.max(0, at - (m.lastAt ?? at))
  return (ms + (since > pauseMs ? 0 : since)) / 60_000
}

export const emptySearches = (m: Measures, relevance: number): number =>
  m.searches.filter((score) => score < relevance).length

type Sign = keyof Policy['composite']['weights']

function earlySigns(limits: Policy['composite'], m: Measures, at: number, policy: Policy): Sign[] {
  const last = m.confidences.at(-1)
  const seen: Record<Sign, boolean> = {
    no_match: m.noMatch.running > 0,
    low_confidence: last !== undefined && isUnsure(last, policy.low_confidence),
    loop: m.sameAnswer || repeats(m, policy.loop.similarity, policy.loop.window) >= limits.repeats,
    negative: (m.felt.at(-1)?.score ?? 0) <= policy.frustration.mild,
    long: m.goalTurns >= limits.turns || minutesSince(m.goalMs, m, at) >= limits.minutes,
    kb_empty: emptySearches(m, policy.kb_empty.relevance) > 0,
  }
  return (Object.keys(seen) as Sign[]).filter((sign) => seen[sign])
}

function isUnsure({ top, next, intent }: Confidence, limits: Policy['low_confidence']): boolean {
  const own = intent !== undefined && Object.hasOwn(limits.intents, intent) ? limits.intents[intent] : undefined
  if (own !== undefined) return top < own
  if (intent !== undefined && limits.sensitive.includes(intent)) return top < limits.strict
  return top < limits.below || (next !== undefined && top < limits.unsure && top - next < limits.gap)
}

function wishText(score: number, limits: Policy['human_request'], isAgain: boolean): string {
  if (isAgain) return 'The customer asked for a person again.'
  if (score >= limits.clear) return 'The customer asked for a person.'
  if (score >= limits.vague)
    return `The customer may want a person (${number(score)}); ${number(limits.clear)} would be clear.`
  return `The customer did not ask for a person (${number(score)}); the limit is ${number(limits.vague)}.`
}

function loopText(times: number, isSaid: boolean, m: Measures): string {
  if (isSaid) return `The customer said the same ${times} times.`
  if (m.sameAnswer) return 'The bot gave the same answer again.'
  return times > 1 ? `The customer said the same ${times} times so far.` : 'Nothing was said twice.'
}

function lastingText(negative: ReadonlyArray<{ score: number }>, heard: number, limits: Policy['frustration']): string {
  const limit = `the limit is ${number(limits.mild)} in ${limits.turns} of ${limits.window}`
  if (negative.length === 0) return `No negative message among the last ${heard}; ${limit}.`
  const scores = negative.map((felt) => number(felt.score)).join(' and ')
  return `Sentiment was ${scores} in ${negative.length} of the last ${count(heard, 'message')}; ${limit}.`
}

const isKind = (mime: string, pattern: string): boolean =>
  pattern.endsWith('/*') ? mime.startsWith(pattern.slice(0, -1)) : mime === pattern
