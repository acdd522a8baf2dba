/** Gear of this connector's tests: a stage with its webhooks registered, and a customer who answers. */
import type { HubEvent, Message } from '#hub/connector.ts'
import type { HostOptions } from '../../test/host.ts'
import { aVendorStage, type VendorStage } from '../../test/vendor-stage.ts'
import surveymonkey from './index.ts'
import type { SurveyMonkeyTwin } from './twin.ts'

export const yaml = {
  token: 'secret-token-4711',
  clientId: 'exAmpleClientId01',
  clientSecret: 'secret-of-the-app-0815',
  survey: '400500600',
}

export type Stage = VendorStage<SurveyMonkeyTwin>

export async function aStage(
  settings: object = {},
  options: Omit<HostOptions, 'url' | 'migrations'> = {},
): Promise<Stage> {
  return aVendorStage<SurveyMonkeyTwin>(surveymonkey, { ...yaml, ...settings }, { deadlineMs: 2_000, ...options })
}

/** As the hub has it shortly after its start. */
export async function aReadyStage(settings: object = {}, options: Omit<HostOptions, 'url' | 'migrations'> = {}) {
  const stage = await aStage(settings, options)
  await stage.connection.poll!.run()
  return stage
}

export function linkIn(message: Message | undefined): string {
  const part = message?.parts.find((each) => each.kind === 'survey')
  if (part?.kind !== 'survey') throw new Error('no survey in this message')
  return part.url
}

interface Given {
  readonly score?: number
  readonly comment?: string
  /** Further fields of the form. */
  readonly fields?: Readonly<Record<string, string>>
}

/** Fills in the public page as a browser does, and waits until the hub was told. */
export async function answer({ twin }: Stage, link: string, { score, comment, fields }: Given) {
  const [stars, , , words] = twin.account.questions()
  const choice = stars!.answers!.choices!.find(({ weight }) => weight === score)
  const body = new URLSearchParams({
    ...(choice ? { [`q${stars!.id}`]: choice.id } : {}),
    ...(comment ? { [`q${words!.id}`]: comment } : {}),
    ...fields,
  })
  const response = await fetch(link, { method: 'POST', body, redirect: 'manual' })
  await twin.delivered()
  return { status: response.status, body: await response.text() }
}

export const feedbackIn = (events: readonly HubEvent[]) =>
  events.flatMap((event) => (event.type === 'feedback' ? [event.feedback] : []))

/** The calls that match, as `GET /v3/…`. */
export const callsTo = ({ twin }: Stage, pattern: RegExp) =>
  twin.calls.map(({ method, path }) => `${method} ${path}`).filter((call) => pattern.test(call))
