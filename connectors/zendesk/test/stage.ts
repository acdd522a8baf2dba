/** The connector on its stage, with an agent who acts. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Fastify from 'fastify'
import type { Handoff, HubEvent, Ref } from '#hub/connector.ts'
import { aHandoff } from '../../../test/conformance/handoff.ts'
import { aHost, type HostOptions } from '../../../test/host.ts'
import { aVendorStage, type VendorStage } from '../../../test/vendor-stage.ts'
import zendesk from '../index.ts'
import { meId } from '../twin/account.ts'
import type { Quirks } from '../twin/quirks.ts'
import { openTwin, type ZendeskTwin } from '../twin.ts'
import { vendors } from './openapi.ts'

export const oauth = { clientId: 'baton', clientSecret: 'a-secret-of-the-client' }
export const apiToken = { email: 'baton@example.com', token: 'an-old-api-token' }
export const withOauth = { subdomain: 'acme', oauth, tickets: {} }

export interface Stage extends VendorStage<ZendeskTwin> {
  events(): readonly HubEvent[]
  /** An agent’s (or the customer’s) act; resolves when the hub was told. */
  act(what: string, ticket: Ref, input?: string): Promise<void>
  told(ticket: Ref): HubEvent[]
  offer(over?: Partial<Handoff>): Promise<Ref>
  seen(ticket: Ref): { by: string; text: string; visibility: 'public' | 'internal' }[]
  /** A look for what was missed: the export knows nothing of the last minute. */
  catchUp(): Promise<void>
}

/** With `poll` run once, so that the webhook is there. */
export async function aStage(
  settings: Readonly<Record<string, unknown>> = withOauth,
  quirks: Quirks = {},
  options: Omit<HostOptions, 'url' | 'migrations'> = {},
): Promise<Stage> {
  const connector = { ...zendesk, twin: (given: Parameters<typeof openTwin>[0]) => openTwin(given, quirks) }
  const stage = await aVendorStage<ZendeskTwin>(connector, settings, { deadlineMs: 2_000, ...options })
  // A user without the rights of an admin gets no webhook and no export, and hears of it.
  await stage.connection.poll?.run().catch((error) => {
    if (!quirks.noAdmin) throw error
  })
  let offers = 0
  return {
    ...stage,
    events: () => stage.host.received,
    async act(what, ticket, input) {
      await stage.twin.act({ do: what, case: ticket, input })
      await stage.twin.delivered()
    },
    told: (ticket) => stage.host.received.filter((event) => 'ticket' in event && event.ticket === ticket),
    offer: (over) => stage.connection.desk!.offer(aHandoff(over), `stage-offer-${++offers}`),
    seen: (ticket) =>
      (stage.twin.account.tickets.get(Number(ticket))?.comments ?? []).map(({ author_id, body, public: isPublic }) => ({
        by: author_id === meId ? 'hub' : String(author_id),
        text: body,
        visibility: isPublic ? 'public' : 'internal',
      })),
    async catchUp() {
      stage.host.advance(61_000)
      await stage.connection.poll?.run()
    },
  }
}

export const said = (text: string) =>
  ({
    by: 'customer',
    visibility: 'public',
    message: { parts: [{ kind: 'text', text }] },
    at: 1_700_000_100_000,
  }) as const

/** The connector against answers that are as they are: recorded ones. */
export async function aConnectionTo(
  answers: Readonly<
    Record<string, { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown }>
  >,
  settings: Readonly<Record<string, unknown>> = {},
) {
  const app = Fastify()
  app.all('*', (request, reply) => {
    const answer = answers[`${request.method} ${request.url.split('?')[0]}`]
    if (!answer) return reply.code(404).send({ error: 'RecordNotFound', description: 'Not found' })
    return reply
      .code(answer.status ?? 200)
      .headers(answer.headers ?? {})
      .send(answer.body)
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const host = await aHost()
  const connection = await zendesk.open({ subdomain: 'acme', callsPerMinute: 200, apiToken, url, ...settings }, host)
  return {
    connection,
    host,
    async close() {
      await app.close()
      await host.stop()
    },
  }
}

/** A shared payload of the vendor; undefined where they are not at hand. */
export async function recorded(name: string): Promise<undefined | Recorded> {
  const file = join(vendors, 'fixtures/zendesk', `${name}.json`)
  return existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : undefined
}
export type Recorded = {
  status?: number
  headers: Record<string, string>
  // biome-ignore lint/suspicious/noExplicitAny: as it came
  body: any
  rawBody: string
  signing_secret: string
}
export const notHere = 'the shared payloads are not here: BATON_VENDORS names their place'
