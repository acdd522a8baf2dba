import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anInvitation } from '../../test/conformance/survey.ts'
import { aDatabase, type TestDatabase } from '../../test/engines.ts'
import { aHost } from '../../test/host.ts'
import { sweepEveryMs } from './answers.ts'
import surveymonkey from './index.ts'
import {
  answer,
  aStage as begin,
  callsTo,
  feedbackIn,
  linkIn,
  aReadyStage as ready,
  type Stage,
  yaml,
} from './stage.ts'

let database: TestDatabase
let connections = 0
beforeAll(async () => {
  database = await aDatabase()
})
afterAll(() => database.drop())
const own = (more: { now?: number } = {}) => ({ database, name: `set-up-${++connections}`, ...more })
const aStage = (settings = {}, options = own()) => begin(settings, options)
const aReadyStage = (settings = {}, options = own()) => ready(settings, options)

const dayMs = 24 * 60 * 60_000
const run = ({ connection }: Stage) => connection.poll!.run()
const invite = ({ connection }: Stage, key = 'key-1', handoff = 1) =>
  connection.survey!.invite(anInvitation({ handoff }), 'lena', key)

describe('the set-up', () => {
  it('declares the variable, makes one collector and two webhooks, and then makes no call', async () => {
    const stage = await aReadyStage({ thanksUrl: 'https://shop.example.com/thanks' })
    const { account } = stage.twin
    expect(account.survey.custom_variables).toEqual({ hub_ref: 'hub_ref' })
    expect([...account.collectors.values()].map(({ body }) => body)).toEqual([
      {
        type: 'weblink',
        name: `Baton ${stage.host.name}`,
        allow_multiple_responses: true,
        anonymous_type: 'not_anonymous',
        edit_response_type: 'until_complete',
        redirect_type: 'url',
        redirect_url: 'https://shop.example.com/thanks',
      },
    ])
    expect([...account.webhooks.values()].map(({ body }) => [body.event_type, body.subscription_url])).toEqual([
      ['response_completed', `${stage.hooksUrl}/response-completed`],
      ['survey_updated', `${stage.hooksUrl}/survey-updated`],
    ])
    const before = stage.twin.calls.length
    await run(stage)
    expect(stage.twin.calls.length).toBe(before)
    await stage.close()
  })

  it('keeps the variables that the survey has', async () => {
    const stage = await aStage()
    stage.twin.account.survey.custom_variables = { source: 'Source' }
    await run(stage)
    expect(stage.twin.account.survey.custom_variables).toEqual({ source: 'Source', hub_ref: 'hub_ref' })
    await stage.close()
  })

  it('says what to do when it may not declare the variable, and needs no scope when it is declared', async () => {
    const stage = await aStage()
    const { account } = stage.twin
    account.quirks.scopes = account.quirks.scopes.filter((scope) => scope !== 'surveys_write')
    await expect(run(stage)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/Declare the custom variable "hub_ref" .*surveys_write/),
    })
    account.survey.custom_variables = { hub_ref: 'hub_ref' }
    stage.host.advance(11 * 60_000)
    await run(stage)
    expect(account.webhooks.size).toBe(2)
    await stage.close()
  })

  it.each([400, 409] as const)(
    'finds its webhooks again where a used URL is refused with %i',
    async (usedUrlStatus) => {
      const stage = await aStage()
      Object.assign(stage.twin.account.quirks, { usedUrlStatus, shortLists: true })
      // The answer is lost, but the webhook is there.
      stage.twin.misbehave({ ways: ['resetsAfter'], only: /POST \/v3\/webhooks/, times: 1 })
      await expect(run(stage)).rejects.toMatchObject({ code: 'unreachable', certain: false })
      stage.host.advance(60_000)
      await run(stage)
      expect(stage.twin.account.webhooks.size).toBe(2)
      await stage.close()
    },
  )

  it('takes over a webhook of its URL that is for another survey', async () => {
    const stage = await aReadyStage()
    const [webhook] = stage.twin.account.webhooks.values()
    webhook!.body = { ...webhook!.body, object_ids: ['1'] }
    stage.host.advance(dayMs)
    await run(stage)
    expect(webhook!.body.object_ids).toEqual([yaml.survey])
    expect(stage.twin.account.webhooks.size).toBe(2)
    await stage.close()
  })

  it('tells the operator which address could not be reached, and tries less and less often', async () => {
    const stage = await aStage()
    const unreached = await aHost({ ...own(), url: 'http://127.0.0.1:9/hooks/test' })
    const settings = { ...yaml, ...stage.twin.settings, variable: 'hub_ref' }
    const connection = await surveymonkey.open(settings as never, unreached)
    await expect(connection.poll!.run()).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('can it reach http://127.0.0.1:9/hooks/test/response-completed?'),
    })
    const tries = () => callsTo(stage, /POST \/v3\/webhooks/).length
    expect(tries()).toBe(1)
    for (let minute = 1; minute <= 10; minute++) {
      unreached.advance(60_000)
      await connection.poll!.run().catch(() => {})
    }
    expect(tries()).toBe(4)
    await unreached.stop()
    await stage.close()
  })

  it('makes another collector when somebody closed ours', async () => {
    const stage = await aReadyStage()
    await stage.twin.act({ do: 'close' })
    stage.host.advance(dayMs)
    await run(stage)
    const states = [...stage.twin.account.collectors.values()].map(({ status }) => status)
    expect(states).toEqual(['closed', 'open'])
    expect((await answer(stage, linkIn(await invite(stage)), { score: 5 })).status).toBe(200)
    expect(stage.host.received).toHaveLength(1)
    await stage.close()
  })

  it('uses the collector that the YAML names, and says so when it is closed', async () => {
    const stage = await aReadyStage({ collector: '450001777' })
    expect(linkIn(await invite(stage))).toContain('/r/T001777?')
    expect(stage.twin.account.collectors.size).toBe(1)
    await stage.twin.act({ do: 'close' })
    stage.host.advance(dayMs)
    await expect(run(stage)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('450001777') })
    await stage.close()
  })

  it('makes one collector for two invitations at the same moment', async () => {
    const stage = await aStage()
    await Promise.all([invite(stage, 'a', 1), invite(stage, 'b', 2)])
    expect(stage.twin.account.collectors.size).toBe(1)
    await stage.close()
  })

  it('is the same for a hub that starts again on the same record', async () => {
    const options = own()
    const stage = await aReadyStage({}, options)
    const before = linkIn(await invite(stage))
    const settings = { ...yaml, ...stage.twin.settings, variable: 'hub_ref' }
    const again = await surveymonkey.open(settings as never, await aHost({ ...options, url: stage.hooksUrl }))
    const after = await again.survey!.invite(anInvitation(), 'lena', 'key-1')
    expect(linkIn(after)).toBe(before)
    await stage.close()
  })
})

describe('the limits', () => {
  it('of the day are not overrun: what is missed comes the next day', async () => {
    const stage = await aReadyStage()
    const { twin, host } = stage
    const link = linkIn(await invite(stage))
    twin.account.quirks.dayLimit = twin.calls.length + 1
    const other = linkIn(await invite(stage, 'key-2', 2))
    await answer(stage, link, { score: 5 })
    expect(feedbackIn(host.received)).toHaveLength(1)
    const before = twin.calls.filter(({ path }) => path.startsWith('/v3')).length
    await answer(stage, other, { score: 4 })
    host.advance(sweepEveryMs / 2)
    await run(stage)
    expect(twin.calls.filter(({ path }) => path.startsWith('/v3'))).toHaveLength(before)
    expect(twin.calls.some(({ status }) => status === 429)).toBe(false)
    host.advance(dayMs)
    twin.account.quirks.dayLimit = 500
    await run(stage)
    expect(feedbackIn(host.received)).toMatchObject([{ score: 5 }, { handoff: 2, score: 4 }])
    await stage.close()
  })

  it('of the day are remembered by a hub that starts again', async () => {
    const options = own()
    const stage = await aReadyStage({}, options)
    stage.twin.account.quirks.dayLimit = stage.twin.calls.length + 1
    await stage.connection.check!()
    const calls = stage.twin.calls.length
    const settings = { ...yaml, ...stage.twin.settings, variable: 'hub_ref' }
    const again = await surveymonkey.open(settings as never, await aHost({ ...options, url: stage.hooksUrl }))
    await expect(again.check!()).rejects.toMatchObject({ code: 'busy', retryAfterMs: expect.any(Number) })
    expect(stage.twin.calls.length).toBe(calls)
    await stage.close()
  })

  it('leave a tenth of the day to the customers who answer now', async () => {
    // A morning, so that neither the vendor's day ends nor what is known of the survey grows old, whenever this runs.
    const stage = await aReadyStage({}, own({ now: Date.parse('2026-11-23T08:00:00Z') }))
    const { twin, host } = stage
    twin.account.quirks.dayLimit = 20
    while (twin.calls.length < 18) await stage.connection.check!()
    const link = linkIn(await invite(stage))
    host.advance(sweepEveryMs)
    await run(stage)
    expect(twin.calls, 'no sweep').toHaveLength(18)
    await answer(stage, link, { score: 5 })
    expect(host.received).toHaveLength(1)
    await stage.close()
  })
})

describe('catching up', () => {
  it('reads page after page, each response once, and goes on from where it was', async () => {
    const stage = await aReadyStage()
    const { twin, host } = stage
    const links: string[] = []
    for (let number = 1; number <= 102; number++) links.push(linkIn(await invite(stage, `key-${number}`, number)))
    const later = links.pop()!
    twin.misbehave({ ways: ['lost'] })
    for (const link of links) await answer(stage, link, { score: 5 })
    const sweep = async () => {
      const before = callsTo(stage, /bulk/).length
      host.advance(3 * sweepEveryMs)
      await run(stage)
      return callsTo(stage, /bulk/).slice(before)
    }
    expect(await sweep()).toHaveLength(2)
    expect(host.received).toHaveLength(101)
    await answer(stage, later, { score: 4 })
    await sweep()
    expect(host.received).toHaveLength(102)
    const last = await sweep()
    expect(last).toEqual([expect.stringMatching(/start_modified_at=\d{4}-\d\d-\d\dT/)])
    expect(host.received).toHaveLength(102)
    await stage.close()
  })

  it('takes up again where the hub could not take the answers', async () => {
    const stage = await aReadyStage()
    const { twin, host } = stage
    const link = linkIn(await invite(stage))
    twin.misbehave({ ways: ['lost'] })
    await answer(stage, link, { score: 5 })
    host.onReceive = async () => {
      throw new Error('the record is away')
    }
    host.advance(sweepEveryMs)
    await expect(run(stage)).rejects.toThrow('the record is away')
    host.onReceive = undefined
    host.advance(60_000)
    await run(stage)
    expect(host.received).toHaveLength(1)
    await stage.close()
  })
})

describe('the check', () => {
  it('says who we are', async () => {
    const { connection, close } = await aStage()
    expect(await connection.check!()).toBe(
      'signed in at SurveyMonkey as fennel-and-finch, plan advantage_annual; may read answers and set up webhooks',
    )
    await close()
  })

  it('names the scopes that are missing', async () => {
    const { connection, twin, close } = await aStage()
    twin.account.quirks.scopes = ['users_read', 'surveys_read', 'responses_read', 'collectors_read']
    await expect(connection.check!()).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('collectors_write, responses_read_detail, webhooks_read, webhooks_write'),
    })
    await close()
  })

  it.each([{ numericErrorIds: true }, { revokedOddly: true }])('understands a no in the form %j', async (quirk) => {
    const { connection, twin, close } = await aStage()
    Object.assign(twin.account.quirks, quirk)
    if (quirk.numericErrorIds) twin.account.quirks.scopes = []
    await expect(connection.check!()).rejects.toMatchObject({ code: 'refused' })
    await close()
  })
})
