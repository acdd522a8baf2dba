/** What the other side does with a call: as `src/perform.ts` asks it, with the answers, delays and failures of chance. */
import type { BotTurn } from '../../src/connector.ts'
import { attemptOf } from '../../src/conversation.ts'
import type { Effect } from '../../src/effects.ts'
import type { ErrorCode } from '../../src/errors.ts'
import type { InternalEvent } from '../../src/events.ts'
import { text } from '../../src/message.ts'
import { hearChoices } from './customer.ts'
import { endTicket, keyOf, openTicket } from './desks.ts'
import { deliver } from './ledger.ts'
import { attemptKey, type Task, type Thread } from './record.ts'
import { append, type World } from './world.ts'

export interface Called {
  readonly ms: number
  readonly error?: { readonly code: ErrorCode; readonly text: string; readonly isUnclear: boolean }
  /** What is reported when it is done. */
  readonly events?: () => readonly InternalEvent[]
}

type Of<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>

export function perform(world: World, thread: Thread, task: Task): Called {
  const { effect } = task
  switch (effect.kind) {
    case 'say':
      return call(world, task, () => {
        if (deliver(world, thread, task)) hearChoices(world, thread, effect.body.message)
      })
    case 'turn':
      return turn(world, effect)
    case 'open':
      return open(world, thread, task, effect)
    case 'pass':
      return pass(world, thread, task, effect)
    case 'close':
      return close(world, thread, task, effect)
    case 'invite':
      return invite(world, task, effect)
    case 'identify': {
      const customer = { segment: 'gold', facts: { since: '2019' } }
      const events = () => [{ type: 'customer-found' as const, at: world.agenda.now, customer }]
      return { ...call(world, task, nothing), events: world.random.chance(0.5) ? events : undefined }
    }
    default:
      return call(world, task, nothing)
  }
}

const nothing = (): void => {}
const done: Called = { ms: 1 }

/** One call: it works; it fails and surely did nothing; nobody knows; or it will never work. */
function call(world: World, task: Task, act: () => void): Called {
  const ms = world.random.span(20, 3_000)
  const fate = world.random.draw({ works: 940, busy: 25, lost: 15, unclear: 15, never: 5 })
  if (fate === 'works' || fate === 'unclear') act()
  if (fate === 'works') return { ms }
  if (fate === 'never') return { ms, error: { code: 'invalid', text: 'It was refused for good', isUnclear: false } }
  const isUnclear = fate !== 'busy'
  const connection = task.effect.connection
  return {
    ms: isUnclear ? 10_000 : ms,
    error: { code: isUnclear ? 'unreachable' : 'busy', text: `No answer from ${connection} in time`, isUnclear },
  }
}

function turn(world: World, { fence = 0 }: Of<'turn'>): Called {
  const { random } = world
  const fate = random.draw({ answers: 90, error: 5, timeout: 5 })
  if (fate !== 'answers') {
    const what = fate === 'timeout' ? 'No answer from first-line in time' : 'The bot reports an error'
    return {
      ms: fate === 'timeout' ? 8_000 : 200,
      error: { code: 'unreachable', text: what, isUnclear: fate === 'timeout' },
    }
  }
  const answer = anAnswer(world)
  return {
    ms: random.span(200, 7_900),
    events: () => [{ type: 'bot-answered', at: world.agenda.now, turn: answer, epoch: fence }],
  }
}

function anAnswer({ random, ledger }: World): BotTurn {
  const kind = random.draw({ answer: 60, noMatch: 20, human: 8, end: 6, two: 4, silent: 2 })
  const words = () => text(`The bot says sentence ${++ledger.sentences}`)
  switch (kind) {
    case 'answer':
      return { messages: [words()], intent: random.pick(['order.track', 'refund']), confidence: random.float() }
    case 'noMatch':
      return { messages: [words()], noMatch: true, articles: random.chance(0.3) ? [] : undefined }
    case 'human':
      return { messages: [words()], wants: 'human', need: { skills: ['billing'] } }
    case 'end':
      return { messages: [words()], wants: 'end' }
    case 'two':
      return { messages: [words(), words()], slots: { open: 1, filled: { order: '4711' } } }
    case 'silent':
      return { messages: [] }
  }
}

function open(world: World, thread: Thread, task: Task, { connection, body }: Of<'open'>): Called {
  const desk = world.desks.get(connection)!
  const etaMs = world.random.chance(0.3) ? world.random.whole(1, 12) * 60_000 : undefined
  const opened = (ticket: string) => (): InternalEvent[] => [
    { type: 'desk-opened', at: world.agenda.now, name: body, ticket, staffing: etaMs ? { etaMs } : undefined },
  ]
  const found = desk.byKey.get(keyOf(task))
  if (task.isUnclear && found) {
    // A desk that is in trouble cannot be asked either.
    const isAway = world.random.chance(0.3)
    if (isAway) return { ms: 10_000, error: { code: 'unreachable', text: 'It cannot be asked', isUnclear: true } }
    return { ms: 200, events: opened(found.ref) }
  }
  const { handoff } = thread.conversation
  const attempt =
    handoff?.number === body.handoff ? handoff.attempts.find((one) => one.number === body.attempt) : undefined
  if (attempt?.stage !== 'asked') return done
  if (attempt.mode === 'live' && world.random.chance(desk.unstaffed)) {
    const staffing = world.random.chance(0.5) ? { open: false } : { online: 0 }
    return { ms: 300, events: () => [{ type: 'desk-unstaffed', at: world.agenda.now, name: body, staffing }] }
  }
  let ticket = found
  const called = call(world, task, () => {
    ticket ??= openTicket(world, thread, task, attempt)
  })
  if (called.error) return called
  const ms = world.random.chance(desk.slow) ? world.random.whole(1_000, 9_900) : called.ms
  return { ms, events: () => opened(ticket!.ref)() }
}

function pass(world: World, thread: Thread, task: Task, { connection, body }: Of<'pass'>): Called {
  const known = body.ticket ?? thread.attempts.get(attemptKey(body))?.ticket
  if (known === undefined) return done
  const ticket = world.desks.get(connection)!.tickets.get(known)!
  if (ticket.ended && !ticket.keys.has(keyOf(task))) {
    const attempt = attemptOf(thread.conversation, known)
    const isLive = attempt && attempt.stage !== 'over' && attempt.stage !== 'closing'
    return isLive ? { ms: 200, error: { code: 'conflict', text: 'The ticket has ended', isUnclear: false } } : done
  }
  return call(world, task, () => {
    if (ticket.keys.has(keyOf(task))) return
    ticket.keys.add(keyOf(task))
    ticket.received.push({ seq: task.seq, by: body.by, message: body.message })
  })
}

function close(world: World, thread: Thread, task: Task, { connection, body }: Of<'close'>): Called {
  const name = { handoff: body.handoff, attempt: body.attempt }
  const known = thread.attempts.get(attemptKey(name))?.ticket
  const found = known ?? (body.unclear && world.desks.get(connection)!.byKey.get(body.unclear)?.ref)
  const called = call(world, task, () => {
    if (found !== undefined) endTicket(world, connection, found)
  })
  const ticket = known === undefined ? found : undefined
  return { ...called, events: () => [{ type: 'desk-closed', at: world.agenda.now, name, ticket }] }
}

function invite(world: World, task: Task, { body }: Of<'invite'>): Called {
  const { handoff } = body
  const message = world.random.chance(0.8) ? text('How was it?') : undefined
  if (world.random.chance(0.5)) {
    world.agenda.plan(world.random.span(5_000, 600_000), () => rate(world, task.conversation, handoff))
  }
  return {
    ...call(world, task, nothing),
    events: () => [{ type: 'survey-ready', at: world.agenda.now, handoff, message }],
  }
}

function rate(world: World, conversation: number, handoff: number): void {
  if (world.isQuiet) return
  const feedback = { handoff, score: world.random.whole(1, 5), scale: 5 }
  const externalId = `rating:${conversation}:${handoff}`
  append(
    world,
    conversation,
    { type: 'feedback', at: world.agenda.now, externalId, conversation, feedback, connection: 'how-was-it' },
    externalId,
  )
}
