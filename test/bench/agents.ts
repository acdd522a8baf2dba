/** Brings conversations to an agent before the clock starts: each customer asks for a person, an agent greets, the greeting arrives. */
import { type Side, secret } from './sides.ts'
import { now, sleep } from './world/clock.ts'
import { request } from './world/customers.ts'
import { Ledger } from './world/ledger.ts'
import { Line } from './world/line.ts'
import { Pool } from './world/pool.ts'
import type { Vendor } from './world/vendor.ts'
import { wantsAgent } from './world/words.ts'

const lines = 32
const patienceMs = 60_000

/** Resolves when each of these threads has its agent. Throws when one has none after a while. */
export async function bringToAgents(
  side: Side,
  vendor: Vendor,
  threads: readonly string[],
  prefix: string,
): Promise<void> {
  const greetings = new Ledger()
  vendor.ledger = greetings
  const replies = side.replies!
  const desk = pool(replies)
  vendor.onTicket = (ticket) => {
    const id = `${prefix}-hello-${ticket}`
    greetings.send(id, ticket, 1, 0)
    const body = JSON.stringify({ id, ticket, text: `${id} this is Ana, what can I do for you?` })
    void desk(request(replies, body, secret)).then((status) => greetings.answer(id, status === 200))
  }
  try {
    await ask(side, threads, prefix)
    await untilGreeted(greetings, threads.length)
  } finally {
    vendor.onTicket = () => {}
    desk.close()
  }
}

async function ask(side: Side, threads: readonly string[], prefix: string): Promise<void> {
  const waiting = threads.map((thread, i) => ({ thread, url: side.messages[i % side.messages.length]! }))
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const line = new Line(next.url.hostname, Number(next.url.port))
      const id = `${wantsAgent}${prefix}-${next.thread}`
      const body = JSON.stringify({ id, thread: next.thread, text: `${id} about my order` })
      const status = await line.ask(request(next.url, body, secret))
      line.close()
      if (status !== 200) throw new Error(`A conversation could not begin: the hub answered ${status}`)
    }
  }
  await Promise.all(Array.from({ length: lines }, work))
}

async function untilGreeted(greetings: Ledger, wanted: number): Promise<void> {
  let before = 0
  let since = now()
  while (before < wanted) {
    const { accepted, lost, refused } = greetings.balance()
    if (refused > 0) throw new Error(`${refused} replies of agents were refused`)
    if (accepted - lost > before) {
      before = accepted - lost
      since = now()
    }
    if (now() - since > patienceMs) throw new Error(`Only ${before} of ${wanted} conversations came to an agent`)
    await sleep(20)
  }
}

/** Requests over as many lines as are needed at a time. */
function pool(url: URL): { (request: string): Promise<number>; close(): void } {
  const lines = new Pool(() => new Line(url.hostname, Number(url.port)))
  const send = async (text: string): Promise<number> => {
    const line = lines.take()
    const status = await line.ask(text)
    lines.give(line)
    return status
  }
  return Object.assign(send, { close: () => lines.close() })
}
