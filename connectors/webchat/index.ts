/** Our own chat for web pages and apps. It keeps no messages: the hub's record is the mailbox its sockets read from. */
import { type Channel, type Connection, type Connector, type Host, HubError } from '#hub/connector.ts'
import { type Chat, type News, openChat, type Pace, topicOf } from './chat.ts'
import { eraseThread } from './erasure.ts'
import { webchatHooks } from './hooks.ts'
import { complete, type Settings, settings } from './settings.ts'
import { migrations } from './tables.ts'

const sweepMs = 3_600_000

export const webchat: Connector<typeof settings> = webchatAt({ helloMs: 10_000, beatMs: 25_000, typingMs: 6000 })

/** The same with other waiting times, for tests that cannot wait. */
export function webchatAt(pace: Pace): Connector<typeof settings> {
  return {
    name: 'webchat',
    roles: ['channel'],
    settings,
    carries: {
      shows: ['choices', 'file', 'articles', 'survey'],
      sends: ['file'],
      typing: { shows: true, tells: true },
      textLength: 16_000,
    },
    migrations,
    open: (given, host) => openWebchat(given, host, pace),
  }
}

async function openWebchat(given: Settings, host: Host, pace: Pace): Promise<Connection> {
  const chat = await openChat(host, complete(given), pace)
  return {
    channel: channelOf(chat),
    limits: { textLength: 16_000 },
    hooks: webchatHooks(chat),
    poll: {
      everyMs: sweepMs,
      async run() {
        await chat.sessions.sweep()
        await chat.files.sweep()
      },
    },
    erase: ({ thread }) => eraseThread(chat, thread),
  }
}

function channelOf({ host, sessions }: Chat): Channel {
  return {
    dedupes: true,
    /** Nothing is sent: once the hub has marked this effect done, its record holds the message and the sockets read on. */
    async send(visitor, message, key) {
      if ('visibility' in message && message.visibility !== 'public')
        throw new HubError('invalid', 'A message that is not public must not go to a visitor')
      if (!(await sessions.knows(visitor)))
        throw new HubError('unknown', 'This visitor’s session is over; nobody would read the message')
      return { ref: key }
    },
    async typing(visitor, on) {
      host.signals.publish(topicOf(host, visitor), { typing: on } satisfies News)
    },
    async seen(visitor, until) {
      if (await sessions.sees(visitor, until))
        host.signals.publish(topicOf(host, visitor), { seen: until } satisfies News)
    },
    readUpTo: (visitor) => sessions.readUpTo(visitor),
  }
}

export default webchat
