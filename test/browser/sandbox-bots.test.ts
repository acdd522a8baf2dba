/** Examples whose bot is a vendor's, from the question to the survey, in a browser: every vendor is played by its twin. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anAgent } from './agent.ts'
import { explainSkip, missing } from './chromium.ts'
import { aCustomer, says } from './customer.ts'
import { aStage, patienceMs, type Stage } from './stage.ts'
import { aVendorPage } from './vendor.ts'

explainSkip()

const example = (name: string) => fileURLToPath(new URL(`../../config/examples/${name}.yaml`, import.meta.url))

interface Recorded {
  readonly conversation: { readonly handoff?: { readonly reason?: { readonly criterion?: string } } }
  readonly timeline: readonly { readonly type: string; readonly body: { readonly feedback?: object } }[]
}

/** The only conversation. */
async function recorded(stage: Stage): Promise<Recorded> {
  const { conversations } = await stage.ask<{ conversations: { id: number }[] }>('/api/v1/conversations')
  expect(conversations).toHaveLength(1)
  return stage.ask<Recorded>(`/api/v1/conversations/${conversations[0]!.id}`)
}

const feedback = async (stage: Stage) =>
  (await recorded(stage)).timeline.filter(({ type }) => type === 'feedback').map(({ body }) => body)

describe.skipIf(missing !== undefined)('Dialogflow CX, Zendesk and SurveyMonkey', { timeout: 180_000 }, () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await aStage(500, example('dialogflow-cx--zendesk--surveymonkey'))
  }, 180_000)
  afterAll(() => stage?.close())

  test('question, handoff, answer, resolution, survey', async () => {
    const vendor = await aVendorPage(stage, 'people')
    const customer = await aCustomer(stage)
    await customer.open()
    await customer.say('Where is my order?')
    await customer.sees('What is the number of your order?')
    await customer.say('88121')
    await customer.sees('Parcel 88121 leaves the depot today.')
    await customer.say('I want to talk to a person')
    await customer.sees('I am connecting you with a person.')

    const ticket = vendor.caseWith('Parcel 88121 leaves the depot today.')
    await ticket.waitFor()
    await vendor.press(ticket, 'Public reply', 'I have asked the depot: it is on the van.')
    await customer.sees('I have asked the depot: it is on the van.')
    await customer.say('Thank you, that helps')
    await vendor.caseWith('Thank you, that helps').waitFor()
    await vendor.press(ticket, 'Submit as solved', 'Glad to help')
    await customer.sees('Glad to help')
    const { handoff } = (await recorded(stage)).conversation
    expect(handoff).toMatchObject({ reason: { criterion: 'human_request' } })

    const link = customer.page.getByRole('link', { name: 'How did we do?' })
    await link.waitFor()
    const context = customer.page.context()
    const complaints: { readonly text: string; readonly url: string }[] = []
    context.on('console', (message) => {
      if (message.type() === 'error') complaints.push({ text: message.text(), url: message.location().url })
    })
    const [survey] = await Promise.all([context.waitForEvent('page'), link.click()])
    await survey.getByRole('radio', { name: '4 stars' }).check()
    await survey.getByLabel('Anything else?').fill('Quick and kind')
    await survey.getByRole('button', { name: 'Done' }).click()
    await survey.getByText('Thank you for completing our survey!').waitFor()
    await expect
      .poll(() => feedback(stage), { timeout: patienceMs })
      .toMatchObject([{ feedback: { score: 4, scale: 5, comment: 'Quick and kind' } }])

    // The survey's page is not ours: what it asks for and complains of is its own matter.
    const elsewhere = new URL(survey.url()).origin
    const theirs = complaints.filter(({ url }) => url.startsWith(elsewhere)).map(({ text }) => text)
    expect(complaints.filter(({ url }) => !url.startsWith(elsewhere))).toEqual([])
    const troubles = (await stage.clear()).filter(
      (one) => !one.includes(`request to elsewhere: ${elsewhere}/`) && !theirs.some((text) => one.endsWith(text)),
    )
    expect(troubles, 'what pages complained of').toEqual([])
  })
})

describe.skipIf(missing !== undefined)('Dialogflow ES and our own inbox', { timeout: 180_000 }, () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await aStage(500, example('webchat--dialogflow-es--inbox'))
  }, 180_000)
  afterAll(() => stage?.close())

  test('question, handoff, answer, resolution, survey', async () => {
    const [ana, customer] = await Promise.all([anAgent(stage), aCustomer(stage)])
    const bot = await aVendorPage(stage, 'first-line')
    await customer.open()
    await customer.say('hello')
    await customer.sees('Hello! I am the bot of this shop.')
    await customer.pick('Where is my order?')
    await customer.sees('What is the number of your order?')
    await customer.say('88121')
    await customer.sees('Parcel 88121 leaves the depot today.')
    await bot.caseWith('Parcel 88121 leaves the depot today.').waitFor()
    // Of a wish for a person the bot never hears; here it is the bot that wants one.
    await customer.say('I want to close my account')
    await customer.sees('A specialist can do that for you.')

    await ana.accept()
    expect((await recorded(stage)).conversation.handoff).toMatchObject({ reason: { criterion: 'bot_request' } })
    await ana.sees('Parcel 88121 leaves the depot today.')
    await ana.reply('It is on the van.')
    await customer.sees('It is on the van.')
    await customer.say('Thank you')
    await ana.endsWith({ by: 'agent', text: 'It is on the van.' }, { by: 'customer', text: 'Thank you' })
    await ana.giveAway('Resolve', 'Resolve')

    await customer.page.getByRole('radio', { name: '5 of 5 stars' }).check()
    await customer.page.getByRole('button', { name: 'Send answer' }).click()
    await customer.page.getByText('Thank you for your answer').waitFor()
    await expect
      .poll(() => feedback(stage), { timeout: patienceMs })
      .toMatchObject([{ feedback: { score: 5, scale: 5 } }])
    expect((await customer.rows()).filter(({ text }) => text === 'Parcel 88121 leaves the depot today.')).toEqual([
      says('bot', 'Parcel 88121 leaves the depot today.'),
    ])
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
})
