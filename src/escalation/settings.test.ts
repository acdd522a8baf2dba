import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { HubError } from '../errors.ts'
import { text } from '../message.ts'
import { decide } from './criteria.ts'
import { defaults } from './defaults.ts'
import { buildCriteria, type CriteriaBlock, criteriaSettings } from './settings.ts'
import { hearBot, hearCustomer, type Measures, noMeasures } from './signals.ts'

const build = (block: unknown) => buildCriteria(block as CriteriaBlock)
const gold = { segment: 'gold', value: 900 }
const talk = (turns: number, customer = {}) => {
  let m: Measures = noMeasures
  for (let i = 0; i < turns; i++) m = hearCustomer(m, text(`city ${i}`), i * 1_000, customer)
  return m
}
const finding = (block: unknown, m: Measures, name: string) =>
  decide(build(block), m, m.lastAt ?? 0).findings.find(({ criterion }) => criterion === name)

describe('the shipped criteria in a mapping', () => {
  it('change their limits without touching the others or the shipped policy', () => {
    const criteria = build({ duration: { turns: 3 }, composite: { weights: { loop: 0.9 } } })
    expect(criteria.policy.duration).toEqual({ minutes: 8, turns: 3 })
    expect(criteria.policy.composite.weights).toEqual({ ...defaults.composite.weights, loop: 0.9 })
    expect(defaults.duration.turns).toBe(12)
    expect(decide(criteria, talk(3), 3_000)).toMatchObject({ action: 'offer', criterion: 'duration' })
  })

  it.each(['off', false, { off: true }])('are switched off by %j', (off) => {
    expect(finding({ duration: off }, talk(20), 'duration')).toBeUndefined()
  })

  it('take an action, a priority and skills', () => {
    const criteria = build({ duration: { turns: 2, action: 'escalate', priority: 'high', skills: ['senior'] } })
    expect(decide(criteria, talk(2), 2_000)).toMatchObject({ action: 'escalate', priority: 'high', skills: ['senior'] })
  })

  it('escalate on the first message where the mapping says so', () => {
    const m = hearCustomer(noMeasures, text('I want to talk to a human'), 0, {})
    expect(decide(build({ human_request: { action: 'escalate' } }), m, 0)).toMatchObject({
      action: 'escalate',
      held: undefined,
    })
  })

  it('route safety, but do not switch it off', () => {
    const m = hearCustomer(noMeasures, text('I want to kill myself'), 0, {})
    expect(decide(build({ safety: { skills: ['duty'] } }), m, 0)).toMatchObject({
      action: 'escalate',
      priority: 'urgent',
      skills: ['duty'],
    })
    for (const off of ['off', false, { off: true }])
      expect(() => build({ safety: off })).toThrow(/safety: cannot be switched off.*re-routed/)
  })

  it('know the value of a customer once it is configured', () => {
    expect(finding({}, talk(1, gold), 'value')).toMatchObject({ fired: false, limit: 'not configured' })
    expect(finding({ value: { segments: ['gold'] } }, talk(1, gold), 'value')).toMatchObject({ fired: true })
    expect(finding({ value: { above: 899 } }, talk(1, gold), 'value')).toMatchObject({ fired: true })
    expect(finding({ value: { above: 900 } }, talk(1, gold), 'value')).toMatchObject({ fired: false })
  })

  it('ask for more certainty of sensitive intents, and of intents with a limit of their own', () => {
    const heard = (intent: string, confidence: number) => {
      let m = talk(1)
      for (let i = 0; i < 2; i++) m = hearBot(m, { messages: [], intent, confidence }, i)
      return m
    }
    const block = { low_confidence: { sensitive: ['billing'], intents: { hours: 0.2 } } }
    expect(finding(block, heard('billing', 0.79), 'low_confidence')?.fired).toBe(true)
    expect(finding(block, heard('billing', 0.8), 'low_confidence')?.fired).toBe(false)
    expect(finding(block, heard('hours', 0.3), 'low_confidence')?.fired).toBe(false)
    expect(finding(block, heard('other', 0.3), 'low_confidence')?.fired).toBe(true)
  })
})

describe('own criteria', () => {
  const vip = {
    vip: {
      when: "customer.segment == 'gold' && turns >= 3",
      action: 'escalate',
      priority: 'high',
      skills: ['vip'],
      words: 'a gold customer after 3 turns',
    },
  }

  it('fire when their condition is met', () => {
    expect(decide(build(vip), talk(2, gold), 2_000).action).toBe('none')
    expect(decide(build(vip), talk(3, gold), 3_000)).toMatchObject({
      action: 'escalate',
      criterion: 'vip',
      priority: 'high',
      skills: ['vip'],
      text: 'Own criterion vip: a gold customer after 3 turns.',
    })
  })

  it('are not met, and say why, while a variable has no value', () => {
    expect(finding(vip, talk(3), 'vip')).toMatchObject({
      fired: false,
      measured: 'cannot be told',
      text: expect.stringContaining('segment'),
    })
    expect(finding({ unsure: { when: 'confidence < 0.3' } }, talk(3), 'unsure')?.text).toContain('confidence')
    expect(finding({ either: { when: 'confidence < 0.3 || turns > 2' } }, talk(3), 'either')?.fired).toBe(true)
  })

  it.each([
    ['an unknown name', 'turn > 3', /criteria\.mine.*Unknown variable: turn.*Known variables: turns, minutes/],
    ['an unknown field', "customer.sgment == 'gold'", /criteria\.mine.*sgment/],
    ['a wrong type', "turns > 'three'", /criteria\.mine.*int > string/],
    ['a value instead of a condition', 'turns', /criteria\.mine.*gives int, not true or false/],
    ['a half sentence', 'turns >=', /criteria\.mine.*EOF/],
    ['a pattern that may run for ever', "intent.matches('(a+)+$')", /criteria\.mine.*matches\(\) may take very long/],
  ])('report %s when they are built', (_, when, message) => {
    expect(() => build({ mine: { when } })).toThrow(HubError)
    expect(() => build({ mine: { when } })).toThrow(message)
  })
})

describe('mistakes', () => {
  it.each([
    ['a misspelt criterion', { no_macth: { consecutive: 2 } }, /criteria\.no_macth.*no_match.*needs `when`/],
    ['a misspelt limit', { no_match: { consecutiv: 2 } }, /criteria\.no_match: found consecutiv.*consecutive/],
    [
      'a limit of another kind',
      { no_match: { consecutive: 'two' } },
      /criteria\.no_match\.consecutive: found "two".*integer/,
    ],
    ['a limit out of range', { frustration: { strong: -6 } }, /criteria\.frustration\.strong: found -6/],
    [
      'limits that contradict each other',
      { frustration: { strong: -0.2 } },
      /criteria\.frustration.*`strong` at most `mild`/,
    ],
    ['a list', [], /criteria: found \[\]/],
    ['a number for a criterion', { loop: 3 }, /criteria\.loop: found 3/],
    ['a guard that is none', { guards: { coolDwn: 1 } }, /criteria\.guards: found coolDwn.*coolDown/],
  ])('%s', (_, block, message) => expect(() => build(block)).toThrow(message))
})

it('has a schema that accepts what builds and refuses what does not', () => {
  const check = new Ajv({ strict: false }).compile(criteriaSettings)
  const right = {
    no_match: false,
    loop: 'off',
    kb_empty: { off: true },
    mine: { when: 'turns > 3' },
    guards: { coolDown: 0 },
    require: { when: 'turns > 1' },
  }
  expect(check(right)).toBe(true)
  expect(() => build(right)).not.toThrow()
  for (const wrong of [{ safety: 'off' }, { mine: {} }, { no_match: { x: 1 } }, { loop: 3 }])
    expect(check(wrong)).toBe(false)
})

it('names and explains every field', () => {
  const walk = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return
    const { properties = {}, anyOf = [] } = schema as { properties?: Record<string, object>; anyOf?: object[] }
    for (const [name, field] of Object.entries(properties)) {
      expect(field, `${path}.${name}`).toMatchObject({ title: expect.any(String), description: expect.any(String) })
      walk(field, `${path}.${name}`)
    }
    for (const inner of anyOf) walk(inner, path)
  }
  walk(criteriaSettings, 'criteria')
})
