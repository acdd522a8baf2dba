/** The agent that the twin plays: a small shop, enough to try every way of an answer. */
import { type Plain, toStruct } from '../../struct.ts'
import type * as agent from '../../twin/agent.ts'

interface Phrase extends agent.Phrase {
  readonly id?: string
  readonly repeatCount?: number
  readonly parts: readonly { readonly text: string; readonly parameterId?: string }[]
}

export interface ScriptIntent extends agent.ScriptIntent {
  readonly phrases: readonly Phrase[]
  readonly answer: readonly object[]
  /** The page it leads to. */
  readonly page?: 'order' | 'end'
}

export const says = (...text: string[]) => ({ text: { text }, responseType: 'HANDLER_PROMPT' })
export const asks = (...text: string[]) => ({ text: { text }, responseType: 'PARAMETER_PROMPT' })
const payload = (content: Plain) => ({ payload: toStruct(content) })
const end = { endInteraction: {} }
const plain = (...lines: string[]): Phrase[] => lines.map((text) => ({ parts: [{ text }] }))

export const orderIntent = '11110001'

export const script: readonly ScriptIntent[] = [
  {
    id: '00000000-0000-0000-0000-000000000000',
    displayName: 'Default Welcome Intent',
    phrases: plain('hi', 'hello', 'good morning'),
    answer: [
      says('Hello! I am the bot of this shop. What can I do for you?'),
      payload({
        richContent: [
          [{ type: 'chips', options: [{ text: 'Where is my order?' }, { text: 'I want to talk to a person' }] }],
        ],
      }),
    ],
  },
  {
    id: orderIntent,
    displayName: 'order.status',
    phrases: [
      { parts: [{ text: 'where is my parcel ' }, { text: '88121', parameterId: 'order_no' }] },
      { parts: [{ text: 'track order ' }, { text: '12345', parameterId: 'order_no' }, { text: ' please' }] },
      ...plain('where is my order', 'has my package shipped'),
    ],
    answer: [],
    page: 'order',
  },
  {
    id: '11110003',
    displayName: 'returns',
    phrases: plain('i want to send something back', 'how do returns work'),
    answer: [
      says('You can send everything back within 30 days.'),
      payload({
        richContent: [
          [
            {
              type: 'info',
              title: 'Returns',
              subtitle: 'Print a label',
              anchor: { href: 'https://shop.example.com/returns' },
            },
            { type: 'button', text: 'Talk to a person' },
          ],
        ],
      }),
    ],
  },
  {
    id: '11110002',
    displayName: 'talk.to.human',
    phrases: plain('i want to talk to a person', 'talk to a person', 'let me speak to a human', 'representative'),
    answer: [
      says('I am connecting you to a colleague.'),
      { liveAgentHandoff: { metadata: toStruct({ queue: 'orders', reason: 'customer_request' }) } },
      end,
    ],
    page: 'end',
  },
  {
    id: '11110004',
    displayName: 'account.close',
    phrases: plain('i want to close my account', 'delete my account'),
    answer: [
      says('A specialist can do that for you.'),
      // A skill that agents of a demo have: what nobody can do becomes a ticket.
      payload({ handoff: { queue: 'billing', reason: 'account_closure' } }),
    ],
  },
  {
    id: '11110009',
    displayName: 'goodbye',
    phrases: plain('bye', 'goodbye', 'thanks that is all'),
    answer: [says('Have a nice day!'), { conversationSuccess: { metadata: null } }, end],
    page: 'end',
  },
  {
    id: '00000000-0000-0000-0000-000000000001',
    displayName: 'Default Negative Intent',
    isFallback: true,
    phrases: plain('what is the weather'),
    answer: [],
  },
]

/** Answered from a document, where no intent fits. */
export const article = {
  words: ['refund', 'refunds'],
  answer: 'Refunds reach your account within 5 working days.',
  title: 'Refund policy',
  url: 'https://help.example.com/refunds',
}

/** Events with a handler. */
export const events: Readonly<Record<string, string>> = {
  WELCOME: 'Hi, what can I do for you?',
  agent_finished: 'Is there anything else?',
}

export const misses = ['Can you rephrase that?', 'I still do not understand.', 'Sorry, I do not get it.']
