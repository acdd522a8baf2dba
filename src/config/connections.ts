/** The `connections` of a configuration: each checked by the schema of its connector, which is imported only when it is used. */
import { existsSync, statSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Type } from 'typebox'
import type { Connector, ConnectorRole } from '../connector.ts'
import { showAllowed } from './problems.ts'
import type { Reading } from './reading.ts'
import { mapWithSchema, type Schema, showFound } from './schemas.ts'

/** Name to import: only what is used is loaded. */
export type KnownConnectors = Readonly<Record<string, () => Promise<Connector>>>

export const connectionRoles = [
  'channel',
  'bot',
  'desk',
  'survey',
  'knowledge',
  'training',
  'crm',
] as const satisfies readonly ConnectorRole[]
export type ConnectionRole = ConnectorRole

export interface ConnectionConfig {
  readonly name: string
  /** As the file says it: a connector's name, a path, or a package. */
  readonly use: string
  readonly connector: Connector
  /** Checked, secrets filled in, paths absolute, defaults filled in; without `use`. */
  readonly settings: Readonly<Record<string, unknown>>
  /** The file's own words where a secret was filled in, by path within the settings. */
  readonly written: ReadonlyMap<string, string>
}

/** A connection that the file names; `checked` is missing when something is wrong with it. */
export interface NamedConnection {
  readonly name: string
  readonly roles?: readonly ConnectionRole[]
  readonly checked?: ConnectionConfig
}

export const connectionName = '^[a-z][a-z0-9-]{0,62}$'

/** What the file may say under one connection: `use` and the connector's own fields. */
export function connectionSchema(connector: { settings: object }, use: Schema = Type.String()): Schema {
  const settings = connector.settings as Schema
  return {
    ...settings,
    type: 'object',
    properties: { use, ...settings.properties },
    required: ['use', ...(settings.required ?? [])],
    additionalProperties: settings.additionalProperties ?? false,
  }
}

export const readConnections = (
  reading: Reading,
  named: Readonly<Record<string, unknown>>,
): Promise<NamedConnection[]> =>
  Promise.all(Object.entries(named).map(([name, given]) => readConnection(reading, name, given)))

async function readConnection(reading: Reading, name: string, given: unknown): Promise<NamedConnection> {
  const at = ['connections', name]
  if (!new RegExp(connectionName).test(name)) {
    reading.report(
      at,
      `"${name}" is not a name. Allowed: lower-case letters, digits and hyphens, a letter first, at most 63; for example: first-line.`,
      'key',
    )
  }
  const use = typeof given === 'object' && given !== null && 'use' in given ? given.use : undefined
  if (typeof use !== 'string') {
    const found = use === undefined ? `found ${showFound(given)} without "use"` : `found "use" as ${showFound(use)}`
    reading.report(
      at,
      `${found}. A connection is a map that names its connector, like: { use: webchat }. ${showAllowed(Object.keys(reading.known), undefined)}`,
    )
    return { name }
  }
  const connector = await findConnector(reading, use, [...at, 'use'])
  if (!connector) return { name }
  const roles = (connector as { roles?: readonly ConnectionRole[] }).roles
  const checked = reading.check(connectionSchema(connector), given, at) as Record<string, unknown> | undefined
  if (!checked) return { name, roles }
  const { use: _, ...settings } = toAbsolute(connector.settings as Schema, checked, reading.folder)
  return { name, roles, checked: { name, use, connector, settings, written: writtenBelow(reading, at) } }
}

async function findConnector(reading: Reading, use: string, at: string[]): Promise<Connector | undefined> {
  const load = Object.hasOwn(reading.known, use) ? reading.known[use] : undefined
  if (!load && !/[./]/.test(use) && !isPackage(use, reading.folder)) {
    const right = showAllowed(Object.keys(reading.known), use).replace(/\.( Did|$)/, ', or a path or package.$1')
    reading.report(at, `"${use}" is not a connector. ${right}`)
    return undefined
  }
  try {
    const connector = load ? await load() : await importConnector(use, reading.folder)
    if (isConnector(connector)) return connector
    reading.report(at, `"${use}" has no connector as its default export: an object with name, settings and open.`)
  } catch (error) {
    reading.report(
      at,
      `"${use}" cannot be loaded: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown reason'}`,
    )
  }
  return undefined
}

function isPackage(name: string, folder: string): boolean {
  try {
    createRequire(join(folder, 'baton.yaml')).resolve(name)
    // A module of Node has a name too, and is none.
    return !isBuiltin(name)
  } catch {
    return false
  }
}

async function importConnector(use: string, folder: string): Promise<unknown> {
  const isPath = use.startsWith('.') || use.startsWith('/')
  const file = isPath ? fileOf(resolve(folder, use)) : createRequire(join(folder, 'baton.yaml')).resolve(use)
  return ((await import(pathToFileURL(file).href)) as { default?: unknown }).default
}

function fileOf(path: string): string {
  if (!existsSync(path)) throw new Error(`there is no ${path}`)
  if (!statSync(path).isDirectory()) return path
  return ['index.ts', 'index.js', 'index.mjs'].map((name) => join(path, name)).find(existsSync) ?? path
}

const isConnector = (value: unknown): value is Connector =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Connector).name === 'string' &&
  typeof (value as Connector).open === 'function' &&
  typeof (value as Connector).settings === 'object'

const toAbsolute = (schema: Schema, settings: Record<string, unknown>, folder: string) =>
  mapWithSchema(schema, settings, (value, schemas) =>
    typeof value === 'string' && schemas.some((each) => each.format === 'path') ? resolve(folder, value) : value,
  ) as Record<string, unknown>

function writtenBelow(reading: Reading, at: readonly string[]): ReadonlyMap<string, string> {
  const outer = `${at.join('.')}.`
  const below = [...reading.written].filter(([path]) => path.startsWith(outer))
  return new Map(below.map(([path, text]) => [path.slice(outer.length), text]))
}
