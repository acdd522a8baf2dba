/** Whether open connections can do what the mappings ask of them; known only after `open`. */
import type { Config } from '../config.ts'
import type { Connection } from '../connector.ts'
import type { Mode } from '../handoff.ts'
import type { DeskChoice, Mapping } from '../mapping.ts'
import { type ConnectionRole, connectionRoles } from './connections.ts'
import type { Path, Problem } from './problems.ts'

/** `open` holds what could be opened, by name; what is missing there is somebody else's problem and not reported. */
export const checkRoles = (config: Config, open: ReadonlyMap<string, Connection>): Problem[] =>
  config.mappings.flatMap((mapping, index) => [
    ...roleProblems(config, mapping, ['mappings', index], open),
    ...modeProblems(config, mapping, ['mappings', index], open),
  ])

function roleProblems(config: Config, mapping: Mapping, at: Path, open: ReadonlyMap<string, Connection>): Problem[] {
  const single = (['channel', 'bot', 'survey', 'knowledge', 'crm'] as const).map((role) => ({
    name: mapping[role],
    role,
    path: [role] as Path,
  }))
  const asked = [
    ...single,
    ...deskPlaces(mapping)
      .filter(({ choice }) => !choice.assumed)
      .map(({ choice, path }) => ({ name: choice.desk, role: 'desk' as const, path })),
  ]
  return asked.flatMap(({ name, role, path }) => {
    const connection = name === undefined ? undefined : open.get(name)
    if (!connection || connection[role]) return []
    return [
      config.problemAt(
        [...at, ...path],
        `"${name}" cannot be a ${role}; it can be: ${rolesOf(connection).join(', ') || 'nothing'}.`,
      ),
    ]
  })
}

function modeProblems(config: Config, mapping: Mapping, at: Path, open: ReadonlyMap<string, Connection>): Problem[] {
  return deskPlaces(mapping).flatMap(({ choice, path }) => {
    const modes = modesOf(choice, open)
    if (choice.assumed || !modes || modes.includes(choice.mode)) return []
    return [
      config.problemAt(
        [...at, ...path],
        `"${choice.desk}" cannot be asked as ${choice.mode}. Allowed: ${modes.join(', ')}.`,
      ),
    ]
  })
}

/** The mapping without an assumed fallback that its desk cannot give. */
export const fitFallback = (mapping: Mapping, open: ReadonlyMap<string, Connection>): Mapping => ({
  ...mapping,
  fallback: mapping.fallback.filter(
    (choice) => !choice.assumed || modesOf(choice, open)?.includes(choice.mode) !== false,
  ),
})

/** Undefined when the desk is not open. */
function modesOf(choice: DeskChoice, open: ReadonlyMap<string, Connection>): readonly Mode[] | undefined {
  const desk = open.get(choice.desk)?.desk
  return desk && (desk.modes ?? ['live'])
}

const deskPlaces = (mapping: Mapping): Array<{ choice: DeskChoice; path: Path }> => [
  ...mapping.desks.map((choice, index) => ({ choice, path: ['desks', index] })),
  ...mapping.fallback.map((choice, index) => ({ choice, path: ['fallback', index] })),
]

export const rolesOf = (connection: Connection): ConnectionRole[] => connectionRoles.filter((role) => connection[role])
