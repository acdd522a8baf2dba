/** Agents, their presence, and the topic that conversations begin in. */
import { type Agent, type Host, HubError, type Skills, type Staffing } from '#hub/connector.ts'
import type { Client } from './client.ts'
import type { Settings } from './settings.ts'
import type { VendorAgent } from './wire.ts'

export interface People {
  agent(id: string): Promise<Agent>
  staffing(need: Skills): Promise<Staffing>
  channelId(): Promise<string>
}

const presenceMs = 30_000
const nameMs = 60 * 60_000

export function createPeople(settings: Settings, client: Client, host: Host): People {
  const kept = new Map<string, { until: number; value: Promise<unknown> }>()
  const cached = <T>(name: string, forMs: number, ask: () => Promise<T>): Promise<T> => {
    const known = kept.get(name)
    if (known && known.until > host.clock.now()) return known.value as Promise<T>
    const value = ask()
    kept.set(name, { until: host.clock.now() + forMs, value })
    value.catch(() => kept.delete(name))
    return value
  }
  return {
    async agent(id) {
      // A name is worth a call, not a message.
      const found = await cached(`agent ${id}`, nameMs, () =>
        client.get<VendorAgent>(`/agents/${encodeURIComponent(id)}`),
      ).catch(() => undefined)
      const name = [found?.first_name, found?.last_name].filter(Boolean).join(' ')
      return name ? { ref: id, name } : { ref: id }
    },
    async staffing(need) {
      const agents = await cached('agents', presenceMs, () => client.list<VendorAgent>('/agents', 'agents'))
      const group = groupFor(settings, need)
      const mine = agents.filter((one) => isPerson(one, settings) && (!group || one.groups?.includes(group)))
      // Where nothing is told of anybody, nothing is known.
      if (mine.every((one) => one.availability_status === undefined)) return {}
      return { online: mine.filter(isOnline).length }
    },
    channelId: () => cached('channel', nameMs, () => findChannel(settings, client)),
  }
}

const isPerson = (agent: VendorAgent, settings: Settings): boolean =>
  agent.is_deactivated !== true && agent.is_deleted !== true && agent.id !== settings.agent

/** Both: one who is available but not signed in is not there (freshchat.md 2.5). */
const isOnline = ({ availability_status, login_status }: VendorAgent): boolean =>
  availability_status === 'AVAILABLE' && login_status === true

export function groupFor(settings: Settings, need: Skills): string | undefined {
  const skill = need.skills.find((one) => settings.skillGroups?.[one] !== undefined)
  return skill === undefined ? settings.group : settings.skillGroups![skill]
}

async function findChannel({ channel }: Settings, client: Client): Promise<string> {
  const channels = await client.list<{ id: string; name?: string }>('/channels', 'channels')
  const named = channels.find(({ id, name }) => id === channel || name?.toLowerCase() === channel.toLowerCase())
  if (named) return named.id
  const there = channels.map(({ name }) => name).join(', ') || 'none'
  throw new HubError('invalid', `Freshchat has no channel "${channel}". There are: ${there}`)
}
