/**
 * Every number of the reports: what it counts, among what, and the words that say so beside it. The same condition makes the
 * number and finds the conversations behind it. console.md 3.7 is the source of the definitions.
 */
import {
  context,
  count,
  ended,
  endedWords,
  type Measure,
  marks,
  mood,
  ofEnded,
  ofOffers,
  ofRequested,
  ratings,
  requestedWords,
  sentiment,
  share,
} from './measure.ts'
import { askedFor, moodOf, type Question, type Values, waitOf } from './sets.ts'

const inHours = 'x.is_open IS NOT FALSE'
const inHoursWords = 'handoffs requested in the period, within opening hours'
const early = 'x.ended_at - x.requested_at < 10000'
const left = `x.outcome = 'abandoned' AND x.accepted_at IS NULL`
const handled = 'x.accepted_at IS NOT NULL AND x.ended_at IS NOT NULL'
const handleTime = '(x.ended_at - x.accepted_at - x.parked_ms)'
const week = 7 * 24 * 3_600_000
const day = 24 * 3_600_000

export const measures = {
  conversations: count(
    'conversations',
    'Conversations',
    'conversations whose first customer message lies in the period',
    'events of customers',
  ),
  escalated: share(
    'conversations',
    'Escalation rate',
    askedFor,
    'true',
    {
      counts: 'conversations with at least one handoff requested',
      among: 'conversations whose first customer message lies in the period',
      note: 'A handoff that never got past the offer is not requested. A desk or a reason narrows the handoffs, not the conversations they are a share of. Conversations cannot be marked as test or spam yet, so none is left out.',
    },
    'first customer message, and requests of handoffs',
  ),
  offered: count('offers', 'Offers', 'offers of a person made in the period', 'the handoff’s begin as an offer'),
  offersTaken: ofOffers('Taken', `x.offer_answer = 'taken'`, 'offers the customer accepted'),
  offersOvertaken: ofOffers(
    'Overtaken',
    `x.offer_answer = 'overtaken'`,
    'offers that a request or an agent came before, without an answer',
  ),
  offersDeclined: ofOffers('Declined', `x.offer_answer = 'declined'`, 'offers the customer declined'),
  offersUnanswered: ofOffers('Unanswered', `x.offer_answer = 'unanswered'`, 'offers that ended without an answer'),

  requested: count('handoffs', 'Handoffs requested', requestedWords, marks),
  alsoFired: count(
    'handoffs',
    'Also fired',
    'handoffs requested in the period where this criterion fired beside the first one',
    'findings kept with the decision',
  ),
  toAgent: {
    set: 'handoffs',
    title: 'Time to agent',
    unit: 'duration',
    counts: 'x.accepted_at IS NOT NULL',
    among: inHours,
    of: waitOf,
    words: { counts: 'from requested to accepted, over handoffs that were accepted', among: inHoursWords },
    source: marks,
    better: 'less',
  },
  toWord: {
    set: 'handoffs',
    title: 'Time to first word',
    unit: 'duration',
    counts: 'x.first_word_at IS NOT NULL',
    among: inHours,
    of: '(x.first_word_at - x.requested_at)',
    words: {
      counts: 'from requested to the first public word of a person, over handoffs that got one',
      among: inHoursWords,
    },
    source: 'time of the request, and the agent’s first public message',
    better: 'less',
  },
  within: share(
    'handoffs',
    'Within limit',
    'x.accepted_at - x.requested_at <= x.limit_ms',
    `${inHours} AND x.limit_ms IS NOT NULL`,
    {
      counts: 'handoffs accepted within the wait that their mapping plans for',
      among: 'all handoffs requested within opening hours, those whose customer left included',
      note: 'The limit is the one of the mapping’s first live desk when the handoff was counted first.',
    },
    'times of the handoff, and the mapping’s waitMinutes',
    'more',
  ),
  outside: {
    set: 'handoffs',
    title: 'Outside opening hours',
    unit: 'duration',
    counts: 'x.accepted_at IS NOT NULL',
    among: 'x.is_open IS FALSE',
    of: waitOf,
    words: {
      counts: 'from requested to accepted, over handoffs that were accepted',
      among: 'handoffs requested outside the mapping’s opening hours',
    },
    source: 'times of the handoff, and the mapping’s hours',
  },
  handle: {
    set: 'handoffs',
    title: 'Handle time',
    unit: 'duration',
    counts: handled,
    among: 'x.accepted_at IS NOT NULL',
    of: handleTime,
    words: {
      counts: 'from accepted to ended, less parked time, over handoffs that have ended',
      among: 'handoffs requested in the period and accepted',
      note: 'Parked time begins when the customer has been silent for the mapping’s parkMinutes.',
    },
    source: 'times of the handoff, and when it was parked',
  },
  abandoned: ofRequested(
    'Left waiting',
    `${left} AND NOT (${early})`,
    'handoffs whose customer left before anybody accepted, after 10 s or more',
    marks,
    'less',
    'Those who left within 10 s are shown apart.',
  ),
  abandonedEarly: ofRequested(
    'Left within 10 s',
    `${left} AND ${early}`,
    'handoffs whose customer left within 10 s',
    marks,
  ),
  expired: ofRequested(
    'Expired in line',
    `x.outcome = 'expired' AND x.accepted_at IS NULL`,
    'handoffs that nobody took in time',
    marks,
    'less',
  ),
  failed: ofRequested('Failed', `x.outcome = 'failed'`, 'handoffs for which no desk could be reached', marks, 'less'),
  deferred: ofRequested('Deferred', `x.outcome = 'deferred'`, 'handoffs that became a ticket or a callback', marks),
  underWay: count(
    'handoffs',
    'Under way',
    'handoffs requested in the period that have not ended',
    marks,
    'x.outcome IS NULL',
  ),
  reached: count('handoffs', 'Reached', requestedWords, marks),
  ended: ofRequested('Ended', ended, 'handoffs that have ended', 'outcome of the handoff'),
  resolved: ofEnded('Resolved', 'resolved', 'handoffs resolved by a person'),
  returned: ofEnded('Returned', 'returned', 'handoffs given back to the bot'),
  again: share(
    'handoffs',
    'Back within 24 h',
    `x.again_at - x.ended_at <= ${day}`,
    ended,
    { counts: 'handoffs after whose end the same conversation requested another one within 24 h', among: endedWords },
    marks,
    'less',
  ),
  reopened: share(
    'handoffs',
    'Reopened within 7 days',
    `x.reopened_at - x.ended_at <= ${week}`,
    `x.outcome = 'resolved'`,
    {
      counts: 'resolved handoffs whose customer wrote again within 7 days',
      among: 'handoffs requested in the period and resolved',
    },
    'the customer’s next message',
    'less',
  ),

  answers: count('rated', 'Answers', 'answers to surveys about handoffs of the period', ratings, 'x.score IS NOT NULL'),
  csat: share(
    'rated',
    'CSAT',
    'x.score >= 0.8',
    'x.score IS NOT NULL',
    { counts: 'answers of 4 or 5', among: 'answers to surveys about handoffs of the period' },
    ratings,
    'more',
  ),
  response: share(
    'rated',
    'Response rate',
    'x.answered_at IS NOT NULL',
    'x.invited_at IS NOT NULL',
    { counts: 'invitations that were answered', among: 'invitations delivered for handoffs of the period' },
    'invitations with their delivery, and answers',
    'more',
  ),
  feelingBefore: {
    set: 'handoffs',
    title: 'Sentiment before',
    unit: 'score',
    counts: 'true',
    among: `${moodOf} IS NOT NULL`,
    of: 'x.feeling_before',
    words: {
      counts: 'mean of the last 3 customer messages before the request',
      among: 'handoffs requested in the period with customer messages on both sides',
    },
    source: sentiment,
  },
  feelingAfter: {
    set: 'handoffs',
    title: 'Sentiment after',
    unit: 'score',
    counts: 'true',
    among: `${moodOf} IS NOT NULL`,
    of: 'x.feeling_after',
    words: {
      counts: 'mean of the last 3 customer messages before the end',
      among: 'handoffs requested in the period with customer messages on both sides',
    },
    source: sentiment,
  },
  better: mood('better', 'Better', 'handoffs whose customer felt better by more than 0.1'),
  same: mood('same', 'Same', 'handoffs whose customer felt the same, within 0.1'),
  worse: mood('worse', 'Worse', 'handoffs whose customer felt worse by more than 0.1'),

  accepted: count('accepted', 'Accepted', 'handoffs accepted in the period', marks),
  agentWord: {
    set: 'accepted',
    title: 'Accepted to first word',
    unit: 'duration',
    counts: 'x.first_word_at IS NOT NULL',
    among: 'true',
    of: '(x.first_word_at - x.accepted_at)',
    words: {
      counts: 'from accepted to the first public word, over handoffs that got one',
      among: 'handoffs accepted in the period',
    },
    source: 'the agent’s first public message',
  },
  agentHandle: {
    set: 'accepted',
    title: 'Handle time',
    unit: 'duration',
    counts: handled,
    among: 'true',
    of: handleTime,
    words: {
      counts: 'from accepted to ended, less parked time, over handoffs that have ended',
      among: 'handoffs accepted in the period',
    },
    source: marks,
  },
  agentHeld: {
    set: 'accepted',
    title: 'Time held',
    unit: 'total',
    counts: handled,
    among: 'true',
    of: handleTime,
    words: { counts: 'handle time in all, of handoffs that have ended', among: 'handoffs accepted in the period' },
    source: marks,
  },
  agentCsat: share(
    'accepted',
    'CSAT',
    'x.score >= 0.8',
    'x.score IS NOT NULL',
    { counts: 'answers of 4 or 5', among: 'answers about handoffs accepted in the period' },
    ratings,
    'more',
  ),

  stops: count(
    'stops',
    'Late bot replies stopped',
    'what a bot said after control had changed hands, and no customer was shown',
    'answers stopped when they came, and words stopped before they were sent',
  ),
  context: context(
    'Context complete',
    'x.has_who AND x.has_wants AND x.intent IS NOT NULL',
    'handoffs whose agent was told who the customer is, what they wrote and what the bot understood',
  ),
  contextWho: context(
    'Who the customer is',
    'x.has_who',
    'handoffs with a name, an e-mail address, a phone number or an id',
  ),
  contextWants: context(
    'What they wrote',
    'x.has_wants',
    'handoffs with at least one message of the customer in words',
  ),
  contextIntent: context(
    'What the bot understood',
    'x.intent IS NOT NULL',
    'handoffs with an intent that the bot recognised',
  ),
  letters: count(
    'letters',
    'Dead letters open',
    'effects that failed for good and wait for a person, as it stands now',
    'effects, whatever the period',
  ),
} as const satisfies Record<string, Measure>

export type MeasureName = keyof typeof measures
export const measureNames = Object.keys(measures) as MeasureName[]
export const measureOf = (name: MeasureName): Measure => measures[name]

/** The denominator of a measure, and its numerator within it. Each names only the values it needs. */
export const among = (name: MeasureName): string => `(${measureOf(name).among})`

export function counts(name: MeasureName, values: Values, question: Question): string {
  const { counts } = measureOf(name)
  return `${among(name)} AND (${typeof counts === 'string' ? counts : counts(values, question)})`
}
