/** Parameters, payloads and metadata: plain values to and from google.protobuf.Struct, which the library does not do (dialogflow.md 4). */

export interface Struct {
  fields?: { [name: string]: Value } | null
}
export interface Value {
  nullValue?: 'NULL_VALUE' | 0 | null
  numberValue?: number | null
  stringValue?: string | null
  boolValue?: boolean | null
  structValue?: Struct | null
  listValue?: { values?: Value[] | null } | null
  kind?: string
}

/** Deeper than any payload; a loop ends here. */
const deepest = 32
/** Names that mean something else to an object than to its reader. */
const barred = new Set(['__proto__', 'constructor', 'prototype'])

export type Plain = Readonly<Record<string, unknown>>

/** What is undefined is left out; a plain object would arrive as an empty one. */
export function toStruct(plain: Plain, depth = 0): Struct {
  const entries = Object.entries(plain).filter(([name, value]) => value !== undefined && !barred.has(name))
  return { fields: Object.fromEntries(entries.map(([name, value]) => [name, toValue(value, depth + 1)])) }
}

function toValue(value: unknown, depth: number): Value {
  if (value === null || value === undefined || depth > deepest) return { nullValue: 'NULL_VALUE' }
  if (typeof value === 'number') return { numberValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (Array.isArray(value)) return { listValue: { values: value.map((item) => toValue(item, depth + 1)) } }
  if (typeof value === 'object') return { structValue: toStruct(value as Plain, depth) }
  return { stringValue: String(value) }
}

export function fromStruct(struct: Struct | null | undefined, depth = 0): Plain {
  const entries = Object.entries(struct?.fields ?? {}).filter(([name]) => !barred.has(name))
  return Object.fromEntries(entries.map(([name, value]) => [name, fromValue(value, depth + 1)]))
}

function fromValue(value: Value, depth: number): unknown {
  if (depth > deepest) return null
  if (value.structValue) return fromStruct(value.structValue, depth)
  if (value.listValue) return (value.listValue.values ?? []).map((item) => fromValue(item, depth + 1))
  return value.stringValue ?? value.numberValue ?? value.boolValue ?? null
}
