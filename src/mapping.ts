/** Which channel, bot, desks, survey, knowledge and CRM serve a conversation, and the rules between them: what `step` knows of the YAML. */
import type { Criteria } from './escalation/criteria.ts'
import type { Mode } from './handoff.ts'
import { type Calendar, type Hours, readHours } from './mapping/hours.ts'
import type { DeskSettings, MappingSettings } from './mapping/settings.ts'
import type { Words } from './words.ts'

export { type FieldValues, renderFields } from './mapping/fields.ts'
export { type Calendar, type Hours, isOpen, nextOpen, readHours } from './mapping/hours.ts'
export { type MappingSettings, mappingSettings } from './mapping/settings.ts'

/** Plain data with every default filled in; times are milliseconds, names are those of connections. */
export interface Mapping {
  readonly name: string
  readonly channel: string
  readonly bot: string
  /** Asked in this order, each within its own time. */
  readonly desks: readonly DeskChoice[]
  /** Asked in this order when nobody of `desks` took it. May be empty. */
  readonly fallback: readonly DeskChoice[]
  readonly survey?: string
  readonly knowledge?: string
  readonly crm?: string
  /** Undefined: always open. */
  readonly hours?: Hours
  readonly criteria: Criteria
  /** Spoken until the customer's own language is known. */
  readonly language: string
  readonly languages: readonly string[]
  /** The mapping's own sentences, by language and key; the shipped ones stand for the rest. */
  readonly words: Readonly<Record<string, Partial<Words>>>
  readonly limits: TimeLimits
  /** Liquid templates, checked at load: the desk's field to the template of its value. */
  readonly fields: Readonly<Record<string, string>>
}

/** One link of the chain. */
export interface DeskChoice {
  readonly desk: string
  readonly mode: Mode
  /** Asked for in addition to what the conversation needs. */
  readonly skills: readonly string[]
  /** Its own, else the mapping's; undefined: always open. */
  readonly hours?: Hours
  /** How long this desk may leave the customer in line. */
  readonly waitMs: number
  /** How long an assigned agent may stay silent before somebody else is asked. */
  readonly answerMs: number
  /** Not in the file but assumed: left out where the desk cannot be asked in this mode. */
  readonly assumed?: true
}

export interface TimeLimits {
  /** The bot's time for one answer. */
  readonly botMs: number
  /** How long an offer of a person stands. */
  readonly offerMs: number
  /** A desk's time to open a handoff. */
  readonly connectMs: number
  /** The customer's time in line at a desk, where the desk has no own limit. */
  readonly waitMs: number
  /** After this time in line the customer is told that they are not forgotten. */
  readonly reassureMs: number
  /** An agent's silence in a running conversation before the hub acts. */
  readonly agentSilentMs: number
  /** The customer's silence before they are asked. */
  readonly idleMs: number
  /** The customer's silence before nobody waits for them any more. */
  readonly parkMs: number
  /** Quiet between the end and the survey. */
  readonly surveyDelayMs: number
  /** One customer is asked at most once in this time. */
  readonly surveyEveryMs: number
}

const second = 1_000
const minute = 60 * second
const day = 24 * 60 * minute

/** Checked settings as the hub uses them. */
export function resolveMapping(settings: MappingSettings, criteria: Criteria): Mapping {
  const hours = settings.hours && readHours(settings.hours)
  const limits = toLimits(settings.limits)
  const toChoice = (desk: string | DeskSettings) => chooseDesk(desk, limits.waitMs, hours)
  const desks = settings.desks.map(toChoice)
  return {
    name: settings.name ?? settings.channel,
    channel: settings.channel,
    bot: settings.bot,
    desks,
    fallback: settings.fallback?.map(toChoice) ?? assumedFallback(desks),
    survey: settings.survey,
    knowledge: settings.knowledge,
    crm: settings.crm,
    hours,
    criteria,
    language: settings.language,
    languages: [...new Set([settings.language, ...(settings.languages ?? [])])],
    words: settings.words as Mapping['words'],
    limits,
    fields: settings.fields,
  }
}

const toLimits = (given: MappingSettings['limits']): TimeLimits => ({
  botMs: given.botSeconds * second,
  offerMs: given.offerMinutes * minute,
  connectMs: given.connectSeconds * second,
  waitMs: given.waitMinutes * minute,
  reassureMs: given.reassureMinutes * minute,
  agentSilentMs: given.agentSilentMinutes * minute,
  idleMs: given.idleMinutes * minute,
  parkMs: given.parkMinutes * minute,
  surveyDelayMs: given.surveyDelaySeconds * second,
  surveyEveryMs: given.surveyEveryDays * day,
})

function chooseDesk(given: string | DeskSettings, waitMs: number, hours: Hours | undefined): DeskChoice {
  const desk: DeskSettings = typeof given === 'string' ? { desk: given } : given
  return {
    desk: desk.desk,
    mode: desk.mode ?? 'live',
    skills: desk.skills ?? [],
    hours: desk.hours ? readHours(desk.hours as Calendar) : hours,
    waitMs: desk.waitMinutes === undefined ? waitMs : desk.waitMinutes * minute,
    answerMs: (desk.answerSeconds ?? 90) * second,
  }
}

/** A ticket at the first desk, at any hour, unless the chain asks for just that already. */
function assumedFallback(desks: readonly DeskChoice[]): readonly DeskChoice[] {
  const first = desks[0]
  if (!first || desks.some((choice) => choice.desk === first.desk && choice.mode === 'ticket')) return []
  return [{ ...first, mode: 'ticket', hours: undefined, assumed: true }]
}
