/** The role `bot`. */
import type { Bot, Host } from '#hub/connector.ts'
import type { Model } from './model.ts'
import { readSession, type Session, writeSession } from './session.ts'
import type { Settings } from './settings.ts'
import { decide } from './turn.ts'

export function openBot(model: Model, settings: Settings, { memory }: Host): Bot {
  return {
    async turn(said, inside, key) {
      const before = await readSession(memory, inside, key)
      const decision = decide({ said, session: before, snapshot: model.current(), settings })
      await writeSession(memory, inside, key, before, decision.session)
      return decision.turn
    },

    async inform(inside, news) {
      if (news.what === 'failed') return
      const before = await readSession(memory, inside)
      const resume = news.what === 'ended' ? news.intent : undefined
      const after: Session = { handled: true, ...(resume && { resume }) }
      await writeSession(memory, inside, '', before, after)
    },
  }
}
