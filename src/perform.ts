/** Carries out one effect through the role of its connection. Pure wiring: what is done when it fails is the drain's business. */
import type { Connection, Desk, DeskMessage } from './connector.ts'
import { buildContext } from './context.ts'
import { type Attempt, attemptOf, type Conversation } from './conversation.ts'
import { downgrade } from './downgrade.ts'
import type { AttemptName, Effect } from './effects.ts'
import { HubError } from './errors.ts'
import type { InternalEvent } from './events.ts'
import type { Handoff, Skills } from './handoff.ts'
import { type Mapping, renderFields } from './mapping.ts'
import { type Message, plainText, type Ref, text } from './message.ts'
import type { LaneEffect } from './postgres/log.ts'
import type { Asked, Story } from './postgres/story.ts'

export interface Performed {
  /** What the other side calls what it now has. */
  readonly ref?: Ref
  readonly events?: readonly InternalEvent[]
  /** It was not done, and need not be: why. */
  readonly stopped?: string
  /** Nothing was asked of the other side: that it is settled is no sign of health. */
  readonly isUntold?: boolean
}

export interface Performer {
  readonly connections: ReadonlyMap<string, Connection>
  readonly story: Story
  mappingOf(conversation: Conversation): Mapping
  readonly installation: string
  now(): number
}

/** Where an earlier try may have gone through (`begun`), the other side is asked before the call is made again. */
export async function perform(p: Performer, task: LaneEffect): Promise<Performed> {
  const { effect } = task
  const connection = p.connections.get(effect.connection)
  if (!connection) throw new HubError('unknown', `The configuration has no connection "${effect.connection}" any more`)
  switch (effect.kind) {
    case 'say':
      return say(connection, task, effect)
    case 'turn':
      return turn(p, connection, task, effect)
    case 'inform': {
      await connection.bot?.inform?.(sessionOf(p, task.conversation), effect.body)
      return {}
    }
    case 'open':
      return open(p, connection, task, effect)
    case 'pass':
      return pass(p, connection, task, effect)
    case 'brief':
      return brief(p, connection, task, effect)
    case 'close':
      return close(p, connection, task, effect)
    case 'invite':
      return invite(p, connection, task, effect)
    case 'identify':
      return identify(p, connection, task)
    case 'log':
      return log(p, connection, task, effect)
  }
}

/** Whether a call made twice has one effect there, or can be asked after. Where not, an unclear try leaves the words in doubt. */
export function canTell({ connections }: Pick<Performer, 'connections'>, { effect }: LaneEffect): boolean {
  const connection = connections.get(effect.connection)
  const end = effect.kind === 'say' ? connection?.channel : effect.kind === 'pass' ? connection?.desk : undefined
  return !end || Boolean(end.dedupes || end.find)
}

type Of<Kind extends Effect['kind']> = Extract<Effect, { kind: Kind }>

/** The bot's name for the conversation. */
const sessionOf = (p: Performer, conversation: number): Ref => `${p.installation}-${conversation}`

function role<Name extends 'bot' | 'desk' | 'channel' | 'survey' | 'crm'>(
  connection: Connection,
  name: Name,
  of: string,
) {
  const found = connection[name]
  if (!found) throw new HubError('invalid', `The connection "${of}" cannot play the role ${name}`)
  return found as NonNullable<Connection[Name]>
}

async function say(connection: Connection, task: LaneEffect, effect: Of<'say'>): Promise<Performed> {
  const channel = role(connection, 'channel', effect.connection)
  const { thread } = task
  if (task.begun && channel.find) {
    const ref = await channel.find(task.key, thread)
    if (ref !== undefined) return { ref }
  }
  const { ref } = await channel.send(
    thread,
    { ...effect.body, message: downgrade(effect.body.message, connection.limits) },
    task.key,
  )
  return { ref }
}

/** Asks the bot; where it found nothing itself, the mapping's knowledge is asked before anybody says so. */
async function turn(p: Performer, connection: Connection, task: LaneEffect, effect: Of<'turn'>): Promise<Performed> {
  const bot = role(connection, 'bot', effect.connection)
  const { message } = effect.body
  let answer = await bot.turn(message, sessionOf(p, task.conversation), task.key)
  if (answer.noMatch && answer.articles === undefined) {
    const mapping = p.mappingOf(await p.story.conversation(task.conversation))
    const knowledge = mapping.knowledge === undefined ? undefined : p.connections.get(mapping.knowledge)?.knowledge
    const articles = await knowledge?.search(plainText(message).slice(0, 500), 3).catch(() => undefined)
    if (articles) {
      const found: Message[] = articles.length > 0 ? [{ parts: [{ kind: 'articles', articles }] }] : []
      answer = { ...answer, articles, messages: [...answer.messages, ...found] }
    }
  }
  return { events: [{ type: 'bot-answered', at: p.now(), turn: answer, epoch: effect.fence ?? 0 }] }
}

async function open(p: Performer, connection: Connection, task: LaneEffect, effect: Of<'open'>): Promise<Performed> {
  const desk = role(connection, 'desk', effect.connection)
  const conversation = await p.story.conversation(task.conversation)
  const handoff = conversation.handoff
  const attempt = handoff && attemptNamed(conversation, effect.body)
  const opened = (ticket: Ref, staffing?: Awaited<ReturnType<NonNullable<typeof desk.staffed>>>): Performed => ({
    ref: ticket,
    events: [{ type: 'desk-opened', at: p.now(), name: effect.body, ticket, staffing }],
  })
  if (task.begun && desk.find) {
    const ticket = await desk.find(task.key)
    if (ticket !== undefined) return opened(ticket)
  }
  if (!handoff || attempt?.stage !== 'asked') {
    const ticket = task.begun && !desk.find ? await offerAgain(p, desk, task, effect.body, task.key) : undefined
    return ticket === undefined ? { stopped: 'another desk was asked meanwhile' } : opened(ticket)
  }
  const asked = { handoff, attempt }
  const staffing = attempt.mode === 'live' ? await desk.staffed?.(needOf(p, conversation, asked)) : undefined
  if (staffing && (staffing.open === false || staffing.online === 0)) {
    return { events: [{ type: 'desk-unstaffed', at: p.now(), name: effect.body, staffing }] }
  }
  return opened(await desk.offer(await offerOf(p, conversation, asked, task.seq), task.key), staffing)
}

function needOf(p: Performer, conversation: Conversation, { handoff, attempt }: Asked): Skills {
  const { desks, fallback } = p.mappingOf(conversation)
  const choice = [...desks, ...fallback].find((one) => one.desk === attempt.desk && one.mode === attempt.mode)
  const skills = [...new Set([...handoff.need.skills, ...(choice?.skills ?? [])])]
  return { skills, language: handoff.need.language ?? conversation.language }
}

/** `upTo`: number of the event that asked for it; what was said later follows by itself. */
async function offerOf(p: Performer, conversation: Conversation, asked: Asked, upTo: number): Promise<Handoff> {
  const { handoff, attempt } = asked
  const mapping = p.mappingOf(conversation)
  const need = needOf(p, conversation, asked)
  const context = buildContext(conversation, handoff, await p.story.transcript(conversation.id, upTo))
  const named = {
    id: `${p.installation}-${conversation.id}-${handoff.number}`,
    number: handoff.number,
    mode: attempt.mode,
    priority: handoff.priority,
  }
  const values = { ...context, mapping: mapping.name, handoff: { ...named, skills: need.skills } }
  return {
    ...named,
    conversation: conversation.id,
    attempt: attempt.number,
    customer: conversation.customer,
    context,
    need,
    fields: renderFields(mapping.fields, values),
  }
}

/**
 * The ticket of an offer that may have gone through unnoticed, at a desk that knows its keys but cannot be asked for them. One
 * that it makes only now is ended all the same.
 */
async function offerAgain(
  p: Performer,
  desk: Desk,
  task: LaneEffect,
  name: AttemptName,
  key: string,
): Promise<Ref | undefined> {
  const asked = desk.dedupes ? await p.story.asked(task.conversation, name) : undefined
  if (!asked) return undefined
  return desk.offer(await offerOf(p, await p.story.conversation(task.conversation), asked, task.seq), key)
}

const attemptNamed = (conversation: Conversation, name: AttemptName): Attempt | undefined =>
  conversation.handoff?.number === name.handoff
    ? conversation.handoff.attempts.find((attempt) => attempt.number === name.attempt)
    : undefined

async function pass(p: Performer, connection: Connection, task: LaneEffect, effect: Of<'pass'>): Promise<Performed> {
  const desk = role(connection, 'desk', effect.connection)
  const { ticket: known, by, visibility, message, at } = effect.body
  const ticket = known ?? (await p.story.ticket(task.conversation, effect.body))
  // Its desk was given up before it opened anything: the next desk got the whole record, these words with it.
  if (ticket === undefined) return { stopped: 'the desk was given up; the next one has these words in its transcript' }
  if (task.begun && desk.find) {
    const ref = await desk.find(task.key, ticket)
    if (ref !== undefined) return { ref }
  }
  const words: DeskMessage = { by, visibility, message: downgrade(message, connection.limits), at }
  try {
    const { ref } = await desk.send(ticket, words, task.key)
    return { ref }
  } catch (error) {
    if (!(error instanceof HubError) || (error.code !== 'conflict' && error.code !== 'unknown')) throw error
    const conversation = await p.story.conversation(task.conversation)
    const attempt = attemptOf(conversation, ticket)
    if (attempt && attempt.stage !== 'over' && attempt.stage !== 'closing') throw error
    return { stopped: 'the ticket had ended before these words reached it' }
  }
}

/** One internal note; nothing when nothing was said. */
async function brief(p: Performer, connection: Connection, task: LaneEffect, effect: Of<'brief'>): Promise<Performed> {
  const { ticket, since } = effect.body
  const said = (await p.story.transcript(task.conversation, task.seq - 1)).filter((entry) => entry.at > since)
  if (said.length === 0) return {}
  const lines = said.slice(-50).map(({ by, name, message }) => `${name ?? by}: ${plainText(message)}`)
  const note = text(`Said since this ticket was last in use:\n${lines.join('\n')}`)
  const words: DeskMessage = {
    by: 'hub',
    visibility: 'internal',
    message: downgrade(note, connection.limits),
    at: p.now(),
  }
  const { ref } = await role(connection, 'desk', effect.connection).send(ticket, words, task.key)
  return { ref }
}

async function close(p: Performer, connection: Connection, task: LaneEffect, effect: Of<'close'>): Promise<Performed> {
  const desk = role(connection, 'desk', effect.connection)
  const { handoff, attempt, why, unclear } = effect.body
  const name = { handoff, attempt }
  const known = await p.story.ticket(task.conversation, name)
  const found = known === undefined && unclear !== undefined ? await madeBy(p, desk, task, name, unclear) : undefined
  const ticket = known ?? found
  if (ticket !== undefined) {
    await desk.end(ticket, why, task.key).catch((error: unknown) => {
      // Gone or already ended is what was wanted.
      if (!(error instanceof HubError) || (error.code !== 'unknown' && error.code !== 'conflict')) throw error
    })
  }
  const closed = { type: 'desk-closed', at: p.now(), name, ...(found === undefined ? {} : { ticket: found }) } as const
  return { events: [closed], isUntold: ticket === undefined }
}

const madeBy = (p: Performer, desk: Desk, task: LaneEffect, name: AttemptName, key: string) =>
  desk.find ? desk.find(key) : offerAgain(p, desk, task, name, key)

async function invite(
  p: Performer,
  connection: Connection,
  task: LaneEffect,
  effect: Of<'invite'>,
): Promise<Performed> {
  const survey = role(connection, 'survey', effect.connection)
  const { customer, language, thread } = await p.story.conversation(task.conversation)
  const { handoff } = effect.body
  const message = await survey.invite(
    { conversation: task.conversation, handoff, customer, language },
    thread,
    task.key,
  )
  return { events: [{ type: 'survey-ready', at: p.now(), handoff, message }] }
}

async function identify(p: Performer, connection: Connection, task: LaneEffect): Promise<Performed> {
  const crm = role(connection, 'crm', task.effect.connection)
  const { customer } = await p.story.conversation(task.conversation)
  const { id, email, phone } = customer
  if (!id && !email && !phone) return {}
  const found = await crm.find(customer)
  return found ? { events: [{ type: 'customer-found', at: p.now(), customer: found }] } : {}
}

async function log(p: Performer, connection: Connection, task: LaneEffect, effect: Of<'log'>): Promise<Performed> {
  const crm = role(connection, 'crm', effect.connection)
  const conversation = await p.story.conversation(task.conversation)
  const digest = await p.story.digest(conversation, effect.body.handoff)
  if (digest) await crm.log?.(digest, task.key)
  return {}
}
