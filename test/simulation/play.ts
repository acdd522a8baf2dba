/** A conversation played by hand: one event after the other, with the shipped policy, words and time limits. */
import { Value } from 'typebox/value'
import type { BotTurn } from '../../src/connector.ts'
import { type Conversation, currentAttempt, newConversation } from '../../src/conversation.ts'
import type { Decision, Effect, TimerName } from '../../src/effects.ts'
import { buildCriteria } from '../../src/escalation/settings.ts'
import type { DeskEvent, RecordEvent, StaffCommand } from '../../src/events.ts'
import type { Staffing } from '../../src/handoff.ts'
import { type Mapping, type MappingSettings, mappingSettings, resolveMapping } from '../../src/mapping.ts'
import { type Message, plainText, text } from '../../src/message.ts'
import { type Step, step } from '../../src/step.ts'
import { deepFreeze } from './mappings.ts'

type Report = DeskEvent extends infer Each
  ? Each extends DeskEvent
    ? Omit<Each, 'externalId' | 'at' | 'ticket'>
    : never
  : never

export interface Play {
  readonly conversation: Conversation
  readonly last: Step
  readonly mapping: Mapping
  /** What the customer hears of the last event: "hub: …", "Ana: …". */
  readonly heard: readonly string[]
  /** Labels of the choices offered in the last event. */
  readonly offered: readonly string[]
  readonly decisions: readonly string[]
  /** "desk:people open", in order. */
  readonly asked: readonly string[]
  readonly timers: ReadonlyMap<TimerName, number>
  now: number
  happen(event: RecordEvent): Play
  says(words: string, more?: Partial<Message>): Play
  /** The bot answers in this epoch, unless another is given. */
  answers(turn: Partial<BotTurn> | string, epoch?: number): Play
  opens(ticket: string, staffing?: Staffing): Play
  reports(ticket: string, report: Report, desk?: string): Play
  speaks(ticket: string, words: string, name?: string): Play
  /** The time limit is reached. Fails when it is not set. */
  reaches(name: TimerName): Play
  closes(attempt?: number): Play
  fails(kind: Effect['kind'], code?: 'unreachable' | 'unknown' | 'conflict'): Play
  orders(command: StaffCommand): Play
}

export const start = Date.UTC(2026, 0, 13, 10)

export function aMappingOf(settings: Partial<MappingSettings> = {}): Mapping {
  const given = { channel: 'site', bot: 'first-line', desks: ['people', 'second'], survey: 'how-was-it', ...settings }
  return deepFreeze(
    resolveMapping(Value.Default(mappingSettings, given) as MappingSettings, buildCriteria(settings.criteria)),
  )
}

export function aPlay(settings: Partial<MappingSettings> = {}): Play {
  const mapping = aMappingOf(settings)
  const birth = { mapping: mapping.name, channel: 'site', thread: 'visitor', language: mapping.language, at: start }
  let conversation = deepFreeze(newConversation(1, birth))
  let last: Step = { conversation, effects: [], timers: [], decisions: [] }
  const timers = new Map<TimerName, number>()
  let reported = 0
  const play: Play = {
    get conversation() {
      return conversation
    },
    get last() {
      return last
    },
    mapping,
    timers,
    now: start,
    get heard() {
      return last.effects.flatMap((effect) =>
        effect.kind === 'say' ? [`${effect.body.name ?? effect.body.by}: ${wordsOf(effect.body.message)}`] : [],
      )
    },
    get offered() {
      return last.effects.flatMap((effect) => (effect.kind === 'say' ? labelsOf(effect.body.message) : []))
    },
    get decisions() {
      return last.decisions.map((decision: Decision) => decision.text)
    },
    get asked() {
      return last.effects.map(({ role, connection, kind }) => `${role}:${connection} ${kind}`)
    },
    happen(event) {
      last = step(conversation, deepFreeze(event), mapping)
      conversation = deepFreeze(JSON.parse(JSON.stringify(last.conversation)) as Conversation)
      if (event.type === 'timer') timers.delete(event.name)
      for (const change of last.timers) {
        if ('inMs' in change) timers.set(change.name, event.at + change.inMs)
        else timers.delete(change.name)
      }
      return play
    },
    says: (words, more) =>
      play.happen({
        ...heading(),
        type: 'customer-message',
        thread: 'visitor',
        connection: 'site',
        message: { ...text(words), ...more },
      }),
    answers: (turn, epoch = conversation.epoch) => {
      const answer = typeof turn === 'string' ? { messages: [text(turn)] } : { messages: [], ...turn }
      return play.happen({ type: 'bot-answered', at: play.now, turn: answer, epoch })
    },
    opens: (ticket, staffing) => play.happen({ type: 'desk-opened', at: play.now, name: nameOf(), ticket, staffing }),
    reports: (ticket, report, desk = 'people') =>
      play.happen({ ...heading(), ...report, ticket, connection: desk } as RecordEvent),
    speaks: (ticket, words, name) =>
      play.reports(ticket, { type: 'agent-message', message: text(words), agent: { name }, visibility: 'public' }),
    reaches: (name) => {
      const at = timers.get(name)
      if (at === undefined)
        throw new Error(`The time limit "${name}" is not set; set are: ${[...timers.keys()].join(', ')}`)
      play.now = Math.max(play.now, at)
      return play.happen({ type: 'timer', at: play.now, name })
    },
    closes: (attempt) => play.happen({ type: 'desk-closed', at: play.now, name: nameOf(attempt) }),
    fails: (kind, code = 'unreachable') => {
      const effect = { role: 'desk' as const, kind, name: nameOf(), epoch: conversation.epoch }
      return play.happen({ type: 'effect-failed', at: play.now, effect, code, text: 'No answer in time' })
    },
    orders: (command) => play.happen({ type: 'staff-command', at: play.now, command, by: 'Kim' }),
  }
  const heading = () => ({ externalId: `e${++reported}`, at: play.now })
  const nameOf = (attempt?: number) => {
    const handoff = conversation.handoff
    const latest = currentAttempt(conversation)?.number ?? handoff?.attempts.at(-1)?.number ?? 0
    return { handoff: handoff?.number ?? 0, attempt: attempt ?? latest }
  }
  return play
}

const wordsOf = (message: Message): string =>
  plainText({ parts: message.parts.filter((part) => part.kind !== 'choices') })
const labelsOf = (message: Message): string[] =>
  message.parts.flatMap((part) => (part.kind === 'choices' ? part.choices.map(({ label }) => label) : []))

export const ana = { name: 'Ana' }
export const wish = 'I want to talk to a human'

/** Asked, then wanted again: a wish in the very first message is only met by an offer. */
export const waiting = (play = aPlay()): Play => play.says('Where is my parcel?').answers('On its way.').says(wish)
export const inLine = (play?: Play): Play => waiting(play).opens('t1')
export const withAgent = (play?: Play): Play => inLine(play).reports('t1', { type: 'desk-accepted', agent: ana })

/** A sentence with its values. */
export const filled = (sentence: string, values: Record<string, string>): string =>
  sentence.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!)
