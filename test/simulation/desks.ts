/** The desks of a world and their agents: each ticket has a life of its own, told to the hub late, twice, or before it knows the ticket. */
import type { Attempt } from '../../src/conversation.ts'
import type { DeskEvent } from '../../src/events.ts'
import type { Message, Ref } from '../../src/message.ts'
import { text } from '../../src/message.ts'
import { deskNames } from './mappings.ts'
import type { Random } from './random.ts'
import { type Task, type Thread, threadOf } from './record.ts'
import { append, note, type World } from './world.ts'

export interface Ticket {
  readonly ref: Ref
  readonly desk: string
  readonly conversation: number
  readonly name: string
  readonly mode: Attempt['mode']
  /** Number of the event whose step asked for it: everything said up to there is in its transcript. */
  readonly openSeq: number
  /** Customer events in the transcript it was opened with. */
  readonly transcript: readonly number[]
  readonly received: { seq: number; by: 'customer' | 'hub'; message: Message }[]
  readonly keys: Set<string>
  ended?: 'by the hub' | 'by the desk'
  reports: number
  arrivesAt: number
}

export interface DeskSide {
  readonly name: string
  /** Probabilities of this desk, in this world. */
  readonly unstaffed: number
  readonly slow: number
  readonly lazy: number
  readonly tickets: Map<Ref, Ticket>
  readonly byKey: Map<string, Ticket>
}

export const openDesks = (random: Random): ReadonlyMap<string, DeskSide> =>
  new Map(
    deskNames.map((name) => [
      name,
      {
        name,
        unstaffed: random.pick([0, 0.1, 0.6]),
        slow: random.pick([0, 0.2, 0.8]),
        lazy: random.pick([0.05, 0.3, 0.9]),
        tickets: new Map(),
        byKey: new Map(),
      },
    ]),
  )

export const keyOf = (task: Task): string => `${task.conversation}-${task.lane}-${task.n}`

export function openTicket(world: World, thread: Thread, task: Task, attempt: Attempt): Ticket {
  const desk = world.desks.get(attempt.desk)!
  const said = thread.story.filter(({ event, seq }) => event.type === 'customer-message' && seq <= task.seq)
  const ticket: Ticket = {
    ref: `${desk.name}-${++world.ledger.tickets}`,
    desk: desk.name,
    conversation: task.conversation,
    name: `${thread.conversation.handoff!.number}.${attempt.number}`,
    mode: attempt.mode,
    openSeq: task.seq,
    transcript: said.map(({ seq }) => seq),
    received: [],
    keys: new Set(),
    reports: 0,
    arrivesAt: 0,
  }
  desk.tickets.set(ticket.ref, ticket)
  desk.byKey.set(keyOf(task), ticket)
  note(world, () => `  ${desk.name} made ${ticket.ref}`)
  live(world, desk, ticket)
  return ticket
}

export function endTicket(world: World, desk: string, ref: Ref): void {
  const ticket = world.desks.get(desk)!.tickets.get(ref)!
  if (!ticket.ended) note(world, () => `  ${ref} was ended by the hub`)
  ticket.ended ??= 'by the hub'
}

type Deed =
  | 'queue'
  | 'assign'
  | 'accept'
  | 'speak'
  | 'whisper'
  | 'transfer'
  | 'leave'
  | 'decline'
  | 'pass'
  | 'lose'
  | 'resolve'
  | 'return'

/** What its agents will do, one deed after the other. Most do their work; some never look at it. */
function live(world: World, desk: DeskSide, ticket: Ticket): void {
  const { random } = world
  const deeds: Deed[] = []
  if (ticket.mode !== 'live') {
    if (random.chance(0.5)) deeds.push('speak', ...(random.chance(0.5) ? (['speak', 'resolve'] as const) : []))
    act(world, ticket, deeds, () => random.span(60_000, 5 * 3_600_000))
    return
  }
  for (let n = random.whole(0, 2); n > 0; n--) deeds.push('queue')
  if (random.chance(desk.lazy)) {
    deeds.push(
      ...random.pick<Deed[]>([[], [], ['decline'], ['pass'], ['lose'], ['assign'], ['assign', 'leave'], ['whisper']]),
    )
  } else {
    if (random.chance(0.6)) deeds.push('assign')
    deeds.push(random.chance(0.7) ? 'accept' : 'speak')
    for (let n = random.whole(0, 6); n > 0; n--) {
      deeds.push(
        random.draw({
          speak: 10,
          whisper: 2,
          transfer: 1,
          leave: 0.6,
          accept: 0.5,
          decline: 0.2,
          pass: 0.3,
          queue: 0.2,
          assign: 0.3,
        }),
      )
    }
    if (random.chance(0.7)) deeds.push(random.draw({ resolve: 5, return: 2, lose: 1 }))
  }
  const haste = random.pick([4_000, 60_000, 400_000])
  act(world, ticket, deeds, () => random.span(0, haste))
}

function act(world: World, ticket: Ticket, [deed, ...more]: readonly Deed[], pauseMs: () => number): void {
  if (deed === undefined) return
  world.agenda.plan(pauseMs(), () => {
    // An agent may go on typing into a ticket that was taken from them.
    if (world.isQuiet || ticket.ended === 'by the desk' || (ticket.ended && world.random.chance(0.85))) return
    for (const event of toEvents(world, ticket, deed)) report(world, ticket, event)
    act(world, ticket, more, pauseMs)
  })
}

type Report = DeskEvent extends infer Each
  ? Each extends DeskEvent
    ? Omit<Each, 'externalId' | 'at' | 'ticket'>
    : never
  : never

function toEvents({ random, ledger }: World, ticket: Ticket, deed: Deed): Report[] {
  const agent = { name: random.chance(0.9) ? random.pick(['Ana', 'Ben']) : undefined }
  const said = () => text(`${ticket.ref}: agent sentence ${++ledger.sentences}`)
  const ends = (outcome: 'resolved' | 'returned' | 'expired' | 'abandoned'): Report[] => {
    ticket.ended ??= 'by the desk'
    return [
      {
        type: 'desk-ended',
        outcome,
        agent,
        digest: 'Sent a new part.',
        intent: outcome === 'returned' ? 'refund' : undefined,
      },
    ]
  }
  switch (deed) {
    case 'queue':
      return [
        {
          type: 'desk-queue',
          position: random.whole(1, 9),
          etaMs: random.chance(0.8) ? random.whole(0, 900_000) : undefined,
        },
      ]
    case 'assign':
      return [{ type: 'desk-assigned', agent }]
    case 'accept':
      return [{ type: 'desk-accepted', agent }]
    case 'speak':
      return [{ type: 'agent-message', message: said(), agent, visibility: 'public' }]
    case 'whisper':
      return [{ type: 'agent-message', message: said(), agent, visibility: 'internal' }]
    case 'transfer':
      return [{ type: 'desk-accepted', agent: { name: 'Cleo' } }]
    case 'leave':
      return [{ type: 'agent-left', agent }]
    case 'decline':
      ticket.ended ??= 'by the desk'
      return [{ type: 'desk-declined', reason: 'The queue is full' }]
    case 'pass': {
      ticket.ended ??= 'by the desk'
      // One that the mapping does not name is asked for, too.
      const to = { desk: random.pick([...deskNames, 'elsewhere']), mode: random.pick(['live', 'ticket'] as const) }
      return [{ type: 'desk-declined', reason: 'Passed on', passed: { to, agent, note: 'Needs another desk' } }]
    }
    case 'lose':
      return ends(random.pick(['expired', 'abandoned']))
    case 'resolve':
      return ends('resolved')
    case 'return':
      return ends('returned')
  }
}

/** In order within a ticket; late now and then, and some of it twice. */
function report(world: World, ticket: Ticket, what: Report): void {
  const { random, agenda } = world
  const externalId = `${ticket.ref}:${++ticket.reports}`
  const event = { ...what, externalId, at: agenda.now, ticket: ticket.ref } as DeskEvent
  const lateMs = random.chance(0.08) ? random.span(1_000, 120_000) : random.whole(5, 300)
  ticket.arrivesAt = Math.max(ticket.arrivesAt, agenda.now + lateMs)
  agenda.plan(ticket.arrivesAt - agenda.now, () => receive(world, ticket, event))
  if (!random.chance(0.08)) return
  agenda.plan(ticket.arrivesAt - agenda.now + random.whole(1, 60_000), () => receive(world, ticket, event))
}

/** An event whose ticket is not known yet is kept until it is. */
function receive(world: World, { desk }: Ticket, event: DeskEvent): void {
  const thread = threadOf(world.record, desk, event.ticket)
  if (thread) {
    append(world, thread.conversation.id, { ...event, connection: desk }, event.externalId)
    return
  }
  note(world, () => `  early: ${event.type} of ${event.ticket}`)
  const key = `${desk} ${event.ticket}`
  world.record.early.set(key, [...(world.record.early.get(key) ?? []), event])
}

export function receiveEarly(world: World, thread: Thread, { desk, ticket }: { desk: string; ticket: Ref }): void {
  const key = `${desk} ${ticket}`
  const events = world.record.early.get(key) ?? []
  world.record.early.delete(key)
  for (const event of events) append(world, thread.conversation.id, { ...event, connection: desk }, event.externalId)
}
