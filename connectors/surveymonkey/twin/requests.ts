/** What the twin demands of what it is sent. */
import type { Account, TwinWebhook } from './account.ts'
import { Refusal } from './refusal.ts'

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What was named; refuses when there is no such thing. */
export function found<T>(thing: T | undefined | false): T {
  if (thing === undefined || thing === false) throw new Refusal('missing')
  return thing
}

const types = ['weblink', 'email', 'sms', 'popup_invitation', 'embedded_survey', 'popup_survey']
const choices: Readonly<Record<string, readonly unknown[]>> = {
  redirect_type: ['url', 'close', 'loop'],
  edit_response_type: ['until_complete', 'never', 'always'],
  anonymous_type: ['not_anonymous', 'partially_anonymous', 'fully_anonymous'],
  allow_multiple_responses: [true, false],
}
export function collectorOf(body: unknown): Record<string, unknown> {
  if (!isPlainObject(body) || !types.includes(body.type as string)) throw new Refusal('schema')
  if (body.name !== undefined && typeof body.name !== 'string') throw new Refusal('schema')
  for (const [name, allowed] of Object.entries(choices))
    if (body[name] !== undefined && !allowed.includes(body[name])) throw new Refusal('schema')
  return { name: 'Web Link', ...body }
}

const aboutResponses = ['created', 'updated', 'completed', 'disqualified', 'overquota', 'deleted']
const events = [
  ...aboutResponses.map((what) => `response_${what}`),
  ...['created', 'updated', 'deleted'].flatMap((what) => [`collector_${what}`, `survey_${what}`]),
]

/** Of a new webhook, or of one that is changed. Looks whether somebody is there (HEAD) before it says yes. */
export async function checkWebhook(
  body: unknown,
  account: Account,
  own?: TwinWebhook,
): Promise<Record<string, unknown>> {
  if (!isPlainObject(body)) throw new Refusal('schema')
  const { name, event_type: event, object_type: type, object_ids: ids, subscription_url: url } = body
  if (typeof name !== 'string' || !name || !events.includes(event as string)) throw new Refusal('schema')
  if (typeof url !== 'string' || !URL.canParse(url)) throw new Refusal('schema')
  if (event === 'collector_created' && type === 'collector') throw new Refusal('schema')
  checkObjects(event as string, type, ids, account)
  const isUsed = [...account.webhooks.values()].some((one) => one !== own && one.body.subscription_url === url)
  if (isUsed)
    throw new Refusal(
      'exists',
      'The subscription url is already associated with a webhook.',
      account.quirks.usedUrlStatus,
    )
  if (own?.body.subscription_url !== url) await checkThere(url)
  return body
}

function checkObjects(event: string, type: unknown, ids: unknown, { survey, collectors }: Account): void {
  if (event === 'survey_created') {
    if (type !== undefined || ids !== undefined) throw new Refusal('schema')
    return
  }
  if ((type !== 'survey' && type !== 'collector') || !Array.isArray(ids) || ids.length === 0)
    throw new Refusal('schema')
  const exists = (id: unknown) => (type === 'survey' ? id === survey.id : collectors.has(id as string))
  if (!ids.every((id) => typeof id === 'string' && exists(id))) throw new Refusal('missing')
}

/** The error for this is not documented; 400 is what its kind has. */
async function checkThere(url: string): Promise<void> {
  const status = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(5_000) }).then(
    (response) => response.status,
    () => undefined,
  )
  if (status !== 200) throw new Refusal('badRequest', 'The subscription url did not answer HEAD with 200.')
}
