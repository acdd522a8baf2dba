/** Skills of Zendesk’s skills-based routing, found by their names (zendesk.md 9). Needs an admin. */
import { type Host, HubError, type Skills as Need, type Ref } from '#hub/connector.ts'
import type { Client } from '../client.ts'
import type { TicketSettings } from '../settings.ts'

export interface Skills {
  /** Tells Zendesk what the agent of this ticket must be able to do. A ticket without skills is better than none: never throws. */
  need(ticket: Ref, need: Need): Promise<void>
  /** The ids of these skills, those that Zendesk has. */
  idsOf(names: readonly string[]): Promise<string[]>
}

interface Value {
  readonly id: string
  readonly name?: string
}

const freshMs = 10 * 60_000

export function createSkills(client: Client, settings: TicketSettings, host: Host): Skills {
  let known: { readonly values: ReadonlyMap<string, string>; readonly until: number } | undefined

  const catalogue = async (): Promise<ReadonlyMap<string, string>> => {
    if (known && known.until > host.clock.now()) return known.values
    const { attributes } = await client.get<{ attributes: readonly Value[] }>('/routing/attributes', 'attributes')
    const values = new Map<string, string>()
    for (const { id } of attributes) {
      const path = `/routing/attributes/${encodeURIComponent(id)}/values`
      const page = await client.get<{ attribute_values: readonly Value[] }>(path, 'attribute_values')
      for (const value of page.attribute_values) if (value.name) values.set(value.name.toLowerCase(), value.id)
    }
    known = { values, until: host.clock.now() + freshMs }
    return values
  }
  const idsOf = async (names: readonly string[]): Promise<string[]> => {
    const values = names.length === 0 ? new Map<string, string>() : await catalogue()
    return names.flatMap((name) => values.get(name.toLowerCase()) ?? [])
  }

  return {
    idsOf,
    async need(ticket, { skills }) {
      if (settings.skills !== 'routing' || skills.length === 0) return
      try {
        const ids = await idsOf(skills)
        if (ids.length < skills.length)
          host.log.warn(
            { connection: host.name, wanted: skills, found: ids.length },
            'Zendesk does not have all of these skills',
          )
        if (ids.length === 0) return
        await client.post(`/routing/tickets/${ticket}/instance_values`, 'attribute_values', {
          body: { attribute_value_ids: ids },
        })
      } catch (error) {
        if (!(error instanceof HubError)) throw error
        host.log.warn(
          { connection: host.name, error: error.message },
          'the ticket has no skills: Zendesk did not take them',
        )
      }
    },
  }
}
