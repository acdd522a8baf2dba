/** What really reached whom: checked when an effect is taken, and counted up when the world has come to rest. */
import { type Conversation, openHandoff } from '../../src/conversation.ts'
import type { Choice } from '../../src/message.ts'
import { plainText, type Ref } from '../../src/message.ts'
import type { Ticket } from './desks.ts'
import { keyOf } from './desks.ts'
import type { Recorded, Task, Thread } from './record.ts'
import { expectKept, type World } from './world.ts'

export interface Ledger {
  timers: number
  tickets: number
  sentences: number
  /** What the customer heard, in order. */
  readonly heard: Task[]
  readonly heardKeys: Set<string>
  readonly dead: Task[]
  readonly choices: Map<number, readonly Choice[]>
  readonly invited: Set<string>
  readonly invitedAt: Map<number, number>
}

export const openLedger = (): Ledger => ({
  timers: 0,
  tickets: 0,
  sentences: 0,
  heard: [],
  heardKeys: new Set(),
  dead: [],
  choices: new Map(),
  invited: new Set(),
  invitedAt: new Map(),
})

/** Words are on their way: are they still to be said? Compared in record order, without a look at the fence. */
export function heed(_world: World, thread: Thread, { effect, epoch, seq }: Task): void {
  if (effect.kind !== 'say' || effect.body.by === 'agent') return
  const { control, epoch: now } = thread.conversation
  const isTimely = epoch === now
  const found = () =>
    `"${plainText(effect.body.message)}" of epoch ${epoch} in epoch ${now}, control is with ${control}`
  expectKept('words of an older epoch are never delivered', isTimely, found)
  if (effect.body.by !== 'bot' || control === 'bot' || control === 'closed') return
  // What the bot says in handing over is part of the handing over.
  const handedOver = thread.story.findLast((one) => one.after.epoch !== one.before.epoch)?.seq
  expectKept('the bot never speaks while people hold control', seq === handedOver, found)
}

/** True the first time: the channel drops a key it has seen. */
export function deliver({ ledger }: World, _thread: Thread, task: Task): boolean {
  if (ledger.heardKeys.has(keyOf(task))) return false
  ledger.heardKeys.add(keyOf(task))
  ledger.heard.push(task)
  return true
}

/** After the actors have stopped and three days of time limits have passed. */
export function checkEnd(world: World): void {
  for (const thread of world.record.threads.values()) {
    checkRest(thread)
    checkAgentWords(world, thread)
    for (const desk of world.desks.values()) {
      for (const ticket of desk.tickets.values()) {
        if (ticket.conversation !== thread.conversation.id) continue
        checkEnded(world, thread, ticket)
        checkReceived(world, thread, ticket)
      }
    }
  }
}

function checkRest({ conversation, handoffs, lanes }: Thread): void {
  const isAtRest = openHandoff(conversation) === undefined && conversation.control !== 'waiting'
  expectKept(
    'every handoff ends when time passes',
    isAtRest,
    () => `${conversation.control} in handoff ${conversation.handoff?.number}`,
  )
  for (const [number, { stage, outcome }] of handoffs) {
    expectKept('every handoff has an outcome', outcome !== undefined, () => `handoff ${number} rests in ${stage}`)
  }
  const waiting = [...lanes.values()].flatMap((lane) => lane.tasks)
  expectKept('every effect is carried out or given up', waiting.length === 0, () => JSON.stringify(waiting))
}

function checkAgentWords({ ledger }: World, { conversation, story }: Thread): void {
  const said = story
    .filter(({ event }) => event.type === 'agent-message' && event.visibility === 'public')
    .map(({ seq }) => seq)
  const isWords = (task: Task) =>
    task.conversation === conversation.id && task.effect.kind === 'say' && task.effect.body.by === 'agent'
  const lost = ledger.dead.filter(isWords)
  checkAlarms(story, lost.length, 'did not reach the customer')
  const heard = ledger.heard.filter(isWords).map(({ seq }) => seq)
  // A try that was given up may have been heard all the same.
  const expected = said.filter((seq) => heard.includes(seq) || !lost.some((task) => task.seq === seq))
  expectKept(
    'every public word of an agent is heard once, in order',
    isSame(heard, expected),
    () => `heard ${heard}, said ${expected}`,
  )
}

function checkAlarms(story: readonly Recorded[], lost: number, words: string): void {
  const alarms = story
    .flatMap(({ decisions }) => decisions)
    .filter(({ kind, text }) => kind === 'alarm' && text.includes(words))
  expectKept(
    'what is lost is told',
    alarms.length >= lost,
    () => `${lost} lost, ${alarms.length} alarms that say "${words}"`,
  )
}

/** Unless it answers later, or its desk could not be told. */
function checkEnded({ ledger, record }: World, thread: Thread, ticket: Ticket): void {
  const { ref, desk } = ticket
  const unended = ledger.dead.some((task) => {
    const { kind, connection } = task.effect
    return kind === 'close' && connection === desk && task.conversation === ticket.conversation
  })
  const isDeferred = thread.story.some(({ after }) => after.handoff?.outcome === 'deferred' && keeps(after, ref))
  const isKept = ticket.ended !== undefined || unended || isDeferred
  expectKept('an abandoned ticket is ended at its desk', isKept, () => `${ref} of attempt ${ticket.name}`)
  expectKept('an early event is not kept for ever', unended || !record.early.has(`${desk} ${ref}`), () => ref)
}

const keeps = ({ handoff }: Conversation, ref: Ref): boolean => handoff?.attempts.at(-1)?.ticket === ref

/** An agent who accepted got what was said before and what was said since, each once, in order. */
function checkReceived({ ledger }: World, { story, conversation }: Thread, ticket: Ticket): void {
  const held = story.filter(
    ({ before }) => holder(before)?.ticket === ticket.ref || holder(before)?.name === ticket.name,
  )
  const joined = story.some(({ after }) => holder(after)?.ticket === ticket.ref && holder(after)?.stage === 'accepted')
  if (!joined) return
  const lost = ledger.dead
    .filter(
      ({ effect, conversation: of }) =>
        of === conversation.id && effect.kind === 'pass' && effect.connection === ticket.desk,
    )
    .map(({ seq }) => seq)
  const said = held.filter(
    ({ event, effects }) => event.type === 'customer-message' && effects.some(({ kind }) => kind === 'pass'),
  )
  const received = ticket.received.filter(({ by }) => by === 'customer').map(({ seq }) => seq)
  const since = said.map(({ seq }) => seq).filter((seq) => received.includes(seq) || !lost.includes(seq))
  const isWhole =
    received.every((seq, i) => i === 0 || seq > received[i - 1]!) && since.every((seq) => isSeen(ticket, received, seq))
  expectKept(
    'an accepted agent sees every word once, in order',
    isWhole,
    () => `${ticket.ref} received ${received}, said ${since}`,
  )
  const again = received.filter((seq) => ticket.transcript.includes(seq))
  expectKept('what the transcript has is not passed again', again.length === 0, () => `${ticket.ref}: ${again}`)
  checkAlarms(story, lost.length, 'did not reach the agent')
}

const isSeen = (ticket: Ticket, received: readonly number[], seq: number): boolean =>
  received.includes(seq) || ticket.transcript.includes(seq) || ticket.ended !== undefined

function holder(conversation: Conversation): { ticket?: Ref; name: string; stage: string } | undefined {
  const handoff = openHandoff(conversation)
  const attempt = handoff?.attempts.findLast(({ stage }) => stage !== 'closing' && stage !== 'over')
  return attempt && { ticket: attempt.ticket, name: `${handoff?.number}.${attempt.number}`, stage: attempt.stage }
}

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((one, i) => one === b[i])
