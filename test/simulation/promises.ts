/** What must hold after every event, whatever happened: one function for each kind of promise. */
import {
  type Attempt,
  type Conversation,
  controls,
  currentAttempt,
  moves,
  openHandoff,
} from '../../src/conversation.ts'
import type { Effect } from '../../src/effects.ts'
import { plainText } from '../../src/message.ts'
import { choices } from '../../src/step/chain.ts'
import type { Step } from '../../src/step.ts'
import type { WordKey } from '../../src/words.ts'
import type { Recorded, Thread } from './record.ts'
import { expectKept, type World } from './world.ts'

export function checkStep(world: World, thread: Thread, recorded: Recorded, next: Step, json: string): void {
  checkControl(recorded)
  checkHandoff(recorded)
  checkAttempts(recorded)
  checkWaits(thread, recorded)
  checkBot(recorded)
  checkAgent(recorded)
  checkCustomer(recorded)
  checkWords(recorded)
  checkSurvey(world, recorded)
  checkState(recorded, next, json)
}

type Say = Extract<Effect, { kind: 'say' }>
const saysOf = ({ effects }: Recorded): Say[] => effects.filter((effect) => effect.kind === 'say')

function checkControl({ before, after, decisions }: Recorded): void {
  const handed = decisions.flatMap(({ kind, text }) => {
    const found = kind === 'control' ? /^control (\w+) → (\w+)/.exec(text) : null
    return found ? [[found[1]!, found[2]!] as const] : []
  })
  let control: string = before.control
  for (const [from, to] of handed) {
    const isMove = from === control && (moves[from as keyof typeof moves] as readonly string[]).includes(to)
    expectKept('control moves only as the table says', isMove, () => `${control}: ${from} → ${to}`)
    control = to
  }
  expectKept(
    'exactly one holds control',
    control === after.control && controls.includes(after.control),
    () => after.control,
  )
  const grown = after.epoch - before.epoch
  expectKept(
    'the epoch grows by one exactly when control changes hands',
    grown === handed.length,
    () => `grew by ${grown}`,
  )
  const stage = openHandoff(after)?.stage
  const allowed = {
    bot: [undefined, 'offered'],
    waiting: ['requested', 'opened', 'assigned'],
    agent: ['accepted'],
    closed: [undefined],
  } as const
  const isAllowed = (allowed[after.control] as readonly unknown[]).includes(stage)
  expectKept('control and the stage of the handoff agree', isAllowed, () => `${after.control} with a handoff ${stage}`)
}

function checkHandoff({ before, after }: Recorded): void {
  const [was, is] = [before.handoff, after.handoff]
  expectKept('a handoff is never forgotten', is !== undefined || was === undefined, () => `handoff ${was?.number}`)
  if (!is) return
  const isNew = was?.number !== is.number
  expectKept(
    'at most one open handoff',
    !isNew || !was || was.stage === 'ended',
    () => `${was?.number} is open, ${is.number} began`,
  )
  expectKept(
    'handoffs are counted',
    is.number === after.handoffs && (!isNew || is.number === (was?.number ?? 0) + 1),
    () => `${is.number}`,
  )
  const isWhole =
    (is.stage === 'ended') === (is.outcome !== undefined) && (is.stage === 'ended') === (is.endedAt !== undefined)
  expectKept(
    'an ended handoff has an outcome',
    isWhole,
    () => `handoff ${is.number} is ${is.stage} with outcome ${is.outcome}`,
  )
  const isSame = isNew || was?.outcome === undefined || (was.outcome === is.outcome && is.stage === 'ended')
  expectKept('an outcome never changes', isSame, () => `handoff ${is.number}: ${was?.outcome} became ${is.outcome}`)
}

const order = ['asked', 'opened', 'assigned', 'accepted', 'closing', 'over']
const isLive = ({ stage }: Attempt): boolean => stage !== 'closing' && stage !== 'over'

function checkAttempts({ before, after, event, effects }: Recorded): void {
  const attempts = after.handoff?.attempts ?? []
  const was = before.handoff?.number === after.handoff?.number ? (before.handoff?.attempts ?? []) : []
  expectKept('one desk is asked at a time', attempts.filter(isLive).length <= 1, () => JSON.stringify(attempts))
  for (const attempt of attempts) {
    const earlier = was.find((one) => one.number === attempt.number)
    const isBack = earlier && order.indexOf(attempt.stage) < order.indexOf(earlier.stage)
    const agentLeft = event.type === 'agent-left' && attempt.stage === 'opened'
    expectKept(
      'the stages of an attempt never go back',
      !isBack || agentLeft,
      () => `${earlier?.stage} → ${attempt.stage}`,
    )
    const isGivenUp = earlier && isLive(earlier) && attempt.stage === 'closing'
    const isClosed = effects.some((effect) => effect.kind === 'close' && effect.body.attempt === attempt.number)
    expectKept('an attempt that is given up is ended at its desk', !isGivenUp || isClosed, () =>
      JSON.stringify(attempt),
    )
  }
  const isAsking = effects.some((effect) => effect.kind === 'open')
  const open = attempts.find((attempt) => attempt.stage === 'closing' && attempt.ticket !== undefined)
  expectKept('a desk is told that it is over before the next one is asked', !isAsking || !open, () =>
    JSON.stringify(attempts),
  )
}

/** Each wait has the time limit that ends it. */
function checkWaits({ timers }: Thread, { after }: Recorded): void {
  const attempt = currentAttempt(after)
  const handoff = openHandoff(after)
  const has = (...names: string[]) => names.some((name) => timers.has(name as never))
  const isBounded =
    after.control === 'waiting'
      ? has(attempt && attempt.stage !== 'asked' ? 'wait' : 'connect')
      : after.control === 'agent'
        ? has(...(handoff?.unanswered ? ['agent'] : ['idle', 'park']))
        : handoff === undefined || has('offer')
  const state = () =>
    `${after.control}, attempt ${attempt?.stage}, time limits ${[...timers.keys()].join(' ') || 'none'}`
  expectKept('nobody waits for ever', isBounded, state)
  expectKept('nobody waits for an address for ever', !after.contactWanted || has('contact'), state)
}

function checkBot(recorded: Recorded): void {
  const { event, before, after } = recorded
  const words = saysOf(recorded).filter(({ body }) => body.by === 'bot')
  expectKept(
    'the bot speaks only by its answers',
    event.type === 'bot-answered' || words.length === 0,
    () => event.type,
  )
  if (event.type !== 'bot-answered') return
  const isTimely = before.control === 'bot' && event.epoch === before.epoch
  expectKept('a late answer of the bot is never said', isTimely || words.length === 0, () => `epoch ${event.epoch}`)
  const isKept = isTimely || recorded.decisions.some(({ kind }) => kind === 'stopped')
  expectKept('what was stopped is shown', isKept, () => `epoch ${event.epoch} in ${before.epoch}`)
  // Unless it was judged no help, and people were called in its place.
  const heardOf = words.length === event.turn.messages.length || !isTimely || after.epoch !== before.epoch
  expectKept('a timely answer is said whole', heardOf, () => `${words.length} of ${event.turn.messages.length}`)
}

function checkAgent(recorded: Recorded): void {
  const { event } = recorded
  const words = saysOf(recorded).filter(({ body }) => body.by === 'agent')
  const isPublic = event.type === 'agent-message' && event.visibility === 'public'
  expectKept('internal words never reach the customer', isPublic || words.length === 0, () => event.type)
  if (!isPublic) return
  const isSaid =
    words.length === 1 &&
    words[0]!.fence === undefined &&
    plainText(words[0]!.body.message) === plainText(event.message)
  expectKept('an agent’s words reach the customer once and are never fenced out', isSaid, () => JSON.stringify(words))
}

const ownPicks: readonly unknown[] = [choices.leave, choices.ticket, choices.callback, choices.stay]

function checkCustomer({ event, before, effects, seq }: Recorded): void {
  if (event.type !== 'customer-message') return
  const passed = effects.filter((effect) => effect.kind === 'pass' && effect.body.by === 'customer')
  const attempt = currentAttempt(before)
  const isPick =
    event.message.choice === choices.again || (before.control === 'waiting' && ownPicks.includes(event.message.choice))
  const expected = attempt && !isPick ? 1 : 0
  const isPassed =
    attempt === undefined ? passed.length <= 1 : passed.length === expected || (isPick && passed.length <= 1)
  expectKept(
    'the customer’s words reach the agent once',
    isPassed,
    () => `event ${seq} was passed ${passed.length} times`,
  )
  const isBotAsked = effects.some((effect) => effect.kind === 'turn')
  const isPeoples = before.control === 'waiting' || before.control === 'agent'
  expectKept('the bot is not asked while people hold control', !isPeoples || !isBotAsked, () => `event ${seq}`)
}

/** Baton's own sentences, and when each is true. */
const truths: Partial<Record<WordKey, (after: Conversation) => boolean>> = {
  offer: (c) => openHandoff(c)?.stage === 'offered',
  connecting: (c) =>
    c.control === 'waiting' && currentAttempt(c)?.stage === 'asked' && currentAttempt(c)?.mode === 'live',
  inLine: (c) => c.control === 'waiting' && currentAttempt(c)?.stage === 'opened',
  eta: (c) => c.control === 'waiting' && currentAttempt(c) !== undefined,
  reassure: (c) => c.control === 'waiting' && currentAttempt(c) !== undefined,
  longWait: (c) => c.control === 'waiting' && currentAttempt(c) !== undefined,
  joined: (c) => c.control === 'agent',
  joinedNoName: (c) => c.control === 'agent',
  transferred: (c) => c.control === 'agent',
  idle: (c) => c.control === 'agent' && openHandoff(c)?.unanswered === undefined,
  ticketMade: (c) => c.control === 'bot' && c.handoff?.outcome === 'deferred',
  callbackMade: (c) => c.control === 'bot' && c.handoff?.outcome === 'deferred',
  askContact: (c) => c.contactWanted === true,
  left: (c) => c.control === 'bot' && c.handoff?.outcome === 'abandoned',
  returned: (c) => c.control === 'bot' && c.handoff?.outcome === 'returned',
}

function checkWords(recorded: Recorded): void {
  for (const { body, fence } of saysOf(recorded)) {
    const isSound = body.by === 'agent' || fence === recorded.after.epoch
    expectKept(
      'no words are late before they are sent',
      isSound,
      () => `"${plainText(body.message)}" in epoch ${fence}, now ${recorded.after.epoch}`,
    )
    const key = body.by === 'hub' ? (/^#(\w+)/.exec(plainText(body.message))?.[1] as WordKey | undefined) : undefined
    const isTrue = key === undefined || truths[key]?.(recorded.after) !== false
    expectKept('what the customer is told is true', isTrue, () => `"${key}" while control is ${recorded.after.control}`)
  }
}

function checkSurvey({ ledger, mapping }: World, { after, effects, event }: Recorded): void {
  for (const effect of effects) {
    if (effect.kind !== 'invite') continue
    const key = `${after.id}.${effect.body.handoff}`
    expectKept('a survey is invited at most once a handoff', !ledger.invited.has(key), () => key)
    ledger.invited.add(key)
    const last = ledger.invitedAt.get(after.id)
    const isSpaced = last === undefined || event.at - last >= mapping.limits.surveyEveryMs
    expectKept('a customer is not surveyed too often', isSpaced, () => `last ${last}, now ${event.at}`)
    ledger.invitedAt.set(after.id, event.at)
  }
}

function checkState({ decisions, before, after }: Recorded, next: Step, json: string): void {
  expectKept(
    'every decision is said in words',
    decisions.every(({ text }) => text.trim() !== ''),
    () => JSON.stringify(decisions),
  )
  expectKept('the state stays below 64 KB', json.length < 65_536, () => `${json.length} characters`)
  expectKept('the state is JSON', isJson(next.conversation), () => json)
  expectKept('events are counted', after.seq === before.seq + 1, () => `${before.seq} → ${after.seq}`)
}

function isJson(value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return false
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
  return isPlain && Object.values(value).every(isJson)
}
