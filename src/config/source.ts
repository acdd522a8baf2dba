/** YAML text to plain data in which every value knows its line. Refuses what YAML can do and a configuration must not. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the words explain references to secrets
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml'
import { type Path, type Problem, showPath } from './problems.ts'

/** Values after aliases are expanded; a real configuration has some hundreds. */
const maxValues = 20_000
const maxAliases = 100
const maxDepth = 40
export const maxBytes = 1_048_576

/** Names through which a careless copy could reach an object's prototype. */
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype'])

export interface Source {
  readonly file: string
  /** Plain objects, lists and scalars; undefined when the text could not be read at all. */
  readonly value: unknown
  readonly problems: readonly Problem[]
  /** A problem at this place, or at the nearest place around it that is in the file. `on` says which end of `key: value`. */
  problemAt(path: Path, message: string, on?: 'key' | 'value'): Problem
}

interface Place {
  key?: number
  value: number
}

export function readSource(file: string, text: string): Source {
  const lines = new LineCounter()
  const places = new Map<string, Place>()
  const problemFrom = (offset: number, path: Path, message: string): Problem => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), path: showPath(path), message }
  }
  const problemAt: Source['problemAt'] = (path, message, on = 'value') => {
    const place = placeOf(places, path)
    return problemFrom(on === 'key' ? (place.key ?? place.value) : place.value, path, message)
  }
  if (Buffer.byteLength(text) > maxBytes) {
    return { file, value: undefined, problems: [problemAt([], `The file has more than ${maxBytes} bytes.`)], problemAt }
  }
  // Pretty errors would quote the line, and with it a secret that somebody wrote there.
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    customTags: [],
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'error',
  })
  const broken = [...document.errors, ...document.warnings][0]
  if (broken) {
    const { line } = lines.linePos(broken.pos[0])
    const problem = problemFrom(broken.pos[0], [], sayBroken(broken, lineAt(text, line)))
    return { file, value: undefined, problems: [problem], problemAt }
  }
  const { value, problems } = toPlain(document, places, problemFrom)
  return { file, value, problems, problemAt }
}

function placeOf(places: ReadonlyMap<string, Place>, path: Path): Place {
  for (let length = path.length; length >= 0; length--) {
    const place = places.get(showPath(path.slice(0, length)))
    if (place) return place
  }
  return { value: 0 }
}

function sayBroken(error: { code: string; message: string }, line: string): string {
  if (error.code === 'TAG_RESOLVE_FAILED') {
    return `${error.message}. Tags (words that begin with "!") are not allowed; write plain text, numbers, lists and maps.`
  }
  const hint = /[{,][^"']*\$\{/.test(line) ? ' Inside { } and [ ] a ${env:NAME} needs quotes: "${env:NAME}".' : ''
  return `This is not YAML: ${error.message}.${hint}`
}

const lineAt = (text: string, line: number): string => text.split('\n')[line - 1] ?? ''

type ProblemFrom = (offset: number, path: Path, message: string) => Problem

function toPlain(document: Document, places: Map<string, Place>, problemFrom: ProblemFrom) {
  const problems: Problem[] = []
  let values = 0
  let aliases = 0
  let spent = false

  const report = (offset: number, path: Path, message: string) => {
    problems.push(problemFrom(offset, path, message))
    return undefined
  }
  const stop = (offset: number, path: Path, message: string) => {
    if (!spent) report(offset, path, message)
    spent = true
    return undefined
  }

  function visit(node: unknown, path: Path, key?: number): unknown {
    if (spent) return undefined
    const at = (node as Node | null)?.range?.[0] ?? key ?? 0
    places.set(showPath(path), { key, value: at })
    if (++values > maxValues)
      return stop(at, path, `The file grows to more than ${maxValues} values once its aliases are filled in.`)
    if (path.length > maxDepth) return stop(at, path, `Nested deeper than ${maxDepth} levels.`)
    if (isAlias(node)) {
      if (++aliases > maxAliases) return stop(at, path, `More than ${maxAliases} aliases ("*${node.source}").`)
      const target = node.resolve(document)
      return target
        ? visitBehind(target, path, at, key)
        : report(at, path, `"*${node.source}" names no anchor above it. An anchor is written "&${node.source}".`)
    }
    if (isMap(node)) return visitMap(node.items as Pair<unknown, unknown>[], path)
    if (isSeq(node)) return node.items.map((item, index) => visit(item, [...path, index]))
    return isScalar(node) ? node.value : null
  }

  /** An alias's problems belong to the line of the alias, not of its anchor. */
  function visitBehind(target: unknown, path: Path, at: number, key?: number): unknown {
    const value = visit(target, path, key)
    places.set(showPath(path), { key, value: at })
    return value
  }

  function visitMap(pairs: Pair<unknown, unknown>[], path: Path): Record<string, unknown> {
    const map: Record<string, unknown> = {}
    for (const pair of pairs) {
      const at = (pair.key as Node | null)?.range?.[0] ?? 0
      const name = isScalar(pair.key) && pair.key.value !== null ? String(pair.key.value) : undefined
      const refusal = name === undefined ? 'A key must be plain text.' : refuseKey(name, Object.hasOwn(map, name))
      if (name === undefined || refusal) report(at, name === undefined ? path : [...path, name], refusal!)
      else map[name] = visit(pair.value, [...path, name], at)
    }
    return map
  }

  const value = visit(document.contents, [])
  return { value: spent ? undefined : value, problems }
}

function refuseKey(name: string, isKnown: boolean): string | undefined {
  if (name === '<<') {
    return 'Merge keys ("<<") are not allowed. Write the fields out, or use an alias (*name) for a whole value.'
  }
  if (forbiddenKeys.has(name)) return `"${name}" is not allowed as a name.`
  return isKnown ? `The name "${name}" is used twice here; each may be used once.` : undefined
}
