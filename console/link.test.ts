import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import {
  backoffMs,
  createLink,
  type Frame,
  type Link,
  type LinkOptions,
  newId,
  outboxInMemory,
  placeOf,
  shippedTiming,
} from './link.ts'

const timing = { backoffMinMs: 5, backoffMaxMs: 40 }
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A hub on a real socket that says what the test tells it to. */
async function aHub(onFrame: (frame: Frame, say: (frame: Frame) => void, socket: WebSocket) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  const heard: Frame[] = []
  const sockets = new Set<WebSocket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as Frame
      heard.push(frame)
      onFrame(frame, (answer) => socket.send(JSON.stringify(answer)), socket)
    })
  })
  closers.push(() => {
    for (const socket of sockets) socket.terminate()
    server.close()
  })
  return { heard, sockets, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** A browser's sockets need nobody to hear of an error: the close that follows says it. */
const aSocket = (url: string) => new WebSocket(url).on('error', () => {}) as never

function aLink(url: string, options: Partial<LinkOptions> = {}) {
  const told = {
    states: [] as Frame[],
    events: [] as Frame[],
    sent: [] as string[],
    failed: [] as string[],
    words: [] as string[],
  }
  const link: Link = createLink({
    open: () => aSocket(url),
    hello: () => ({ token: 'abc' }),
    timing,
    wakers: [],
    ...options,
    hear: {
      state: (frame) => told.states.push(frame),
      event: (frame) => told.events.push(frame),
      sent: (id) => told.sent.push(id),
      failed: (item) => told.failed.push(item.failed!),
      status: (word) => told.words.push(word),
      ...options.hear,
    },
  })
  closers.push(() => link.close())
  return { link, told }
}

const greets = (frame: Frame, say: (frame: Frame) => void) =>
  frame.t === 'hello' && say({ t: 'state', now: Date.now() })
const item = (id: string) => ({ id, t: 'say', at: Date.now(), text: id })
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 })

describe('where an event belongs', () => {
  it.each([
    [0, 1, 0, 'next'],
    [3, 7, 3, 'next'],
    [3, 7, 5, 'next'],
    [3, 7, 7, 'known'],
    [3, 7, 9, 'known'],
    [4, 7, 3, 'gap'],
  ])('after %i up to %i, at %i: %s', (after, seq, cursor, place) => {
    expect(placeOf({ after, seq }, cursor)).toBe(place)
  })
})

describe('the wait before the next try', () => {
  it('doubles from half a second to half a minute', () => {
    const waits = [1, 2, 3, 7, 20, 1000].map((failures) => backoffMs(failures, shippedTiming, 1))
    expect(waits).toEqual([500, 1000, 2000, 30_000, 30_000, 30_000])
  })

  it('is spread, so that not everybody comes back at once', () => {
    expect([0, 0.5, 1].map((chance) => backoffMs(2, shippedTiming, chance))).toEqual([500, 750, 1000])
  })
})

it('makes ids that the hub takes', () => {
  expect(newId()).toMatch(/^[0-9a-f]{32}$/)
  expect(newId()).not.toBe(newId())
})

describe('the link', () => {
  it('says hello with its cursor, and is live with the snapshot', async () => {
    const hub = await aHub(greets)
    const { link, told } = aLink(hub.url, { after: 7 })
    link.connect()
    await eventually(() => told.words).toEqual(['live'])
    expect(hub.heard).toEqual([{ t: 'hello', token: 'abc', after: 7 }])
    expect(told.states).toHaveLength(1)
  })

  it('keeps what is said until it is acknowledged, and says it in order, one at a time', async () => {
    let isDeaf = true
    const hub = await aHub((frame, say, socket) => {
      greets(frame, say)
      if (frame.t !== 'say') return
      if (isDeaf) return socket.terminate()
      say({ t: 'ack', id: frame.id })
    })
    const outbox = outboxInMemory()
    const { link, told } = aLink(hub.url, { outbox })
    link.send(item('one'))
    link.send(item('two'))
    await eventually(() => hub.heard.filter(({ id }) => id === 'one').length).toBeGreaterThan(1)
    expect(hub.heard.some(({ id }) => id === 'two')).toBe(false)
    isDeaf = false
    await eventually(() => told.sent).toEqual(['one', 'two'])
    expect(outbox.list()).toEqual([])
  })

  it('never sends what is its own business', async () => {
    const hub = await aHub((frame, say) => {
      greets(frame, say)
      if (frame.t === 'say') say({ t: 'ack', id: frame.id })
    })
    const { link, told } = aLink(hub.url)
    link.send({ ...item('one'), failed: undefined })
    await eventually(() => told.sent).toEqual(['one'])
    expect(hub.heard.at(-1)).toEqual({ t: 'say', id: 'one', text: 'one' })
  })

  it('shows what the hub refuses, and tries it again only when asked', async () => {
    let isRight = false
    const hub = await aHub((frame, say) => {
      greets(frame, say)
      if (frame.t !== 'say') return
      say(
        isRight || frame.id !== 'bad'
          ? { t: 'ack', id: frame.id }
          : { t: 'error', id: 'bad', code: 'invalid', message: 'No' },
      )
    })
    const { link, told } = aLink(hub.url)
    link.send(item('bad'))
    link.send(item('good'))
    await eventually(() => told.sent).toEqual(['good'])
    expect(told.failed).toEqual(['No'])
    isRight = true
    link.retry('bad')
    await eventually(() => told.sent).toEqual(['good', 'bad'])
  })

  it('waits as long as a busy hub asks', async () => {
    const tries: number[] = []
    const hub = await aHub((frame, say) => {
      greets(frame, say)
      if (frame.t !== 'say') return
      tries.push(Date.now())
      say(
        tries.length > 1
          ? { t: 'ack', id: frame.id }
          : { t: 'error', id: frame.id, code: 'busy', message: 'Later', retryAfterMs: 120 },
      )
    })
    const { link, told } = aLink(hub.url)
    link.send(item('one'))
    await eventually(() => told.sent).toEqual(['one'])
    expect(tries[1]! - tries[0]!).toBeGreaterThanOrEqual(115)
    expect(told.failed).toEqual([])
  })

  it('asks for a new snapshot when events are missing, and passes none on twice', async () => {
    const hub = await aHub((frame, say) => {
      if (frame.t === 'hello') {
        say({ t: 'state', after: 3 })
        say({ t: 'event', after: 3, seq: 4 })
        say({ t: 'event', after: 3, seq: 4 })
        say({ t: 'event', after: 6, seq: 7 })
      }
      if (frame.t === 'sync') say({ t: 'state', after: 7 })
    })
    const { link, told } = aLink(hub.url)
    link.connect()
    await eventually(() => told.states.length).toBe(2)
    expect(told.events).toEqual([{ t: 'event', after: 3, seq: 4 }])
    expect(hub.heard.at(-1)).toEqual({ t: 'sync', after: 4 })
  })

  it('reads on after a break from where it was', async () => {
    let isFirst = true
    const hub = await aHub((frame, say, socket) => {
      greets(frame, say)
      if (frame.t !== 'hello' || !isFirst) return
      isFirst = false
      say({ t: 'event', after: 0, seq: 9 })
      socket.close()
    })
    const { link, told } = aLink(hub.url)
    link.connect()
    await eventually(() => told.words).toEqual(['live', 'reconnecting', 'live'])
    expect(hub.heard.map(({ after }) => after)).toEqual([0, 9])
  })

  it('asks how things are when the page wakes after a silence, and gives up a line that is dead', async () => {
    let isDead = false
    const hub = await aHub((frame, say) => !isDead && greets(frame, say))
    const page = new EventTarget()
    const { link, told } = aLink(hub.url, {
      wakers: [[page, 'focus']],
      timing: { ...timing, silentMs: 0, wakeAnswerMs: 30 },
    })
    link.connect()
    await eventually(() => told.words).toEqual(['live'])
    isDead = true
    await new Promise((resolve) => setTimeout(resolve, 5))
    page.dispatchEvent(new Event('focus'))
    await eventually(() => hub.heard.some(({ t }) => t === 'sync')).toBe(true)
    await eventually(() => told.words.at(-1)).toBe('reconnecting')
    isDead = false
    await eventually(() => told.words.at(-1)).toBe('live')
  })

  it('finds out by itself that a line is dead', async () => {
    const hub = await aHub(greets)
    const { link, told } = aLink(hub.url, { timing: { ...timing, pingMs: 10, deadMs: 60 } })
    link.connect()
    await eventually(() => told.words.slice(0, 2)).toEqual(['live', 'reconnecting'])
    expect(hub.heard.some(({ t }) => t === 'ping')).toBe(true)
  })

  it('polls beside the socket after three failures, sends by request, and comes back to the socket', async () => {
    const closed = createServer((socket) => socket.destroy())
    closed.listen(0, '127.0.0.1')
    await once(closed, 'listening')
    closers.push(() => closed.close())
    const hub = await aHub(greets)
    let url = `ws://127.0.0.1:${(closed.address() as AddressInfo).port}`
    const posted: string[] = []
    const polls: number[] = []
    const { link, told } = aLink(url, {
      open: () => aSocket(url),
      async poll(after, seconds, signal) {
        polls.push(after)
        if (seconds === 0) return [{ t: 'state' }, { t: 'entries', after, seq: 5 }]
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('over'))))
      },
      async post({ id }) {
        posted.push(id)
      },
    })
    link.send(item('one'))
    await eventually(() => posted).toEqual(['one'])
    expect(told.events).toHaveLength(1)
    expect(link.isLive()).toBe(true)
    url = hub.url
    await eventually(() => hub.heard.length).toBeGreaterThan(0)
    expect(hub.heard[0]).toMatchObject({ t: 'hello', after: 5 })
    expect(polls[0]).toBe(0)
  })

  it('says hello anew when the hub does not know us any more, or else is refused', async () => {
    const hub = await aHub((frame, say, socket) => {
      if (frame.token === 'old') socket.close(4401)
      else greets(frame, say)
    })
    let token = 'old'
    const { link, told } = aLink(hub.url, {
      hello: () => ({ token }),
      after: 7,
      hear: {
        state: () => {},
        event: () => {},
        expired() {
          token = 'new'
          return true
        },
        status: (word) => words.push(word),
      },
    })
    const words: string[] = []
    link.connect()
    await eventually(() => words.at(-1)).toBe('live')
    expect(told.states).toEqual([])
    expect(
      hub.heard.map(({ after }) => after),
      'somebody new reads from the beginning',
    ).toEqual([7, 0])
    let refused = 0
    const other = aLink(hub.url, {
      hello: () => ({ token: 'old' }),
      hear: { state: () => {}, event: () => {}, refused: () => refused++ },
    })
    other.link.connect()
    await eventually(() => refused).toBe(1)
  })
})
