/** The configuration's own text as it may be shown: line for line, with everything that may be a secret hidden. */
import { type Document, isAlias, isMap, isScalar, isSeq, type Node, parseDocument } from 'yaml'
import type { Config } from '../config.ts'
import { type Path, showPath } from './problems.ts'
import { mapWithSchema, type Schema } from './schemas.ts'

const hidden = '(hidden)'
const reference = /^\$\{(env|file):[^}]+\}$/
/** In comments, and where the text cannot be read as YAML. */
const secretWord = /(token|secret|password|passphrase|credential|api-?key|private-?key)\w*/i

/** Schemas by connector, as far as they are known; of any other connection every value is hidden. */
export type SchemaOf = (use: string) => Schema | undefined

export function maskText(text: string, schemaOf: SchemaOf, secrets: readonly string[]): string {
  const document = parseDocument(text, { schema: 'core', prettyErrors: false, uniqueKeys: false, logLevel: 'silent' })
  const masked = document.errors.length > 0 ? maskLines(text) : maskNodes(text, document, schemaOf)
  return maskComments(maskValues(masked, secrets))
}

/** Values of the running configuration that are secrets, wherever they came from. */
export function secretsOf(config: Config): string[] {
  const found = new Set<string>()
  for (const { connector, settings } of config.connections) {
    mapWithSchema(connector.settings as Schema, settings, (value, schemas) => {
      if (typeof value === 'string' && value.length >= 4 && schemas.some((schema) => schema.writeOnly)) found.add(value)
      return value
    })
  }
  return [...found].sort((a, b) => b.length - a.length)
}

function maskNodes(text: string, document: Document, schemaOf: SchemaOf): string {
  const ranges: [number, number][] = []
  const hide = (node: unknown, isWhole: boolean): void => {
    if (isAlias(node)) return hide(node.resolve(document), isWhole)
    if (isMap(node)) {
      for (const { value } of node.items) hide(value, isWhole)
    } else if (isSeq(node)) {
      for (const item of node.items) hide(item, isWhole)
    } else if (isScalar(node) && node.value !== null && node.range) {
      if (!(typeof node.value === 'string' && reference.test(node.value))) ranges.push([node.range[0], node.range[1]])
    }
  }
  const connections = document.get('connections')
  if (isMap(connections)) {
    for (const { value: connection } of connections.items) {
      const node = isAlias(connection) ? connection.resolve(document) : connection
      if (isMap(node)) hideIn(node as never, schemaOf, hide)
      else hide(node, true)
    }
  }
  const root = document.contents
  if (isMap(root)) {
    for (const { key, value } of root.items)
      if (!isScalar(key) || !['connections', 'mappings'].includes(String(key.value))) hide(value, true)
  }
  return cut(text, ranges)
}

function hideIn(
  node: {
    get(key: string): unknown
    toJSON(): unknown
    getIn(path: Path, keep: boolean): unknown
    items: { key: unknown; value: unknown }[]
  },
  schemaOf: SchemaOf,
  hide: (node: unknown, isWhole: boolean) => void,
): void {
  const use = node.get('use')
  const schema = typeof use === 'string' ? schemaOf(use) : undefined
  if (!schema) {
    for (const { key, value } of node.items) if (!isScalar(key) || key.value !== 'use') hide(value, true)
    return
  }
  const seen = new Set<string>()
  mapWithSchema(schema, node.toJSON(), (value, schemas, path) => {
    const known = path.length === 0 || (path.length === 1 && path[0] === 'use') || schemas.length > 0
    if (!known || schemas.some((one) => one.writeOnly)) {
      if (!seen.has(showPath(path))) hide(node.getIn(path, true) as Node, true)
      seen.add(showPath(path))
    }
    return value
  })
}

/** The lines stay where they are. */
function cut(text: string, ranges: [number, number][]): string {
  const ordered = ranges.sort((a, b) => b[0] - a[0])
  let last = Number.POSITIVE_INFINITY
  return ordered.reduce((all, [from, to]) => {
    if (to > last) return all
    last = from
    const lines = all.slice(from, to).split('\n').length - 1
    return all.slice(0, from) + hidden + '\n'.repeat(lines) + all.slice(to)
  }, text)
}

function maskLines(text: string): string {
  let within: number | undefined
  return text
    .split('\n')
    .map((line) => {
      const indent = line.length - line.trimStart().length
      if (within !== undefined && line.trim() !== '' && indent > within) return `${line.slice(0, indent)}${hidden}`
      within = undefined
      const found = /^(\s*(?:- )?["']?([\w-]+)["']?\s*:)\s*\S/.exec(line)
      if (!found || !secretWord.test(found[2]!)) return line.replace(inFlow, (_, key: string) => `${key}${hidden}`)
      within = indent
      return `${found[1]} ${hidden}`
    })
    .join('\n')
}

const inFlow = new RegExp(`((?:[{,]\\s*)["']?\\w*${secretWord.source}["']?\\s*:\\s*)[^,}]+`, 'gi')

const maskComments = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      line.replace(/(^|\s)#.*$/, (comment) => comment.replace(inComment, (_, said: string) => said + hidden)),
    )
    .join('\n')

const inComment = new RegExp(`(${secretWord.source}["']?\\s*[:=]\\s*).+`, 'gi')

function maskValues(text: string, secrets: readonly string[]): string {
  const without = secrets.reduce((all, secret) => all.split(secret).join(hidden), text)
  return without.replace(/(\w+:\/\/)[^\s/@"']+:[^\s/@"']+@/g, `$1${hidden}@`)
}
