import { describe, expect, it } from 'vitest'
import { text } from '../../message.ts'
import type { TicketView } from './agents.ts'
import type { Entry } from './customer.ts'
import { addUp, compare, isBalanced, keepLedger, type Played } from './ledger.ts'

type Turn = [by: string, text: string]
const balanced = { lost: 0, duplicated: 0, outOfOrder: 0, foreign: 0, botWhilePerson: 0, notesSeenByCustomer: 0 }

describe('by text and number of times', () => {
  it.each([
    [['a', 'b', 'a'], ['a', 'b', 'a'], { delivered: 3 }],
    [['a', 'b'], ['b'], { delivered: 1, lost: 1 }],
    [['a', 'a'], ['a'], { delivered: 1, lost: 1 }],
    [['a', 'b'], ['a', 'b', 'a'], { delivered: 2, duplicated: 1 }],
    [['a', 'b', 'c'], ['c', 'a', 'b'], { delivered: 3, outOfOrder: 1 }],
    [['a', 'b'], ['b', 'b', 'a'], { delivered: 2, duplicated: 1, outOfOrder: 1 }],
    [['a'], ['a', 'x'], { delivered: 1, foreign: 1 }],
    [[], [], {}],
  ])('%j seen as %j', (said, seen, found) => {
    expect(compare(said, seen)).toEqual({ delivered: 0, lost: 0, duplicated: 0, outOfOrder: 0, foreign: 0, ...found })
  })
})

const view = (...said: Turn[]) =>
  said.map(
    ([by, words], index) => ({ seq: index + 1, id: String(index), at: index, by, message: text(words) }) as Entry,
  )
const right: Turn[] = [
  ['customer', 'help'],
  ['bot', 'How?'],
  ['hub', 'Ana has joined'],
  ['agent', 'Hi'],
  ['customer', 'hello'],
  ['hub', 'It has ended'],
]
const ticketOf = (entries: Entry[]): TicketView => ({
  id: 't',
  conversation: 1,
  status: 'ended',
  outcome: 'resolved',
  agent: null,
  context: { transcript: entries.slice(0, 2) },
  messages: [
    { by: 'agent', visibility: 'public', message: text('Hi') },
    { by: 'agent', visibility: 'internal', message: text('looked it up') },
    { by: 'customer', visibility: 'public', message: text('hello') },
  ],
})
const turns = [
  { by: 'agent', text: 'Hi' },
  { by: 'action', text: 'looked it up' },
  { by: 'customer', text: 'hello' },
] as const
const played = (said: Turn[], over: Partial<Played> = {}): Played => ({
  recording: { id: 'a', turns },
  wishes: ['help'],
  customerView: view(...said),
  ticket: ticketOf(view(...right)),
  contextComplete: true,
  joined: 'Ana has joined',
  ended: 'It has ended',
  seconds: 1,
  ...over,
})
const insert = (index: number, ...turn: Turn) => right.toSpliced(index, 0, turn)

it('balances when all is right; the wish is no turn', () => {
  const account = keepLedger(played(right))
  expect(account).toMatchObject({
    turns: 3,
    delivered: 3,
    handoffs: 1,
    ended: true,
    contextComplete: true,
    ...balanced,
  })
  expect(isBalanced(addUp([account, account], 2))).toBe(true)
})

it.each<[string, Played, object]>([
  ['the bot spoke', played(insert(4, 'bot', 'Me too')), { botWhilePerson: 1 }],
  [
    'the bot spoke after the agent’s first words, unannounced',
    played(insert(4, 'bot', 'x').toSpliced(2, 1)),
    { botWhilePerson: 1, handoffs: 0 },
  ],
  ['a note was seen', played(insert(4, 'agent', 'looked it up')), { notesSeenByCustomer: 1, foreign: 0 }],
  ['words were seen twice', played(insert(4, 'agent', 'Hi')), { duplicated: 1, delivered: 3 }],
  ['another’s words were seen', played(insert(4, 'agent', 'Your secret')), { foreign: 1 }],
  ['words were lost', played(right.toSpliced(3, 1)), { lost: 1, delivered: 2 }],
  ['nobody joined', played(right.toSpliced(2, 1)), { handoffs: 0 }],
  ['the end was not told', played(right.slice(0, 5)), { ended: false }],
  ['no agent ever got it', played(right, { ticket: undefined }), { lost: 2, delivered: 1, ended: false }],
  ['the context had a hole', played(right, { contextComplete: false }), { contextComplete: false }],
])('does not balance when %s', (_what, given, found) => {
  const account = keepLedger(given)
  expect(account).toMatchObject(found)
  expect(isBalanced(addUp([account], 1))).toBe(false)
})

it('lets the bot speak before a person joined and after the end', () => {
  const account = keepLedger(played([...insert(2, 'bot', 'Wait'), ['bot', 'Back again']]))
  expect(account.botWhilePerson).toBe(0)
})
