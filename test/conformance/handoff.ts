/** Makes handoffs for desk tests: each call is the next conversation, unless told otherwise. */
import type { Handoff, Message } from '#hub/connector.ts'

const words = (body: string): Message => ({ parts: [{ kind: 'text', text: body }] })

let conversations = 1000

/** A live handoff of a fresh conversation, with a reason and a transcript that no other handoff has. */
export function aHandoff(over: Partial<Handoff> = {}): Handoff {
  const conversation = over.conversation ?? ++conversations
  const number = over.number ?? 1
  const customer = over.customer ?? { name: 'Lena Fischer', email: 'lena@example.com', language: 'en' }
  const at = 1_700_000_000_000
  return {
    id: `${conversation}-${number}`,
    conversation,
    number,
    attempt: 1,
    mode: 'live',
    customer,
    need: { skills: [], language: 'en' },
    priority: 'normal',
    context: {
      conversation,
      channel: 'site',
      reason: { criterion: 'frustration', text: `Sentiment -0.62, below -0.6, in conversation ${conversation}` },
      summary: 'Charged twice for one order. The bot showed the price list. The customer wants the second charge back.',
      wants: `Refund of the second charge, conversation ${conversation}`,
      customer,
      language: 'en',
      intent: 'billing.refund',
      confidence: 0.41,
      tried: ['Price list', 'FAQ 12: When do we charge'],
      asked: { 'order number': '4471' },
      sentiment: [-0.1, -0.4, -0.62],
      signals: ['The customer wrote the same thing twice'],
      transcript: [
        {
          seq: 1,
          at,
          by: 'customer',
          name: 'Lena',
          message: words(`I was charged twice, case ${conversation}.${number}`),
        },
        {
          seq: 2,
          at: at + 4_000,
          by: 'bot',
          name: 'Shop bot',
          message: words(`Here is the price list, case ${conversation}.${number}`),
        },
      ],
    },
    ...over,
  }
}
