/** Tells the hub what happened in our tickets: at once when Zendesk says so, and by looking for what it did not say. */
import { type DeskEvent, type Host, HubError, type Ref } from '#hub/connector.ts'
import type { Client } from '../client.ts'
import type { Satisfaction } from '../survey/survey.ts'
import type { Told } from './events.ts'
import type { Looking } from './looking.ts'
import type { Directory } from './people.ts'
import { goneEvent, timeOf } from './reading.ts'
import type { Records } from './records.ts'
import { isMadeBy } from './translate.ts'
import type { Ticket } from './wire.ts'

export interface Reporting {
  take(told: Told): Promise<void>
  catchUp(): Promise<void>
}

export interface ReportingParts {
  readonly client: Client
  readonly host: Host
  readonly records: Records
  readonly people: Directory
  readonly looking: Looking
  readonly satisfaction?: Satisfaction
}

export function createReporting({ client, host, records, people, looking, satisfaction }: ReportingParts): Reporting {
  const isOurs = async (ticket: Ref, externalId: string | undefined): Promise<boolean> =>
    externalId === undefined ? (await records.ticket(ticket)) !== undefined : isMadeBy(host.name, externalId)

  const lookAtWhole = async (ticket: Ref, tags: readonly string[]): Promise<void> => {
    const story = await looking.whole(ticket, tags)
    if (story.isTakenUp) await records.reopen(ticket)
    if (story.events.length > 0) await host.receive([...story.events])
    await forgiving(host, 'a survey could not be read', async () => satisfaction?.read(ticket, story.surveys))
  }
  /** Words that cannot be fetched whole go out as the webhook has them; files are added by the next look. */
  const withMore = async (ticket: Ref, events: readonly DeskEvent[]): Promise<DeskEvent[]> => {
    try {
      const found = await looking.words(ticket)
      const ids = new Set(found.map(({ externalId }) => externalId))
      return [...found, ...events.filter(({ externalId }) => !ids.has(externalId))]
    } catch (error) {
      if (!(error instanceof HubError)) throw error
      host.log.info(
        { connection: host.name, code: error.code },
        'a comment could not be fetched; the webhook’s text is passed on',
      )
      return [...events]
    }
  }
  const tagsOf = async (ticket: Ref, told: readonly string[] | undefined): Promise<readonly string[]> =>
    told ?? (await client.get<{ ticket: Ticket }>(`/tickets/${ticket}`, 'ticket')).ticket.tags ?? []

  return {
    async take({ ticket, externalId, events, look, tags, person }) {
      if (ticket === undefined || !(await isOurs(ticket, externalId))) return
      if (person) people.learn(person)
      if (look === 'whole') return lookAtWhole(ticket, await tagsOf(ticket, tags))
      if (events.length === 0) return
      if (look === 'words') await records.reopen(ticket)
      await host.receive(look === 'words' ? await withMore(ticket, events) : await withNames(events))
    },
    catchUp: createCatchUp(client, host, lookAtWhole),
  }

  async function withNames(events: readonly DeskEvent[]): Promise<DeskEvent[]> {
    const nameless = events.flatMap((event) =>
      'agent' in event && event.agent?.ref && !event.agent.name ? [event.agent.ref] : [],
    )
    if (nameless.length === 0) return [...events]
    // A name is nice to have; news of an agent does not wait for it.
    const known = await people.of(nameless).catch(() => new Map<string, { name?: string }>())
    return events.map((event) => {
      const name = 'agent' in event && event.agent?.ref ? known.get(event.agent.ref)?.name : undefined
      return name && 'agent' in event ? ({ ...event, agent: { ...event.agent, name } } as DeskEvent) : event
    })
  }
}

/** What would fail the same way next time must not keep everything after it from being told. */
async function forgiving(host: Host, words: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (!(error instanceof HubError) || error.code === 'busy' || error.code === 'unreachable') throw error
    host.log.warn({ connection: host.name, error: error.message }, words)
  }
}

interface Exported {
  readonly tickets: readonly Ticket[]
  readonly after_cursor?: string | null
  readonly end_of_stream?: boolean
}

const memoryKey = 'export-cursor'
const mostPages = 5
/** The export has nothing of the last minute (Support OpenAPI, `start_time`). */
const firstLookSeconds = 120

/** Changed tickets since the last look, of which ours are read. Stops while the account's calls are needed for words. */
function createCatchUp(client: Client, host: Host, look: (ticket: Ref, tags: readonly string[]) => Promise<void>) {
  return async (): Promise<void> => {
    let cursor = await host.memory.get<string>(memoryKey)
    for (let page = 0; page < mostPages && !client.budget.isTight('support'); page++) {
      const start = Math.floor(host.clock.now() / 1_000) - firstLookSeconds
      const exported = await client.get<Exported>('/incremental/tickets/cursor', 'tickets', {
        query: cursor === undefined ? { start_time: start } : { cursor },
      })
      for (const ticket of exported.tickets) {
        if (!isMadeBy(host.name, ticket.external_id)) continue
        if (ticket.status === 'deleted')
          await host.receive([goneEvent(String(ticket.id), timeOf(ticket.updated_at), 'the ticket was deleted')])
        else await forgiving(host, 'a ticket could not be read', () => look(String(ticket.id), ticket.tags ?? []))
      }
      if (exported.after_cursor) await host.memory.set(memoryKey, exported.after_cursor)
      if (exported.end_of_stream !== false || !exported.after_cursor) return
      cursor = exported.after_cursor
    }
  }
}
