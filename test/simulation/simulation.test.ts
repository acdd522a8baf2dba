import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../src/conversation.ts'
import { type Step, step } from '../../src/step.ts'
import { seeds } from './seeds.ts'
import { runWorld, type WorldOptions } from './world.ts'

/** Another step from time to time, so that a broken one can be tried. */
const after = (change: (next: Step) => Partial<Step>): typeof step => {
  return (conversation, event, mapping) => {
    const next = step(conversation, event, mapping)
    return { ...next, ...change(next) }
  }
}

function firstBroken(options: WorldOptions, worlds = 300): string | undefined {
  for (let seed = 1; seed <= worlds; seed++) {
    const { broken } = runWorld(seed, options)
    if (broken !== undefined) return broken
  }
  return undefined
}

const withoutOutcome = (conversation: Conversation): Conversation =>
  conversation.handoff ? { ...conversation, handoff: { ...conversation.handoff, outcome: undefined } } : conversation

describe('two thousand worlds', () => {
  it.each([1, 501, 1001, 1501])('keep every promise, from seed %i', { timeout: 120_000 }, (from) => {
    let events = 0
    for (let seed = from; seed < from + 500; seed++) {
      const result = runWorld(seed)
      if (result.broken) expect.fail(result.text)
      events += result.events
    }
    expect(events).toBeGreaterThan(5_000)
  })

  it.each(seeds)('seed %i: %s', (seed) => {
    const result = runWorld(seed)
    expect(result.broken, result.text).toBeUndefined()
  })

  it('are the same for the same seed', () => {
    expect(runWorld(7)).toEqual(runWorld(7))
    expect(runWorld(7).events).not.toBe(runWorld(8).events)
  })
})

describe('what is broken is noticed', { timeout: 60_000 }, () => {
  it.each<[string, WorldOptions, string]>([
    [
      'the epoch of a bot’s answer is not compared',
      {
        step: (c, event, mapping) =>
          step(c, event.type === 'bot-answered' ? { ...event, epoch: c.epoch } : event, mapping),
      },
      'a late answer of the bot is never said',
    ],
    ['the fence is not checked at delivery', { isFenced: false }, 'words of an older epoch are never delivered'],
    [
      'a desk that is given up is not told',
      {
        step: after(({ effects }) => ({
          effects: effects.filter((effect) => effect.kind !== 'close' || effect.body.why !== 'expired'),
        })),
      },
      'an attempt that is given up is ended at its desk',
    ],
    [
      'a customer who leaves is not reported to the desk',
      {
        step: after(({ effects }) => ({
          effects: effects.filter((effect) => effect.kind !== 'close' || effect.body.why !== 'abandoned'),
        })),
      },
      'an abandoned ticket is ended at its desk',
    ],
    [
      'a handoff ends without an outcome',
      { step: after(({ conversation }) => ({ conversation: withoutOutcome(conversation) })) },
      'an ended handoff has an outcome',
    ],
    [
      'the time in line has no limit',
      { step: after(({ timers }) => ({ timers: timers.filter(({ name }) => name !== 'wait') })) },
      'nobody waits for ever',
    ],
    [
      'internal words are said',
      {
        step: (c, event, mapping) =>
          step(c, event.type === 'agent-message' ? { ...event, visibility: 'public' } : event, mapping),
      },
      'internal words never reach the customer',
    ],
    [
      'an agent’s words are fenced',
      {
        step: after(({ effects, conversation }) => ({
          effects: effects.map((effect) => (effect.kind === 'say' ? { ...effect, fence: conversation.epoch } : effect)),
        })),
      },
      'an agent’s words reach the customer once and are never fenced out',
    ],
    [
      'a customer’s words are not passed on',
      { step: after(({ effects }) => ({ effects: effects.filter(({ kind }) => kind !== 'pass') })) },
      'the customer’s words reach the agent once',
    ],
    [
      'control changes without a new epoch',
      { step: after(({ conversation }) => ({ conversation: { ...conversation, epoch: 1 } })) },
      'the epoch grows by one exactly when control changes hands',
    ],
  ])('%s', (_, options, promise) => {
    expect(firstBroken(options)).toBe(promise)
  })
})
