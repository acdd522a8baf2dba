/** The twin's webhooks: signed as the vendor does, one for each subscription that the event concerns. */
import { createHmac } from 'node:crypto'
import type { Clock } from '#hub/clock.ts'
import type { Delivery, Webhook } from '#hub/twin.ts'
import type { Account, TwinResponse, TwinWebhook } from './account.ts'
import { vendorTime } from './bodies.ts'

export interface AppKeys {
  readonly clientId: string
  readonly clientSecret: string
}

export type Callbacks = ReturnType<typeof openCallbacks>

export function openCallbacks(account: Account, { clientId, clientSecret }: AppKeys, delivery: Delivery, clock: Clock) {
  let events = 10_012_345_000
  let last: Webhook | undefined

  const send = (webhook: Webhook) => {
    last = webhook
    delivery.send(webhook)
  }
  const signed = ({ body }: TwinWebhook, object: 'response' | 'survey', said: object): Webhook => {
    const raw = asAscii(JSON.stringify(said))
    const signature = createHmac('sha1', `${clientId}&${clientSecret}`).update(raw).digest('base64')
    return {
      name: String(body.event_type),
      url: String(body.subscription_url),
      headers: {
        'content-type': `application/vnd.surveymonkey.${object}.v1+json`,
        'sm-apikey': clientId,
        'sm-signature': signature,
        ...(typeof body.authorization === 'string' ? { authorization: body.authorization } : {}),
      },
      body: raw,
    }
  }
  const subscribed = (event: string, ids: readonly string[]): TwinWebhook[] =>
    [...account.webhooks.values()].filter(
      ({ body }) => body.event_type === event && (body.object_ids as string[]).some((id) => ids.includes(id)),
    )
  const say = (event: string, object: 'response' | 'survey', objectId: string, ids: string[], resources: object) => {
    for (const webhook of subscribed(event, ids)) {
      const { name, object_type, object_ids } = webhook.body
      send(
        signed(webhook, object, {
          name,
          filter_type: object_type,
          filter_id: (object_ids as string[]).find((id) => ids.includes(id)),
          event_type: event,
          event_id: String(++events),
          object_type: object,
          object_id: objectId,
          event_datetime: vendorTime(clock.now()),
          resources,
        }),
      )
    }
  }

  return {
    response(event: string, { id, collector }: TwinResponse): void {
      const resources = {
        respondent_id: id,
        recipient_id: '0',
        collector_id: collector.id,
        survey_id: account.survey.id,
        user_id: '88001234',
      }
      say(event, 'response', id, [account.survey.id, collector.id], resources)
    },
    survey(event: string): void {
      const { id } = account.survey
      say(event, 'survey', id, [id], { survey_id: id, user_id: '88001234' })
    },
    /** Sends the last one once more. False when there was none. */
    repeat(): boolean {
      if (last) send(last)
      return last !== undefined
    },
  }
}

const asAscii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
