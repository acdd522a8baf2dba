/** The network between one hub and one engine: a TCP proxy that can be cut, or go silent. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  readonly port: number
  /** Breaks every connection and refuses new ones. */
  cut(): void
  /** Half-open: takes connections and bytes, passes nothing on, answers nothing. */
  silence(): void
  /** As at first. What was silenced stays lost: those connections are broken. */
  heal(): void
  close(): Promise<void>
}

export async function openProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const open = new Set<Socket>()
  let state: 'open' | 'cut' | 'silent' = 'open'

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
    near.pipe(far).pipe(near)
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
        socket.unpipe()
        socket.removeAllListeners('data')
        socket.resume()
      }
    },
    heal() {
      if (state === 'silent') breakAll()
      state = 'open'
    },
    async close() {
      breakAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** A socket that is about to end cannot be reset: its handle would stay for ever. */
function reset(socket: Socket): void {
  if (socket.writableEnded || socket.connecting) socket.destroy()
  else socket.resetAndDestroy()
}
