import { describe, expect, it } from 'vitest'
import { type DeskHarness, deskConformance } from '../../test/conformance/desk.ts'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { knowledgeConformance } from '../../test/conformance/knowledge.ts'
import { surveyConformance } from '../../test/conformance/survey.ts'
import { vendorConformance } from '../../test/conformance/vendor.ts'
import { apiToken, aStage, oauth, type Stage, said, withOauth } from './test/stage.ts'
import type { Quirks } from './twin/quirks.ts'

const deskHarness = async (settings: Readonly<Record<string, unknown>>, quirks?: Quirks): Promise<DeskHarness> => {
  const stage = await aStage(settings, quirks)
  return {
    desk: stage.connection.desk!,
    handoff: aHandoff,
    events: stage.events,
    seenByVendor: async (ticket) => stage.seen(ticket),
    close: stage.close,
    actAsAgent: {
      accept: (ticket) => stage.act('take', ticket),
      say: (ticket, text) => stage.act('reply', ticket, text),
      note: (ticket, text) => stage.act('note', ticket, text),
      resolve: (ticket) => stage.act('solve', ticket),
      return: (ticket) => stage.act('return', ticket),
    },
  }
}

deskConformance('zendesk', () => deskHarness({ ...withOauth, tickets: { availability: 'support' } }))
deskConformance('zendesk with an API token and a webhook fired by triggers', () =>
  deskHarness(
    { subdomain: 'acme', apiToken, tickets: { webhookSecret: 'a-webhook-made-by-hand' } },
    { guideNeedsJson: false },
  ),
)

const vendorHarness = (settings: Readonly<Record<string, unknown>>, secret: string, quirks?: Quirks) => async () => {
  const stage = await aStage(settings, quirks)
  const { desk } = stage.connection
  const ticket = await stage.offer()
  await stage.act('take', ticket)
  let causes = 0
  return {
    twin: stage.twin,
    write: (key: string) => desk!.send(ticket, said(`written as ${key}.`), key),
    timesSeen: async (key: string) =>
      stage.seen(ticket).filter(({ text }) => text.includes(`written as ${key}.`)).length,
    find: (key: string) => desk!.find!(key, ticket),
    cause: () => stage.act('reply', ticket, `an answer, number ${++causes}`),
    catchUp: stage.catchUp,
    events: stage.events,
    secrets: [secret, 'written as'],
    close: stage.close,
  }
}
vendorConformance('zendesk', vendorHarness(withOauth, oauth.clientSecret), { renews: true })
vendorConformance(
  'zendesk with an API token',
  vendorHarness({ subdomain: 'acme', apiToken, tickets: {} }, apiToken.token),
)

vendorConformance(
  'zendesk, making tickets',
  async () => {
    const stage = await aStage()
    const handoffs = new Map<string, ReturnType<typeof aHandoff>>()
    const handoffOf = (key: string) => handoffs.get(key) ?? handoffs.set(key, aHandoff()).get(key)!
    return {
      twin: stage.twin,
      write: (key) => stage.connection.desk!.offer(handoffOf(key), key),
      timesSeen: async (key) =>
        [...stage.twin.account.tickets.values()].filter((one) => one.external_id === `baton:test:${key}`).length,
      find: (key) => stage.connection.desk!.find!(key),
      events: stage.events,
      secrets: [oauth.clientSecret, 'lena@example.com', 'charged twice'],
      close: stage.close,
    }
  },
  { renews: true },
)

const helpCenter = { ...withOauth, knowledge: { locale: 'en-us', section: 31870099000044 } }
for (const guideNeedsJson of [true, false])
  knowledgeConformance(
    `zendesk, where the Help Center ${guideNeedsJson ? 'needs' : 'does not need'} .json`,
    async () => {
      const stage = await aStage(helpCenter, { guideNeedsJson })
      return {
        knowledge: stage.connection.knowledge!,
        question: 'duplicate charge',
        best: 'Duplicate charges',
        nonsense: 'xylophone quokka',
        drafts: async () => [...stage.twin.account.articles.values()].filter(({ draft }) => draft).length,
        close: stage.close,
      }
    },
  )

surveyConformance(
  'zendesk',
  async () => {
    const stage = await aStage({ ...withOauth, survey: { kind: 'surveys', scale: 5 } })
    for (const number of [1, 2]) await stage.offer({ conversation: 1, number })
    return { survey: stage.connection.survey!, visitor: 'a-thread', scale: 5, events: stage.events, close: stage.close }
  },
  { noAnswers: 'Zendesk asks the customer by itself, and answers are given there' },
)

describe('the roles of a zendesk connection', () => {
  const rolesOf = async (settings: object) => {
    const stage: Stage = await aStage({ subdomain: 'acme', oauth, ...settings })
    const { desk, knowledge, survey, hooks, poll } = stage.connection
    await stage.close()
    return { desk: !!desk, knowledge: !!knowledge, survey: !!survey, told: !!hooks && !!poll }
  }
  it('is a desk without any section, and otherwise what the sections say', async () => {
    expect(await rolesOf({})).toEqual({ desk: true, knowledge: false, survey: false, told: true })
    expect(await rolesOf({ knowledge: {} })).toEqual({ desk: false, knowledge: true, survey: false, told: false })
    expect(await rolesOf({ tickets: {}, knowledge: {}, survey: {} })).toEqual({
      desk: true,
      knowledge: true,
      survey: true,
      told: true,
    })
  })
  it('says what is wrong with a configuration', async () => {
    await expect(rolesOf({ survey: {} })).rejects.toMatchObject({ code: 'invalid' })
    await expect(rolesOf({ apiToken })).rejects.toMatchObject({ code: 'invalid' })
    await expect(rolesOf({ oauth: undefined })).rejects.toMatchObject({ code: 'invalid' })
  })
  it('says who it is, and when its credentials are wrong', async () => {
    const stage = await aStage()
    expect(await stage.connection.check!()).toBe('Baton (admin) at acme')
    stage.twin.misbehave({ ways: ['expired'] })
    await expect(stage.connection.check!()).rejects.toMatchObject({ code: 'refused' })
    await stage.close()
  })
})
