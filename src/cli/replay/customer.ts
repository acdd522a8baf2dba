/** A customer at a webchat, over its real socket: reconnects, reads on from the cursor, says again what was not acknowledged. */
import { WebSocket } from 'undici'
import { type ErrorCode, HubError } from '../../errors.ts'
import type { Message } from '../../message.ts'
import type { Contact } from './contact.ts'

/** As the socket shows it. */
export interface Entry {
  readonly seq: number
  readonly id: string
  readonly at: number
  readonly by: 'customer' | 'bot' | 'agent' | 'hub'
  readonly name?: string
  readonly message: Message
}

export interface Customer {
  /** Everything the socket showed, in its order; what it showed twice is in it twice. */
  readonly entries: readonly Entry[]
  control(): 'bot' | 'waiting' | 'agent' | 'closed'
  /** Resolves when the hub has acknowledged it. `id` stays the same however often it is sent. */
  say(id: string, text: string): Promise<void>
  close(): void
}

interface Frame {
  readonly t: string
  readonly id?: string
  readonly control?: ReturnType<Customer['control']>
  readonly entries?: readonly Entry[]
  readonly code?: ErrorCode
  readonly message?: string
  readonly retryAfterMs?: number
}

interface Unsaid {
  readonly text: string
  said(): void
  refused(error: HubError): void
}

const greetMs = 10_000
const beatMs = 5_000
/** A hub that stands still keeps its sockets open; silence for three beats is as good as a broken one. */
const deadMs = 3 * beatMs

export async function openCustomer(contact: Contact, connection: string, language: string): Promise<Customer> {
  const path = `/hooks/${connection}`
  const { token } = await contact.call<{ token: string }>('POST', `${path}/sessions`, { body: { language } })
  const entries: Entry[] = []
  const unsaid = new Map<string, Unsaid>()
  const closing = new AbortController()
  let control: ReturnType<Customer['control']> = 'bot'
  let send: ((frame: object) => void) | undefined

  const hear = (frame: Frame): void => {
    if (frame.t === 'state') control = frame.control ?? control
    else if (frame.t === 'entries') entries.push(...(frame.entries ?? []))
    else if (frame.t === 'ack') settle(frame.id)?.said()
    else if (frame.t === 'error') refuse(frame)
  }

  const settle = (id = ''): Unsaid | undefined => {
    const found = unsaid.get(id)
    unsaid.delete(id)
    return found
  }

  const refuse = ({ id = '', code = 'unreachable', message = 'unknown reason', retryAfterMs = 500 }: Frame): void => {
    const refused = unsaid.get(id)
    if (!refused) return
    if (code === 'busy' || code === 'unreachable') setTimeout(() => write(id), retryAfterMs).unref()
    else settle(id)?.refused(new HubError(code, `The hub refused a message of the customer: ${message}`))
  }

  const write = (id: string): void => {
    const words = unsaid.get(id)
    if (words) send?.({ t: 'say', id, text: words.text })
  }

  const cursor = (): number => entries.reduce((last, { seq }) => Math.max(last, seq), 0)

  const stayConnected = async (): Promise<void> => {
    for (;;) {
      const socket = await contact.keepTrying(() => greet(contact, path, token, cursor(), hear, closing.signal))
      send = socket.send
      for (const id of unsaid.keys()) write(id)
      await socket.closed
      send = undefined
    }
  }

  const giveUp = (): void => {
    for (const id of [...unsaid.keys()]) settle(id)?.refused(contact.signal.reason)
    closing.abort()
  }
  contact.signal.addEventListener('abort', giveUp, { once: true })
  stayConnected().catch((error) => {
    if (!closing.signal.aborted) contact.fail(error)
  })

  return {
    entries,
    control: () => control,
    say: (id, text) =>
      new Promise((said, refused) => {
        contact.signal.throwIfAborted()
        unsaid.set(id, { text, said, refused })
        write(id)
      }),
    close() {
      contact.signal.removeEventListener('abort', giveUp)
      closing.abort()
    },
  }
}

interface Socket {
  send(frame: object): void
  /** Resolves when it is of no use any more, for whatever reason. */
  readonly closed: Promise<void>
}

/** Resolves with the first state; throws `unreachable` when none comes, or the hub's own refusal. */
async function greet(
  { url }: Contact,
  path: string,
  token: string,
  after: number,
  hear: (frame: Frame) => void,
  closing: AbortSignal,
): Promise<Socket> {
  if (closing.aborted) throw over()
  // A socket must name where its page is from; ours counts as the hub's own.
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}/socket`, { headers: { origin: url } })
  const { promise: closed, resolve: end } = Promise.withResolvers<void>()
  return new Promise((resolve, reject) => {
    let heardAt = performance.now()
    const send = (frame: object) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
    }
    const finish = (error: HubError) => {
      clearTimeout(late)
      clearInterval(beat)
      closing.removeEventListener('abort', leave)
      socket.onopen = socket.onmessage = socket.onclose = null
      if (socket.readyState !== WebSocket.CLOSED) socket.close()
      reject(error)
      end()
    }
    const broken = (why: string) => finish(new HubError('unreachable', why))
    const leave = () => finish(over())
    const late = setTimeout(() => broken('the chat did not greet within 10 s'), greetMs)
    const beat = setInterval(() => {
      if (performance.now() - heardAt > deadMs) broken('the chat is silent')
      else send({ t: 'ping' })
    }, beatMs)
    closing.addEventListener('abort', leave, { once: true })
    let isGreeted = false
    socket.onopen = () => send({ t: 'hello', token, after })
    socket.onerror = () => {}
    socket.onclose = () => broken('the chat’s socket closed')
    socket.onmessage = ({ data }) => {
      heardAt = performance.now()
      const frame = JSON.parse(String(data)) as Frame
      if (frame.t === 'state' && !isGreeted) {
        isGreeted = true
        clearTimeout(late)
        resolve({ send, closed })
      }
      if (frame.t === 'error' && !isGreeted) return finish(refusalOf(frame))
      hear(frame)
    }
  })
}

const refusalOf = ({ code = 'unreachable', message = '', retryAfterMs }: Frame): HubError =>
  new HubError(code, `The chat refused the customer: ${message}`, { retryAfterMs })

const over = (): HubError => new HubError('conflict', 'This customer has gone')
