/** Checks data against the schemas of settings and says what is wrong in the words of the file; walks schemas for what they mark. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { IANAZone } from 'luxon'
import { type Path, showAllowed } from './problems.ts'

/** The slice of JSON Schema (draft-07) that settings use. */
export interface Schema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly patternProperties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: boolean | Schema
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly pattern?: string
  readonly format?: string
  readonly examples?: readonly unknown[]
  readonly writeOnly?: boolean
}

export interface Fault {
  readonly path: Path
  readonly on: 'key' | 'value'
  readonly message: string
}

/** What the check may say of the value at a path instead of the value itself; undefined: the value may be shown. */
export type Veil = (path: Path) => string | undefined

const isUrl = (text: string) => URL.canParse(text)
const ajv = new Ajv({
  allErrors: true,
  verbose: true,
  strict: false,
  logger: false,
  ownProperties: true,
  formats: {
    path: true,
    uri: isUrl,
    url: isUrl,
    email: /^[^\s@]+@[^\s@]+$/,
    'time-zone': (zone: string) => IANAZone.isValidZone(zone),
    date: (day: string) => isDate(day),
  },
})
const compiled = new WeakMap<object, ValidateFunction>()

function isDate(day: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00:00Z`) : undefined
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day)
}

/** A copy with every written default filled in. Works on any JSON Schema, also one that no TypeBox made. */
export function fillDefaults(schema: Schema, value: unknown): unknown {
  if (value === undefined)
    return schema.default === undefined ? undefined : fillDefaults(schema, structuredClone(schema.default))
  const branch = meantBranch(schema.anyOf ?? [], value)
  if (branch) return fillDefaults(branch, value)
  if (Array.isArray(value)) return schema.items ? value.map((item) => fillDefaults(schema.items!, item)) : value
  if (typeof value !== 'object' || value === null) return value
  const names = new Set([...Object.keys(value), ...Object.keys(schema.properties ?? {})])
  const filled = [...names].map((name) => {
    const inside = schemasInside(schema, name)[0]
    const given = (value as Record<string, unknown>)[name]
    return [name, inside ? fillDefaults(inside, given) : given] as const
  })
  return Object.fromEntries(filled.filter(([, inside]) => inside !== undefined))
}

/** Of a union, the branch that a value of this type can only mean. */
function meantBranch(branches: readonly Schema[], value: unknown): Schema | undefined {
  const type = typeOf(value)
  const isMeant = (branch: Schema) => branch.type === type || (branch.type === 'integer' && type === 'number')
  const meant = branches.filter((branch) => branch.const === undefined && isMeant(branch))
  return meant.length === 1 ? meant[0] : undefined
}

export function findFaults(schema: object, value: unknown, at: Path, veil: Veil = () => undefined): Fault[] {
  const check = compiled.get(schema) ?? ajv.compile(schema)
  compiled.set(schema, check)
  if (check(value)) return []
  const errors = check.errors ?? []
  const unions = errors.filter((error) => error.keyword === 'anyOf')
  const isOfUnion = (error: ErrorObject) => unions.some((union) => error.schemaPath.startsWith(`${union.schemaPath}/`))
  return errors.filter((error) => !isOfUnion(error)).flatMap((error) => toFaults(error, at, veil))
}

function toFaults(error: ErrorObject, at: Path, veil: Veil): Fault[] {
  const path = [...at, ...fromPointer(error.instancePath)]
  const schema = error.parentSchema as Schema
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
    const name = String(error.params.additionalProperty)
    const rule = Object.keys(schema.patternProperties ?? {})[0]
    const allowed = Object.keys(schema.properties ?? {})
    const right = allowed.length || !rule ? showAllowed(allowed, name) : `A name must match ${rule}.`
    return [{ path: [...path, name], on: 'key', message: `"${name}" is not a field here. ${right}` }]
  }
  if (error.keyword === 'required') {
    const name = String(error.params.missingProperty)
    return [{ path: [...path, name], on: 'key', message: `"${name}" is missing${explain(schema.properties?.[name])}.` }]
  }
  if (error.keyword === 'anyOf') return unionFaults(schema.anyOf ?? [], error.data, path, veil, schema)
  const found = veil(path) ?? (schema.writeOnly ? 'a hidden value' : showFound(error.data))
  return [{ path, on: 'value', message: `found ${found}. ${sayRight(error, schema)}` }]
}

/** Of a union, the branch that was meant: the one of the value's own type; else all that is allowed. */
function unionFaults(branches: readonly Schema[], data: unknown, path: Path, veil: Veil, whole: Schema): Fault[] {
  const meant = meantBranch(branches, data)
  if (meant) return findFaults(meant, data, path, veil)
  const words = branches.flatMap((branch) => (branch.const === undefined ? [] : [String(branch.const)]))
  const kinds = branches.flatMap((branch) => (branch.const === undefined ? [sayType(branch)] : []))
  const found = veil(path) ?? (whole.writeOnly ? 'a hidden value' : showFound(data))
  return [{ path, on: 'value', message: `found ${found}. ${showAllowed([...words, ...kinds], data)}` }]
}

function sayRight(error: ErrorObject, schema: Schema): string {
  switch (error.keyword) {
    case 'type':
      return `It must be ${sayType(schema)}${explain(schema)}.`
    case 'const':
      return showAllowed([String(schema.const)], error.data)
    case 'enum':
      return showAllowed((schema.enum ?? []).map(String), error.data)
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `It must be ${error.params.comparison} ${error.params.limit}.`
    case 'minLength':
      return error.params.limit === 1 ? 'It must not be empty.' : `It needs at least ${error.params.limit} characters.`
    case 'minItems':
    case 'minProperties':
      return `It needs at least ${error.params.limit === 1 ? 'one entry' : `${error.params.limit} entries`}${explain(schema)}.`
    case 'maxLength':
    case 'maxItems':
      return `At most ${error.params.limit} are allowed.`
    case 'pattern':
    case 'format':
      return sayForm(error, schema)
    default:
      return `It ${error.message}.`
  }
}

function sayForm(error: ErrorObject, schema: Schema): string {
  const examples = schema.examples?.length ? ` For example: ${schema.examples.join(', ')}.` : ''
  const kind = {
    uri: 'a URL',
    url: 'a URL',
    email: 'an e-mail address',
    date: 'a date',
    'time-zone': 'an IANA time zone',
  }
  if (error.keyword === 'format')
    return `It must be ${kind[schema.format as keyof typeof kind] ?? schema.format}.${examples}`
  return examples ? `It has another form.${examples}` : `It must match ${schema.pattern}.`
}

const explain = (schema: Schema | undefined): string => {
  const about = schema?.description ?? schema?.title
  return about ? ` (${about.replace(/\.$/, '')})` : ''
}

function sayType(schema: Schema): string {
  const names = {
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
    null: 'nothing',
  }
  return names[schema.type as keyof typeof names] ?? 'one of several forms'
}

function typeOf(data: unknown): string {
  if (Array.isArray(data)) return 'array'
  return data === null ? 'null' : typeof data
}

/** What the file says, short enough for a line. */
export function showFound(data: unknown): string {
  if (data === null || data === undefined) return 'nothing'
  if (Array.isArray(data)) return 'a list'
  if (typeof data === 'object') return 'a map'
  const shown = JSON.stringify(data)
  return shown.length > 60 ? `${shown.slice(0, 57)}…"` : shown
}

const fromPointer = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

/** A copy of `value` in which `change` has replaced what it wants to; it sees each value with the schemas that may describe it. */
export function mapWithSchema(
  schema: Schema,
  value: unknown,
  change: (value: unknown, schemas: readonly Schema[], path: Path) => unknown,
): unknown {
  const visit = (at: unknown, schemas: readonly Schema[], path: Path): unknown => {
    const changed = change(at, schemas, path)
    if (changed !== at) return changed
    const inside = (within: unknown, step: string | number) =>
      visit(
        within,
        schemas.flatMap((each) => schemasInside(each, step)),
        [...path, step],
      )
    if (Array.isArray(at)) return at.map((item, index) => inside(item, index))
    if (typeof at !== 'object' || at === null) return at
    return Object.fromEntries(Object.entries(at).map(([key, within]) => [key, inside(within, key)]))
  }
  return visit(value, branchesOf(schema), [])
}

const branchesOf = (schema: Schema): readonly Schema[] => [schema, ...(schema.anyOf ?? []).flatMap(branchesOf)]

function schemasInside(schema: Schema, step: string | number): readonly Schema[] {
  if (typeof step === 'number') return schema.items ? branchesOf(schema.items) : []
  const named = schema.properties && Object.hasOwn(schema.properties, step) ? schema.properties[step] : undefined
  if (named) return branchesOf(named)
  const patterned = Object.entries(schema.patternProperties ?? {}).filter(([rule]) => new RegExp(rule).test(step))
  if (patterned.length) return patterned.flatMap(([, each]) => branchesOf(each))
  return typeof schema.additionalProperties === 'object' ? branchesOf(schema.additionalProperties) : []
}
