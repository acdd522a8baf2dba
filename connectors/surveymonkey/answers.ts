/** Brings answers to the hub: one at a time after a webhook, all since a cursor when one may have been missed. */
import type { Host, HubEvent } from '#hub/connector.ts'
import { HubError } from '#hub/errors.ts'
import type { Client } from './client.ts'
import type { Invitations } from './invitations.ts'
import type { Registration } from './registration.ts'
import type { Settings } from './settings.ts'
import { chooseQuestions, type Structures } from './structure.ts'
import { fromResponse, isCounted, type Response, timeOf, tokenIn, toVendorTime } from './translate.ts'

const minuteMs = 60_000
export const sweepEveryMs = 60 * minuteMs
/** A response may be stored later than it says. */
const overlapMs = 60 * minuteMs
/** A thousand answers; more wait for the next turn. */
const maxPages = 10
const readMarkMs = 7 * 24 * 60 * minuteMs

interface Parts {
  readonly settings: Settings
  readonly client: Client
  readonly structures: Structures
  readonly invitations: Invitations
  readonly registration: Registration
  /** Milliseconds until catching up may go on. */
  restMs(): Promise<number>
  readonly host: Host
}

export type Answers = ReturnType<typeof openAnswers>

export function openAnswers({ settings, client, structures, invitations, registration, restMs, host }: Parts) {
  const { memory, clock, log } = host
  const reading = new Map<string, Promise<void>>()
  let hasSwept = false

  const readMark = (id: string) => `read:${id}`

  /** The event of a response, when it is a customer's of whom we asked it. */
  async function toEvent(response: Response): Promise<HubEvent | undefined> {
    const token = isCounted(response) ? tokenIn(response, settings.variable) : undefined
    const invited = token && (await invitations.find(token))
    if (!invited) return undefined
    const known = fromResponse(response, invited, chooseQuestions(await structures.get(), settings), settings)
    const event =
      known === 'unknown'
        ? fromResponse(response, invited, chooseQuestions(await structures.renew(), settings), settings)
        : known
    if (typeof event !== 'string') return event
    log.info({ response: response.id, why: event }, 'a survey answer without a score')
    return undefined
  }

  async function fetchOne(id: string): Promise<void> {
    if (await memory.get(readMark(id))) return
    const response = await client.response(id)
    // The webhook can be ahead of the store.
    if (response.response_status === 'partial') throw new HubError('unknown', 'The response is not complete yet')
    const event = await toEvent(response)
    if (event) await host.receive([event])
    await memory.set(readMark(id), true, readMarkMs)
  }

  /** Of the responses that are new to us; a mark of one that was received saves the look next time. */
  async function receive(responses: readonly Response[]): Promise<void> {
    const fresh: Response[] = []
    for (const response of responses) if (!(await memory.get(readMark(response.id)))) fresh.push(response)
    const events: HubEvent[] = []
    for (const response of fresh) {
      const event = await toEvent(response)
      if (event) events.push(event)
    }
    if (events.length > 0) await host.receive(events)
    for (const { id } of fresh) await memory.set(readMark(id), true, readMarkMs)
  }

  async function sweep(collector: string): Promise<void> {
    const cursorKey = `cursor:${collector}`
    let cursor = (await memory.get<number>(cursorKey)) ?? clock.now()
    const since = toVendorTime(cursor - overlapMs)
    for (let number = 1; number <= maxPages; number++) {
      const { data, links } = await client.responses(collector, since, number)
      await receive(data)
      cursor = Math.max(cursor, ...data.map(timeOf))
      await memory.set(cursorKey, cursor)
      if (!links?.next || data.length === 0) return memory.set('swept', clock.now())
    }
  }

  async function isDue(): Promise<boolean> {
    const again = await memory.get<number>('look-again')
    const swept = (await memory.get<number>('swept')) ?? 0
    return !hasSwept || (again !== undefined && again <= clock.now()) || swept + sweepEveryMs <= clock.now()
  }

  return {
    /** Reads the response that a webhook named. Resolves once the hub has it, or it is sure to be looked for again. */
    async read(id: string): Promise<void> {
      const work = reading.get(id) ?? fetchOne(id).finally(() => reading.delete(id))
      reading.set(id, work)
      await work.catch(async (thrown: unknown) => {
        if (!isWorthLater(thrown)) throw thrown
        const wait = Math.max(thrown.retryAfterMs ?? 0, minuteMs)
        await memory.set('look-again', clock.now() + wait)
        log.info({ response: id, code: thrown.code }, 'an answer cannot be read yet; it is looked for again')
      })
    },

    /** At start, each hour, and after something could not be read. */
    async catchUp(): Promise<void> {
      const collector = await registration.known()
      if (!collector || !(await isDue()) || (await restMs()) > 0) return
      const again = await memory.get<number>('look-again')
      await sweep(collector.id)
      hasSwept = true
      if (again !== undefined && again <= clock.now()) await memory.delete('look-again')
    },
  }
}

/** What the vendor or its quota keeps from us now; not what the hub refuses, which the webhook must hear. */
const isWorthLater = (thrown: unknown): thrown is HubError => thrown instanceof HubError && thrown.code !== 'invalid'
