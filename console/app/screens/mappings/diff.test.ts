import { expect, it } from 'vitest'
import { changedLines, plainLines } from './diff.ts'

it('numbers the lines of what runs', () => expect(plainLines('a\nb\n').map(({ running }) => running)).toEqual([1, 2]))

it('numbers both sides of a change', () =>
  expect(changedLines('a\nb\nc\n', 'a\nx\nc\n')).toEqual([
    { is: 'same', running: 1, file: 1, text: 'a' },
    { is: 'removed', running: 2, text: 'b' },
    { is: 'added', file: 2, text: 'x' },
    { is: 'same', running: 3, file: 3, text: 'c' },
  ]))
