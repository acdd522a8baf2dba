/** The `mappings` of a configuration: each checked, its names looked up, its criteria and templates built. */
import { buildCriteria, criteriaSettings } from '../escalation/settings.ts'
import { checkTemplate } from '../mapping/fields.ts'
import { type Mapping, type MappingSettings, mappingSettings, resolveMapping } from '../mapping.ts'
import { languages, type WordKey } from '../words.ts'
import type { ConnectionRole, NamedConnection } from './connections.ts'
import { type Path, showAllowed, showPath } from './problems.ts'
import type { Reading } from './reading.ts'
import type { Schema } from './schemas.ts'

type Settings = Partial<MappingSettings>

export function readMappings(
  reading: Reading,
  listed: readonly unknown[],
  connections: readonly NamedConnection[],
): Mapping[] {
  const mappings = listed.flatMap((given, index) => {
    const at = ['mappings', index]
    // What hangs on names, conditions and templates is checked whatever else is wrong: independent errors come together.
    const readable = (typeof given === 'object' && given !== null ? given : {}) as Settings
    const unknown = checkCriteriaNames(reading, readable, at)
    const settings = reading.check(mappingSettings, withoutCriteria(given, unknown), at) as MappingSettings | undefined
    checkNames(reading, readable, connections, at)
    checkTemplates(reading, readable, at)
    checkPlaceholders(reading, readable, at)
    const criteria = readCriteria(reading, readable, at)
    return settings && criteria ? [resolveMapping(settings, criteria)] : []
  })
  checkUnique(reading, listed as readonly Settings[])
  return mappings
}

/** Every connection that a mapping names, with where and for which role. */
export function namesOf(mapping: Settings): Array<{ name: string; role: ConnectionRole; path: Path }> {
  const single = (['channel', 'bot', 'survey', 'knowledge', 'crm'] as const).map((role) => ({
    name: mapping[role],
    role,
    path: [role] as Path,
  }))
  const chains = (['desks', 'fallback'] as const).flatMap((list) => {
    const given: readonly unknown[] = Array.isArray(mapping[list]) ? mapping[list] : []
    return given.map((desk, index) => {
      const isMap = typeof desk === 'object' && desk !== null
      const path: Path = isMap ? [list, index, 'desk'] : [list, index]
      return { name: isMap ? (desk as { desk?: string }).desk : (desk as string), role: 'desk' as const, path }
    })
  })
  return [...single, ...chains].flatMap(({ name, role, path }) =>
    typeof name === 'string' ? [{ name, role, path }] : [],
  )
}

function checkNames(reading: Reading, mapping: Settings, connections: readonly NamedConnection[], at: Path): void {
  for (const { name, role, path } of namesOf(mapping)) {
    const connection = connections.find((each) => each.name === name)
    if (!connection) {
      const allowed = showAllowed(
        connections.map((each) => each.name),
        name,
      )
      reading.report([...at, ...path], `${JSON.stringify(name)} is not among the connections. ${allowed}`)
    } else if (connection.roles && !connection.roles.includes(role)) {
      reading.report([...at, ...path], sayWrongRole(name, role, connection.roles, connections))
    }
  }
}

function sayWrongRole(
  name: string,
  role: ConnectionRole,
  roles: readonly ConnectionRole[],
  connections: readonly NamedConnection[],
): string {
  const able = connections.filter((each) => each.roles?.includes(role)).map((each) => each.name)
  return `"${name}" cannot be a ${role}; it can be: ${roles.join(', ')}. ${able.length ? `Allowed: ${able.join(', ')}.` : `Add a connection that can be a ${role}.`}`
}

/** A name of ours that is misspelt; a criterion of one's own has a condition. */
function checkCriteriaNames(reading: Reading, mapping: Settings, at: Path): string[] {
  const known = Object.keys((criteriaSettings as Schema).properties ?? {})
  const unknown = entriesOf(mapping.criteria).filter(
    ([name, given]) => !known.includes(name) && !entriesOf(given).some(([field]) => field === 'when'),
  )
  for (const [name] of unknown) {
    const own = 'or a criterion of your own, which has "when": a condition.'
    const right = showAllowed(known, name).replace(/\.( Did|$)/, `, ${own}$1`)
    reading.report([...at, 'criteria', name], `"${name}" is not a criterion. ${right}`, 'key')
  }
  return unknown.map(([name]) => name)
}

function withoutCriteria(given: unknown, names: readonly string[]): unknown {
  const criteria = (given as Settings | null)?.criteria
  if (!names.length) return given
  const rest = Object.fromEntries(entriesOf(criteria).filter(([name]) => !names.includes(name)))
  return { ...(given as Settings), criteria: rest }
}

/** Built one by one as well, so that each bad criterion is named at its own line. */
function readCriteria(reading: Reading, mapping: Settings, at: Path) {
  const block = mapping.criteria
  const before = reading.problems.length
  for (const [name, criterion] of entriesOf(block)) {
    const path = [...at, 'criteria', name]
    if (!reading.isWrong(path)) build({ [name]: criterion }, (message) => reading.report(path, message, 'key'))
  }
  if (reading.problems.length > before || reading.isWrong([...at, 'criteria'])) return undefined
  return build(block, (message) => reading.report([...at, 'criteria'], message))
}

function build(block: unknown, report: (message: string) => void) {
  try {
    return buildCriteria(block as MappingSettings['criteria'])
  } catch (error) {
    // The place is said already.
    report(
      error instanceof Error ? error.message.replace(/^criteria\.[\w.-]+: /, '') : 'This criterion cannot be built.',
    )
    return undefined
  }
}

function checkTemplates(reading: Reading, mapping: Settings, at: Path): void {
  for (const [field, template] of entriesOf(mapping.fields)) {
    const wrong = typeof template === 'string' ? checkTemplate(template) : undefined
    if (wrong) {
      const allowed = wrong.allowed ? ` ${showAllowed(wrong.allowed, wrong.found)}` : ''
      reading.report([...at, 'fields', field], wrong.message + allowed)
    }
  }
}

/** A `{placeholder}` that the hub does not fill would be read by a customer. */
function checkPlaceholders(reading: Reading, mapping: Settings, at: Path): void {
  for (const [language, sentences] of entriesOf(mapping.words)) {
    for (const [key, sentence] of entriesOf(sentences)) {
      const shipped = Object.hasOwn(languages.en, key) ? languages.en[key as WordKey] : undefined
      if (shipped === undefined || typeof sentence !== 'string') continue
      const allowed = placeholders(shipped)
      const wrong = placeholders(sentence).find((name) => !allowed.includes(name))
      if (wrong)
        reading.report(
          [...at, 'words', language, key],
          `${wrong} is not filled in here. ${showAllowed(allowed, wrong)}`,
        )
    }
  }
}

const placeholders = (sentence: string): string[] => sentence.match(/\{\w+\}/g) ?? []

const entriesOf = (value: unknown): Array<[string, unknown]> =>
  typeof value === 'object' && value !== null ? Object.entries(value) : []

/** A name tells a mapping in reports; a channel tells which mapping a conversation belongs to. */
function checkUnique(reading: Reading, listed: readonly (Settings | null)[]): void {
  const seen = { name: new Map<string, number>(), channel: new Map<string, number>() }
  for (const [index, mapping] of listed.entries()) {
    const { channel, name = channel } = mapping ?? {}
    const channelTaken = note(seen.channel, channel, index)
    if (channelTaken !== undefined) {
      reading.report(
        ['mappings', index, 'channel'],
        `"${channel}" already belongs to ${showPath(['mappings', channelTaken])}; a channel has one mapping.`,
      )
    }
    const nameTaken = note(seen.name, name, index)
    if (nameTaken !== undefined && nameTaken !== channelTaken) {
      reading.report(
        ['mappings', index, 'name'],
        `The name "${name}" is already that of ${showPath(['mappings', nameTaken])}; each may be used once.`,
      )
    }
  }
}

/** The index that had the word before, if any. */
function note(seen: Map<string, number>, word: unknown, index: number): number | undefined {
  if (typeof word !== 'string') return undefined
  const before = seen.get(word)
  if (before === undefined) seen.set(word, index)
  return before
}
