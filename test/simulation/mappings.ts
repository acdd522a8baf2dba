/** The mapping of a world: every kind an integrator may write, chosen by chance. */
import { buildCriteria, type CriteriaBlock } from '../../src/escalation/settings.ts'
import { type Calendar, type DeskChoice, type Mapping, readHours } from '../../src/mapping.ts'
import { wordKeys } from '../../src/words.ts'
import type { Random } from './random.ts'

const minute = 60_000

/** Each sentence names its key, so that a world knows which words were said and whether they were true. */
const marked = Object.fromEntries(wordKeys.map((key) => [key, `#${key} {agent}{ticket}{opens}{from}`]))
const words = Object.fromEntries(['en', 'de', 'fr', 'es', 'pt'].map((language) => [language, marked]))

const policies = (
  [undefined, { bot_down: 'off' }, { human_request: 'off', no_match: 'off' }, { duration: { turns: 3 } }] as const
).map((block) => buildCriteria(block as CriteriaBlock | undefined))

const office: Calendar = {
  timeZone: 'Europe/Berlin',
  week: {
    mon: ['09:00-17:00'],
    tue: ['09:00-17:00'],
    wed: ['09:00-17:00'],
    thu: ['09:00-17:00'],
    fri: ['09:00-17:00'],
  },
}
const never: Calendar = { timeZone: 'UTC', week: { mon: [] } }
const calendars = [office, never].map(readHours)

export const deskNames = ['people', 'second', 'overflow'] as const

export function aMapping(random: Random): Mapping {
  const hours = random.chance(0.2) ? random.pick(calendars) : undefined
  const limits = {
    botMs: 8_000,
    offerMs: 5 * minute,
    connectMs: random.pick([20_000, 20_000, 3_000]),
    waitMs: random.pick([5 * minute, minute]),
    reassureMs: 2 * minute,
    agentSilentMs: 5 * minute,
    idleMs: 10 * minute,
    parkMs: random.pick([30 * minute, 10 * minute]),
    surveyDelayMs: 30_000,
    surveyEveryMs: random.pick([7 * 24 * 60 * minute, 0]),
  }
  const live = (desk: string): DeskChoice => ({
    desk,
    mode: 'live',
    skills: [],
    hours,
    waitMs: limits.waitMs,
    answerMs: 90_000,
  })
  const later = (desk: string, mode: 'ticket' | 'callback'): DeskChoice => ({ ...live(desk), mode, hours: undefined })
  const desks = deskNames.slice(0, random.draw({ 1: 4, 2: 4, 3: 1 }) as unknown as number).map(live)
  const fallbacks = {
    none: [],
    same: [later('people', 'ticket')],
    other: [later('overflow', 'ticket')],
    both: [later('second', 'callback'), later('people', 'ticket')],
    live: [live('overflow')],
  }
  return deepFreeze({
    name: 'world',
    channel: 'site',
    bot: 'first-line',
    desks: random.chance(0.05) ? [later('people', 'ticket')] : desks,
    fallback: fallbacks[random.draw({ none: 2, same: 4, other: 2, both: 2, live: 1 })],
    survey: random.chance(0.7) ? 'how-was-it' : undefined,
    crm: random.chance(0.3) ? 'customers' : undefined,
    hours,
    criteria: random.pick(policies),
    language: 'en',
    languages: ['en'],
    words,
    limits,
    fields: {},
  })
}

/** So that a step which changes what it was given throws. Criteria hold compiled rules and sets, and are left alone. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const [name, inner] of Object.entries(value)) if (name !== 'criteria') deepFreeze(inner)
  return Object.freeze(value)
}
