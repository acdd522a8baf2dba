import { describe, expect, it } from 'vitest'
import { type Calendar, isOpen, nextOpen, readHours, renderFields } from '../src/mapping.ts'

const at = (iso: string): number => Date.parse(iso)
const shown = (moment: number | undefined) => moment && new Date(moment).toISOString().slice(0, 16)

const office: Calendar = {
  timeZone: 'Europe/Berlin',
  week: {
    mon: ['09:00-12:00', '13:00-17:00'],
    tue: ['09:00-17:00'],
    wed: ['09:00-17:00'],
    thu: ['09:00-17:00'],
    fri: ['09:00-17:00'],
    sun: ['02:30-04:00'],
  },
  holidays: ['2026-12-25', '2027-01-01'],
}
const night: Calendar = {
  timeZone: 'America/New_York',
  week: { fri: ['22:00-06:00'], sat: ['22:00-24:00'] },
  holidays: ['2026-07-03'],
}
const always: Calendar = {
  timeZone: 'UTC',
  week: Object.fromEntries(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['00:00-24:00']])),
}
const never: Calendar = { timeZone: 'UTC', week: { mon: [] } }

describe('opening hours', () => {
  it.each<[string, Calendar, string, boolean, string | undefined]>([
    ['winter, before the door opens', office, '2026-01-12T07:59:00Z', false, '2026-01-12T08:00'],
    ['winter, at the door', office, '2026-01-12T08:00:00Z', true, '2026-01-12T08:00'],
    ['summer is an hour earlier in UTC', office, '2026-07-13T07:00:00Z', true, '2026-07-13T07:00'],
    ['lunch', office, '2026-01-12T11:00:00Z', false, '2026-01-12T12:00'],
    ['the last minute', office, '2026-01-12T15:59:59Z', true, '2026-01-12T15:59'],
    ['closing time', office, '2026-01-12T16:00:00Z', false, '2026-01-13T08:00'],
    [
      'Friday evening over the start of summer time: Sunday’s 02:30 does not exist and is 03:30',
      office,
      '2026-03-27T17:00:00Z',
      false,
      '2026-03-29T01:30',
    ],
    ['in that hour', office, '2026-03-29T01:30:00Z', true, '2026-03-29T01:30'],
    ['Monday after the start of summer time', office, '2026-03-29T12:00:00Z', false, '2026-03-30T07:00'],
    ['Monday after its end', office, '2026-10-25T12:00:00Z', false, '2026-10-26T08:00'],
    ['a holiday on a Friday: on to Sunday', office, '2026-12-25T10:00:00Z', false, '2026-12-27T01:30'],
    ['a night shift before midnight', night, '2026-07-11T02:30:00Z', true, '2026-07-11T02:30'],
    ['a night shift after midnight', night, '2026-07-11T09:59:00Z', true, '2026-07-11T09:59'],
    ['after the night shift', night, '2026-07-11T10:00:00Z', false, '2026-07-12T02:00'],
    ['until midnight', night, '2026-07-12T03:59:00Z', true, '2026-07-12T03:59'],
    ['and no longer', night, '2026-07-12T04:00:00Z', false, '2026-07-18T02:00'],
    ['the night of a holiday is closed to its end', night, '2026-07-04T05:00:00Z', false, '2026-07-05T02:00'],
    ['always', always, '2026-02-28T23:59:59Z', true, '2026-02-28T23:59'],
    ['never', never, '2026-02-28T12:00:00Z', false, undefined],
  ])('%s', (_, calendar, now, open, next) => {
    const hours = readHours(calendar)
    expect(isOpen(hours, at(now))).toBe(open)
    expect(shown(nextOpen(hours, at(now)))).toBe(next)
  })

  it('are always without a calendar', () => {
    expect(isOpen(undefined, 0)).toBe(true)
    expect(nextOpen(undefined, 5)).toBe(5)
  })

  it('what nextOpen names is open, and nothing between is, over a whole year', () => {
    const hours = readHours(office)
    for (let now = at('2026-01-01T00:00:00Z'); now < at('2027-01-05T00:00:00Z'); now += 7_777_000) {
      const next = nextOpen(hours, now)!
      expect(isOpen(hours, next), String(shown(now))).toBe(true)
      if (next > now) expect(isOpen(hours, next - 1), String(shown(now))).toBe(false)
    }
  })
})

describe('fields', () => {
  it('are filled from the context; empty ones are left out', () => {
    const fields = {
      subject: 'Help: {{ reason.text | truncate: 12 }}',
      plan: '{{ customer.facts.plan }}',
      mail: ' {{ customer.email }} ',
    }
    const values = { reason: { text: 'asked for a person twice' }, customer: { facts: { plan: 'gold' } } }
    expect(renderFields(fields, values)).toEqual({ subject: 'Help: asked for...', plan: 'gold' })
  })

  it('see own data only, and work within bounds', () => {
    expect(renderFields({ a: '{{ customer.constructor.name }}{{ customer.__proto__ }}' }, { customer: {} })).toEqual({})
    expect(() => renderFields({ a: '{% for i in (1..100000000) %}x{% endfor %}' }, {})).toThrow(/limit/)
  })
})
