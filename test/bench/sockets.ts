/** Memory of idle sockets: visitors of the hub's chat, against the library alone. */
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { freePort } from '../../src/postgres/server.ts'
import { type Child, startChild } from './child.ts'
import type { Engines } from './engines.ts'
import { startBaton } from './sides.ts'
import { sleep } from './world/clock.ts'

export interface SocketFigures {
  readonly kibEach: number
  readonly rssMiB: number
}

export interface Sockets {
  readonly count: number
  readonly minimal: SocketFigures
  readonly baton: SocketFigures
}

const atATime = 50

export async function measureSockets(engines: Engines, count: number): Promise<Sockets> {
  return { count, minimal: await ofLibrary(engines, count), baton: await ofBaton(engines, count) }
}

async function ofLibrary({ folder }: Engines, count: number): Promise<SocketFigures> {
  const port = await freePort()
  const script = fileURLToPath(new URL('./minimal/sockets.ts', import.meta.url))
  const child = await startChild({ script, env: { PORT: String(port) }, port, folder })
  try {
    const tokens = Array.from({ length: count }, (_, i) => `visitor-${i}`)
    return await grown(child, '/socket', tokens)
  } finally {
    await child.stop()
  }
}

async function ofBaton(engines: Engines, count: number): Promise<SocketFigures> {
  const database = await engines.aDatabase()
  const config = fileURLToPath(new URL('./sockets.yaml', import.meta.url))
  const side = await startBaton(engines, { vendor: '', databaseUrl: database.url, config })
  try {
    const [child] = side.children
    const sessions = new URL('/hooks/site/sessions', child!.url)
    const tokens = await inTurn(count, async () => {
      const answer = await fetch(sessions, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
      if (answer.status !== 201) throw new Error(`No session: ${answer.status} ${await answer.text()}`)
      return ((await answer.json()) as { token: string }).token
    })
    return await grown(child!, '/hooks/site/socket', tokens)
  } finally {
    await side.stop()
    await database.drop()
  }
}

async function grown(child: Child, path: string, tokens: readonly string[]): Promise<SocketFigures> {
  const rss = async () => {
    await child.ask({ ask: 'collect' })
    await sleep(1_000)
    return ((await child.ask({ ask: 'collect' })) as { rssBytes: number }).rssBytes
  }
  const url = new URL(path, child.url)
  url.protocol = 'ws:'
  // A first one is not counted: code is loaded and compiled for it.
  const first = await greet(url, child.url.origin, tokens[0]!)
  first.terminate()
  await sleep(1_000)
  const before = await rss()
  const sockets = await inTurn(tokens.length, (i) => greet(url, child.url.origin, tokens[i]!))
  await sleep(2_000)
  const after = await rss()
  const isOpen = sockets.every((socket) => socket.readyState === WebSocket.OPEN)
  for (const socket of sockets) socket.terminate()
  if (!isOpen) throw new Error('Sockets were closed while they were measured')
  return { kibEach: (after - before) / 1_024 / tokens.length, rssMiB: after / 1_048_576 }
}

/** Resolves when the server has answered the hello. */
function greet(url: URL, origin: string, token: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, origin })
    socket.once('error', reject)
    socket.once('open', () => socket.send(JSON.stringify({ t: 'hello', token, after: 0 })))
    socket.once('message', () => {
      socket.off('error', reject)
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

async function inTurn<T>(count: number, make: (i: number) => Promise<T>): Promise<T[]> {
  const made: T[] = []
  for (let from = 0; from < count; from += atATime) {
    made.push(...(await Promise.all(Array.from({ length: Math.min(atATime, count - from) }, (_, k) => make(from + k)))))
  }
  return made
}
