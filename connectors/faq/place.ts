/** Reads YAML so that every complaint names the file and the line, what was found and what would be right. Pure. */

import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import { HubError } from '#hub/connector.ts'

export interface Place {
  readonly file: string
  readonly lines: LineCounter
  /** Lines of the file before the YAML begins. */
  readonly before: number
}

export function wrong(place: Place, node: unknown, found: string): HubError {
  const offset = (node as Node | null | undefined)?.range?.[0]
  const line = offset === undefined ? 1 : place.lines.linePos(offset).line
  return new HubError('invalid', `${place.file}:${line + place.before}: ${found}`)
}

export function parseYaml(source: string, file: string, before = 0): { root: Node | null; place: Place } {
  const place: Place = { file, lines: new LineCounter(), before }
  const document = parseDocument(source, { lineCounter: place.lines, prettyErrors: false })
  const error = document.errors[0]
  if (error) {
    const line = place.lines.linePos(error.pos[0]).line + before
    throw new HubError('invalid', `${file}:${line}: not readable as YAML: ${error.message}`)
  }
  return { root: document.contents as Node | null, place }
}

/** The map's values by key; a key that is not `allowed` is an error, most likely a typing mistake. */
export function fieldsOf(map: YAMLMap, allowed: readonly string[], place: Place): Map<string, Node> {
  const fields = new Map<string, Node>()
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : ''
    if (!allowed.includes(key))
      throw wrong(place, pair.key, `"${key}" is not known here; permitted are ${allowed.join(', ')}`)
    if (pair.value !== null) fields.set(key, pair.value as Node)
  }
  return fields
}

export function stringAt(node: Node, name: string, place: Place): string {
  const value = isScalar(node) ? node.value : undefined
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string' || value.trim() === '')
    throw wrong(place, node, `"${name}" must be a text, found ${describe(node)}`)
  return value.trim()
}

export function listAt(node: Node, name: string, place: Place): Node[] {
  if (!isSeq(node))
    throw wrong(
      place,
      node,
      `"${name}" must be a list, each entry on a line beginning with "-", found ${describe(node)}`,
    )
  return node.items as Node[]
}

export function mapAt(node: Node | null, name: string, right: string, place: Place): YAMLMap {
  if (!isMap(node)) throw wrong(place, node, `${name} must be ${right}, found ${describe(node)}`)
  return node
}

export function describe(node: unknown): string {
  if (isMap(node)) return 'keys and values'
  if (isSeq(node)) return 'a list'
  if (!isScalar(node) || node.value === null || node.value === '') return 'nothing'
  return `${typeof node.value} ${JSON.stringify(node.value).slice(0, 40)}`
}
