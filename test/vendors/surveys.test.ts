/** Customers are asked how it was by a survey of SurveyMonkey, which goes wrong in each named way: asked once, counted once. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Trouble, troubles, type WebhookTrouble, webhookTroubles } from '../../src/twin.ts'
import type { Visitor } from '../app.ts'
import { desks } from './desks.ts'
import { aTwinHub, caseWith, type TwinHub, until } from './stage.ts'

const example = new URL('../../config/examples/webchat--faq--inbox--surveymonkey.yaml', import.meta.url)
const desk = desks.find(({ name }) => name === 'sample')!
const survey = 'how-was-it'
const yaml = `connections:
  site: { use: webchat }
  bot: { use: echo }
  people: ${'yaml' in desk.from ? desk.from.yaml : ''}
  ${survey}: ${JSON.stringify(parse(readFileSync(example, 'utf8')).connections[survey])}
mappings:
  - { channel: site, bot: bot, desks: [people], survey: ${survey}, limits: { surveyDelaySeconds: 0 } }
`

type Way = Trouble | WebhookTrouble
const isOfWebhooks = (way: Way): boolean => (webhookTroubles as readonly string[]).includes(way)

/** Calls that make an invitation possible, and the one that reads an answer. */
const inviting = /collectors|surveys\/\d+(\/details)?(\?|$)/
const reading = /responses\/\d+\/details/

/** An invitation that fails so is not made again by itself: credentials are a person's to renew. */
const losesInvitation: readonly Way[] = ['expired']

describe('a survey of SurveyMonkey', () => {
  let hub: TwinHub
  beforeAll(async () => {
    hub = await aTwinHub(yaml)
    await until('its webhooks', () => /response_completed/.test(factsOf(hub)))
  })
  afterAll(() => hub?.stop())

  it.for([...troubles, ...webhookTroubles])(
    'is shown once and counts once while it goes wrong: %s',
    { timeout: 300_000 },
    async (way) => {
      const twin = hub.twin(survey)
      const before = twin.misbehaved
      const dead = (await letters(hub)).length
      await forget(hub)
      if (isOfWebhooks(way)) twin.misbehave({ ways: [way], delayMs: 300 })
      else
        twin.misbehave({
          ways: [way],
          only: inviting,
          times: way.startsWith('hangs') || way === 'expired' ? 1 : 2,
          delayMs: 300,
        })

      // One after the other: with none remembered, the first finds nothing ready.
      const customers = [await served(hub, `${way} one`), await served(hub, `${way} two`)]
      const isLost = losesInvitation.includes(way)
      if (isLost) await until('the dead letter', async () => (await letters(hub)).length > dead)
      else await isInvited(customers[0]!)
      await isInvited(customers[1]!)
      expect(await openCollectors(hub)).toBe(1)

      if (!isOfWebhooks(way)) twin.misbehave({ ways: [way], only: reading, times: 1, delayMs: 300 })
      const asked = isLost ? customers.slice(1) : customers
      for (const [place, customer] of asked.entries()) await answer(hub, (await linksOf(customer))[0]!, place + 3)
      await Promise.race([twin.delivered(), sleep(2_000)])
      if (!isOfWebhooks(way)) expect(twin.misbehaved - before).toBeGreaterThanOrEqual(way.startsWith('hangs') ? 2 : 1)
      twin.misbehave()
      await until('all answers', async () => {
        if ((await scoresOf(hub, asked)).every((scores) => scores.length > 0)) return true
        await anHourPasses(hub)
        await hub.poll(survey).catch(() => {})
        return false
      })

      // Whatever else would still come has come after another look.
      await anHourPasses(hub)
      await hub.poll(survey)
      await until('rest', async () => (await hub.pending()) === 0)
      expect(twin.misbehaved).toBeGreaterThan(before)
      expect(await scoresOf(hub, asked)).toEqual(asked.map((_, place) => [place + 3]))
      for (const customer of asked) expect(await linksOf(customer)).toHaveLength(1)
      const given = (await letters(hub)).slice(0, (await letters(hub)).length - dead)
      expect(given.map(({ kind }: { kind: string }) => kind)).toEqual(isLost ? ['invite'] : [])
      if (isLost) expect(await linksOf(customers[0]!)).toEqual([])
    },
  )
})

const factsOf = (hub: TwinHub): string => JSON.stringify(hub.twin(survey).view().facts)

const openCollectors = async (hub: TwinHub): Promise<number> => {
  const fact = hub
    .twin(survey)
    .view()
    .facts.find(({ label }) => label === 'Collectors')
  return (fact?.value.match(/\bopen\b/g) ?? []).length
}

// biome-ignore lint/suspicious/noExplicitAny: read as a foreign program reads it
const letters = async (hub: TwinHub): Promise<any[]> => (await hub.staff('/api/v1/dead-letters')).json.deadLetters

/** As after a week of quiet, when the owner has closed the collector too: everything has to be looked for and made again. */
async function forget(hub: TwinHub): Promise<void> {
  await hub.twin(survey).act({ do: 'close' })
  await hub.database.pool.query(
    `DELETE FROM memory WHERE connection = $1 AND (key IN ('ready', 'seen') OR key LIKE 'survey:%')`,
    [survey],
  )
}

/** As far as the survey is concerned: it is time for its next look. */
async function anHourPasses(hub: TwinHub): Promise<void> {
  await hub.database.pool.query(
    `UPDATE memory SET value = '0'::jsonb WHERE connection = $1 AND key IN ('swept', 'look-again')`,
    [survey],
  )
}

/** A customer whose request was resolved by a person. */
async function served(hub: TwinHub, words: string): Promise<Visitor> {
  const visitor = await hub.visitor()
  await visitor.say(`A question about ${words}`)
  await visitor.say('human')
  const people = hub.twin('people')
  const { id } = await until('a ticket', () => caseWith(people, `A question about ${words}`))
  for (const { do: name, input } of desk.accept) await people.act({ do: name, case: id, input })
  await people.act({ do: desk.resolve.do, case: id, input: desk.resolve.input })
  return visitor
}

/** Of the surveys that the customer sees in the chat. */
async function linksOf(visitor: Visitor): Promise<string[]> {
  const parts = (await visitor.entries()).flatMap(({ message }) => message.parts)
  return parts.filter(({ kind }) => kind === 'survey').map(({ url }) => url)
}

/** The chat permits only so many looks in a minute. */
const isInvited = (visitor: Visitor): Promise<boolean> =>
  until('an invitation', async () => {
    await sleep(250)
    return (await linksOf(visitor)).length > 0
  })

async function answer(hub: TwinHub, link: string, score: number): Promise<void> {
  const twin = hub.twin(survey)
  await twin.act({ do: 'open', input: link })
  const { id, buttons } = twin.view().cases[0]!
  await twin.act({ do: buttons.find(({ do: what }) => what.startsWith('answer-'))!.do, case: id, input: String(score) })
  await twin.act({ do: 'complete', case: id })
}

const scoresOf = (hub: TwinHub, customers: readonly Visitor[]): Promise<number[][]> =>
  Promise.all(
    customers.map(async ({ thread }) =>
      (await hub.recorded(thread))!.events
        .filter(({ type }) => type === 'feedback')
        .map(({ body }) => body.feedback.score),
    ),
  )
