/** A whole hub for tests: the demo's configuration (or another) on a database of its own, spoken to over a real socket. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { readAddress } from '../src/address.ts'
import { type App, startApp } from '../src/app.ts'
import { loadConfig } from '../src/config.ts'
import { freePort } from '../src/postgres/server.ts'
import { openSandbox } from '../src/sandbox.ts'
import type { Twin } from '../src/twin.ts'
import { aDatabase, type TestDatabase } from './engines.ts'

export const demo = fileURLToPath(new URL('../config/demo.yaml', import.meta.url))

export interface Call {
  readonly method?: string
  readonly headers?: Record<string, string>
  /** An object goes as JSON, a string as it is, called JSON. */
  readonly body?: unknown
}

export interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: read as a foreign program reads it
  readonly json: any
}

/** The path goes out as it is written: nothing resolves its dots. */
export function ask(url: string, path: string, { method = 'GET', headers = {}, body }: Call = {}): Promise<Answer> {
  const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const type =
    content === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(content as string)) }
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers: { ...type, ...headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const isJson = String(response.headers['content-type']).includes('json')
        const answered = response.headers as Record<string, string>
        resolve({ status: response.statusCode!, headers: answered, text, json: isJson ? JSON.parse(text) : undefined })
      })
    })
    sent.on('error', reject)
    sent.end(content)
  })
}

export interface Running {
  readonly app: App
  readonly url: string
  readonly database: TestDatabase
  readonly dataDir: string
  ask(path: string, call?: Call): Promise<Answer>
  /** With the token. */
  staff(path: string, call?: Call): Promise<Answer>
  /** Of a vendor that is played. */
  twin(connection: string): Twin
  stop(): Promise<void>
}

export interface RunOptions {
  /** YAML instead of the demo's. */
  readonly yaml?: string
  readonly env?: Record<string, string>
  readonly log?: Logger
  readonly isSandbox?: boolean
  /** Every vendor of the configuration is played by its twin. */
  readonly isPlayed?: boolean
}

export async function aRunningApp({
  yaml,
  env: given,
  log,
  isPlayed,
  isSandbox = isPlayed,
}: RunOptions = {}): Promise<Running> {
  const database = await aDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'baton-app-'))
  const env = {
    DATABASE_URL: database.url,
    BATON_DATA_DIR: dataDir,
    BATON_PORT: String(await freePort()),
    BATON_LOG: process.env.DEBUG ? 'debug' : 'silent',
    ...given,
  }
  const file = yaml === undefined ? demo : join(dataDir, 'baton.yaml')
  if (yaml !== undefined) await writeFile(file, yaml)
  const sandbox = isPlayed ? await openSandbox(file, env, readAddress(env).url) : undefined
  const config = sandbox?.config ?? (await loadConfig(file, env))
  const app = await startApp(config, { env, log, isSandbox, twins: sandbox?.twins })
  const { url, token } = app
  return {
    app,
    url,
    database,
    dataDir,
    ask: (path, call) => ask(url, path, call),
    staff: (path, call = {}) =>
      ask(url, path, { ...call, headers: { authorization: `Bearer ${token}`, ...call.headers } }),
    twin: (connection) => sandbox!.twins.get(connection)!,
    async stop() {
      await app.stop()
      await sandbox?.close()
      await database.drop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export interface Visitor {
  readonly thread: string
  readonly token: string
  /** Acknowledged when it resolves with 200. */
  say(text: string, id?: string): Promise<Answer>
  /** At most a hundred, read on from a `seq`. Throws while the hub cannot tell. */
  // biome-ignore lint/suspicious/noExplicitAny: read as a foreign program reads it
  entries(after?: number): Promise<any[]>
}

let said = 0

/** Somebody at the chat of a connection. */
export async function aVisitor(url: string, begin: object = {}, chat = 'site'): Promise<Visitor> {
  const { json, text } = await ask(url, `/hooks/${chat}/sessions`, { method: 'POST', body: begin })
  if (!json?.token) throw new Error(`no session: ${text}`)
  const headers = { authorization: `Bearer ${json.token}` }
  return {
    thread: json.thread,
    token: json.token,
    say: (words, id = `said-${++said}-${process.pid}`) =>
      ask(url, `/hooks/${chat}/messages`, { method: 'POST', headers, body: { id, text: words } }),
    async entries(after = 0) {
      const { json, text } = await ask(url, `/hooks/${chat}/messages?after=${after}`, { headers })
      if (!json?.entries) throw new Error(`no entries: ${text}`)
      return json.entries
    },
  }
}

export interface TestAgent {
  readonly token: string
  act(ticket: string, what: string, body?: unknown): Promise<Answer>
  /** The ticket of this conversation, once it rings. */
  ringing(conversation: number): Promise<string>
  /** Resolves what is held. */
  rest(): Promise<void>
}

/** Somebody at the inbox `people`, online. */
export async function anAgent(url: string, token: string): Promise<TestAgent> {
  const headers = { authorization: `Bearer ${token}` }
  const come = async () => {
    const online = await ask(url, '/hooks/people/presence', { method: 'POST', headers, body: { presence: 'online' } })
    if (online.status !== 204) throw new Error(`not let in: ${online.status} ${online.text}`)
  }
  await come()
  const agent: TestAgent = {
    token,
    act: (ticket, what, body) =>
      ask(url, `/hooks/people/tickets/${ticket}/${what}`, {
        method: 'POST',
        headers,
        ...(body === undefined ? {} : { body }),
      }),
    async ringing(conversation) {
      // Who gave no sign of life for a minute is away, and a test may have been busy for longer.
      await come()
      for (let tries = 0; tries < 400; tries++) {
        for (const { id } of (await ask(url, '/hooks/people/tickets', { headers })).json.offers) {
          if ((await ask(url, `/hooks/people/tickets/${id}`, { headers })).json.conversation === conversation) return id
        }
        await new Promise((resolve) => setTimeout(resolve, 25))
      }
      throw new Error(`Conversation ${conversation} did not ring`)
    },
    async rest() {
      const { mine } = (await ask(url, '/hooks/people/tickets', { headers })).json
      for (const { id } of mine) await agent.act(id, 'resolve', {})
    },
  }
  return agent
}
