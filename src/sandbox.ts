/** A configuration with every vendor played on this machine: what an integrator can try before there is an account. */
import { type Config, type ConnectionConfig, loadConfig } from './config.ts'
import type { Twins } from './http/twins.ts'
import type { Twin } from './twin.ts'

export interface Sandbox {
  readonly config: Config
  readonly twins: Twins
  /** Secrets that were not set, as the file names them: nobody checks them here. */
  readonly pretended: readonly string[]
  close(): Promise<void>
}

/** `url` is where the hub will be reached. Throws ConfigError. */
export async function openSandbox(file: string, env: NodeJS.ProcessEnv, url: string): Promise<Sandbox> {
  const pretended = new Set<string>()
  const standIn = (reference: string) => {
    pretended.add(reference)
    return 'sandbox'
  }
  const config = await loadConfig(file, env, { standIn })
  const twins = new Map<string, Twin>()
  const close = async () => void (await Promise.allSettled([...twins.values()].map((twin) => twin.close())))
  const play = async (connection: ConnectionConfig): Promise<ConnectionConfig> => {
    const { name, connector, settings } = connection
    if (!connector.twin) return connection
    const twin = await connector.twin({ name, settings, hooksUrl: `${url}/hooks/${name}` })
    twins.set(name, twin)
    return { ...connection, settings: { ...settings, ...twin.settings } }
  }
  try {
    const connections: ConnectionConfig[] = []
    for (const connection of config.connections) connections.push(await play(connection))
    return { config: { ...config, connections }, twins, pretended: [...pretended].sort(), close }
  } catch (error) {
    await close()
    throw error
  }
}
