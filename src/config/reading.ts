/** One configuration while it is being read: its data with secrets filled in, and the problems found so far. */
import type { KnownConnectors } from './connections.ts'
import { type Path, type Problem, showAllowed, showPath } from './problems.ts'
import { fillDefaults, findFaults, mapWithSchema, type Schema, showFound } from './schemas.ts'
import { fillSecrets } from './secrets.ts'
import type { Source } from './source.ts'

export interface Reading {
  /** The whole file, secrets filled in. Never to be shown. */
  readonly value: unknown
  readonly folder: string
  readonly known: KnownConnectors
  readonly problems: readonly Problem[]
  /** What the file says where a secret was filled in. */
  readonly written: ReadonlyMap<string, string>
  report(path: Path, message: string, on?: 'key' | 'value'): void
  reportUnknown(path: Path, name: string, allowed: readonly string[]): void
  /** Something is wrong with the value at this path, or with something inside it. */
  isWrong(path: Path): boolean
  /** The value with its defaults; undefined when something was wrong with it, which is reported. */
  check(schema: object, value: unknown, at: Path): unknown
}

export interface Around {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly folder: string
  readonly known: KnownConnectors
  readonly standIn?: (reference: string) => string
}

export async function beginReading(source: Source, around: Around): Promise<Reading> {
  const problems: Problem[] = [...source.problems]
  const wrong = new Set(source.problems.map((problem) => problem.path))
  const report: Reading['report'] = (path, message, on) => {
    // One error for one place: what follows from the first would only distract from it.
    if (wrong.has(showPath(path))) return
    wrong.add(showPath(path))
    problems.push(source.problemAt(path, message, on))
  }
  const isWrong = (path: Path) => problems.some((problem) => isInside(problem.path, showPath(path)))
  const { value, written } = await fillSecrets(source.value, {
    ...around,
    report: (path, message) => report(path, message),
  })
  const veil = (path: Path) => {
    const reference = written.get(showPath(path))
    return reference === undefined ? undefined : showFound(reference)
  }
  return {
    value,
    folder: around.folder,
    known: around.known,
    problems,
    written,
    report,
    reportUnknown: (path, name, allowed) =>
      report(path, `"${name}" is not a field here. ${showAllowed(allowed, name)}`, 'key'),
    isWrong,
    check(schema, given, at) {
      const filled = fillDefaults(schema as Schema, toTyped(schema as Schema, given, at, written))
      for (const fault of findFaults(schema, filled, at, veil)) report(fault.path, fault.message, fault.on)
      return isWrong(at) ? undefined : filled
    },
  }
}

const isInside = (path: string, outer: string): boolean =>
  path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`)

/** Environment variables are text; where the schema wants a number or a truth value, a whole reference becomes one. */
function toTyped(schema: Schema, given: unknown, at: Path, written: ReadonlyMap<string, string>): unknown {
  return mapWithSchema(schema, given, (value, schemas, path) => {
    if (typeof value !== 'string' || !written.has(showPath([...at, ...path]))) return value
    const wants = (...types: string[]) => schemas.some((each) => each.type !== undefined && types.includes(each.type))
    if (wants('string')) return value
    if (wants('integer', 'number') && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value)
    return wants('boolean') && (value === 'true' || value === 'false') ? value === 'true' : value
  })
}
