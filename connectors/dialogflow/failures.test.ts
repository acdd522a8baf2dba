/** Failures in the hub's words, credentials, and a vendor that is not there. */
import dns from 'node:dns'
import net, { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Connector } from '#hub/connector.ts'
import { text } from '#hub/message.ts'
import { freePort } from '#hub/postgres/server.ts'
import { aHost, type TestHost } from '../../test/host.ts'
import dialogflowCx from './cx/index.ts'
import dialogflowEs from './es/index.ts'
import { toFailure } from './failures.ts'
import { clientOptions } from './library.ts'

const chosen = {
  project: 'acme-demo',
  location: 'europe-west1',
  language: 'en',
  languages: [],
  timeoutSeconds: 3,
  textLength: 256,
  sentiment: true,
  webhookFailure: 'miss' as const,
}
const products = [
  { connector: dialogflowCx, own: { agent: 'shop', sessionMinutes: 30, flows: [] } },
  { connector: dialogflowEs, own: { callsPerMinute: 600, learningCallsPerMinute: 60, knowledgeBases: [] } },
] as unknown as readonly { readonly connector: Connector; readonly own: object }[]

const failures: [object, object][] = [
  [
    { code: 3, details: 'Input text exceeds 256 characters.' },
    { code: 'invalid', message: /textLength/ },
  ],
  [
    { code: 3, details: 'to find the correct endpoint to access' },
    { code: 'invalid', message: /location/ },
  ],
  [
    { code: 4, details: 'Deadline exceeded' },
    { code: 'unreachable', certain: false },
  ],
  [{ code: 5, details: 'No DesignTimeAgent found' }, { code: 'unknown' }],
  [
    { code: 7, details: 'Dialogflow API has not been used in project 1' },
    { code: 'refused', message: /not enabled/ },
  ],
  [
    { code: 8, statusDetails: [{ retryDelay: { seconds: '3', nanos: 5e8 } }] },
    { code: 'busy', retryAfterMs: 3_500 },
  ],
  [{ code: 8 }, { code: 'busy', retryAfterMs: undefined }],
  [{ code: 9, details: 'Intent with id 1 not found among intents in environment' }, { code: 'busy' }],
  [{ code: 9, details: 'The flow is locked.' }, { code: 'conflict' }],
  [{ code: 10 }, { code: 'busy' }],
  [{ code: 13 }, { code: 'unreachable', certain: false }],
  [
    { code: 14, details: 'No connection established. Last error: ECONNREFUSED' },
    { code: 'unreachable', certain: true },
  ],
  [
    { code: 14, details: 'Connection dropped' },
    { code: 'unreachable', certain: false },
  ],
  [{ code: 16 }, { code: 'refused' }],
  [new Error('Could not load the default credentials.'), { code: 'refused' }],
  [new TypeError('x is not a function'), { code: 'unreachable', certain: false }],
]

describe('a failure', () => {
  it.for(failures)('%o', ([thrown, said]) => {
    const { message, ...rest } = said as { message?: RegExp }
    const failure = toFailure(thrown)
    expect(failure).toMatchObject(rest)
    if (message) expect(failure.message).toMatch(message)
  })
})

describe('credentials', () => {
  const cx = '@google-cloud/dialogflow-cx'

  it('a key is taken as text, with line breaks that came as two characters', () => {
    const key = JSON.stringify({ type: 'service_account', client_email: 'a@example.com', private_key: 'one\\ntwo' })
    expect(clientOptions({ ...chosen, key }, cx)()).toMatchObject({
      apiEndpoint: 'europe-west1-dialogflow.googleapis.com',
      credentials: { client_email: 'a@example.com', private_key: 'one\ntwo' },
    })
  })

  it('without a key those of the machine are looked for', () => {
    expect(clientOptions({ ...chosen, location: 'global' }, cx)()).toMatchObject({
      apiEndpoint: 'dialogflow.googleapis.com',
    })
    expect(clientOptions(chosen, cx)()).not.toHaveProperty('credentials')
  })

  it.for([{ key: 'no-json' }, { key: '{}' }, { keyFile: '/no/such/key.json' }])('are refused at once: %o', (wrong) => {
    expect(() => clientOptions({ ...chosen, ...wrong }, cx)).toThrow(expect.objectContaining({ code: 'refused' }))
  })

  it('are never sent in plain text to another machine', () => {
    expect(() => clientOptions({ ...chosen, url: 'http://proxy.example.com' }, cx)).toThrow(/must be https/)
  })
})

describe.each(products)('$connector.name that is not there', ({ connector, own }) => {
  const settings = { ...chosen, ...own }
  let host: TestHost
  beforeAll(async () => {
    host = await aHost()
  })
  afterAll(async () => host?.stop())

  const turnAt = async (port: number) => {
    const connection = await connector.open({ ...settings, url: `http://127.0.0.1:${port}` } as never, host)
    const failure = await connection.bot!.turn(text('hello'), `gone-${port}`, 'k').catch((thrown: unknown) => thrown)
    await connection.close?.()
    return failure
  }

  it('surely did nothing when nobody listens, proxies or not', async () => {
    process.env.https_proxy = 'http://127.0.0.1:9'
    expect(await turnAt(await freePort())).toMatchObject({ code: 'unreachable', certain: true })
    delete process.env.https_proxy
  })

  it('is refused where the machine has no credentials, and the process lives on', async () => {
    vi.stubEnv('METADATA_SERVER_DETECTION', 'none')
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '')
    vi.stubEnv('HOME', '/nowhere')
    const connection = await connector.open({ ...settings, url: 'https://127.0.0.1:9' } as never, host)
    const turn = (key: string) => connection.bot!.turn(text('hello'), 'no-credentials', key)
    await expect(turn('k1')).rejects.toMatchObject({ code: 'refused' })
    await expect(turn('k2'), 'again, with a new client').rejects.toMatchObject({ code: 'refused' })
    await connection.close?.()
    vi.unstubAllEnvs()
  })

  it('looks for nothing but the address it was given', async () => {
    const twin = await connector.twin!({ name: 'near', settings, hooksUrl: '' })
    const asked = vi.spyOn(dns, 'lookup')
    const connected = vi.spyOn(net.Socket.prototype, 'connect')
    const connection = await connector.open({ ...settings, ...twin.settings } as never, host)
    await connection.bot!.turn(text('hello'), 'near', 'k')
    const hosts = connected.mock.calls.flat(2).flatMap((to) => (to as { host?: string } | null)?.host ?? [])
    expect(asked.mock.calls.filter(([name]) => name !== '127.0.0.1')).toEqual([])
    expect(hosts.filter((one) => !['127.0.0.1', 'localhost'].includes(one) && !one.startsWith('/'))).toEqual([])
    expect(connected.mock.calls.length).toBeGreaterThan(0)
    vi.restoreAllMocks()
    await connection.close?.()
    await twin.close()
  })

  it('is given up when it takes the connection and says nothing', async () => {
    const server = createServer(() => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    expect(await turnAt((server.address() as { port: number }).port)).toMatchObject({ code: 'unreachable' })
    server.close()
  })
})
