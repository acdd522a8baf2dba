/** The bot of the fault suite: the twin answers, and asks for a person when it is asked for one. */
import type { BotTurn, Connector, Ref } from '#hub/connector.ts'
import { plainText, text } from '#hub/message.ts'
import { openVendor, settings } from './vendor.ts'

interface Answer {
  readonly ref: Ref
  readonly text: string
  readonly wantsHuman: boolean
}

const bot: Connector<typeof settings> = {
  name: 'fault-bot',
  roles: ['bot'],
  settings,
  async open(chosen, host) {
    const vendor = openVendor(host, chosen)
    return {
      bot: {
        async turn(said, inside, key) {
          const answer = await vendor.call<Answer>('turn', key, { to: inside, text: plainText(said) })
          return { messages: [text(answer.text)], intent: 'talk', confidence: 0.9, ...wants(answer) }
        },
      },
    }
  },
}

export default bot

const wants = ({ wantsHuman }: Answer): Pick<BotTurn, 'wants'> => (wantsHuman ? { wants: 'human' } : {})
