import { expect, test } from 'vitest'
import type { Said } from './desk.ts'
import { inOrderOfRecord } from './order.ts'

const said = (n: number, by: 'customer' | 'agent' | 'hub', visibility = 'public') => ({ n, by, visibility }) as Said
const heard = (seq: number, visibility = 'public', ticket = 'T') => ({
  seq,
  type: 'agent-message',
  body: { ticket, visibility },
  effects: [],
})
const passed = (seq: number, ...refs: string[]) =>
  ({ seq, type: 'customer-message', body: {}, effects: refs.map((ref) => ({ kind: 'pass', ref })) }) as never

test('what was said stands as the record has it, whichever of two was first at the desk', () => {
  const messages = [said(1, 'customer'), said(2, 'agent'), said(3, 'agent', 'internal'), said(4, 'customer')]
  // The customer's second words were on record before the agent's, and came to the desk after them.
  const timeline = [passed(5, 'T/1'), passed(6, 'T/4'), heard(7, 'public', 'other'), heard(8), heard(9, 'internal')]
  expect(inOrderOfRecord(messages, timeline as never, 'T').map(({ n }) => n)).toEqual([1, 4, 2, 3])
})

test('what the record does not hold yet stands last, as the desk has it', () => {
  const messages = [said(1, 'agent'), said(2, 'agent'), said(3, 'customer'), said(4, 'customer')]
  const timeline = [passed(5, 'T/3'), heard(6)]
  expect(inOrderOfRecord(messages, timeline as never, 'T').map(({ n }) => n)).toEqual([3, 1, 2, 4])
})
