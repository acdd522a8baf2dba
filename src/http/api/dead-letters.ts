/** What failed for good: grouped by cause, with what it means for the customer, and what a person can do about it. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { type Static, Type } from 'typebox'
import type { Clock } from '../../clock.ts'
import { factsOf } from '../../dead-letters/facts.ts'
import {
  dismissals,
  meaningOf,
  remedyOf,
  type Safety,
  type Staleness,
  safetyOf,
  stalenessOf,
} from '../../dead-letters/meaning.ts'
import { noteDeskOf, tellByNote } from '../../dead-letters/note.ts'
import { openReplays } from '../../dead-letters/replays.ts'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../hub.ts'
import { hiddenWords, initials } from '../../masking.ts'
import { type Message, plainText } from '../../message.ts'
import {
  countDone,
  countSettled,
  type LetterFilter,
  type LetterGroup,
  type LetterName,
  type LetterRow,
  readGroups,
  readLetters,
} from '../../postgres/dead-letter-groups.ts'
import { dismissDeadLetter, replayable, replayDeadLetter } from '../../postgres/dead-letters.ts'
import { connectionOf } from '../../postgres/lanes.ts'
import { type Replay, readReplay, recentReplays } from '../../postgres/replays.ts'
import { audit } from '../../staff/audit.ts'
import { reach } from '../guard.ts'
import { line, number } from './words.ts'

const closed = { additionalProperties: false } as const
const cause = Type.String({ pattern: '^[0-9a-f]{16}$', description: 'The group’s `cause`' })
const ofLetter = {
  conversation: number,
  lane: Type.String({ ...line, description: 'Role and connection, as `desk:people`' }),
  n: number,
}
const name = Type.Object(ofLetter, closed)
const replaying = Type.Object(
  {
    ...ofLetter,
    confirm: Type.Optional(Type.Boolean({ description: 'Also where it may appear twice at the other side' })),
  },
  closed,
)
const why = Type.Union(
  dismissals.map((one) => Type.Literal(one)),
  { description: 'Why it is left undone' },
)
const dismissing = Type.Object({ ...ofLetter, why: Type.Optional(why) }, closed)
const filters = {
  connection: Type.Optional(line),
  mapping: Type.Optional(line),
  since: Type.Optional(Type.Integer({ minimum: 0, description: 'Failed at this time or later, epoch milliseconds' })),
  dismissed: Type.Boolean({ default: false, description: 'Those that were dismissed, instead of those that are open' }),
}
const grouping = Type.Object(filters, closed)
const listing = Type.Object(
  {
    ...filters,
    cause: Type.Optional(cause),
    conversation: Type.Optional(number),
    before: Type.Optional(
      Type.String({ pattern: '^\\d{1,18}\\.\\d{1,18}\\.\\d{1,18}$', description: 'The `cursor` of the last one seen' }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 500, default: 100 }),
  },
  closed,
)
const byCause = Type.Object({ cause })
const replayingAll = Type.Object(
  {
    confirm: Type.Optional(Type.Boolean({ description: 'Also those that may appear twice at the other side' })),
    leaveOutStale: Type.Boolean({ description: 'Not those that are too old, or whose conversation has moved on' }),
  },
  closed,
)
const dismissingAll = Type.Object({ why }, closed)
const byId = Type.Object({ id: number })

/** A dead letter as `GET /dead-letters` lists it. */
export interface Letter extends LetterName {
  readonly cause: string
  readonly connection: string
  readonly kind: string
  readonly mapping: string
  readonly customer: string
  /** The effect as it was to be carried out; hidden from whoever may not read a customer's words. */
  readonly body: unknown
  readonly words: string | null
  readonly saidAt: number
  readonly attempts: number
  readonly error: { readonly code: string; readonly text: string; readonly vendor?: string } | null
  readonly deadSince: number
  readonly means: string
  readonly remedy: string
  readonly safety: Safety
  readonly staleness: Staleness
  readonly dismissedBy: string | null
  readonly dismissedWhy: string | null
  readonly cursor: string
}

export interface Group extends LetterGroup {
  readonly remedy: string
  readonly canReplay: boolean
  /** Of its letters: those that may appear twice. */
  readonly mayAppearTwice: number
}

export interface Groups {
  readonly groups: readonly Group[]
  readonly replays: readonly Replay[]
  /** For when there are none: what was done within 30 days, and what people have dealt with. */
  readonly peace: { readonly done: number; readonly settled: number } | null
  readonly dismissals: readonly string[]
  readonly at: number
}

/** What was counted over the whole record is good for so long. */
const peaceForMs = 600_000

export const deadLetters =
  (hub: Hub, clock: Clock, log: Pick<Logger, 'warn'>): FastifyPluginAsync =>
  async (app) => {
    const replays = openReplays(hub, clock, log)
    app.addHook('onClose', () => replays.close())
    let done: { at: number; value: Promise<number> } | undefined
    const peaceful = async (): Promise<Groups['peace']> => {
      if (!done || clock.now() - done.at > peaceForMs) done = { at: clock.now(), value: countDone(hub.pool) }
      return { done: await done.value, settled: await countSettled(hub.pool) }
    }
    const read = { may: 'dead-letters.read' } as const
    const act = { may: 'dead-letters.command' } as const

    app.get(
      '/dead-letters/groups',
      { schema: { querystring: grouping, summary: 'Dead letters by what went wrong, largest first' }, config: read },
      async (request): Promise<Groups> => {
        await replays.takeOver()
        const filter = { ...(request.query as Static<typeof grouping>), ...within(request) }
        const groups = await readGroups(hub.pool, filter)
        return {
          groups: groups.map((group) => toGroup(hub, { ...group, vendor: vendorFor(request, group.vendor) })),
          replays: reach(request) === 'own' ? [] : await recentReplays(hub.pool),
          peace: groups.length === 0 ? await peaceful() : null,
          dismissals,
          at: clock.now(),
        }
      },
    )

    app.get(
      '/dead-letters',
      { schema: { querystring: listing, summary: 'Effects that failed for good, newest first' }, config: read },
      async (request) => {
        const { before, limit, ...filter } = request.query as Static<typeof listing>
        const letters = await readLetters(hub.pool, { ...filter, ...within(request) }, { before, limit })
        const isMasked = reach(request) === 'masked'
        return { deadLetters: letters.map((row) => toLetter(hub, row, isMasked, clock.now())) }
      },
    )

    app.post(
      '/dead-letters/replay',
      { schema: { body: replaying, summary: 'Send it again, marked as late' }, config: act },
      async (request, reply) => {
        const { confirm, ...letter } = request.body as Static<typeof replaying>
        const row = await letterNamed(hub, letter)
        const safety = safetyOf(factsOf(row), hub.connections.get(connectionOf(row.lane)))
        if (safety.is === 'may appear twice' && !confirm)
          throw new HubError(
            'conflict',
            `It may appear twice. ${safety.why} Send "confirm": true to replay it all the same.`,
          )
        const replayed = await replayDeadLetter(hub.pool, letter, request.staff!.name)
        if (!replayed) throw none(letter)
        await audit(hub.pool, request.staff!, 'dead-letters.replay', nameOf(letter))
        hub.wake([{ conversation: letter.conversation, lane: letter.lane }])
        return reply.code(202).send(replayed)
      },
    )

    app.post(
      '/dead-letters/note',
      { schema: { body: name, summary: 'Tell the agent by an internal note instead of sending it' }, config: act },
      async (request, reply) => {
        const letter = request.body as Static<typeof name>
        const row = await letterNamed(hub, letter)
        if (!(await tellByNote(hub, row, request.staff!.name, clock.now()))) throw none(letter)
        await audit(hub.pool, request.staff!, 'dead-letters.note', nameOf(letter))
        return reply.code(202).send({ noted: true })
      },
    )

    app.get(
      '/dead-letters/note-to',
      {
        schema: { querystring: Type.Object({ conversation: number }), summary: 'Which desk a note would reach' },
        config: act,
      },
      async (request) => {
        const { conversation } = request.query as { conversation: number }
        return { desk: (await noteDeskOf(hub, conversation)) ?? null }
      },
    )

    app.post(
      '/dead-letters/dismiss',
      { schema: { body: dismissing, summary: 'Leave it undone' }, config: act },
      async (request, reply) => {
        const { why = 'Other', ...letter } = request.body as Static<typeof dismissing>
        if (!(await dismissDeadLetter(hub.pool, letter, request.staff!.name, why))) throw none(letter)
        await audit(hub.pool, request.staff!, 'dead-letters.dismiss', nameOf(letter), { why })
        hub.changed(letter.conversation)
        return reply.code(204).send()
      },
    )

    app.post(
      '/dead-letters/groups/:cause/replay',
      {
        schema: { params: byCause, body: replayingAll, summary: 'Send a whole group again, a few at a time' },
        config: act,
      },
      async (request, reply) => {
        const { cause } = request.params as Static<typeof byCause>
        const { confirm, leaveOutStale } = request.body as Static<typeof replayingAll>
        const group = await groupNamed(hub, cause)
        if (!group.canReplay)
          throw new HubError('conflict', `Only words (${replayable.join(', ')}) can be sent again, and these are not.`)
        if (group.mayAppearTwice > 0 && !confirm)
          throw new HubError(
            'conflict',
            `${group.mayAppearTwice} of ${group.letters} may appear twice. Send "confirm": true to replay them all the same.`,
          )
        const { connection, letters: total } = group
        const replay = await replays.start({
          cause,
          connection,
          total,
          leavesStale: leaveOutStale,
          by: request.staff!.name,
        })
        if (!replay) throw new HubError('conflict', 'This group is being replayed already')
        await audit(hub.pool, request.staff!, 'dead-letters.replay-group', cause, { connection, letters: total })
        return reply.code(202).send(replay)
      },
    )

    app.get(
      '/dead-letters/replays/:id',
      { schema: { params: byId, summary: 'How far the replay of a group is' }, config: read },
      async (request) => {
        await replays.takeOver()
        const { id } = request.params as Static<typeof byId>
        const replay = await readReplay(hub.pool, id)
        if (!replay) throw new HubError('unknown', `There is no replay ${id}`)
        return replay
      },
    )

    app.post(
      '/dead-letters/replays/:id/stop',
      { schema: { params: byId, summary: 'Send no more of it' }, config: act },
      async (request, reply) => {
        const { id } = request.params as Static<typeof byId>
        if (!(await replays.stop(id))) throw new HubError('conflict', `No replay ${id} is running`)
        await audit(hub.pool, request.staff!, 'dead-letters.stop-replay', id)
        return reply.code(204).send()
      },
    )

    app.post(
      '/dead-letters/groups/:cause/dismiss',
      { schema: { params: byCause, body: dismissingAll, summary: 'Leave a whole group undone' }, config: act },
      async (request) => {
        const { cause } = request.params as Static<typeof byCause>
        const { why } = request.body as Static<typeof dismissingAll>
        const dismissed = await dismissAll(hub, cause, request.staff!.name, why)
        await audit(hub.pool, request.staff!, 'dead-letters.dismiss-group', cause, { why, letters: dismissed })
        return { dismissed }
      },
    )
  }

/** An agent reaches the conversations of the own desks. */
const within = (request: FastifyRequest): Pick<LetterFilter, 'desks'> =>
  reach(request) === 'own' ? { desks: request.staff!.desks } : {}

const isReplayable = (kind: string): boolean => (replayable as readonly string[]).includes(kind)

/** It may repeat what a customer wrote. */
const vendorFor = (request: FastifyRequest, vendor: string | null): string | null =>
  vendor && reach(request) === 'masked' ? hiddenWords : vendor

function toGroup(hub: Hub, group: LetterGroup): Group {
  const { kind, role, connection, doubtful } = group
  const end = hub.connections.get(connection)?.[role === 'channel' ? 'channel' : 'desk']
  const canReplay = isReplayable(kind) && end !== undefined
  return {
    ...group,
    canReplay,
    mayAppearTwice: canReplay && !end.dedupes && !end.find ? doubtful : 0,
    remedy: remedyOf({ kind, connection, code: group.code ?? undefined }),
  }
}

async function groupNamed(hub: Hub, cause: string): Promise<Group> {
  const [group] = await readGroups(hub.pool, { cause })
  if (!group) throw new HubError('unknown', `There is no group ${cause} of dead letters`)
  return toGroup(hub, group)
}

function toLetter(hub: Hub, row: LetterRow, isMasked: boolean, now: number): Letter {
  const known = row.customer.name
  const customer = known === undefined ? 'the customer' : isMasked ? initials(known) : known
  const facts = factsOf(row, customer)
  const { cause, conversation, lane, n, kind, mapping, attempts, error, deadSince, cursor } = row
  return {
    cause,
    conversation,
    lane,
    n,
    connection: connectionOf(lane),
    kind,
    mapping,
    customer,
    body: isMasked ? hiddenWords : row.body,
    words: isMasked ? hiddenWords : wordsOf(row.body.message),
    saidAt: facts.saidAt,
    attempts,
    error: isMasked && error?.vendor ? { ...error, vendor: hiddenWords } : error,
    deadSince,
    means: meaningOf(facts),
    remedy: remedyOf(facts),
    safety: safetyOf(facts, hub.connections.get(facts.connection)),
    staleness: stalenessOf(facts, now),
    dismissedBy: row.dismissedBy,
    dismissedWhy: row.dismissedWhy,
    cursor,
  }
}

const wordsOf = (message: Message | undefined): string | null => (message ? plainText(message) : null)

async function letterNamed(hub: Hub, letter: LetterName): Promise<LetterRow> {
  const rows = await readLetters(hub.pool, { conversation: letter.conversation }, { limit: 500 })
  const row = rows.find(({ lane, n }) => lane === letter.lane && n === letter.n)
  if (!row || !isReplayable(row.kind)) throw none(letter)
  return row
}

async function dismissAll(hub: Hub, cause: string, by: string, why: string): Promise<number> {
  let dismissed = 0
  let before: string | undefined
  for (;;) {
    const rows = await readLetters(hub.pool, { cause }, { before, limit: 200 })
    if (rows.length === 0) return dismissed
    before = rows.at(-1)!.cursor
    for (const row of rows) if (await dismissDeadLetter(hub.pool, row, by, why)) dismissed++
  }
}

const nameOf = ({ conversation, lane, n }: LetterName): string => `${conversation}/${lane}/${n}`

const none = ({ conversation, lane, n }: LetterName): HubError =>
  new HubError(
    'unknown',
    `There is no dead letter ${conversation} ${lane} ${n} to act on. Only words (${replayable.join(', ')}) can be sent again.`,
  )
