/**
 * The minimal relay: what a hub with the same promises on this stack could hardly exceed. On disk before the 200, in order
 * within a conversation, an idempotency key for the vendor, marked when delivered, taken up again at start. No signature,
 * rules, connectors, logs, leases or console. With HOPS=2 it asks a bot first and records the answer: the shape of a bot turn.
 */
import Fastify from 'fastify'
import { Type } from 'typebox'
import { Pool } from 'undici'
import { Record, type Undelivered } from './record.ts'

const { PORT, FILE, VENDOR, HOPS } = process.env
const record = new Record(FILE!)
const vendor = new Pool(VENDOR!, { connections: 64, pipelining: 1 })
const lines = new Map<string, Undelivered[]>()

interface Said {
  readonly id: string
  readonly thread: string
  readonly text: string
}

/** Throws unless the vendor took it. */
async function post(path: string, key: string, body: string): Promise<string> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key }
  const answer = await vendor.request({ method: 'POST', path, headers, body })
  const text = await answer.body.text()
  if (answer.statusCode >= 300) throw new Error(`The vendor answered ${answer.statusCode}`)
  return text
}

async function carry({ thread, id, body }: Undelivered): Promise<void> {
  if (HOPS !== '2') return void (await post('/desk', id, body))
  const { text } = JSON.parse(await post('/bot', id, body)) as { text: string }
  const answer = JSON.stringify({ id: `answer-${id}`, thread, text })
  await record.keep({ thread, id: `answer-${id}`, body: answer })
  await post('/channel', id, answer)
}

async function drain(thread: string, line: Undelivered[]): Promise<void> {
  while (line.length > 0) {
    try {
      await carry(line[0]!)
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
      continue
    }
    record.deliver(line.shift()!.n)
  }
  lines.delete(thread)
}

function dispatch(message: Undelivered): void {
  const line = lines.get(message.thread)
  if (line) return void line.push(message)
  const begun = [message]
  lines.set(message.thread, begun)
  void drain(message.thread, begun)
}

const name = Type.String({ minLength: 1, maxLength: 128 })
const body = Type.Object({ id: name, thread: name, text: Type.String({ maxLength: 4000 }) })
const response = { 200: Type.Object({ ok: Type.Boolean() }) }

const app = Fastify()
app.get('/readyz', async () => ({ ok: true }))
app.post<{ Body: Said }>('/messages', { schema: { body, response } }, async ({ body: said }) => {
  const message = { thread: said.thread, id: said.id, body: JSON.stringify(said) }
  const { isNew, n } = await record.keep(message)
  if (isNew) dispatch({ ...message, n })
  return { ok: true }
})

for (const message of await record.undelivered) dispatch(message)
await app.listen({ host: '127.0.0.1', port: Number(PORT) })
process.once('SIGTERM', () => process.exit(0))
