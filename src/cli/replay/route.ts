/** Which connections of a configuration a replay talks to: those of its first mapping. */

import type { ConnectionConfig } from '../../config/connections.ts'
import { type Config, ConfigError } from '../../config.ts'
import type { Mapping } from '../../mapping.ts'
import type { TextLimits } from './recordings.ts'

export interface Route {
  readonly mapping: Mapping
  /** Names of the connections, which are their addresses at the hub. */
  readonly channel: string
  readonly desk: string
  readonly limits: TextLimits
}

/** The longest text the inbox takes from an agent. */
const agentText = 10_000

/** Throws ConfigError when the first mapping has not what a replay can play on: a webchat, and an inbox with demo agents. */
export function findRoute(config: Config): Route {
  const mapping = config.mappings[0]!
  const choice = mapping.desks[0]!
  const channel = connectionOf(config, mapping.channel)
  const desk = connectionOf(config, choice.desk)
  if (channel.use !== 'webchat')
    throw wrong(config, ['mappings', 0, 'channel'], channel, 'a connection that uses webchat')
  if ((channel.settings.identity as { required?: boolean } | undefined)?.required)
    throw wrong(config, ['mappings', 0, 'channel'], channel, 'a webchat whose identity is not required')
  if (desk.use !== 'inbox' || desk.settings.demo !== true || choice.mode !== 'live')
    throw wrong(config, ['mappings', 0, 'desks', 0], desk, 'asked live, a connection that uses inbox with demo: true')
  const limits = { customer: Number(channel.settings.textLength ?? 4000), agent: agentText }
  return { mapping, channel: channel.name, desk: desk.name, limits }
}

/** The configuration with nothing but what the route needs, so that nothing else is connected to. */
export function narrow(config: Config, { mapping }: Route): Config {
  const { channel, bot, survey, knowledge, crm, desks, fallback } = mapping
  const used = new Set([channel, bot, survey, knowledge, crm, ...[...desks, ...fallback].map(({ desk }) => desk)])
  return { ...config, connections: config.connections.filter(({ name }) => used.has(name)), mappings: [mapping] }
}

const connectionOf = (config: Config, name: string): ConnectionConfig =>
  config.connections.find((connection) => connection.name === name)!

function wrong(config: Config, path: (string | number)[], found: ConnectionConfig, right: string): ConfigError {
  const message = `a replay cannot play on "${found.name}", which uses ${found.use}. Right is: ${right}.`
  return new ConfigError([config.problemAt(path, message)])
}
