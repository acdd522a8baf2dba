/** Who gets a ticket: by group, skill, language, presence and load. `chooseAgent` is pure; the roster is read from Freshdesk. */
import { type Host, HubError, type Skills, type Staffing } from '#hub/connector.ts'
import type { Client } from './client.ts'
import type { Settings } from './settings.ts'
import type { Agent, Availability, Skill } from './wire.ts'

export interface Candidate {
  readonly id: number
  /** Unknown where the account has none, or does not tell. */
  readonly skills?: readonly string[]
  readonly language?: string
  /** Unknown where the account does not tell. */
  readonly isThere?: boolean
  readonly load?: number
  readonly limit?: number
}

/** Nobody rather than anybody: an agent whose presence is not known is not chosen, the group's own rules are then better. */
export function chooseAgent(candidates: readonly Candidate[], need: Skills): number | undefined {
  const fit = candidates.filter((one) => one.isThere === true && hasSkills(one, need) && hasRoom(one))
  const ranked = [...fit].sort(
    (a, b) => speaks(b, need) - speaks(a, need) || (a.load ?? 0) - (b.load ?? 0) || a.id - b.id,
  )
  return ranked[0]?.id
}

/** Says nothing where it knows nothing: `available` of an agent is no presence (freshdesk.md 2.7). */
export function staffingOf(candidates: readonly Candidate[], need: Skills): Staffing {
  const known = candidates.filter((one) => one.isThere !== undefined)
  if (known.length === 0) return {}
  return { online: known.filter((one) => one.isThere && hasSkills(one, need)).length }
}

const hasSkills = ({ skills }: Candidate, need: Skills): boolean =>
  skills === undefined || need.skills.every((skill) => skills.some((one) => one.toLowerCase() === skill.toLowerCase()))
const hasRoom = ({ load = 0, limit }: Candidate): boolean => limit === undefined || load < limit
const speaks = ({ language }: Candidate, need: Skills): number =>
  need.language && language?.slice(0, 2).toLowerCase() === need.language.slice(0, 2).toLowerCase() ? 1 : 0

export function groupFor(settings: Settings, need: Skills): number | undefined {
  const skill = need.skills.find((one) => settings.skillGroups?.[one] !== undefined)
  return skill === undefined ? settings.group : settings.skillGroups![skill]
}

export interface Roster {
  /** Of the group, or of the whole account. */
  candidates(group: number | undefined): Promise<Candidate[]>
  nameOf(agent: number): Promise<string | undefined>
}

/** Presence changes are not told, so they are asked for, but not for each ticket (freshdesk.md 2.7). */
const presenceMs = 30_000
const peopleMs = 10 * 60_000

export function createRoster(client: Client, host: Host): Roster {
  const kept = new Map<string, { until: number; value: Promise<unknown> }>()
  const cached = <T>(name: string, forMs: number, ask: () => Promise<T>): Promise<T> => {
    const known = kept.get(name)
    if (known && known.until > host.clock.now()) return known.value as Promise<T>
    const value = ask()
    kept.set(name, { until: host.clock.now() + forMs, value })
    value.catch(() => kept.delete(name))
    return value
  }
  const agents = () => cached('agents', peopleMs, () => orNone(() => client.list<Agent>('/agents')))
  const skills = () => cached('skills', peopleMs, () => orNone(() => client.list<Skill>('/admin/skills')))
  const presence = () =>
    cached('presence', presenceMs, () => orNone(() => client.list<Availability>('/agents', { only: 'availability' })))
  const members = (group: number) =>
    cached(`group ${group}`, peopleMs, () => client.get<{ agent_ids?: number[] }>(`/groups/${group}`))

  return {
    async candidates(group) {
      const [people, known, there] = [await agents(), await skills(), await presence()]
      const inGroup = group === undefined ? undefined : new Set((await members(group)).agent_ids ?? [])
      const me = (await client.me()).id
      return people
        .filter((one) => !one.deactivated && one.id !== me && (inGroup?.has(one.id) ?? true))
        .map((one) => toCandidate(one, known, there))
    },
    async nameOf(agent) {
      const known = (await agents()).find((one) => one.id === agent)
      if (known) return known.contact?.name
      const one = await cached(`agent ${agent}`, peopleMs, () =>
        client.get<Agent>(`/agents/${agent}`).catch((error) => {
          if (error instanceof HubError && error.code !== 'busy' && error.code !== 'unreachable') return undefined
          throw error
        }),
      )
      return one?.contact?.name
    },
  }
}

/** Lists that a plan or a role does not give, or that fail on some accounts, are empty: the desk works without them. */
async function orNone<T>(ask: () => Promise<T[]>): Promise<T[]> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof HubError && error.code !== 'busy') return []
    throw error
  }
}

function toCandidate(agent: Agent, skills: readonly Skill[], there: readonly Availability[]): Candidate {
  const mine = skills.filter(
    (skill) => agent.skill_ids?.includes(skill.id) || skill.agents?.some((one) => one.id === agent.id),
  )
  const presence = there.find((one) => agentOf(one) === agent.id)
  return {
    id: agent.id,
    ...(skills.length > 0 ? { skills: mine.map((skill) => skill.name) } : {}),
    language: agent.contact?.language,
    ...fromPresence(presence),
  }
}

function agentOf({ id, agent_ref: ref }: Availability): number {
  const named = typeof ref === 'object' && ref !== null ? ref.id : ref
  return Number(named ?? id)
}

/** Names of channels vary by account; Freshdesk's own are preferred where they can be told. */
function fromPresence(presence: Availability | undefined): Pick<Candidate, 'isThere' | 'load' | 'limit'> {
  const all = presence?.channel_availability ?? []
  const own = all.filter(({ channel }) => /freshdesk|e-?mail|ticket/i.test(channel ?? ''))
  const channels = own.length > 0 ? own : all
  const known = channels.filter(({ available }) => available !== undefined)
  if (known.length === 0) return {}
  const active = known.find((one) => one.available && one.logged_in !== false && one.pause_assignment !== true)
  const best = active ?? known[0]!
  return {
    isThere: active !== undefined,
    load: best.current_assignment_load ?? undefined,
    limit: best.assignment_limit ?? undefined,
  }
}
