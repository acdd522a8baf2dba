/** The agent that the twin plays: a small shop, enough to try every way of an answer. */
import { type Plain, toStruct } from '../../struct.ts'
import type * as agent from '../../twin/agent.ts'

interface Phrase extends agent.Phrase {
  readonly name?: string
  readonly type?: string
  readonly timesAddedCount?: number
  readonly parts: readonly {
    readonly text: string
    readonly entityType?: string
    readonly alias?: string
    readonly userDefined?: boolean
  }[]
}

export interface ScriptIntent extends agent.ScriptIntent {
  readonly action?: string
  readonly isHandoff?: boolean
  readonly isEnd?: boolean
  readonly events?: readonly string[]
  readonly phrases: readonly Phrase[]
  readonly answer: readonly object[]
  readonly context?: { readonly name: string; readonly lifespanCount: number }
}

export const says = (...text: string[]) => ({ text: { text } })
const payload = (content: Plain) => ({ payload: toStruct(content) })
const plain = (...lines: string[]): Phrase[] => lines.map((text) => ({ parts: [{ text }] }))
const order = (text: string) => ({ text, entityType: '@order_no', alias: 'order_no', userDefined: true })

export const orderIntent = '0d9a6a2f-31a7-43ac-8e5b-bb7a3d1c0001'
export const orderQuestion = 'What is the number of your order?'

export const script: readonly ScriptIntent[] = [
  {
    id: '0d9a6a2f-31a7-43ac-8e5b-bb7a3d1c0000',
    displayName: 'Default Welcome Intent',
    action: 'input.welcome',
    events: ['WELCOME'],
    phrases: plain('hi', 'hello', 'good morning'),
    answer: [
      says('Hello! I am the bot of this shop.'),
      {
        quickReplies: {
          title: 'What can I do for you?',
          quickReplies: ['Where is my order?', 'I want to talk to a person'],
        },
      },
    ],
  },
  {
    id: orderIntent,
    displayName: 'order.status',
    action: 'order.status',
    phrases: [
      { parts: [{ text: 'where is my parcel ' }, order('88121')] },
      { parts: [{ text: 'track order ' }, order('12345'), { text: ' please' }] },
      ...plain('where is my order', 'has my package shipped'),
    ],
    answer: [],
    context: { name: 'order', lifespanCount: 5 },
  },
  {
    id: '0d9a6a2f-31a7-43ac-8e5b-bb7a3d1c0004',
    displayName: 'returns',
    action: 'returns',
    phrases: plain('i want to send something back', 'how do returns work'),
    answer: [
      says('You can send everything back within 30 days.'),
      {
        card: {
          title: 'Returns',
          subtitle: 'Print a label',
          buttons: [
            { text: 'Open', postback: 'https://shop.example.com/returns' },
            { text: 'Talk to a person', postback: 'talk to a person' },
          ],
        },
      },
    ],
  },
  {
    id: '0d9a6a2f-31a7-43ac-8e5b-bb7a3d1c0002',
    displayName: 'talk.to.human',
    action: 'human.request',
    isHandoff: true,
    isEnd: true,
    phrases: plain('i want to talk to a person', 'talk to a person', 'let me speak to a human', 'representative'),
    answer: [says('One moment, I am passing you to a colleague.'), says('')],
  },
  {
    id: '0d9a6a2f-31a7-43ac-8e5b-bb7a3d1c0005',
    displayName: 'account.close',
    action: 'account.close',
    phrases: plain('i want to close my account', 'delete my account'),
    answer: [
      says('A specialist can do that for you.'),
      // A skill that agents of a demo have: what nobody can do becomes a ticket.
      payload({ handoff: { queue: 'billing', reason: 'account_closure' } }),
    ],
  },
  {
    id: '0d9a6a2f-31a7-43ac-8e5b-bb7a3d1c0009',
    displayName: 'goodbye',
    isEnd: true,
    phrases: plain('bye', 'goodbye', 'thanks that is all'),
    answer: [says('Have a nice day!')],
  },
  {
    id: '0d9a6a2f-31a7-43ac-8e5b-bb7a3d1c0010',
    displayName: 'after.human',
    events: ['HUMAN_DONE'],
    phrases: [],
    answer: [says('Is there anything else?')],
  },
  {
    id: '0d9a6a2f-31a7-43ac-8e5b-bb7a3d1c0003',
    displayName: 'Default Fallback Intent',
    action: 'input.unknown',
    isFallback: true,
    phrases: plain('what is the weather'),
    answer: [says('Sorry, can you say that again?')],
  },
]

/** What the twin's knowledge bases hold. */
export const faq: readonly { readonly question: string; readonly answer: string }[] = [
  { question: 'How long do refunds take?', answer: 'Refunds reach your account within 5 working days.' },
  { question: 'Who pays for the refund of shipping?', answer: 'We do, where the goods were broken.' },
]
