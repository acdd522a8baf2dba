/** What has to be there at SurveyMonkey: the variable, one collector, two webhooks. Looked for before it is made. */
import type { Host } from '#hub/connector.ts'
import { HubError } from '#hub/errors.ts'
import type { Client, Collector, Webhook } from './client.ts'
import type { Settings } from './settings.ts'
import type { Structures } from './structure.ts'

/** Paths below our address: each webhook needs a URL of its own (surveymonkey.md 5). */
export const callbacks = {
  'response-completed': 'response_completed',
  'survey-updated': 'survey_updated',
} as const

export interface OwnCollector {
  readonly id: string
  readonly url: string
}
interface Ready extends OwnCollector {
  /** What it was made for: other settings need another. */
  readonly for: string
}

/** Then we look whether somebody closed or deleted what is ours. */
const trustedMs = 24 * 60 * 60_000

export type Registration = ReturnType<typeof openRegistration>

export function openRegistration(settings: Settings, client: Client, structures: Structures, host: Host) {
  const { survey, variable, collector: given } = settings
  const purpose = [settings.url, survey, variable, given ?? ''].join(' ')
  const collectorName = `Baton ${host.name}`
  let preparing: Promise<OwnCollector> | undefined

  const prepare = async (): Promise<OwnCollector> => {
    await declareVariable()
    const found = given ? await client.collector(given) : ((await findOwn()) ?? (await create()))
    if (given && (found.status ?? 'open') !== 'open') throw isClosed(given)
    if (!found.url)
      throw new HubError(
        'invalid',
        `Collector ${found.id} has no link of its own: only a web link collector can be used`,
      )
    const own = { id: found.id, url: found.url }
    await host.memory.set('ready', { ...own, for: purpose } satisfies Ready, 7 * trustedMs)
    return own
  }
  /** A link with a variable that the survey does not declare loses it on the way. */
  async function declareVariable(): Promise<void> {
    if (variable in (await structures.get()).variables) return
    const { variables } = await structures.renew()
    if (variable in variables) return
    await client.declare({ ...variables, [variable]: variable }).catch((error: HubError) => {
      if (error.code !== 'refused') throw error
      const words = `Declare the custom variable "${variable}" in the survey, or grant surveys_write. ${error.message}`
      throw new HubError('refused', words, { cause: error })
    })
    await structures.forget()
    await structures.get()
  }
  async function findOwn(): Promise<Collector | undefined> {
    const own = (await client.collectors()).filter(
      ({ name, type = 'weblink', status = 'open' }) =>
        name === collectorName && type === 'weblink' && status === 'open',
    )
    const first = own.sort((one, two) => one.id.length - two.id.length || (one.id < two.id ? -1 : 1))[0]
    return first && !first.url ? client.collector(first.id) : first
  }
  const create = (): Promise<Collector> =>
    client.createCollector({
      type: 'weblink',
      name: collectorName,
      // The default blocks a second answer from one browser, so a customer who comes back would be turned away.
      allow_multiple_responses: true,
      anonymous_type: 'not_anonymous',
      edit_response_type: 'until_complete',
      ...(settings.thanksUrl ? { redirect_type: 'url', redirect_url: settings.thanksUrl } : {}),
    })

  async function known(): Promise<OwnCollector | undefined> {
    const ready = await host.memory.get<Ready>('ready')
    return ready?.for === purpose ? { id: ready.id, url: ready.url } : undefined
  }

  /** The collector whose link is given to customers; makes what is missing. */
  async function collector(): Promise<OwnCollector> {
    const ready = await known()
    if (ready) return ready
    preparing ??= prepare().finally(() => {
      preparing = undefined
    })
    return preparing
  }

  /** Nobody can answer at a closed collector: then another one is made. */
  async function look(): Promise<void> {
    const ready = await known()
    if (!ready) return
    const isOpen = await client.collector(ready.id).then(
      ({ status = 'open' }) => status === 'open',
      (error: HubError) => {
        if (error.code === 'unknown') return false
        throw error
      },
    )
    if (!isOpen) await host.memory.delete('ready')
    if (!isOpen && given) throw isClosed(given)
  }

  async function subscribe(): Promise<void> {
    const listed = await client.webhooks()
    for (const [path, event] of Object.entries(callbacks)) await ensureWebhook(listed, path, event)
  }
  async function ensureWebhook(listed: readonly Webhook[], path: string, event: string): Promise<void> {
    const wanted = {
      name: `Baton ${host.name} ${event}`,
      event_type: event,
      object_type: 'survey',
      object_ids: [survey],
      subscription_url: `${host.url}/${path}`,
    }
    const found = await findWebhook(listed, wanted)
    if (found && isAsWanted(found, wanted)) return
    const { subscription_url: _, ...changes } = wanted
    if (found) await client.changeWebhook(found.id, changes)
    else await createWebhook(wanted)
  }
  /** A list may leave the URL out; only those of our name are then asked for it, since each costs a call. */
  async function findWebhook(listed: readonly Webhook[], wanted: Wanted): Promise<Webhook | undefined> {
    for (const webhook of listed) {
      const isOurs = webhook.subscription_url === undefined && webhook.name === wanted.name
      const whole = isOurs ? await client.webhook(webhook.id) : webhook
      if (whole.subscription_url === wanted.subscription_url) return whole
    }
    return undefined
  }
  async function createWebhook(wanted: Wanted): Promise<void> {
    try {
      await client.createWebhook(wanted)
    } catch (error) {
      if (!(error instanceof HubError) || (error.code !== 'conflict' && error.code !== 'invalid')) throw error
      // "Used already" has been seen with 400 and with 409 (surveymonkey.md 2).
      if (await findWebhook(await client.webhooks(), wanted)) return
      const words = `SurveyMonkey did not take the webhook: can it reach ${wanted.subscription_url}? ${error.message}`
      throw new HubError('invalid', words, { cause: error })
    }
  }

  /** For the poll: everything is there, as far as we know. Cheap when it was seen within the day. */
  async function ensure(): Promise<void> {
    const seen = `${purpose} ${host.url}`
    if ((await host.memory.get<string>('seen')) === seen && (await known())) return
    await look()
    await collector()
    await subscribe()
    await host.memory.set('seen', seen, trustedMs)
  }

  return { collector, ensure, known }
}

const isClosed = (id: string) =>
  new HubError('conflict', `Collector ${id} is closed or deleted: open it, or name another`)

interface Wanted {
  readonly name: string
  readonly event_type: string
  readonly object_ids: readonly string[]
  readonly subscription_url: string
}

export const isAsWanted = (found: Webhook, wanted: Pick<Wanted, 'event_type' | 'object_ids'>): boolean =>
  found.event_type === wanted.event_type &&
  found.object_ids?.length === 1 &&
  found.object_ids[0] === wanted.object_ids[0]
