/** A customer's part of a round: talks to the bot, asks for a person, goes on while in line, says goodbye, and waits for the end. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../simulation/random.ts'
import type { Delivery } from './delivery.ts'
import { ended, goodbye, humanWish, joined, saidBy } from './words.ts'

/** What reached the customer, in order. */
export interface Heard {
  /** The record's or the channel's own name of it. */
  readonly id: string
  readonly by: string
  readonly text: string
}

/** The customer's end of a channel. */
export interface Line {
  /** Resolves when the hub has acknowledged it. */
  say(id: string, text: string): Promise<void>
  /** Looks whether there is more to hear. */
  listen(): Promise<void>
  readonly heard: readonly Heard[]
  /** All there is, asked for anew: by a page that was loaded again. Undefined where the channel is no record. */
  reload?(): Promise<readonly Heard[]>
}

export interface Customer {
  readonly conversation: string
  readonly channel: string
  /** Acknowledged, in order. */
  readonly said: readonly string[]
  readonly line: Line
  /** True when everything was played and the customer saw the end. */
  isDone: boolean
}

/** Asks again so often while nobody comes: an apology may have ended the first try. */
const askAgainMs = 6_000

export function playCustomer(
  conversation: string,
  channel: string,
  line: Line,
  random: Random,
  delivery: Delivery,
): { customer: Customer; played: Promise<void> } {
  const said: string[] = []
  const customer: Customer = { conversation, channel, said, line, isDone: false }
  const pause = (from: number, to: number) => sleep(random.whole(from, to), undefined, { signal: delivery.signal })
  const say = async (words: string) => {
    const text = saidBy(conversation, said.length + 1, words)
    await line.say(`${conversation}-${said.length + 1}`, text)
    said.push(text)
    await pause(10, 150)
  }
  const count = (text: string) => line.heard.filter((one) => one.by === 'hub' && one.text === text).length

  const talkToPerson = async (): Promise<void> => {
    const [joinedBefore, endedBefore] = [count(joined), count(ended)]
    let askedAt = Number.NEGATIVE_INFINITY
    while (count(joined) === joinedBefore) {
      if (performance.now() - askedAt > askAgainMs) {
        await say(humanWish)
        askedAt = performance.now()
        for (let more = random.whole(0, 2); more > 0; more--) await say('and by the way')
      }
      await line.listen()
    }
    for (let more = random.whole(1, 4); more > 0; more--) await say('my order')
    await say(goodbye)
    while (count(ended) === endedBefore) await line.listen()
  }

  const play = async () => {
    for (let times = random.chance(0.25) ? 2 : 1; times > 0; times--) {
      for (let more = random.whole(0, 3); more > 0; more--) await say('hello bot')
      await talkToPerson()
    }
    customer.isDone = true
  }
  return { customer, played: play() }
}

/** At the webchat: what was heard is read by its cursor, as a page does that cannot hold a socket. */
export async function openWebchat(delivery: Delivery, connection: string): Promise<Line> {
  const path = `/hooks/${connection}`
  const { token } = await delivery.call<{ token: string }>('POST', `${path}/sessions`, { body: {} })
  const heard: Heard[] = []
  let after = 0
  const read = async (from: number, waitSeconds: number) => {
    const query = `after=${from}&wait=${waitSeconds}`
    const { entries } = await delivery.call<{ entries: Entry[] }>('GET', `${path}/messages?${query}`, { token })
    return entries
  }
  return {
    heard,
    say: async (id, text) => void (await delivery.call('POST', `${path}/messages`, { token, body: { id, text } })),
    async listen() {
      const entries = await read(after, 1)
      after = Math.max(after, ...entries.map((entry) => entry.seq))
      heard.push(...entries.map(toHeard))
    },
    async reload() {
      const all: Entry[] = []
      for (let more = await read(0, 0); more.length > 0; more = await read(all.at(-1)!.seq, 0)) all.push(...more)
      return all.map(toHeard)
    },
  }
}

interface Entry {
  readonly seq: number
  readonly id: string
  readonly by: string
  readonly message: { readonly parts: readonly { readonly kind: string; readonly text?: string }[] }
}

const toHeard = ({ id, by, message }: Entry): Heard => ({
  id,
  by,
  text: message.parts.flatMap(({ kind, text }) => (kind === 'text' ? [text] : [])).join('\n'),
})

/** At a channel whose twin holds what arrived; `heard` is the twin's own list. */
export function openLine(delivery: Delivery, connection: string, thread: string, heard: readonly Heard[]): Line {
  return {
    heard,
    async say(id, text) {
      const message = { parts: [{ kind: 'text', text }] }
      const event = { type: 'customer-message', thread, externalId: id, at: Date.now(), message }
      await delivery.webhook(`/hooks/${connection}/events`, event)
    },
    listen: () => sleep(60, undefined, { signal: delivery.signal }),
  }
}
