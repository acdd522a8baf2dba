/** Which figures and charts each report has. */
import type { Figure } from './answers.ts'
import * as charts from './charts.ts'
import type { MeasureName } from './measures.ts'
import { people } from './people.ts'

interface Plan {
  readonly figures: readonly MeasureName[]
  readonly charts: readonly charts.MakeChart[]
  /** Numbers the record does not hold: shown as such, never as 0. */
  readonly missing?: readonly Figure[]
}

const rate = charts.byDay({ key: 'rate', title: 'Escalation rate by day', names: ['escalated'] })

export const reportNames = ['overview', 'escalations', 'waiting', 'people', 'feedback', 'topics', 'trust'] as const
export type ReportName = (typeof reportNames)[number]

const nothing = { value: null, p90: null, count: 0, of: 0, low: null, high: null, before: null, tooFew: false } as const

const duplicates: Figure = {
  key: 'duplicates',
  title: 'Duplicates dropped',
  unit: 'count',
  counts: 'deliveries that were already on record',
  among: 'deliveries',
  note: 'Not counted: a second delivery is dropped before anything is written, so the record holds no trace of it.',
  source: 'none',
  isCounted: false,
  ...nothing,
}

const aspects: Figure = {
  key: 'aspects',
  title: 'What was rated',
  unit: 'share',
  counts: 'answers about the bot, the waiting or the agent',
  among: 'answers to surveys',
  note: 'Not recorded: surveys ask one question, about the whole. The ratings by bot, by waiting and by agent split the same answers.',
  source: 'none',
  isCounted: false,
  ...nothing,
}

export const catalogue: Record<ReportName, Plan> = {
  overview: {
    figures: ['escalated', 'toAgent', 'within', 'abandoned', 'csat', 'again'],
    charts: [rate, charts.reasons, charts.waits, charts.heat, charts.steps],
  },
  escalations: {
    figures: [
      'escalated',
      'conversations',
      'requested',
      'offered',
      'offersTaken',
      'offersOvertaken',
      'offersDeclined',
      'offersUnanswered',
    ],
    charts: [rate, charts.reasons, charts.offerAnswers],
  },
  waiting: {
    figures: [
      'toAgent',
      'toWord',
      'within',
      'outside',
      'handle',
      'abandoned',
      'abandonedEarly',
      'expired',
      'failed',
      'deferred',
      'underWay',
    ],
    charts: [
      charts.waits,
      charts.heat,
      charts.steps,
      charts.byDay({ key: 'abandonment', title: 'Left waiting by day', names: ['abandoned'] }),
      charts.byDay({ key: 'handle', title: 'Handle time by day', names: ['handle'] }),
      charts.outcomes,
    ],
  },
  people: { figures: ['accepted', 'agentHandle', 'agentWord', 'agentCsat'], charts: [people] },
  feedback: {
    figures: ['csat', 'answers', 'response', 'better', 'same', 'worse'],
    charts: [charts.ratingsByReason, charts.ratingsByDesk, charts.ratingsByBot, charts.ratingsByWait, charts.feelings],
    missing: [aspects],
  },
  topics: { figures: ['requested', 'again', 'reopened', 'resolved', 'returned'], charts: [charts.topics] },
  trust: {
    figures: ['stops', 'context', 'contextWho', 'contextWants', 'contextIntent', 'letters'],
    charts: [charts.byDay({ key: 'stops', title: 'Late bot replies stopped by day', names: ['stops'] })],
    missing: [duplicates],
  },
}
