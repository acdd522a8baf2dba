import { describe, expect, it } from 'vitest'
import type { ConnectionRow } from '../../../../src/http/api/connections.ts'
import { formatMs, situationOf } from './words.ts'

const row: ConnectionRow = {
  name: 'people',
  use: 'echo',
  roles: ['desk'],
  health: 'healthy',
  pausedBy: null,
  pausedAt: null,
  pauseReason: null,
  lastError: null,
  lastErrorAt: null,
  failingSince: null,
  nextTryAt: null,
  figures: null,
  waiting: { effects: 0, oldestAt: 0 },
  limitPerMinute: null,
  advice: null,
}

describe('the situation of a connection', () => {
  it('is nothing where all is well', () => expect(situationOf(row, 1_000)).toEqual([]))
  it('names who paused it, and why', () =>
    expect(situationOf({ ...row, health: 'paused', pausedBy: 'Ada', pauseReason: 'their update' }, 0)).toEqual([
      'by Ada',
      '“their update”',
    ]))
  it('says what waits, and for how long', () =>
    expect(situationOf({ ...row, waiting: { effects: 1, oldestAt: 1_000 } }, 73_000)).toEqual([
      '1 effect waits, the oldest 01:12',
    ]))
  it('says that it is tried now rather than in the past', () =>
    expect(situationOf({ ...row, health: 'failing', nextTryAt: 500 }, 1_000)).toEqual(['tried again now']))
})

it.each([
  [null, '–'],
  [840, '840 ms'],
  [1_900, '1.9 s'],
])('%s is %s', (ms, said) => expect(formatMs(ms)).toBe(said))
