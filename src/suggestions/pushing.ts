/** Pushes what was approved once it can no longer be taken back: through the roles of its connection, under a key of its own. */
import type { Logger } from 'pino'
import { within } from '../deadline.ts'
import { asHubError, HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { claimSuggestions, settleSuggestion } from '../postgres/suggestions.ts'
import type { Suggestion } from './suggestion.ts'

export interface Pushing {
  /** Looks now. */
  look(): Promise<void>
  close(): Promise<void>
}

/** A look at an index that is empty nearly always; any hub does what another left. */
const lookEveryMs = 30_000
const pushWithinMs = 30_000

export function openPushing(hub: Hub, log: Pick<Logger, 'warn'>): Pushing {
  let last = Promise.resolve()
  const look = () => {
    last = last
      .then(() => pushDue(hub))
      .catch((error: Error) => log.warn({ error: error.message }, 'pushing suggestions'))
    return last
  }
  const timer = setInterval(() => void look(), lookEveryMs)
  timer.unref()
  return {
    look,
    close() {
      clearInterval(timer)
      return last
    },
  }
}

async function pushDue(hub: Hub): Promise<void> {
  for (const one of await claimSuggestions(hub.pool)) {
    // Claimed for a minute, and looked at again then.
    if (hub.connections.has(one.connection) && !hub.gates.isFlowing(one.connection)) continue
    await pushOne(hub, one)
  }
}

async function pushOne(hub: Hub, one: Suggestion): Promise<void> {
  const key = `${hub.installation}-suggestion-${one.id}-${one.revision}`
  try {
    const call = hub.traffic.timed(
      one.connection,
      'push',
      within(pushWithinMs, one.connection, () => push(hub, one, key)),
    )
    await settleSuggestion(hub.pool, one, { ref: await call })
    await hub.gates.worked(one.connection)
  } catch (thrown) {
    const error = asHubError(thrown)
    await hub.gates.failed(one.connection, error)
    await settleSuggestion(hub.pool, one, { error: { code: error.code, text: error.message } })
  }
}

async function push(hub: Hub, one: Suggestion, key: string): Promise<string | undefined> {
  const connection = hub.connections.get(one.connection)
  const cannot = (what: string) => new HubError('invalid', `The connection "${one.connection}" cannot take ${what}`)
  if (one.kind === 'article') {
    if (!connection?.knowledge?.propose) throw cannot('articles')
    return connection.knowledge.propose(one.proposed, key)
  }
  if (!connection?.training || one.intent === null) throw cannot('training phrases')
  await connection.training.addPhrases(one.intent, [...one.proposed.phrases], key)
  return undefined
}
