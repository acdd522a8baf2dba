/** The network between one hub and one engine: a TCP proxy that can be cut, go silent, or swallow one particular packet. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Breaks every connection and refuses new ones. */
  cut(): void
  /** Half-open: takes connections and bytes, passes nothing on, answers nothing. */
  silence(): void
  /**
   * The next time that a packet to the engine holds these bytes, `strike` is called, and the packet is swallowed; with `answer`
   * it passes, and the engine's answer to it is swallowed.
   */
  swallow(bytes: string, what: 'packet' | 'answer', strike: () => void): void
  /** As at first. What was silenced stays lost: those connections are broken. */
  heal(): void
  close(): Promise<void>
}

export async function openProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const open = new Set<Socket>()
  let state: 'open' | 'cut' | 'silent' = 'open'
  let trap: { bytes: string; what: 'packet' | 'answer'; strike: () => void } | undefined

  const keep = (socket: Socket) => {
    open.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.once('close', () => open.delete(socket))
  }
  const breakAll = () => {
    for (const socket of open) reset(socket)
  }

  const server = createServer((near) => {
    keep(near)
    if (state === 'cut') return reset(near)
    if (state === 'silent') return near.resume()
    const far = connect(target.port, target.host)
    keep(far)
    pass(near, far, (packet) => {
      if (!trap || !packet.includes(trap.bytes)) return true
      const { what, strike } = trap
      trap = undefined
      if (what === 'answer') {
        far.removeAllListeners('data').once('data', strike)
        return true
      }
      strike()
      return false
    })
    pass(far, near, () => true)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut'
      breakAll()
    },
    silence() {
      state = 'silent'
      for (const socket of open) {
        socket.removeAllListeners('data')
        socket.resume()
      }
    },
    swallow(bytes, what, strike) {
      trap = { bytes, what, strike }
    },
    heal() {
      trap = undefined
      if (state === 'silent') breakAll()
      state = 'open'
    },
    async close() {
      breakAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function pass(from: Socket, to: Socket, mayPass: (packet: Buffer) => boolean): void {
  from.on('data', (packet) => {
    if (!mayPass(packet) || to.write(packet)) return
    from.pause()
    to.once('drain', () => from.resume())
  })
  from.once('end', () => to.end())
}

/** A socket that is about to end cannot be reset: its handle would stay for ever. */
function reset(socket: Socket): void {
  if (socket.writableEnded || socket.connecting) socket.destroy()
  else socket.resetAndDestroy()
}
