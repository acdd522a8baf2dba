/** Checks calls and answers against an official OpenAPI file. Data of the vendor, read where it lies, never shipped. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { parse } from 'yaml'

/** Where recorded payloads and specifications of vendors lie; BATON_VENDORS names another place. */
export const vendors = process.env.BATON_VENDORS ?? resolve(import.meta.dirname, '../../../../shared/vendors')

export interface SpokenCall {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly status?: number
  readonly answer?: unknown
}

interface Schema {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly allOf?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly additionalProperties?: unknown
}
interface Parameter {
  readonly $ref?: string
  readonly name: string
  readonly in: string
}
interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content?: Record<string, { readonly schema?: Schema }> }
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, { readonly schema?: Schema }> }>>
}

export interface OpenApi {
  /** What does not fit, in words; undefined when the specification has no such path. */
  faults(call: SpokenCall): string[] | undefined
  /** The same for a value and a schema of the components. */
  misfits(schema: string, value: unknown): string[]
}

export const openApiFile = (name: string): string | undefined => {
  const file = join(vendors, 'specs', name)
  return existsSync(file) ? file : undefined
}

export async function readOpenApi(file: string): Promise<OpenApi> {
  const document = plain(parse(await readFile(file, 'utf8')))
  const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false, logger: false, validateFormats: true })
  ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger })
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/)
  ajv.addFormat('email', /^[^\s@]+@[^\s@]+$/)
  ajv.addSchema(document, 'spec')
  const compiled = new Map<string, ValidateFunction>()
  const check = (pointer: string, value: unknown): string[] => {
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `spec#${pointer}` })
    compiled.set(pointer, validate)
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`)
  }
  const resolved = <T extends { readonly $ref?: string }>(part: T): T =>
    part.$ref
      ? resolved(
          part.$ref
            .slice(2)
            .split('/')
            .reduce((inside, name) => inside[unescaped(name)], document),
        )
      : part
  const templates = Object.keys(document.paths).map((path) => ({ path, pattern: patternOf(path) }))
  // The most literal path first: `/users/me` before `/users/{id}`.
  templates.sort((one, other) => one.path.split('{').length - other.path.split('{').length)

  return {
    misfits(name, value) {
      const schema: Schema = { $ref: `#/components/schemas/${name}` }
      const missing = undeclared(schema, value, '').map((one) => `${one} is not declared`)
      return [...check(`/components/schemas/${name}`, value), ...missing]
    },
    faults({ method, path, body, status, answer }) {
      const url = new URL(path, 'http://localhost')
      const name = url.pathname.replace(/\.json$/, '')
      const verb = method.toLowerCase()
      const template = templates.find((one) => one.pattern.test(name) && document.paths[one.path][verb])?.path
      if (template === undefined) return undefined
      const operation: Operation = document.paths[template][verb]
      const at = ['', 'paths', escaped(template), verb]
      const declared = [...(document.paths[template].parameters ?? []), ...(operation.parameters ?? [])].map(resolved)
      const queries = new Set(declared.filter((one) => one.in === 'query').map((one) => one.name.replace(/\[.*/, '')))
      const faults = [...url.searchParams.keys()]
        .filter((one) => !queries.has(one.replace(/\[.*/, '')))
        .map((one) => `query ${one} is not declared`)
      const asked = operation.requestBody?.content?.['application/json']?.schema
      if (asked) {
        faults.push(
          ...check([...at, 'requestBody', 'content', 'application~1json', 'schema'].join('/'), body).map(
            (fault) => `request ${fault}`,
          ),
        )
        faults.push(...undeclared(asked, body, '').map((one) => `request ${one} is not declared`))
      }
      const given = operation.responses[String(status)]?.content?.['application/json']?.schema
      if (!given && status !== undefined && status < 300) faults.push(`status ${status} is not declared`)
      if (given) {
        const pointer = [...at, 'responses', String(status), 'content', 'application~1json', 'schema'].join('/')
        faults.push(...check(pointer, answer).map((fault) => `answer ${fault}`))
        faults.push(...undeclared(given, answer, '').map((one) => `answer ${one} is not declared`))
      }
      return faults
    },
  }

  /** These schemas forbid nothing, so a misspelt name would pass: names are looked up one by one. */
  function undeclared(schema: Schema, value: unknown, at: string): string[] {
    const whole = resolved(schema)
    if (Array.isArray(value))
      return whole.items ? [...new Set(value.flatMap((one) => undeclared(whole.items!, one, `${at}[]`)))] : []
    if (typeof value !== 'object' || value === null) return []
    const known = propertiesOf(whole)
    if (!known) return []
    return Object.entries(value).flatMap(([name, inside]) => {
      const one = known.get(name)
      return one ? undeclared(one, inside, `${at}/${name}`) : [`${at}/${name}`]
    })
  }
  /** Undefined where anything may be. */
  function propertiesOf(schema: Schema): Map<string, Schema> | undefined {
    const known = new Map(Object.entries(schema.properties ?? {}))
    for (const part of [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])])
      for (const [name, inside] of propertiesOf(resolved(part)) ?? []) known.set(name, inside)
    return known.size === 0 || (schema.additionalProperties === true && !schema.anyOf) ? undefined : known
  }
}

/**
 * OpenAPI’s own words in those of JSON Schema: `discriminator` chooses the one schema that counts, which `oneOf` alone does
 * not (an image is also a text, zendesk.md 12), and `nullable` says nothing without a type.
 */
// biome-ignore lint/suspicious/noExplicitAny: a document of any shape
function plain(value: any): any {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const copy = Object.fromEntries(Object.entries(value).map(([name, inside]) => [name, plain(inside)]))
  if (copy.nullable !== undefined && copy.type === undefined) delete copy.nullable
  const property = copy.discriminator?.propertyName
  if (typeof property !== 'string' || !Array.isArray(copy.oneOf)) return copy
  const { oneOf, discriminator, ...rest } = copy
  const named: [string, string][] = Object.entries(
    discriminator.mapping ??
      Object.fromEntries(oneOf.map(({ $ref }: { $ref: string }) => [$ref.split('/').at(-1)!, $ref])),
  )
  return {
    ...rest,
    anyOf: oneOf,
    allOf: named.map(([kind, $ref]) => ({
      if: { properties: { [property]: { const: kind } }, required: [property] },
      // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
      then: { $ref },
    })),
  }
}

const escaped = (name: string): string => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))
const unescaped = (name: string): string => decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, '[^/]+')}$`)
