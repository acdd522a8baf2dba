/** Everything the connector asks and the twin answers, against Zendesk’s own OpenAPI files. */
import { expect, it } from 'vitest'
import { type OpenApi, openApiFile, readOpenApi, type SpokenCall } from './test/openapi.ts'
import { aStage, oauth, said } from './test/stage.ts'

const support = openApiFile('zendesk-support-oas.yaml')
const guide = openApiFile('zendesk-helpcenter-oas.yaml')

/** Not in any of the files; their shapes are those of the reference pages (zendesk.md 0). */
const undescribed = [
  /^POST \/api\/v2\/webhooks$/,
  /^GET \/api\/v2\/webhooks\/[^/]+\/signing_secret$/,
  /^GET \/api\/v2\/agent_availabilities\?/,
  /^GET \/api\/v2\/guide\/en-us\/survey_responses\/[^/]+$/,
]

/** Where the files say less than Zendesk does, each with its source: what remains must fit exactly. */
const knownGaps: [RegExp, RegExp, string][] = [
  [
    /comments|audits/,
    /query sort is not declared|query page is not declared/,
    'told in the description of the operation, not as a parameter',
  ],
  [
    /comments|audits|satisfaction_ratings/,
    /answer \/(meta|links) is not declared/,
    'cursor paging is described, its schemas have offset paging only (zendesk.md 7.5)',
  ],
  [/satisfaction_ratings/, /query (score|start_time) is not declared/, 'told in the description of the operation'],
  [/articles\/search/, /query per_page is not declared/, 'offset paging is on a page of its own'],
  [
    /articles\/search/,
    /answer \/(count|next_page|page|page_count|per_page|previous_page) is not declared/,
    'zendesk.md 14: not declared there',
  ],
  [
    /articles\/search/,
    /answer \/results\[\]\/(snippet|result_type|name) is not declared/,
    'declared beside `results` instead of inside it; `name` is in every answer',
  ],
  [/articles/, /answer \/(article|articles\[\])\/name is not declared/, '`name` is in every answer'],
  [
    /articles/,
    /answer \/(count|page|page_count|per_page|next_page|previous_page) is not declared/,
    'offset paging is on a page of its own',
  ],
  [
    /sections\/\d+\/articles/,
    /request \/article\/(draft|label_names) is not declared/,
    'ArticleRequest has five names only; `draft` is in the guide to drafts (zendesk.md 11.1)',
  ],
  [/POST \/api\/v2\/tickets$/, /answer \/audit is not declared/, 'the answer to a creation has an audit as well'],
  [/tickets/, /answer \/(count|next_page|previous_page) is not declared/, 'offset paging is on a page of its own'],
  [/show_many/, /answer \/(count|next_page|previous_page) is not declared/, 'offset paging is on a page of its own'],
  [
    /PUT \/api\/v2\/tickets\/\d+$/,
    /answer \/audit\/events\[\]\/(author_id|html_body|public|previous_value) is not declared/,
    'zendesk.md 8.2 shows them',
  ],
  [
    /tickets/,
    /answer \/tickets?\/(\d+\/)?type must be equal to one of the allowed values/,
    'declared nullable, while its list of values has no null',
  ],
  [
    /create_or_update/,
    /answer \/user(\/email must be string| must match a schema in anyOf)/,
    'a user without an address has null',
  ],
]
const usedGaps = new Set<RegExp>()
const isKnownGap = (call: string, fault: string): boolean => {
  const gap = knownGaps.find(([calls, faults]) => calls.test(call) && faults.test(fault))
  if (gap) usedGaps.add(gap[1])
  return gap !== undefined
}

async function everything(): Promise<readonly SpokenCall[]> {
  const stage = await aStage({
    subdomain: 'acme',
    oauth,
    tickets: { skills: 'routing', availability: 'support', fields: { order: 360041112233 }, tags: ['web'] },
    knowledge: { section: 31870099000044, userSegment: 31870042500, permissionGroup: 31870042410 },
    survey: { kind: 'ratings' },
  })
  const { desk, knowledge } = stage.connection
  const need = { skills: ['billing'], language: 'en' }
  const fields = { order: '4471', subject: 'Charged twice', type: 'question', tags: 'vip' }
  const ticket = await stage.offer({
    need,
    fields,
    customer: { id: 'crm-7', name: 'Lena', email: 'lena@example.com', verified: true },
  })
  const other = await stage.offer({ customer: { name: 'Lena', email: 'typed@example.com' } })
  await stage.offer({ customer: {} })
  await desk!.staffed!(need)
  await stage.act('take', ticket)
  await stage.act('reply', ticket, 'I look into it')
  await desk!.send(ticket, said('thank you'), 'openapi-1')
  await desk!.send(ticket, { ...said('a note'), by: 'hub', visibility: 'internal' }, 'openapi-2')
  const file = {
    kind: 'file',
    name: 'bill.txt',
    mime: 'text/plain',
    bytes: 2,
    url: `${stage.twin.settings.url}/nothing`,
  } as const
  await desk!.send(ticket, { ...said(''), message: { parts: [file] } }, 'openapi-3')
  await desk!.find!('openapi-1', ticket)
  await desk!.find!('stage-offer-1')
  await stage.act('solve', ticket, 'Both are back')
  await stage.act('rate', ticket, '5 very kind')
  await desk!.end(other, 'expired', 'openapi-4')
  await stage.catchUp()
  await knowledge!.search('duplicate charge', 3)
  await knowledge!.propose!({ title: 'New', body: '**New**' }, 'openapi-5')
  await stage.connection.check!()
  await stage.close()
  return stage.twin.calls.filter(({ path }) => path.startsWith('/api/v2'))
}

const wrongIn = (specs: readonly OpenApi[], call: SpokenCall): string[] => {
  const name = `${call.method} ${call.path}`
  const faults = specs.map((spec) => spec.faults(call)).find((found) => found !== undefined)
  if (!faults) return undescribed.some((known) => known.test(name)) ? [] : [`${name}: no such path`]
  const short = name.split('?')[0]!
  return faults.filter((fault) => !isKnownGap(short, fault)).map((fault) => `${short}: ${fault}`)
}

it('asks and answers as the official OpenAPI files say', async (context) => {
  if (!support || !guide) return context.skip('the OpenAPI files are not here: BATON_VENDORS names their place')
  const specs = [await readOpenApi(support), await readOpenApi(guide)]
  const calls = await everything()
  expect(calls.length).toBeGreaterThan(20)
  expect([...new Set(calls.flatMap((call) => wrongIn(specs, call)))]).toEqual([])
  expect(knownGaps.filter(([, gap]) => !usedGaps.has(gap)).map(([, , why]) => why)).toEqual([])
}, 120_000)
