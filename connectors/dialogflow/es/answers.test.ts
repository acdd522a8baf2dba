/** What the hub reads in answers of ES: recorded ones and our own, each through the wire and Google's library. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BotTurn } from '#hub/connector.ts'
import { text } from '#hub/message.ts'
import { aVendorStage, type VendorStage } from '../../../test/vendor-stage.ts'
import { toFailure } from '../failures.ts'
import { openAnswers } from '../test/answers.ts'
import dialogflowEs from './index.ts'
import { contextsOf, fromResponse, type Response } from './translate.ts'
import type { EsTwin } from './twin.ts'

const answers = openAnswers('@google-cloud/dialogflow', 'google.cloud.dialogflow.v2', 'dialogflow-es')
const { bodyOf, message, missing, wired } = answers

const settings = {
  project: 'acme-demo',
  handover: { payloads: ['handoff'], actions: ['TRANSFER'], contexts: ['handoff'], intents: ['ask.me'] },
}

let on: VendorStage<EsTwin>
beforeAll(async () => {
  on = await aVendorStage<EsTwin>(dialogflowEs, settings)
})
afterAll(async () => on?.close())

const read = (json: object, inside?: string): Promise<BotTurn> => answers.read(on, json, inside)
const answered = (queryResult: object): Promise<BotTurn> => read({ queryResult })

describe('recorded answers', () => {
  const expected: Record<string, Partial<BotTurn>> = {
    'response-normal-order-status.json': {
      intent: 'order.status',
      confidence: 0.8731,
      noMatch: false,
      sentiment: -0.1,
      messages: [text('Parcel 88121 leaves the depot today.')],
      slots: { open: 0, filled: { order_no: '88121' } },
    },
    'response-handoff-flag.json': {
      wants: 'human',
      intent: 'talk.to.human',
      messages: [text('One moment, I am passing you to a colleague.')],
    },
    'response-custom-payload-handoff.json': {
      wants: 'human',
      need: { skills: ['retention'] },
      messages: [
        text('A specialist can do that for you.'),
        {
          parts: [
            { kind: 'text', text: 'Shall I connect you?' },
            {
              kind: 'choices',
              choices: [
                { label: 'Yes', value: 'Yes' },
                { label: 'No', value: 'No' },
              ],
            },
          ],
        },
      ],
    },
    'response-transfer-action.json': {
      wants: 'human',
      need: { skills: ['human-billing'] },
      messages: [text('Transferring you now.')],
    },
    'response-fallback-second-miss.json': { noMatch: true, messages: [text('Sorry, can you say that again?')] },
    'response-negative-sentiment.json': { sentiment: -0.9, confidence: 0.6402, noMatch: false },
    'response-slot-filling.json': { noMatch: false, slots: { open: 1, filled: { people: '4' } } },
    'response-webhook-failed.json': { noMatch: true, intent: 'balance.get' },
  }

  it.for(Object.entries(expected))('%s', async ([file, turn], context) => {
    if (missing) return context.skip(missing)
    const json = bodyOf(file)
    expect(wired(json, 'DetectIntentResponse'), 'loses nothing on the way').toMatchObject(json)
    expect(await read(json)).toMatchObject(turn)
  })

  it('a decoded answer, with null and empty where nothing is', (context) => {
    if (missing) return context.skip(missing)
    const response = bodyOf('response-custom-payload-handoff-decoded-client.json') as Response
    const chosen = { languages: [], webhookFailure: 'miss' } as never
    expect(fromResponse(response, [], chosen)).toEqual({
      ...expected['response-custom-payload-handoff.json'],
      intent: 'account.close',
      confidence: 0.9144,
      noMatch: false,
      slots: { open: 0, filled: {} },
    })
  })

  it('requests in the recorded shape lose nothing', async (context) => {
    if (missing) return context.skip(missing)
    const types = {
      'request-detect-intent-text.json': 'DetectIntentRequest',
      'request-update-intent-training.json': 'UpdateIntentRequest',
    }
    for (const [file, name] of Object.entries(types)) {
      const json = bodyOf(file)
      expect(wired(json, name)).toMatchObject(json)
    }
  })

  it('of a text that is too long is a failure that is not tried again', (context) => {
    if (missing) return context.skip(missing)
    expect(toFailure(bodyOf('error-text-too-long.json'))).toMatchObject({ code: 'invalid', message: /textLength/ })
  })
})

describe('kinds of answers', () => {
  const own = (file: string) => JSON.parse(readFileSync(new URL(`./fixtures/${file}`, import.meta.url), 'utf8'))

  it('shows words, cards and buttons, and nothing that is not for the customer', async () => {
    const turn = await read(own('all-kinds.json'))
    expect(turn).toMatchObject({ intent: 'gifts', confidence: 0.7 })
    expect(turn.slots).toEqual({ open: 0, filled: { size: '42', gift: 'false' } })
    expect(turn.wants).toBeUndefined()
    expect(turn.messages).toEqual([
      text('First line.'),
      {
        parts: [
          { kind: 'text', text: 'Which one?' },
          {
            kind: 'choices',
            choices: [
              { label: 'Blue', value: 'Blue' },
              { label: 'Red', value: 'Red' },
            ],
          },
        ],
      },
      text('[A box](https://shop.example.com/box.png)'),
      {
        parts: [
          {
            kind: 'text',
            text: 'Box\nFor gifts\n[Image](https://shop.example.com/card.png)\n[Open](https://shop.example.com)',
          },
          {
            kind: 'choices',
            choices: [
              { label: 'Buy it', value: 'buy box' },
              { label: 'Wrap it', value: 'Wrap it' },
            ],
          },
        ],
      },
      text('[Care](https://shop.example.com/care)\nDust it.'),
    ])
  })

  it('shows the answers of one platform where it is named', () => {
    const response = message(own('assistant-kinds.json')) as Response
    const chosen = { languages: [], webhookFailure: 'miss', platform: 'ACTIONS_ON_GOOGLE' } as never
    const { messages } = fromResponse(response, [], chosen)
    expect(messages.flatMap(({ parts }) => parts)).toEqual([
      { kind: 'text', text: 'Shown.' },
      { kind: 'text', text: 'Box\nFor **gifts**\n[Open](https://shop.example.com)' },
      { kind: 'choices', choices: [{ label: 'Blue', value: 'Blue' }] },
      { kind: 'text', text: '[Shop](https://shop.example.com)' },
      { kind: 'text', text: 'Boxes' },
      { kind: 'text', text: 'A small one' },
      { kind: 'choices', choices: [{ label: 'Small', value: 'box-1' }] },
      { kind: 'text', text: '[Care](https://shop.example.com/care)' },
      { kind: 'text', text: 'Sizes\nName\nSmall' },
      { kind: 'text', text: '[Song](https://shop.example.com/song.mp3)' },
    ])
    const forAll = fromResponse(response, [], { languages: [], webhookFailure: 'miss' } as never)
    expect(forAll.messages).toEqual([text('For all platforms.')])
  })

  const fine = { intent: { displayName: 'x' }, allRequiredParamsPresent: true }
  const asking: [string, object][] = [
    ['the flag of an intent', { intent: { displayName: 'x', liveAgentHandoff: true, endInteraction: true } }],
    ['an intent by name', { intent: { displayName: 'ask.me' } }],
    ['an action', { ...fine, action: 'TRANSFER' }],
    ['a webhook', { ...fine, webhookPayload: { handoff: { queue: 'x' } } }],
    ['a payload', { ...fine, fulfillmentMessages: [{ payload: { handoff: true } }] }],
    ['a context', { ...fine, outputContexts: [{ name: 'a/contexts/handoff', lifespanCount: 2 }] }],
  ]
  it.for(asking)('asks for a person by %s', async ([, result]) => {
    expect((await answered(result)).wants).toBe('human')
  })

  it('asks for a person by a transfer of a phone call, in v2beta1', () => {
    const response = { queryResult: { fulfillmentMessages: [{ telephonyTransferCall: { phoneNumber: '+100' } }] } }
    expect(fromResponse(response as Response, [], { webhookFailure: 'miss' } as never).wants).toBe('human')
  })

  const others: [string, object, BotTurn['wants']][] = [
    ['an end', { intent: { displayName: 'x', endInteraction: true } }, 'end'],
    ['the end in the diagnosis', { ...fine, diagnosticInfo: { end_conversation: true } }, 'end'],
    ['a close by LivePerson’s word', { ...fine, action: 'CLOSE_CONVERSATION' }, 'end'],
    ['a context that is over', { ...fine, outputContexts: [{ name: 'a/contexts/handoff' }] }, undefined],
    ['a payload that says no', { ...fine, fulfillmentMessages: [{ payload: { handoff: false } }] }, undefined],
    ['nothing', {}, undefined],
  ]
  it.for(others)('%s is no wish for a person', async ([, result, wants]) => {
    expect((await answered(result)).wants).toBe(wants)
  })

  it('asks once where a context stays', async () => {
    const json = { queryResult: { ...fine, outputContexts: [{ name: 'a/contexts/handoff', lifespanCount: 3 }] } }
    expect((await read(json, 'stays')).wants).toBe('human')
    expect((await read(json, 'stays')).wants).toBeUndefined()
  })

  it('has no feeling where none is told, and nothing understood where there is no intent', async () => {
    const turn = await answered({ fulfillmentText: 'Hm?' })
    expect(turn).toMatchObject({ noMatch: true, messages: [text('Hm?')] })
    expect(turn).not.toHaveProperty('sentiment')
    expect(turn).not.toHaveProperty('confidence')
  })

  it('does not send back what Dialogflow keeps for itself', () => {
    const names = ['__system_counters__', '4c1b_id_dialog_context', 'x_dialog_params_size', 'order']
    const outputContexts = names.map((name) => ({ name: `a/contexts/${name}`, lifespanCount: 2 }))
    expect(contextsOf({ outputContexts }).map(({ name }) => name)).toEqual(['order'])
  })

  it('goes on where a kind is newer than the library', async () => {
    const fulfillmentMessages = [{ platform: 'PLATFORM_UNSPECIFIED' }, { text: { text: ['still here'] } }]
    on.twin.answerNext({ queryResult: { fulfillmentMessages } })
    const turn = await on.connection.bot!.turn(text('…'), 'newer', 'newer')
    expect(turn.messages).toEqual([text('still here')])
  })

  it('an answer without a result is no answer', async () => {
    on.twin.answerNext({ responseId: 'empty' })
    await expect(on.connection.bot!.turn(text('…'), 'empty', 'empty')).rejects.toMatchObject({
      code: 'unreachable',
      certain: false,
    })
  })
})
