/** Every example with a vendor's desk, from the question to the survey, in a browser: the vendor is played at its twin's page. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { desks, type PlayedDesk } from '../vendors/desks.ts'
import { anAgent } from './agent.ts'
import { explainSkip, missing } from './chromium.ts'
import { aCustomer } from './customer.ts'
import { aStage, type Stage } from './stage.ts'
import { overflowOf } from './troubles.ts'
import { aVendorPage } from './vendor.ts'

explainSkip()

const root = fileURLToPath(new URL('../../', import.meta.url))
const pictures = process.env.SCREENS ? join(root, 'test/screens') : undefined

describe.skipIf(missing !== undefined).each(desks)('with the desk of $name', { timeout: 120_000 }, (desk) => {
  let stage: Stage
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-sandbox-'))
    stage = await aStage(500, await fileOf(desk, folder))
  })
  afterAll(async () => {
    await stage?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test('question, handoff, answer, resolution, survey', async () => {
    const vendor = await aVendorPage(stage, 'people')
    await vendor.page.getByText(/./).first().waitFor()
    const customer = await aCustomer(stage)
    await customer.open()
    await customer.say('Where is my order 4471?')
    await customer.say('I want to talk to a person')
    const ticket = vendor.caseWith('Where is my order 4471?')
    await ticket.waitFor()
    for (const { label, input } of desk.accept) await vendor.press(ticket, label, input)
    if (desk.accept.length > 0) await customer.sees(/has joined/)
    await vendor.press(ticket, desk.say.label, 'It left this morning.')
    await customer.sees('It left this morning.')
    await customer.say('Thank you, that helps')
    await vendor.caseWith('Thank you, that helps').waitFor()
    if (pictures) {
      await mkdir(pictures, { recursive: true })
      await vendor.page.screenshot({ path: join(pictures, `twin-${desk.name}.png`), fullPage: true })
    }
    expect(await overflowOf(vendor.page)).toBe(0)
    await vendor.press(ticket, desk.resolve.label, desk.resolve.input)
    await customer.page.getByRole('radio', { name: '5 of 5 stars' }).check()
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
})

async function fileOf({ from }: PlayedDesk, folder: string): Promise<string> {
  if ('example' in from) return join(root, 'config/examples', from.example)
  const file = join(folder, 'baton.yaml')
  const faq = JSON.stringify(join(root, 'config/demo/faq'))
  await writeFile(
    file,
    `connections:
  site: { use: webchat }
  first-line: { use: faq, folder: ${faq} }
  people: ${from.yaml}
  how-was-it: { use: form }
mappings:
  - { channel: site, bot: first-line, desks: [people], survey: how-was-it }
`,
  )
  return file
}

test.skipIf(missing !== undefined)(
  'a survey of another product is a link that opens its page',
  { timeout: 120_000 },
  async () => {
    const stage = await aStage(500, join(root, 'config/examples/webchat--faq--inbox--surveymonkey.yaml'))
    try {
      const [ana, customer] = await Promise.all([anAgent(stage), aCustomer(stage)])
      await customer.joinTheLine()
      await ana.accept()
      await ana.giveAway('Resolve', 'Resolve')
      const link = customer.page.getByRole('link', { name: 'How did we do?' })
      await link.waitFor()
      if (pictures) await customer.page.screenshot({ path: join(pictures, 'chat-survey-link.png') })
      expect(await link.getAttribute('rel')).toContain('noopener')
      const page = await fetch((await link.getAttribute('href'))!)
      expect(page.status).toBe(200)
      expect(await page.text()).toContain('<form')
      expect(await stage.clear(), 'what pages complained of').toEqual([])
    } finally {
      await stage.close()
    }
  },
)
