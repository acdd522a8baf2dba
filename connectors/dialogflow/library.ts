/** Google's two libraries, each loaded at the first call: one client of each kind for a connection, built anew when its credentials failed. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { SessionsClient } from '@google-cloud/dialogflow-cx'
import type * as GrpcModule from '@grpc/grpc-js'
import { HubError } from '#hub/errors.ts'
import { toFailure } from './failures.ts'

export type Library = '@google-cloud/dialogflow' | '@google-cloud/dialogflow-cx'

/** What every client of a library has. */
interface Client {
  initialize(): Promise<unknown>
  close(): Promise<void>
}

export interface Lazy<C extends Client> {
  /** Runs the call; what it throws is a HubError. */
  call<T>(make: (client: C) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** The same for all clients of both. */
export type ClientOptions = NonNullable<ConstructorParameters<typeof SessionsClient>[0]>

/** From a library's own place (or from one of its packages), so that its grpc-js is met and no second copy. */
export function fromLibrary(library: Library, ...names: readonly string[]): unknown {
  const here = createRequire(import.meta.url)
  const home = here.resolve(`${library}/package.json`)
  const path = names.slice(0, -1).reduce((at, name) => createRequire(at).resolve(name), home)
  return createRequire(path)(names.at(-1)!)
}

/** A failed client keeps its failure, and a failed start would end the process if nobody waited for it (dialogflow.md 1). */
export function lazily<C extends Client>(build: () => Promise<C>): Lazy<C> {
  let opened: Promise<C> | undefined
  const open = () => {
    opened ??= build().then(async (client) => {
      await client.initialize()
      return client
    })
    return opened
  }
  const close = async () => {
    const closing = opened
    opened = undefined
    const client = await closing?.catch(() => undefined)
    await client?.close().catch(() => {})
  }
  return {
    async call(make) {
      try {
        return await make(await open())
      } catch (thrown) {
        const failure = toFailure(thrown)
        if (failure.code === 'refused' && !isPermission(thrown)) void close()
        throw failure
      }
    },
    close,
  }
}

/** Then the credentials are good, and a new client would hear the same. */
const isPermission = (thrown: unknown): boolean => (thrown as { code?: unknown }).code === 7

/** Where an agent is, and as whom it is asked. */
export interface Access {
  readonly project: string
  readonly location: string
  readonly key?: string
  readonly keyFile?: string
  readonly url?: string
}

/** Throws `refused` when the key is none; nothing is asked of Google, and the library is loaded when the result is called. */
export function clientOptions(access: Access, library: Library): () => ClientOptions {
  // With the universe named, no metadata server is looked for (dialogflow.md 5.1).
  const common = { universeDomain: 'googleapis.com', projectId: access.project, 'grpc.enable_retries': 0 }
  const { protocol, hostname, port } = new URL(access.url ?? `https://${hostOf(access.location)}`)
  const address = { apiEndpoint: hostname, port: Number(port) || (protocol === 'http:' ? 80 : 443) }
  if (protocol === 'https:') {
    const credentials = credentialsOf(access)
    return () => ({ ...common, ...address, ...credentials })
  }
  if (protocol !== 'http:' || !/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname))
    throw new HubError('invalid', '`url` must be https, except on this machine itself')
  return () => ({ ...common, ...address, ...plainText(library) })
}

/** Without these a call waits 220 s and is repeated unseen; and the library writes into the object (dialogflow.md 3). */
export const callOptions = ({ timeoutSeconds }: { readonly timeoutSeconds: number }) => ({
  timeout: timeoutSeconds * 1_000,
  retry: null,
})

/** An answer without a result was not meant for us. */
export function readable<R extends { readonly queryResult?: unknown }>(response: R | undefined): R {
  if (!response?.queryResult)
    throw new HubError('unreachable', 'Dialogflow gave an answer that cannot be read', { certain: false })
  return response
}

const hostOf = (location: string): string =>
  location === 'global' ? 'dialogflow.googleapis.com' : `${location}-dialogflow.googleapis.com`

/** Proxies of the environment would also take this machine's own address (dialogflow.md 5.1). */
function plainText(library: Library): ClientOptions {
  const { grpc } = fromLibrary(library, 'google-gax') as { grpc: typeof GrpcModule }
  return { sslCreds: grpc.credentials.createInsecure(), 'grpc.enable_http_proxy': 0 }
}

function credentialsOf({ key, keyFile }: Access): ClientOptions {
  const text = key ?? (keyFile === undefined ? undefined : readKey(keyFile))
  return text === undefined ? {} : { credentials: parseKey(text) }
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new HubError('refused', `The key file cannot be read (${(cause as NodeJS.ErrnoException).code})`)
  }
}

function parseKey(text: string): ClientOptions['credentials'] {
  const key = parsed(text)
  if (typeof key !== 'object' || key === null || !('type' in key))
    throw new HubError('refused', 'The Google key is not the JSON of a service account')
  const { private_key: lines } = key as { private_key?: unknown }
  // Environment variables often carry the line breaks as two characters.
  const whole = typeof lines === 'string' ? { ...key, private_key: lines.replaceAll('\\n', '\n') } : key
  return whole as ClientOptions['credentials']
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
