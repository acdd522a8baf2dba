/** The way from one browser to the hub, as a cable that can be pulled: what is open breaks, nothing new gets through. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Cable {
  readonly url: string
  pull(): void
  plugIn(): void
  close(): Promise<void>
}

export async function aCable(hub: string): Promise<Cable> {
  const { hostname, port } = new URL(hub)
  const open = new Set<Socket>()
  let isPulled = false
  const server = createServer((near) => {
    if (isPulled) return void near.destroy()
    const far = connect(Number(port), hostname)
    for (const [end, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(end)
      end.on('error', () => {})
      end.on('close', () => {
        open.delete(end)
        other.destroy()
      })
      end.pipe(other)
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
    async close() {
      cut()
      server.close()
    },
  }
}
