/** The handoff queue: who waits, who is in danger of waiting too long, why, and who has whom. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Clock } from '../../clock.ts'
import type { Control } from '../../conversation.ts'
import { HubError } from '../../errors.ts'
import type { Health } from '../../gates.ts'
import type { Mode, Outcome, Stage } from '../../handoff.ts'
import type { Hub } from '../../hub.ts'
import type { Mapping } from '../../mapping.ts'
import { withoutQuotes } from '../../masked-story.ts'
import { hiddenWords, initials } from '../../masking.ts'
import type { Desks } from '../../postgres/counts.ts'
import {
  type DayFigures,
  type EndedHandoff,
  type HandoffDetails,
  type OpenHandoff,
  readDay,
  readDetails,
  readEnded,
  readOpenHandoffs,
} from '../../postgres/queue.ts'
import { type Risk, riskOf, risks } from '../../risk.ts'
import { reach } from '../guard.ts'
import type { Unwell } from '../live.ts'
import { line } from './words.ts'

const tabs = ['waiting', 'agent', 'ended'] as const
export type QueueTab = (typeof tabs)[number]

const asked = Type.Object(
  {
    tab: Type.Union(
      tabs.map((one) => Type.Literal(one)),
      { default: 'waiting', description: 'waiting, with an agent, or ended since `today`' },
    ),
    mapping: Type.Optional(line),
    desk: Type.Optional(line),
    reason: Type.Optional({ ...line, description: 'The criterion that fired first' }),
    language: Type.Optional(line),
    risk: Type.Optional(Type.Union(risks.map((one) => Type.Literal(one)))),
    order: Type.Union([Type.Literal('risk'), Type.Literal('longest')], {
      default: 'risk',
      description: 'Of those that are open: by danger, or by time alone',
    }),
    today: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000, description: 'When the day of who asks began' }),
    ),
    cursor: Type.Optional(Type.String({ pattern: '^\\d{1,6}$', description: '`next` of the page before' })),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
  },
  { additionalProperties: false },
)
type Asked = Static<typeof asked>

export interface QueueRow {
  readonly conversation: number
  readonly handoff: number
  readonly mapping: string
  readonly channel: string
  readonly control: Control
  readonly language: string | null
  readonly customer: { readonly name: string | null; readonly segment: string | null }
  readonly why: { readonly criterion: string; readonly text: string }
  readonly priority: string
  readonly stage: Stage
  readonly outcome: Outcome | null
  readonly agent: string | null
  readonly desk: {
    readonly name: string | null
    readonly mode: Mode | null
    readonly health: Health | null
    /** Which step of the chain, from 1, and how many there are. */
    readonly step: number | null
    readonly steps: number
    readonly assignedAt: number | null
    /** By the desk's own name for it, while it is open. */
    readonly ticket: string | null
    /** It waits where an agent can be chosen by name. */
    readonly canAssign: boolean
  }
  readonly last: { readonly at: number; readonly text: string } | null
  readonly fresh: number
  /** Since when the customer waits, or the agent is there; of one that ended: when it began. */
  readonly since: number
  readonly unansweredSince: number | null
  readonly endedAt: number | null
  readonly limitMs: number
  readonly risk: Risk
}

/** Live conversations that the agents who are online could still take, of all they take at a time. */
export interface Slots {
  readonly free: number
  readonly of: number
  readonly agents: number
}

export interface QueueSummary {
  readonly waiting: number
  readonly over: number
  readonly withAgent: number
  readonly ended: number
  /** Since when the one waits who waits longest. */
  readonly longestSince: number | null
  /** At desks of our own; null where there is none. */
  readonly slots: Slots | null
  /** Of those accepted in the last hour: half and nine in ten waited no longer. Null: too few. */
  readonly waitNow: { readonly medianMs: number; readonly slowMs: number } | null
  readonly requestedToday: number
  readonly leftToday: number
  readonly lastEndedAt: number | null
  /** Worst first; as many as the navigation counts. */
  readonly troubled: readonly { readonly name: string; readonly health: Health }[]
}

export interface QueueAnswer {
  readonly now: number
  readonly summary: QueueSummary
  /** What there is to choose from, over all that is open. */
  readonly choices: Readonly<Record<'mapping' | 'desk' | 'reason' | 'language', readonly string[]>>
  /** So many match the filter; of those that ended: at least. */
  readonly matching: number
  readonly handoffs: readonly QueueRow[]
  readonly next: string | null
}

export const queue =
  (hub: Hub, clock: Clock, mappings: readonly Mapping[], unwell: () => Promise<Unwell>): FastifyPluginAsync =>
  async (app) => {
    const schema = { querystring: asked, summary: 'The handoff queue, the most urgent first' }
    app.get('/queue', { schema, config: { may: 'queue.read' } }, async (request): Promise<QueueAnswer> => {
      const query = request.query as Asked
      const now = clock.now()
      const desks = desksOf(request)
      const today = query.today ?? new Date(now).setUTCHours(0, 0, 0, 0)
      const [open, day, slots, { connections: troubled }] = await Promise.all([
        readOpenHandoffs(hub.pool, desks),
        readDay(hub.pool, desks, today, now),
        countSlots(hub, desks),
        unwell(),
      ])
      const limits = new Map(mappings.map(({ name, limits }) => [name, limits.waitMs]))
      const limitOf = ({ mapping }: { mapping: string }) => limits.get(mapping) ?? mappings[0]!.limits.waitMs
      const ranked = open.map((one) => ({ ...one, risk: riskOf(one, limitOf(one), now) })).sort(orders[query.order])
      const from = Number(query.cursor ?? 0)
      const isEnded = query.tab === 'ended'
      const chosen = isEnded
        ? await readEnded(hub.pool, {
            desks,
            after: today,
            mapping: query.mapping,
            desk: query.desk,
            criterion: query.reason,
            language: query.language,
            from,
            limit: query.limit + 1,
          })
        : ranked.filter((one) => matches(one, query)).slice(from, from + query.limit + 1)
      const page = chosen.slice(0, query.limit)
      const details = await readDetails(hub.pool, page)
      const isMasked = reach(request) === 'masked'
      const rows = page.flatMap((one) => {
        const detail = details.get(`${one.conversation}-${one.handoff}`)
        const steps = mappings.find(({ name }) => name === one.mapping)
        return detail
          ? [rowOf(hub, one, detail, limitOf(one), stepsOf(steps), isMasked, healthIn(troubled, one.desk))]
          : []
      })
      const matching = isEnded ? from + chosen.length : ranked.filter((one) => matches(one, query)).length
      return {
        now,
        summary: summaryOf(ranked, day, slots, troubled),
        choices: choicesOf([...open, ...(isEnded ? page : [])]),
        matching,
        handoffs: rows,
        next: chosen.length > query.limit ? String(from + query.limit) : null,
      }
    })
  }

/** Whoever reaches their own sees the handoffs at their own desks. */
export const desksOf = (request: FastifyRequest): Desks => (reach(request) === 'own' ? request.staff!.desks : undefined)

type Ranked = OpenHandoff & { readonly risk: Risk }

/** Risk first, then who waits longest. */
const byUrgency = (a: Ranked, b: Ranked): number => risks.indexOf(a.risk) - risks.indexOf(b.risk) || byTime(a, b)
const byTime = (a: Ranked, b: Ranked): number => a.since - b.since || a.conversation - b.conversation
const orders = { risk: byUrgency, longest: byTime } as const

type Troubled = QueueSummary['troubled']
const healthIn = (troubled: Troubled, desk: string | null): Health | null =>
  desk === null ? null : (troubled.find(({ name }) => name === desk)?.health ?? 'healthy')

const matches = (one: Ranked, { tab, mapping, desk, reason, language, risk }: Asked): boolean =>
  one.control === tab &&
  (mapping === undefined || one.mapping === mapping) &&
  (desk === undefined || one.desk === desk) &&
  (reason === undefined || one.criterion === reason) &&
  (language === undefined || one.language === language) &&
  (risk === undefined || one.risk === risk)

const stepsOf = (mapping: Mapping | undefined): number => (mapping ? mapping.desks.length + mapping.fallback.length : 1)

function rowOf(
  hub: Hub,
  one: Ranked | EndedHandoff,
  detail: HandoffDetails,
  limitMs: number,
  steps: number,
  isMasked: boolean,
  health: Health | null,
): QueueRow {
  const { name = null, segment = null } = detail.customer
  const mask = (text: string) => (isMasked ? hiddenWords : text)
  return {
    conversation: one.conversation,
    handoff: one.handoff,
    mapping: one.mapping,
    channel: one.channel,
    control: one.control,
    language: one.language,
    customer: { name: name === null ? null : isMasked ? initials(name) : name, segment },
    why: { criterion: one.criterion, text: isMasked ? withoutQuotes(detail.reason) : detail.reason },
    priority: one.priority,
    stage: one.stage,
    outcome: 'outcome' in one ? one.outcome : null,
    agent: one.agent,
    desk: {
      name: one.desk,
      mode: one.mode,
      health,
      step: one.attempt,
      steps: Math.max(steps, one.attempt ?? 1),
      assignedAt: 'assignedAt' in one ? one.assignedAt : null,
      ticket: 'ticket' in one ? one.ticket : null,
      canAssign: 'ticket' in one && one.control === 'waiting' && isAssignable(hub, one),
    },
    last: detail.last && { at: detail.last.at, text: mask(detail.last.text) },
    fresh: detail.fresh,
    since: one.since,
    unansweredSince: 'unansweredSince' in one ? one.unansweredSince : null,
    endedAt: 'endedAt' in one ? one.endedAt : null,
    limitMs,
    risk: 'risk' in one ? one.risk : 'fine',
  }
}

const isAssignable = (hub: Hub, { desk, ticket, mode }: OpenHandoff): boolean =>
  desk !== null && ticket !== null && mode === 'live' && hub.connections.get(desk)?.desk?.assign !== undefined

function summaryOf(open: readonly Ranked[], day: DayFigures, slots: Slots | null, troubled: Troubled): QueueSummary {
  const waiting = open.filter(({ control }) => control === 'waiting')
  const { accepted, medianMs, slowMs } = day
  return {
    waiting: waiting.length,
    over: waiting.filter(({ risk }) => risk === 'over').length,
    withAgent: open.length - waiting.length,
    ended: day.ended,
    longestSince: waiting.length > 0 ? Math.min(...waiting.map(({ since }) => since)) : null,
    slots,
    waitNow: accepted >= fewest && medianMs !== null && slowMs !== null ? { medianMs, slowMs } : null,
    requestedToday: day.requested,
    leftToday: day.left,
    lastEndedAt: day.lastEndedAt,
    troubled,
  }
}

/** From fewer, nothing can be said about the next one. */
const fewest = 3

function choicesOf(
  rows: readonly Pick<OpenHandoff, 'mapping' | 'desk' | 'criterion' | 'language'>[],
): QueueAnswer['choices'] {
  const of = (read: (row: (typeof rows)[number]) => string | null) =>
    [...new Set(rows.map(read).filter((value) => value !== null))].sort()
  return {
    mapping: of(({ mapping }) => mapping),
    desk: of(({ desk }) => desk),
    reason: of(({ criterion }) => criterion),
    language: of(({ language }) => language),
  }
}

/** Asked of desks of our own alone: a vendor is not called because somebody looks at a screen. */
async function countSlots(hub: Hub, desks: Desks): Promise<Slots | null> {
  const own = [...hub.connections].filter(
    ([name, { desk }]) => desk?.takesStaff && desk.agents && (desks === undefined || desks.includes(name)),
  )
  if (own.length === 0) return null
  try {
    const agents = (await Promise.all(own.map(([, { desk }]) => desk!.agents!()))).flat()
    return {
      // Who took more by hand than they have room for takes no place away from others.
      free: agents.reduce((sum, { capacity, load }) => sum + Math.max(0, capacity - load), 0),
      of: agents.reduce((sum, { capacity }) => sum + capacity, 0),
      agents: agents.length,
    }
  } catch (error) {
    if (error instanceof HubError) return null
    throw error
  }
}
