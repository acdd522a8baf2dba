/** One visitor's screen, from the handshake to the end. All it knows is a session and a cursor; the record has the rest. */
import type { RawData, WebSocket } from 'ws'
import type { Ref } from '#hub/connector.ts'
import { type Chat, type News, refuseOften, topicOf } from './chat.ts'
import {
  type ClientFrame,
  frameBytes,
  idOf,
  type Marks,
  parseFrame,
  type ServerFrame,
  toVisibleEntry,
  toVisibleState,
} from './frames.ts'
import { type Following, follow } from './mailbox.ts'
import { isUnforeseen, Refusal, tell } from './refusal.ts'
import type { Session } from './sessions.ts'

/** Close codes of our own; a client that sees `begin` asks for a new session, with `slower` it waits first. */
export const closing = { begin: 4401, slower: 4429, badFrames: 1008, away: 1001, later: 1013 } as const

const maxBuffered = 1_048_576
const maxBadFrames = 10
const maxScreens = 20

export function serveSocket(socket: WebSocket, chat: Chat): void {
  const { host, pace, settings } = chat
  let session: Session | undefined
  let ownToken: string | undefined
  let following: Following | undefined
  let unhear: (() => void) | undefined
  let control = 'bot'
  let marks: Marks = { read: 0, seen: 0 }
  let badFrames = 0
  let isAlive = true
  // One after the other: an answer that takes longer must not let a later message overtake.
  let work: Promise<void> = Promise.resolve()

  const tooSlowToGreet = setTimeout(() => {
    fail(new Refusal(408, 'invalid', `hello: found nothing within ${pace.helloMs} ms; it must be the first frame`))
    socket.close(closing.badFrames, 'no hello')
  }, pace.helloMs)

  const beat = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
    following?.look()
  }, pace.beatMs)

  const goAway = () => socket.close(closing.away, 'the hub stops')
  host.signal.addEventListener('abort', goAway, { once: true })

  socket.on('pong', () => {
    isAlive = true
  })
  socket.on('message', (data, isBinary) => {
    isAlive = true
    work = work.then(() => hear(data, isBinary)).catch((error) => fail(error))
  })
  socket.on('close', () => {
    clearTimeout(tooSlowToGreet)
    clearInterval(beat)
    host.signal.removeEventListener('abort', goAway)
    following?.stop()
    unhear?.()
    if (session) countScreen(session.thread, -1)
  })

  /** Resolves when it has left this process. A reader that lets a megabyte pile up is cut; it comes back to its cursor. */
  function send(frame: ServerFrame): Promise<void> {
    return new Promise((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve()
      if (socket.bufferedAmount > maxBuffered) {
        socket.terminate()
        return resolve()
      }
      socket.send(JSON.stringify(frame), () => resolve())
    })
  }

  function fail(error: unknown, id?: string): void {
    if (isUnforeseen(error)) host.log.error({ err: error }, 'webchat: a frame failed')
    const { error: code, message, retryAfterMs } = tell(error).body
    void send({ t: 'error', ...(id === undefined ? {} : { id }), code, message, retryAfterMs })
  }

  async function hear(data: RawData, isBinary: boolean): Promise<void> {
    if (socket.readyState !== socket.OPEN) return
    const raw = isBinary || byteLength(data) > frameBytes ? undefined : data.toString()
    try {
      if (raw === undefined)
        throw new Refusal(
          400,
          'invalid',
          `frame: found ${isBinary ? 'binary data' : 'too much'}; right is JSON text, at most 64 KiB`,
        )
      const frame = parseFrame(raw, settings.textLength)
      badFrames = 0
      await act(frame)
    } catch (error) {
      fail(error, raw === undefined ? undefined : idOf(raw))
      if (tell(error).body.error === 'invalid' && ++badFrames >= maxBadFrames)
        socket.close(closing.badFrames, 'too many bad frames')
    }
  }

  async function act(frame: ClientFrame): Promise<void> {
    if (frame.t === 'hello') return greet(frame.token, frame.after)
    if (session === undefined)
      throw new Refusal(401, 'invalid', `${frame.t}: found before hello; hello must come first`)
    if (chat.rates.requests.take(session.thread) > 0) return socket.close(closing.slower, 'too many frames')
    switch (frame.t) {
      case 'say':
        await chat.say(session, frame)
        return send({ t: 'ack', id: frame.id })
      case 'leave':
        await chat.leave(session, frame.id)
        return send({ t: 'ack', id: frame.id })
      case 'typing':
        return chat.typing(session, frame.on)
      case 'read':
        return chat.read(session, frame.seq)
      case 'sync':
        following?.stop()
        following = followThread(session, frame.after)
        return
      case 'ping':
        return send({ t: 'pong' })
    }
  }

  async function greet(token: string, after: number): Promise<void> {
    if (session !== undefined)
      throw new Refusal(409, 'invalid', 'hello: found a second one; open another socket instead')
    const found = await chat.session(token).catch((error) => {
      fail(error)
      socket.close(error instanceof Refusal ? closing.begin : closing.later, 'no session')
    })
    if (!found || socket.readyState !== socket.OPEN) return
    clearTimeout(tooSlowToGreet)
    if ((chat.screens.get(found.thread) ?? 0) >= maxScreens) {
      refuseScreens()
      return
    }
    session = found
    ownToken = token
    marks = { read: found.read, seen: found.seen }
    countScreen(found.thread, 1)
    unhear = host.signals.subscribe(topicOf(host, found.thread), (news) => pass(news as News))
    following = followThread(found, after)
  }

  function followThread({ thread }: Session, after: number): Following {
    return follow(host.record, thread, after, {
      state(state) {
        control = state?.control ?? 'bot'
        return send({ t: 'state', ...toVisibleState(state, marks, host.clock.now()) })
      },
      entries: (entries, after) =>
        send({
          t: 'entries',
          after,
          seq: entries.at(-1)!.seq,
          entries: entries.map((entry) => toVisibleEntry(entry, thread)),
        }),
      failed(error) {
        fail(error)
        socket.close(closing.later, 'the record is away')
      },
    })
  }

  function pass(news: News): void {
    if ('over' in news) socket.close(closing.begin, 'this conversation was erased')
    else if ('described' in news) work = work.then(lookAgain)
    else if ('read' in news) {
      marks = { ...marks, read: Math.max(marks.read, news.read) }
      void send({ t: 'read', seq: marks.read })
    } else if ('seen' in news) {
      marks = { ...marks, seen: news.seen }
      void send({ t: 'seen', at: news.seen })
    }
    // While nobody speaks, nobody is typing, whatever a late signal says.
    else if (control === 'agent' || control === 'bot')
      void send({ t: 'typing', on: news.typing, by: control, expiresIn: Math.ceil(pace.typingMs / 1000) })
  }

  /** What is said next is said by whom the page has told of. */
  async function lookAgain(): Promise<void> {
    session = await chat.session(ownToken).catch(() => session)
  }

  function refuseScreens(): void {
    fail(new Refusal(429, 'busy', `Open in ${maxScreens} windows already; close one`, 30_000))
    socket.close(closing.slower, 'too many windows')
  }

  function countScreen(thread: Ref, by: number): void {
    const count = (chat.screens.get(thread) ?? 0) + by
    if (count > 0) chat.screens.set(thread, count)
    else chat.screens.delete(thread)
  }
}

/** Throws 429: the REST routes share the count with the socket. */
export const refuseBusy = (chat: Chat, session: Session): void =>
  refuseOften(chat.rates.requests, session.thread, 'Too many requests in a short time')

const byteLength = (data: RawData): number =>
  Array.isArray(data) ? data.reduce((sum, part) => sum + part.length, 0) : data.byteLength
