/** Examples whose bot is a vendor's, from the question to the survey, in a browser: every vendor is played by its twin. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explainSkip, missing } from './chromium.ts'
import { aCustomer } from './customer.ts'
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
