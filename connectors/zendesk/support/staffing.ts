/** Whether an agent is there, by Zendesk’s agent availabilities (zendesk.md 9). What it may not tell is unknown, not nobody. */
import { HubError, type Skills, type Staffing } from '#hub/connector.ts'
import type { DeskParts } from './desk.ts'

interface Page {
  readonly data: readonly {
    readonly id?: string
    readonly attributes?: {
      readonly agent_id?: number
      readonly group_ids?: readonly number[]
      readonly skills?: readonly { readonly id?: string }[]
    }
  }[]
  readonly included?: readonly {
    readonly id?: string
    readonly attributes?: {
      readonly status?: string
      readonly work_item_count?: number
      readonly max_capacity?: number
    }
  }[]
  readonly meta?: { readonly has_more?: boolean; readonly after_cursor?: string | null }
}

/** The permission is missing or the feature is off: asked again after this time. */
const unknownMs = 10 * 60_000
const mostPages = 5

export function createStaffing({ client, settings, host, skills }: DeskParts, channel: 'support' | 'messaging') {
  let unknownUntil = 0
  return async (need: Skills): Promise<Staffing> => {
    if (host.clock.now() < unknownUntil) return {}
    try {
      const group =
        need.skills.map((skill) => settings.groups?.[skill]).find((id) => id !== undefined) ?? settings.group
      const ids = settings.skills === 'routing' ? await skills.idsOf(need.skills) : []
      return { online: await countOnline(group, ids) }
    } catch (error) {
      // Whether somebody is there is only a hint: the ticket itself will meet what is wrong.
      if (!(error instanceof HubError)) throw error
      if (error.code === 'refused' || error.code === 'unknown') unknownUntil = host.clock.now() + unknownMs
      host.log.warn({ connection: host.name, error: error.message }, 'Zendesk does not tell who is available')
      return {}
    }
  }

  async function countOnline(group: number | undefined, skillIds: readonly string[]): Promise<number> {
    let online = 0
    let after: string | undefined
    for (let page = 0; page < mostPages; page++) {
      const answer = await client.get<Page>('/agent_availabilities', 'data', {
        query: {
          'filter[channel_status]': `${channel}:online`,
          select_channel: channel,
          'page[size]': 100,
          'page[after]': after,
        },
      })
      online += answer.data.filter((agent) => canTake(agent, answer, channel, group, skillIds)).length
      if (!answer.meta?.has_more || !answer.meta.after_cursor) break
      after = answer.meta.after_cursor
    }
    return online
  }
}

/** A filter that Zendesk ignores shows everybody, so the channel is looked at again (zendesk.md 9). */
function canTake(
  agent: Page['data'][number],
  { included = [] }: Page,
  channel: string,
  group: number | undefined,
  skillIds: readonly string[],
): boolean {
  const row = included.find(({ id }) => id === `${agent.id}|channels|${channel}`)?.attributes
  if (row?.status !== 'online') return false
  if (row.max_capacity !== undefined && (row.work_item_count ?? 0) >= row.max_capacity) return false
  if (group !== undefined && !(agent.attributes?.group_ids ?? []).includes(group)) return false
  const has = (agent.attributes?.skills ?? []).map(({ id }) => id)
  return skillIds.every((id) => has.includes(id))
}
