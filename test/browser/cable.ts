/** The way from one browser to the hub, as a cable that can be pulled: what is open breaks, nothing new gets through. It may be slow. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Cable {
  readonly url: string
  pull(): void
  plugIn(): void
  /** What is open stays so and carries nothing any more, and neither end is told; new connections get through. */
  forget(): void
  close(): Promise<void>
}

/** What all connections over a cable share, each way. */
export interface Slowness {
  readonly bitsPerSecond: number
  /** From a question to the first byte of its answer. */
  readonly latencyMs: number
}

export async function aCable(hub: string, slowness?: Slowness): Promise<Cable> {
  const { hostname, port } = new URL(hub)
  const open = new Set<Socket>()
  let isPulled = false
  const [up, down] = [aWay(slowness), aWay(slowness)]
  const server = createServer((near) => {
    if (isPulled) return void near.destroy()
    const far = connect(Number(port), hostname)
    for (const [end, other, way] of [
      [near, far, up],
      [far, near, down],
    ] as const) {
      open.add(end)
      end.on('error', () => {})
      end.on('close', () => {
        open.delete(end)
        other.destroy()
      })
      if (way) way(end, other)
      else end.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const end of open) end.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pull() {
      isPulled = true
      cut()
    },
    plugIn() {
      isPulled = false
    },
    forget() {
      for (const end of open) {
        end.unpipe()
        end.removeAllListeners('data')
        end.resume()
      }
    },
    async close() {
      cut()
      server.close()
    },
  }
}

/** Carries one connection's bytes after those of all others that came before them; undefined for one without limits. */
function aWay(slowness: Slowness | undefined): ((from: Socket, to: Socket) => void) | undefined {
  if (!slowness) return undefined
  const { bitsPerSecond, latencyMs } = slowness
  let freeAt = 0
  return (from, to) => {
    from.on('data', (bytes) => {
      freeAt = Math.max(performance.now(), freeAt) + (bytes.length * 8000) / bitsPerSecond
      const passedMs = freeAt - performance.now()
      // No more is taken in than has gone out.
      from.pause()
      setTimeout(() => from.resume(), passedMs)
      setTimeout(() => to.destroyed || to.write(bytes), passedMs + latencyMs / 2)
    })
  }
}
