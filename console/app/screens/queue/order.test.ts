import { describe, expect, it } from 'vitest'
import { holdStill } from './order.ts'

const hold = (before: string, now: string) => {
  const { rows, changes, gone } = holdStill([...before], [...now], (key) => key)
  return { rows: rows.join(''), changes, gone: [...gone].join('') }
}

describe('a list that is held still', () => {
  it.each([
    ['abc', 'abc', { rows: 'abc', changes: 0, gone: '' }],
    ['abc', 'abcd', { rows: 'abc', changes: 1, gone: '' }],
    ['abc', 'dabc', { rows: 'abc', changes: 1, gone: '' }],
    ['abc', 'ac', { rows: 'abc', changes: 1, gone: 'b' }],
    ['abcd', 'bcda', { rows: 'abcd', changes: 1, gone: '' }],
    ['abcd', 'dcba', { rows: 'abcd', changes: 3, gone: '' }],
    ['abc', 'dcx', { rows: 'abc', changes: 4, gone: 'ab' }],
    ['', 'ab', { rows: '', changes: 2, gone: '' }],
  ])('%j, now %j', (before, now, expected) => {
    expect(hold(before, now)).toEqual(expected)
  })

  it('shows what is known of a row now', () => {
    const rowOf = (id: string, words: string) => ({ id, words })
    const { rows } = holdStill([rowOf('a', 'old'), rowOf('b', 'last')], [rowOf('a', 'new')], ({ id }) => id)
    expect(rows).toEqual([rowOf('a', 'new'), rowOf('b', 'last')])
  })
})
