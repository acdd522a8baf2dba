/** Who is an agent, and what agents are called: asked of Zendesk once in a while. */
import type { Clock } from '#hub/connector.ts'
import type { Client } from '../client.ts'
import type { People } from './reading.ts'
import { idText, type User } from './wire.ts'

export interface Directory {
  /** Those of these users that Zendesk knows. */
  of(ids: readonly unknown[]): Promise<People>
  learn(person: User): void
}

const freshMs = 10 * 60_000
const mostKnown = 1_000

export function createDirectory(client: Client, clock: Clock): Directory {
  const known = new Map<string, { readonly user: User; readonly until: number }>()
  const learn = (user: User) => {
    if (known.size >= mostKnown) known.clear()
    known.set(String(user.id), { user, until: clock.now() + freshMs })
  }
  const fresh = (id: string) => {
    const entry = known.get(id)
    return entry && entry.until > clock.now() ? entry.user : undefined
  }
  return {
    learn,
    async of(given) {
      const ids = [...new Set(given.map(idText).filter((id): id is string => id !== undefined && /^\d+$/.test(id)))]
      const missing = ids.filter((id) => !fresh(id)).slice(0, 100)
      if (missing.length > 0) {
        const { users } = await client.get<{ users: readonly User[] }>('/users/show_many', 'users', {
          query: { ids: missing.join(',') },
        })
        for (const user of users) learn(user)
      }
      return new Map(
        ids.flatMap((id) => {
          const user = fresh(id)
          return user ? [[id, user] as const] : []
        }),
      )
    },
  }
}
