/** YAML to a checked Config, secrets taken from the environment. Everything wrong with a file is reported at once, each with its place. */
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { connectors } from '../connectors/index.ts'
import { type ConnectionConfig, type KnownConnectors, readConnections } from './config/connections.ts'
import { readMappings } from './config/mappings.ts'
import { type Path, type Problem, showProblem, sortProblems } from './config/problems.ts'
import { beginReading, type Reading } from './config/reading.ts'
import { showFound } from './config/schemas.ts'
import { readSource } from './config/source.ts'
import { HubError } from './errors.ts'
import type { Mapping } from './mapping.ts'

export type { ConnectionConfig } from './config/connections.ts'
export { maskedConfig } from './config/masked.ts'
export { type Problem, showProblem } from './config/problems.ts'
export { checkRoles, fitFallback } from './config/roles.ts'

export interface Config {
  readonly file: string
  /** As the file was read. Never to be shown: `config/masked-text.ts`. */
  readonly text: string
  readonly connections: readonly ConnectionConfig[]
  readonly mappings: readonly Mapping[]
  /** For what only shows once connections are open. */
  problemAt(path: Path, message: string): Problem
}

/** Its message is one line for each problem, sorted by place, and contains no secret. */
export class ConfigError extends HubError {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const sorted = sortProblems(problems)
    super('invalid', sorted.map(showProblem).join('\n'))
    this.problems = sorted
  }
}

export interface Loading {
  /** Default: those that come with Baton. */
  readonly known?: KnownConnectors
  /** Gives a text for a secret that is not there; without it a missing one is a problem. */
  readonly standIn?: (reference: string) => string
}

/** Throws ConfigError. Nothing is started; only the connectors that the file uses are imported. */
export async function loadConfig(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  { known = connectors, standIn }: Loading = {},
): Promise<Config> {
  const text = await readText(path)
  const source = readSource(path, text)
  if (source.value === undefined) throw new ConfigError(source.problems)
  const reading = await beginReading(source, { env, folder: dirname(resolve(path)), known, standIn })
  const { connections: named, mappings: listed } = readRoot(reading)
  const connections = await readConnections(reading, named)
  const mappings = readMappings(reading, listed, connections)
  if (reading.problems.length) throw new ConfigError(reading.problems)
  return {
    file: path,
    text,
    connections: connections.flatMap((connection) => (connection.checked ? [connection.checked] : [])),
    mappings,
    problemAt: source.problemAt,
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const why = code === 'ENOENT' ? 'There is no such file.' : `The file cannot be read (${code ?? 'unknown reason'}).`
    throw new ConfigError([{ file: path, line: 1, column: 1, path: '', message: why }])
  }
}

const rootFields = ['connections', 'mappings']

function readRoot(reading: Reading): { connections: Record<string, unknown>; mappings: readonly unknown[] } {
  const nothing = { connections: {}, mappings: [] }
  const root = reading.value
  if (!isMap(root)) {
    const message = `found ${showFound(root)}. The file must be a map with: ${rootFields.join(', ')}.`
    reading.report([], message)
    return nothing
  }
  for (const key of Object.keys(root)) if (!rootFields.includes(key)) reading.reportUnknown([key], key, rootFields)
  const { connections, mappings } = root
  const isNamed = isMap(connections) && Object.keys(connections).length > 0
  const isListed = Array.isArray(mappings) && mappings.length > 0
  if (!isNamed)
    reading.report(
      ['connections'],
      `found ${showFound(connections)}. It must be a map of at least one connection, like: site: { use: webchat }.`,
    )
  if (!isListed)
    reading.report(
      ['mappings'],
      `found ${showFound(mappings)}. It must be a list of at least one mapping, like: - { channel: site, bot: first-line, desks: [people] }.`,
    )
  return { connections: isNamed ? connections : {}, mappings: isListed ? mappings : [] }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
