/** A bot over plain HTTP. */
import type { Connector } from '#hub/connector.ts'
import { plainText, text } from '#hub/message.ts'
import { post, settings } from './wire.ts'

interface Answer {
  readonly text: string
  readonly intent: string
  readonly confidence: number
  readonly human?: boolean
}

const wireBot: Connector<typeof settings> = {
  name: 'wire-bot',
  roles: ['bot'],
  settings,
  open: async (chosen, host) => ({
    limits: { concurrency: 64 },
    bot: {
      async turn(said, session, key) {
        const asked = { session, text: plainText(said) }
        const answer = await post<Answer>(host, chosen, '/bot', key, asked)
        const { intent, confidence } = answer
        return {
          messages: [text(answer.text)],
          intent,
          confidence,
          ...(answer.human ? { wants: 'human' as const } : {}),
        }
      },
    },
  }),
}

export default wireBot
