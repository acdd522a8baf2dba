import { expect, it } from 'vitest'
import { fromLines, handoffsOf, phraseRows, wordDiff } from './words.ts'

it('tells what was added and removed, word by word, and loses nothing', () => {
  const pieces = wordDiff('pay within 14 days', 'pay within 30 days of delivery')
  expect(
    pieces
      .filter(({ is }) => is !== 'added')
      .map(({ text }) => text)
      .join(''),
  ).toBe('pay within 14 days')
  expect(
    pieces
      .filter(({ is }) => is !== 'removed')
      .map(({ text }) => text)
      .join(''),
  ).toBe('pay within 30 days of delivery')
  expect(pieces).toContainEqual({ is: 'removed', text: '14' })
})

it('reads one phrase a line, each once', () => expect(fromLines(' a \n\nb\na')).toEqual(['a', 'b']))

it('counts how often a phrase was said, and the handoffs behind', () => {
  const sources = [
    { conversation: 1, seq: 2, handoff: 1, of: 'paid twice' },
    { conversation: 1, seq: 4, handoff: 1, of: 'paid twice' },
    { conversation: 2, seq: 1, handoff: 1, of: 'else' },
  ]
  const one = {
    kind: 'phrase-set',
    present: { phrases: ['old'] },
    proposed: { phrases: ['paid twice'] },
    sources,
  } as never
  expect(phraseRows(one)).toEqual([
    { text: 'old', isNew: false, times: 0 },
    { text: 'paid twice', isNew: true, times: 2 },
  ])
  expect(handoffsOf({ sources })).toBe(2)
})
