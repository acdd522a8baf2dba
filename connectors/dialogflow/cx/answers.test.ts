/** What the hub reads in answers of CX: recorded ones and our own, each through the wire and Google's library. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BotTurn } from '#hub/connector.ts'
import { text } from '#hub/message.ts'
import { aVendorStage, type VendorStage } from '../../../test/vendor-stage.ts'
import { openAnswers } from '../test/answers.ts'
import dialogflowCx from './index.ts'
import { fromResponse, type Response } from './translate.ts'
import type { CxTwin } from './twin.ts'

const answers = openAnswers('@google-cloud/dialogflow-cx', 'google.cloud.dialogflow.cx.v3', 'dialogflow-cx')
const { bodyOf, missing, wired } = answers

const settings = {
  project: 'acme-demo',
  location: 'europe-west3',
  agent: 'shop',
  handover: { payloads: ['handoff'], parameters: ['handoff'], places: ['Escalate'], intents: ['ask.me'] },
}

let on: VendorStage<CxTwin>
beforeAll(async () => {
  on = await aVendorStage<CxTwin>(dialogflowCx, settings)
})
afterAll(async () => on?.close())

const read = (json: object, inside?: string): Promise<BotTurn> => answers.read(on, json, inside)
const answered = (queryResult: object): Promise<BotTurn> => read({ responseType: 'FINAL', queryResult })

describe('recorded answers', () => {
  const expected: Record<string, Partial<BotTurn>> = {
    'response-normal.json': {
      intent: 'order.status',
      confidence: 0.8731,
      noMatch: false,
      sentiment: -0.1,
      messages: [text('Parcel 88121 leaves the depot today.')],
      slots: { open: 0, filled: { order_no: '88121', first_name: 'Ann' } },
    },
    'response-live-agent-handoff.json': {
      wants: 'human',
      need: { skills: ['orders'] },
      sentiment: -0.4,
      intent: 'talk.to.human',
      messages: [text('I am connecting you to a colleague.')],
    },
    'response-no-match.json': { noMatch: true, messages: [text('Can you rephrase that?')] },
    'response-welcome-event.json': { messages: [text('Hi Ann, what can I do for you?')] },
    'response-playbook-escalated.json': {
      wants: 'human',
      messages: [text('I understand. Let me bring in a specialist.')],
    },
    'response-conversation-success.json': { wants: 'end', intent: 'goodbye', messages: [text('Have a nice day!')] },
    'response-custom-payload-escalation.json': { wants: 'human', messages: [text('Please hold.')] },
    'response-knowledge-connector.json': {
      noMatch: false,
      confidence: 0.6,
      messages: [
        text('Refunds reach your account within 5 working days.'),
        text('[Refund policy](https://help.example.com/refunds)'),
      ],
      articles: [
        {
          ref: 'https://help.example.com/refunds',
          url: 'https://help.example.com/refunds',
          title: 'Refund policy',
          excerpt: 'Refunds are paid within five working days.',
          score: 0.8,
        },
      ],
    },
  }

  it.for(Object.entries(expected))('%s', async ([file, turn], context) => {
    if (missing) return context.skip(missing)
    const json = bodyOf(file)
    expect(wired(json, 'DetectIntentResponse'), 'loses nothing on the way').toMatchObject(json)
    expect(await read(json)).toMatchObject(turn)
  })

  it('a decoded answer, with null and empty where nothing is', (context) => {
    if (missing) return context.skip(missing)
    const response = bodyOf('response-live-agent-handoff-decoded-client.json') as Response
    const chosen = { languages: [], webhookFailure: 'miss' } as never
    expect(fromResponse(response, undefined, chosen)).toEqual({
      messages: [text('I am connecting you to a colleague.')],
      intent: 'talk.to.human',
      confidence: 1,
      noMatch: false,
      sentiment: -0.4,
      slots: { open: 0, filled: { order_no: '88121' } },
      wants: 'human',
      need: { skills: ['orders'] },
    })
  })

  it('requests in the recorded shape are ones the twin takes', async (context) => {
    if (missing) return context.skip(missing)
    for (const file of ['request-detect-intent.json', 'request-resume-after-human.json']) {
      const json = bodyOf(file)
      expect(wired(json, 'DetectIntentRequest')).toMatchObject(json)
    }
  })
})

describe('kinds of answers', () => {
  it('shows words, cards and buttons, and nothing that is not for the customer', async () => {
    const json = JSON.parse(readFileSync(new URL('./fixtures/all-kinds.json', import.meta.url), 'utf8'))
    const turn = await read(json)
    expect(turn).toMatchObject({ intent: 'gifts', confidence: 0.7 })
    expect(turn.slots).toEqual({ open: 0, filled: { size: '42', gift: 'false' } })
    expect(turn.wants).toBeUndefined()
    expect(turn.messages).toEqual([
      text('First line.'),
      text('Second line.'),
      {
        parts: [
          {
            kind: 'text',
            text: [
              '[Box](https://shop.example.com/box)\nFor gifts',
              'Sizes\nSmall\nLarge',
              '[A box](https://shop.example.com/box.png)',
              'Care\nOnce a year\nDust it.',
              '[Open the shop](https://shop.example.com)',
              '[Read on](https://shop.example.com/more)',
            ].join('\n\n'),
          },
          { kind: 'choices', choices: [{ label: 'Buy it', value: 'Buy it' }] },
        ],
      },
      {
        parts: [
          {
            kind: 'choices',
            choices: [
              { label: 'Blue', value: 'event:chose_blue' },
              { label: 'Red', value: 'event:chose_red' },
            ],
          },
        ],
      },
    ])
  })

  const asking: [string, object][] = [
    ['a live agent handoff without metadata', { responseMessages: [{ liveAgentHandoff: {} }] }],
    ['an end before the handoff', { responseMessages: [{ endInteraction: {} }, { liveAgentHandoff: {} }] }],
    ['an escalating trace', { traceBlocks: [{ endState: 'OUTPUT_STATE_ESCALATED' }] }],
    ['a flow that failed for a human', { match: { matchType: 'EVENT', event: 'flow-failed-human-escalation' } }],
    ['a transfer of a phone call', { responseMessages: [{ telephonyTransferCall: { phoneNumber: '+100' } }] }],
    ['a tool of another client', { responseMessages: [{ toolCall: { tool: 'projects/p/tools/t', action: 'open' } }] }],
    ['its own payload', { responseMessages: [{ payload: { handoff: true } }] }],
    ['a payload of a webhook', { webhookPayloads: [{ handoff: { queue: 'x' } }] }],
    ['a transfer by LivePerson’s word', { responseMessages: [{ payload: { action: 'TRANSFER' } }] }],
    ['a session parameter', { parameters: { handoff: 'yes' } }],
    ['a page', { currentPage: { name: 'p/1', displayName: 'Escalate' } }],
    ['an intent', { match: { matchType: 'INTENT', intent: { name: 'a/intents/1', displayName: 'ask.me' } } }],
  ]
  it.for(asking)('asks for a person by %s', async ([, result]) => {
    expect((await answered(result)).wants).toBe('human')
  })

  const others: [string, object, BotTurn['wants']][] = [
    ['an end', { responseMessages: [{ endInteraction: {} }] }, 'end'],
    ['success', { responseMessages: [{ conversationSuccess: {} }] }, 'end'],
    [
      'the end of CCAI Platform',
      { responseMessages: [{ payload: { ujet: { type: 'action', action: 'end' } } }] },
      'end',
    ],
    ['a close by LivePerson’s word', { responseMessages: [{ payload: { action: 'CLOSE_CONVERSATION' } }] }, 'end'],
    ['a payload that says no', { responseMessages: [{ payload: { handoff: false } }] }, undefined],
    ['nothing', {}, undefined],
  ]
  it.for(others)('%s is no wish for a person', async ([, result, wants]) => {
    expect((await answered(result)).wants).toBe(wants)
  })

  it('asks once where a parameter stays set', async () => {
    const json = { queryResult: { parameters: { handoff: true } } }
    expect((await read(json, 'stays')).wants).toBe('human')
    expect((await read(json, 'stays')).wants).toBeUndefined()
  })

  it('has no feeling where none is told, and no confidence that means nothing', async () => {
    const turn = await answered({ match: { matchType: 'PLAYBOOK', confidence: 1 } })
    expect(turn).not.toHaveProperty('sentiment')
    expect(turn).not.toHaveProperty('confidence')
    expect(turn).not.toHaveProperty('noMatch')
  })

  it.for([
    { decision: 'REJECTED_BY_GROUNDING', score: 'LOW' },
    { decision: 'ACCEPTED_BY_GROUNDING', score: 'VERY_LOW' },
  ])('an answer without ground is a miss: %o', async (groundingSignals) => {
    const turn = await answered({
      match: { matchType: 'KNOWLEDGE_CONNECTOR', confidence: 0.4 },
      dataStoreConnectionSignals: { groundingSignals },
    })
    expect(turn).toMatchObject({ noMatch: true, articles: [] })
  })

  it('goes on where a kind or a number is newer than the library', async () => {
    on.twin.answerNext({
      responseType: 'FINAL',
      queryResult: {
        responseMessages: [{ channel: 'x' }, { text: { text: ['still here'] } }],
        match: { matchType: 11 },
      },
    })
    const turn = await on.connection.bot!.turn(text('…'), 'newer', 'newer')
    expect(turn).toMatchObject({ messages: [text('still here')] })
    expect(turn.wants).toBeUndefined()
  })

  it('an answer without a result is no answer', async () => {
    on.twin.answerNext({ responseId: 'empty' })
    await expect(on.connection.bot!.turn(text('…'), 'empty', 'empty')).rejects.toMatchObject({
      code: 'unreachable',
      certain: false,
    })
  })
})
