/** A connector with its twin: both talk over real sockets, webhooks included, and nothing else is there. */
import Fastify from 'fastify'
import { fillDefaults, type Schema } from '../src/config/schemas.ts'
import type { Connection, Connector } from '../src/connector.ts'
import { answerError } from '../src/http/errors.ts'
import { hooks } from '../src/http/hooks.ts'
import { freePort } from '../src/postgres/server.ts'
import type { Twin } from '../src/twin.ts'
import { aHost, type HostOptions, type TestHost } from './host.ts'

export interface VendorStage<T extends Twin = Twin> {
  readonly connection: Connection
  readonly twin: T
  readonly host: TestHost
  /** Where webhooks arrive: `http://127.0.0.1:<port>/hooks/<name>`. */
  readonly hooksUrl: string
  close(): Promise<void>
}

/** `settings` as the YAML would have them; the twin's own are laid over them. */
export async function aVendorStage<T extends Twin = Twin>(
  connector: Connector,
  settings: Readonly<Record<string, unknown>>,
  options: Omit<HostOptions, 'url' | 'migrations'> = {},
): Promise<VendorStage<T>> {
  if (!connector.twin) throw new Error(`${connector.name} has no twin`)
  const name = options.name ?? 'test'
  const port = await freePort()
  const hooksUrl = `http://127.0.0.1:${port}/hooks/${name}`
  const host = await aHost({ ...options, name, url: hooksUrl, migrations: connector.migrations })
  const twin = (await connector.twin({ name, settings, hooksUrl, clock: host.clock })) as T
  const whole = fillDefaults(connector.settings as Schema, { ...settings, ...twin.settings })
  const connection = await connector.open(whole as never, host)
  const app = Fastify({ bodyLimit: 262_144, forceCloseConnections: true })
  app.setErrorHandler(answerError)
  await app.register(
    hooks(new Map([[name, connection]]), () => false),
    { prefix: '/hooks' },
  )
  await app.listen({ host: '127.0.0.1', port })
  return {
    connection,
    twin,
    host,
    hooksUrl,
    async close() {
      await twin.close()
      await app.close()
      await connection.close?.()
      await host.stop()
    },
  }
}
