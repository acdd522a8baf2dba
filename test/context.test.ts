import { describe, expect, it } from 'vitest'
import { buildContext } from '../src/context.ts'
import { type HandoffState, newConversation } from '../src/conversation.ts'
import type { TranscriptEntry } from '../src/handoff.ts'
import { text } from '../src/message.ts'

const handoff: HandoffState = {
  number: 1,
  stage: 'requested',
  reason: { criterion: 'human_request', text: 'The customer asked for a person.' },
  priority: 'normal',
  need: { skills: [] },
  startedAt: 5,
  next: { list: 'desks', index: 0 },
  attempts: [],
  told: {},
}
const conversation = newConversation(7, { mapping: 'shop', channel: 'site', thread: 'visitor', language: 'en', at: 1 })

const transcript = (...lines: ReadonlyArray<readonly [TranscriptEntry['by'], string]>): TranscriptEntry[] =>
  lines.map(([by, words], i) => ({ seq: i + 1, at: i * 1000, by, message: text(words) }))
const contextOf = (...lines: ReadonlyArray<readonly [TranscriptEntry['by'], string]>) =>
  buildContext(conversation, handoff, transcript(...lines))

describe('what the agent receives', () => {
  it('is the whole conversation, in order, with why a person is needed', () => {
    const lines = transcript(
      ['customer', 'Where is my parcel 4711?'],
      ['bot', 'On its way.'],
      ['hub', 'Connecting you.'],
    )
    const context = buildContext(conversation, handoff, lines)
    expect(context).toMatchObject({ conversation: 7, channel: 'site', language: 'en', reason: handoff.reason })
    expect(context.transcript).toEqual(lines)
    expect(context.tried).toEqual(['On its way.'])
    expect(context.signals).toEqual(['The customer asked for a person.'])
  })

  it('has a summary of three lines, by the best name that is known', () => {
    const summaryOf = (customer: object) =>
      buildContext(
        { ...conversation, customer },
        handoff,
        transcript(['customer', 'My parcel is not here yet'], ['bot', 'Oh.']),
      ).summary
    expect(summaryOf({ name: 'Ana', email: 'ana@example.com' })).toBe(
      'Ana wrote 1 message; the bot answered 1.\nWhy a person: The customer asked for a person.\nWants: My parcel is not here yet',
    )
    expect(summaryOf({ email: 'ana@example.com' })).toMatch(/^ana@example\.com wrote/)
    expect(summaryOf({})).toMatch(/^The customer wrote/)
  })

  it('says what the agent before passed on, in a line of its own', () => {
    const passedOn = { by: 'Ana', note: 'Owed two refunds' }
    const context = buildContext(conversation, { ...handoff, passedOn }, transcript(['customer', 'My parcel is late']))
    expect(context.passedOn).toEqual(passedOn)
    expect(context.summary.split('\n').at(-1)).toBe('Ana passed it on: Owed two refunds')
  })

  it.each([
    [
      'the wish for a person is why they are here, not what they want',
      'My parcel has not arrived',
      'I want to talk to a human',
    ],
    ['a short word of agreement is not what they want', 'My parcel has not arrived', 'yes please'],
    ['nor is an empty message', 'My parcel has not arrived', '  '],
  ])('%s', (_, telling, last) => {
    expect(contextOf(['customer', telling], ['bot', 'Hm.'], ['customer', last]).wants).toBe(telling)
  })

  it('the last words stand where nothing tells more, and nothing where nothing was said', () => {
    expect(contextOf(['customer', 'hello'], ['customer', 'agent']).wants).toBe('agent')
    expect(contextOf().wants).toBe('')
    expect(contextOf().summary).toContain('wrote 0 messages; the bot answered 0')
  })

  it('what the bot tried is told once each, the newest eight', () => {
    const answers = Array.from({ length: 12 }, (_, i) => ['bot', `Answer ${i % 10}`] as const)
    const { tried, summary } = contextOf(...answers)
    expect(tried).toEqual([
      'Answer 2',
      'Answer 3',
      'Answer 4',
      'Answer 5',
      'Answer 6',
      'Answer 7',
      'Answer 8',
      'Answer 9',
    ])
    expect(summary).toContain('the bot answered 12.')
  })

  it('a long line is cut to 240 characters, never through a character', () => {
    const wants = (words: string) => contextOf(['customer', words]).wants
    expect(wants('x'.repeat(240))).toHaveLength(240)
    expect(wants('x'.repeat(241))).toBe(`${'x'.repeat(239)}…`)
    expect(wants(`${'x'.repeat(238)}😀😀`)).toBe(`${'x'.repeat(238)}…`)
  })

  it('carries what was understood, asked and felt', () => {
    const known = {
      ...conversation,
      understood: { intent: 'refund', confidence: 0.4 },
      measures: {
        ...conversation.measures,
        slots: { order: '4711' },
        felt: [
          { score: 0.2, loud: false, evidence: [] },
          { score: -0.7, loud: true, evidence: ['useless'] },
        ],
      },
    }
    expect(buildContext(known, handoff, [])).toMatchObject({
      intent: 'refund',
      confidence: 0.4,
      asked: { order: '4711' },
      sentiment: [0.2, -0.7],
    })
  })
})
