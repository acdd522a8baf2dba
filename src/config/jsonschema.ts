/** The JSON Schema (draft-07) by which an editor completes and checks the YAML, made from the same settings that `start` checks. */
import { mappingSettings } from '../mapping.ts'
import { connectionName, connectionSchema, type KnownConnectors } from './connections.ts'
import type { Schema } from './schemas.ts'

type Json = Readonly<Record<string, unknown>>

export async function buildJsonSchema(known: KnownConnectors): Promise<Json> {
  const names = Object.keys(known).sort()
  const rules = await Promise.all(
    names.map(async (name) => connectionRule(name, (await known[name]!()) as { settings: object })),
  )
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Baton configuration',
    description: 'Connections, and the mappings that join them.',
    type: 'object',
    required: ['connections', 'mappings'],
    additionalProperties: false,
    properties: {
      connections: {
        title: 'Connections',
        description: 'Every product in use, under a name of your choice.',
        type: 'object',
        minProperties: 1,
        additionalProperties: false,
        patternProperties: {
          [connectionName]: { type: 'object', required: ['use'], properties: { use: useSchema(names) }, allOf: rules },
        },
      },
      mappings: {
        title: 'Mappings',
        description: 'Which channel, bot, desks and survey belong together.',
        type: 'array',
        minItems: 1,
        items: forEditor(mappingSettings as Schema),
      },
    },
  }
}

const useSchema = (names: readonly string[]): Json => ({
  title: 'Connector',
  description: 'The connector’s name, or the path or package of your own.',
  anyOf: [{ enum: names }, { type: 'string', pattern: '[./]' }],
})

function connectionRule(name: string, connector: { settings: object }): Json {
  const use: Schema = { const: name, title: 'Connector', description: `Settings of ${name}.` }
  return {
    if: { properties: { use: { const: name } }, required: ['use'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: forEditor(connectionSchema(connector, use)),
  }
}

/** What the editor sees before defaults and secrets are filled in: fields with a default may be missing, a reference may stand for a value. */
export function forEditor(schema: Schema): Schema {
  const { properties, patternProperties, additionalProperties, items, anyOf, required, ...rest } = schema
  const inside: Record<string, unknown> = { ...rest }
  if (properties) inside.properties = mapValues(properties, forEditor)
  if (patternProperties) inside.patternProperties = mapValues(patternProperties, forEditor)
  if (items) inside.items = forEditor(items)
  if (anyOf) inside.anyOf = anyOf.map(forEditor)
  if (additionalProperties !== undefined) {
    inside.additionalProperties =
      typeof additionalProperties === 'object' ? forEditor(additionalProperties) : additionalProperties
  }
  const needed = required?.filter((name) => properties?.[name]?.default === undefined)
  if (needed?.length) inside.required = needed
  return refusesReferences(schema) ? orReference(inside) : (inside as Schema)
}

const refusesReferences = (schema: Schema): boolean =>
  ['integer', 'number', 'boolean'].includes(schema.type ?? '') ||
  (schema.type === 'string' &&
    schema.const === undefined &&
    (schema.pattern ?? schema.format ?? schema.enum) !== undefined)

const reference = { type: 'string', pattern: '\\$\\{(env|file):[^}]+\\}' }

function orReference({ title, description, default: standard, examples, ...value }: Record<string, unknown>): Schema {
  const about = Object.fromEntries(
    Object.entries({ title, description, default: standard, examples }).filter(([, text]) => text !== undefined),
  )
  return { ...about, anyOf: [value as Schema, reference] }
}

const mapValues = (schemas: Readonly<Record<string, Schema>>, change: (schema: Schema) => Schema) =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, change(schema)]))
