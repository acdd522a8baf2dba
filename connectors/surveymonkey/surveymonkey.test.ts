import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anInvitation, surveyConformance } from '../../test/conformance/survey.ts'
import { vendorConformance } from '../../test/conformance/vendor.ts'
import { aDatabase, type TestDatabase } from '../../test/engines.ts'
import { aHost } from '../../test/host.ts'
import { sweepEveryMs } from './answers.ts'
import surveymonkey from './index.ts'
import { answer, aReadyStage, aStage, callsTo, feedbackIn, linkIn, yaml } from './stage.ts'

let database: TestDatabase
let connections = 0
beforeAll(async () => {
  database = await aDatabase()
})
afterAll(() => database.drop())
const own = () => ({ database, name: `survey-${++connections}` })

surveyConformance(
  'surveymonkey',
  async () => {
    const stage = await aReadyStage({}, own())
    const { collectors } = stage.twin.account
    return {
      survey: stage.connection.survey!,
      visitor: 'lena',
      scale: 5,
      answer: (invitation, given) => answer(stage, linkIn(invitation), given as { score?: number }),
      answerUnknown: (given) => {
        const code = [...collectors.values()][0]!.code
        return answer(
          stage,
          `${stage.twin.settings.url}/r/${code}?hub_ref=${'x'.repeat(32)}`,
          given as { score: number },
        )
      },
      events: () => stage.host.received,
      close: stage.close,
    }
  },
  { elsewhere: 'the answer is given on a page of SurveyMonkey' },
)

vendorConformance('surveymonkey', async () => {
  const stage = await aReadyStage({}, own())
  const { twin, host } = stage
  let handoffs = 0
  /** Only what `write` changes at the vendor goes wrong: the making of the collector. */
  const misbehave: typeof twin.misbehave = (how) => {
    const isCall = how?.ways.some((way) => !['duplicates', 'disorder', 'late', 'lost'].includes(way))
    twin.misbehave(how && isCall ? { only: /POST \/v3\/surveys\/\d+\/collectors/, ...how } : how)
  }
  return {
    twin: { ...twin, misbehave },
    /** The first invitation of a connection with this name: later ones change nothing at the vendor. */
    async write(key) {
      const other = await aHost({ name: key, database, deadlineMs: 2_000, url: `${stage.hooksUrl}/${key}` })
      const connection = await surveymonkey.open({ ...yaml, ...twin.settings, variable: 'hub_ref' } as never, other)
      return connection.survey!.invite(anInvitation(), 'lena', key)
    },
    timesSeen: async (key) =>
      [...twin.account.collectors.values()].filter(({ body }) => body.name === `Baton ${key}`).length,
    async cause() {
      const invitation = anInvitation({ conversation: 5, handoff: ++handoffs })
      const message = await stage.connection.survey!.invite(invitation, 'lena', `cause-${handoffs}`)
      await answer(stage, linkIn(message), { score: 4, comment: 'Fine.' })
    },
    async catchUp() {
      host.advance(sweepEveryMs)
      await stage.connection.poll!.run()
    },
    events: () => host.received,
    secrets: [yaml.token, yaml.clientSecret],
    close: stage.close,
  }
})

describe('an invitation', () => {
  it('asks in the company’s words, else in those of the survey, and costs no call', async () => {
    const stage = await aReadyStage({ question: { en: 'How did we do?', de: 'Wie waren wir?' } }, own())
    const { survey } = stage.connection
    const before = stage.twin.calls.length
    const words = async (language: string | undefined, key: string) => {
      const message = await survey!.invite(anInvitation({ language }), 'lena', key)
      return message!.parts[0]
    }
    expect(await words('de-AT', 'a')).toMatchObject({ kind: 'survey', question: 'Wie waren wir?', handoff: 1 })
    expect(await words('it', 'b')).toMatchObject({ question: 'How did we do?' })
    expect(stage.twin.calls.length).toBe(before)
    await stage.close()

    const plain = await aReadyStage({}, own())
    const message = await plain.connection.survey!.invite(anInvitation(), 'lena', 'a')
    expect(message!.parts[0]).toMatchObject({ question: 'How was the help you got?' })
    await plain.close()
  })

  it('holds a token that says nothing and cannot be guessed; only its hash is kept', async () => {
    const { connection, host, close } = await aReadyStage({}, own())
    const link = linkIn(await connection.survey!.invite(anInvitation({ conversation: 7311 }), 'lena', 'key-1'))
    const token = new URL(link).searchParams.get('hub_ref')!
    expect(token).toMatch(/^[\w-]{32}$/)
    const rows = await host.database.selectFrom('memory').selectAll().where('connection', '=', host.name).execute()
    expect(JSON.stringify(rows)).not.toContain(token)
    await close()
  })

  it.each(['a changed token', 'no token'])('with %s brings nothing', async (what) => {
    const stage = await aReadyStage({}, own())
    const link = new URL(linkIn(await stage.connection.survey!.invite(anInvitation(), 'lena', 'key-1')))
    const token = link.searchParams.get('hub_ref')!
    if (what === 'no token') link.searchParams.delete('hub_ref')
    else link.searchParams.set('hub_ref', `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)
    expect((await answer(stage, link.href, { score: 5 })).status).toBe(200)
    expect(stage.host.received).toEqual([])
    await stage.close()
  })

  it('of an erased conversation brings nothing any more', async () => {
    const stage = await aReadyStage({}, own())
    const invite = (conversation: number, key: string) =>
      stage.connection.survey!.invite(anInvitation({ conversation }), 'lena', key)
    const [gone, kept] = [await invite(1, 'key-1'), await invite(2, 'key-2')]
    await stage.connection.erase!({ conversation: 1, thread: 'lena' })
    await answer(stage, linkIn(gone), { score: 1 })
    await answer(stage, linkIn(kept), { score: 5 })
    expect(stage.host.received).toMatchObject([{ conversation: 2, feedback: { score: 5 } }])
    await stage.close()
  })
})

describe('an answer', () => {
  const invited = async (settings: object = {}) => {
    const stage = await aReadyStage(settings, own())
    const link = linkIn(await stage.connection.survey!.invite(anInvitation(), 'lena', 'key-1'))
    return { ...stage, stage, link }
  }

  it('by the buttons of the stand is the same as on the page', async () => {
    const { twin, host, link, close } = await invited()
    await twin.act({ do: 'open', input: `How was the help you got? ${link}` })
    const { id, buttons } = twin.view().cases[0]!
    expect(buttons.map(({ label }) => label)).toContain('Anything else?')
    await twin.act({ do: 'answer-613000001', case: id, input: '3' })
    await twin.act({ do: 'answer-613000004', case: id, input: 'So so' })
    await twin.delivered()
    expect(host.received).toEqual([])
    await twin.act({ do: 'complete', case: id })
    await twin.delivered()
    expect(feedbackIn(host.received)).toEqual([{ handoff: 1, score: 3, scale: 5, comment: 'So so' }])
    expect(twin.view().cases[0]).toMatchObject({ state: 'completed' })
    await expect(twin.act({ do: 'complete', case: id })).rejects.toMatchObject({ code: 'invalid' })
    await close()
  })

  it('of NPS is the number that was picked, and 0 is one', async () => {
    const { stage, twin, host, link, close } = await invited({ scoreQuestion: '613000002' })
    const nps = twin.account.questions().find(({ headings }) => headings[0]!.heading.includes('recommend'))!
    expect(nps.id).toBe('613000002')
    const zero = nps.answers!.choices![0]!.id
    await answer(stage, link, { score: 1, fields: { q613000002: zero } })
    expect(feedbackIn(host.received)).toEqual([{ handoff: 1, score: 0, scale: 10 }])
    await close()
  })

  it('of choices is worth what the YAML says, with the words beside it', async () => {
    const { stage, twin, host, link, close } = await invited({
      scoreQuestion: '613000003',
      scores: { Yes: 3, Partly: 2, No: 1 },
    })
    const { choices } = twin.account.questions()[2]!.answers!
    const fields = { q613000003: choices![1]!.id, 'q613000003-other': 'The second part is open' }
    await answer(stage, link, { score: 5, comment: 'Thanks', fields })
    expect(feedbackIn(host.received)).toEqual([
      { handoff: 1, score: 2, scale: 3, comment: 'Thanks\nThe second part is open' },
    ])
    await close()
  })

  it('costs one call, also when its webhook comes again', async () => {
    const { stage, twin, link, close } = await invited()
    const before = twin.calls.length
    await answer(stage, link, { score: 5 })
    await twin.act({ do: 'repeat' })
    await twin.delivered()
    expect(callsTo(stage, /\/v3\//).slice(before)).toHaveLength(1)
    await close()
  })

  it.each(['missing', 'partial'] as const)('that the store says is %s at first is looked for again', async (lagsAs) => {
    const { stage, twin, host, connection, link, close } = await invited()
    Object.assign(twin.account.quirks, { storeLag: 1, lagsAs })
    await answer(stage, link, { score: 2 })
    expect(host.received).toEqual([])
    await connection.poll!.run()
    expect(host.received, 'not before a minute has passed').toEqual([])
    host.advance(60_000)
    await connection.poll!.run()
    expect(feedbackIn(host.received)).toEqual([{ handoff: 1, score: 2, scale: 5 }])
    await close()
  })

  it('to choices that are new is understood after one look at the survey', async () => {
    const { stage, twin, host, link, close } = await invited()
    twin.misbehave({ ways: ['lost'], only: /survey_updated/ })
    await twin.act({ do: 'edit' })
    host.advance(11 * 60_000)
    await answer(stage, link, { score: 4 })
    expect(feedbackIn(host.received)).toEqual([{ handoff: 1, score: 4, scale: 5 }])
    expect(callsTo(stage, /\/details$/).filter((call) => !call.includes('/responses/'))).toHaveLength(3)
    await close()
  })

  it('after an edit that we were told of needs no such look', async () => {
    const { stage, twin, host, link, close } = await invited()
    await twin.act({ do: 'edit' })
    await twin.delivered()
    await answer(stage, link, { score: 4 })
    expect(feedbackIn(host.received)).toEqual([{ handoff: 1, score: 4, scale: 5 }])
    await close()
  })

  it('in a preview of the owner does not count', async () => {
    const { twin, host, link, close } = await invited()
    await twin.act({ do: 'open', input: link })
    const [response] = twin.account.responses.values()
    response!.mode = 'preview'
    await twin.act({ do: 'answer-613000001', case: response!.id, input: '1' })
    await twin.act({ do: 'complete', case: response!.id })
    await twin.delivered()
    expect(host.received).toEqual([])
    await close()
  })

  it('is refused with 503 when the hub cannot take it, and comes with the next look', async () => {
    const { stage, host, connection, link, close } = await invited()
    host.onReceive = async () => {
      throw new Error('the record is away')
    }
    await answer(stage, link, { score: 5 })
    expect(host.received).toEqual([])
    host.onReceive = undefined
    host.advance(sweepEveryMs)
    await connection.poll!.run()
    expect(feedbackIn(host.received)).toMatchObject([{ score: 5 }])
    await close()
  })
})

it('names every field of its settings', () => {
  for (const [name, field] of Object.entries(surveymonkey.settings.properties))
    expect(field, name).toMatchObject({
      title: expect.any(String),
      description: expect.any(String),
      examples: [expect.anything()],
    })
})

it('does not open with a token that is not accepted, and opens while the vendor is away', async () => {
  const stage = await aStage({}, own())
  const settings = { ...yaml, ...stage.twin.settings, variable: 'hub_ref' } as never
  const wrong = surveymonkey.open({ ...(settings as object), token: 'nonsense' } as never, stage.host)
  await expect(wrong).rejects.toMatchObject({ code: 'refused', message: expect.not.stringContaining('nonsense') })
  stage.twin.misbehave({ ways: ['errors'] })
  await surveymonkey.open(settings, stage.host)
  await stage.close()
})
