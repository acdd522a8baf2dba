/** Looks at open conversations in turn: Freshchat has no list of what changed (freshchat.md 3.3). */
import { HubError } from '#hub/errors.ts'
import type { Desk } from './opening.ts'
import { readConversation } from './reading.ts'

/** Two calls each: the rest of the limit is for messages. */
const atOnce = 20

export function createPoll(desk: Desk): () => Promise<void> {
  let next = 0
  return async () => {
    const open = await desk.memory.open()
    if (next >= open.length) next = 0
    const turn = open.slice(next, next + atOnce)
    next += atOnce
    for (const ref of turn) {
      if (desk.client.isResting()) return
      await readConversation(desk, ref).catch(async (error: unknown) => {
        // One that is gone must not hold back the others.
        if (!(error instanceof HubError) || error.code !== 'unknown') throw error
        await desk.memory.dropOpen(ref)
      })
    }
  }
}
