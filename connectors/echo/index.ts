/**
 * The smallest of each role: a bot, a desk and a survey that talk to nobody. For tests, and the first thing to read when you
 * write a connector: a connector is a name, the schema of its YAML, and `open`, which returns one object for each role.
 */
import { type Static, Type } from 'typebox'
import type { Bot, BotTurn, Connector, Desk, Host, HubEvent, Survey } from '#hub/connector.ts'
import { HubError } from '#hub/errors.ts'
import { plainText, text } from '#hub/message.ts'

const settings = Type.Object(
  {
    prefix: Type.String({
      title: 'Prefix',
      description: 'What the desk puts before the words it repeats.',
      default: 'Echo: ',
    }),
  },
  { additionalProperties: false },
)

const echo: Connector<typeof settings> = {
  name: 'echo',
  roles: ['bot', 'desk', 'survey'],
  settings,
  carries: { shows: [], sends: [] },
  open: async (chosen, host) => ({ bot, desk: openDesk(chosen, host), survey }),
}

export default echo

/** Answers from the message alone, so the same key gives the same turn without remembering anything. */
const bot: Bot = {
  async turn(said) {
    const words = plainText(said)
    return special[words]?.() ?? { messages: [text(`You said: ${words}`)], intent: 'echo', confidence: 1 }
  },
  async inform() {},
}

const special: Record<string, () => BotTurn> = {
  human: () => ({ messages: [], intent: 'human', confidence: 1, wants: 'human' }),
  '???': () => ({ messages: [text('I did not understand.')], confidence: 0, noMatch: true }),
  boom: () => {
    throw new HubError('unreachable', 'The echo bot was told to fail')
  },
}

/** Its only agent accepts every ticket at the customer's first message and says it back. */
function openDesk({ prefix }: Static<typeof settings>, host: Host): Desk {
  const agent = { ref: 'echo', name: 'Echo' }
  return {
    // A ref that follows from the key needs no memory: the second call returns the same ticket.
    offer: async (handoff) => `ticket-${handoff.id}-${handoff.attempt}`,

    async send(ticket, { by, visibility, message }, key) {
      if (!ticket.startsWith('ticket-')) throw new HubError('unknown', `There is no ticket "${ticket}"`)
      const at = host.clock.now()
      const events: HubEvent[] = [
        { type: 'desk-accepted', externalId: `accepted:${ticket}`, at, ticket, agent },
        {
          type: 'agent-message',
          externalId: `said:${ticket}:${key}`,
          at,
          ticket,
          agent,
          visibility: 'public',
          message: text(prefix + plainText(message)),
        },
      ]
      // External ids follow from ticket and key, so the hub drops what it was told before.
      if (by === 'customer' && visibility === 'public') await host.receive(events)
      return { ref: key }
    },

    async end() {},
  }
}

const survey: Survey = {
  invite: async () => text('How did we do? Answer with a number from 1 to 5.'),
}
