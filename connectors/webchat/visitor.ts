/** A visitor's screen for tests: the protocol spoken by hand over a real socket. */
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'

// biome-ignore lint/suspicious/noExplicitAny: frames are read as a foreign client would read them
type Frame = any

export interface Visitor {
  readonly socket: WebSocket
  readonly frames: Frame[]
  readonly entries: Frame[]
  say(id: string, text: string): void
  send(frame: object | string): void
  /** Resolves with the first frame, already here or still to come, that `fits`. */
  until(fits: (frame: Frame) => boolean): Promise<Frame>
  /** Resolves with the close code. */
  readonly closed: Promise<number>
  leave(): Promise<void>
}

export async function openSocket(base: string, origin: string | undefined): Promise<Visitor> {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/socket`, origin === undefined ? {} : { origin })
  const frames: Frame[] = []
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  socket.on('message', (data) => frames.push(JSON.parse(String(data))))
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.on('error', () => {})
  const visitor: Visitor = {
    socket,
    frames,
    closed,
    get entries() {
      return frames.flatMap((frame) => (frame.t === 'entries' ? frame.entries : []))
    },
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    say: (id, text) => visitor.send({ t: 'say', id, text }),
    async until(fits) {
      for (;;) {
        const frame = frames.find(fits)
        if (frame) return frame
        if (socket.readyState === WebSocket.CLOSED) throw new Error(`closed before it came: ${JSON.stringify(frames)}`)
        await sleep(5)
      }
    },
    async leave() {
      socket.close()
      await closed
    },
  }
  return visitor
}

export async function greet(base: string, origin: string, token: string, after = 0): Promise<Visitor> {
  const visitor = await openSocket(base, origin)
  visitor.send({ t: 'hello', token, after })
  await visitor.until((frame) => frame.t === 'state')
  return visitor
}
