/** Mappings as they run: the chain with its health, what each pairing keeps, the YAML beside it, and a try with a transcript. */
import type { FastifyPluginAsync } from 'fastify'
import { type Static, Type } from 'typebox'
import type { BesideOptions, FileBeside } from '../../config/beside.ts'
import { openBeside } from '../../config/beside.ts'
import type { Config } from '../../config.ts'
import { HubError } from '../../errors.ts'
import { decide, type Finding, type Verdict } from '../../escalation/criteria.ts'
import { readTranscript, rehearse } from '../../escalation/rehearsal.ts'
import { noMeasures } from '../../escalation/signals.ts'
import type { Health } from '../../gates.ts'
import type { DeskChoice, Mapping, TimeLimits } from '../../mapping.ts'
import { carriesIn, type Pairing, pairingsOf } from '../../pairing.ts'
import { lookAtConnections, type Operated } from './connections.ts'

const closed = { additionalProperties: false } as const
const byName = Type.Object({ name: Type.String({ maxLength: 200, description: 'The mapping’s name in the YAML' }) })
const trying = Type.Object(
  {
    transcript: Type.String({
      minLength: 1,
      maxLength: 100_000,
      description: 'Lines as "Customer: …" and "Bot: …"; a line without a speaker goes on with the one before',
    }),
    acceptOffers: Type.Optional(Type.Boolean({ description: 'The customer takes the first offer of a person' })),
  },
  closed,
)

export interface Link {
  readonly connection: string
  readonly use: string | null
  readonly health: Health
}
export interface DeskLink extends Link, Pick<DeskChoice, 'mode' | 'skills' | 'waitMs' | 'assumed'> {
  readonly hours: string | null
}

export interface MappingRow {
  readonly name: string
  /** Of the file that runs, from 1. */
  readonly line: number
  readonly channel: Link
  readonly bot: Link
  readonly desks: readonly DeskLink[]
  readonly fallback: readonly DeskLink[]
  readonly survey: Link | null
  readonly knowledge: Link | null
  readonly crm: Link | null
  readonly hours: string | null
}

export interface MappingDetail extends MappingRow {
  /** Every criterion that is on, strongest first. */
  readonly criteria: readonly Pick<Finding, 'criterion' | 'action' | 'limit'>[]
  readonly limits: TimeLimits
  readonly languages: readonly string[]
  readonly pairings: readonly Pairing[]
  readonly beside: FileBeside
}

export interface Mappings {
  readonly mappings: readonly MappingRow[]
  readonly file: string
  readonly differs: boolean
  readonly problems: number
  readonly at: number
}

/** What a try came to; without a verdict nobody in it was a customer or a bot. */
export interface Tried {
  readonly turns: ReadonlyArray<{ readonly by: string; readonly text: string }>
  readonly verdict: Verdict | null
  readonly turn: number | null
}

const mostTurns = 500

export function mappings(parts: Operated, options: BesideOptions): FastifyPluginAsync {
  const { config, clock } = parts
  const beside = openBeside(config, options)
  const look = lookAtConnections(parts)
  const read = { may: 'mappings.read' } as const

  const rows = async () => {
    const health = new Map((await look()).map((row) => [row.name, row.health]))
    const { mappingLines } = await beside()
    return config.mappings.map((mapping, index) => toRow(config, mapping, mappingLines[index] ?? 1, health))
  }
  const known = (name: string): Mapping => {
    const found = config.mappings.find((mapping) => mapping.name === name)
    if (found) return found
    const names = config.mappings.map((mapping) => mapping.name).join(', ')
    throw new HubError('unknown', `There is no mapping "${name}". There are: ${names}`)
  }

  return async (app) => {
    app.get(
      '/mappings',
      { schema: { summary: 'Mappings with the health of each link of their chains' }, config: read },
      async (): Promise<Mappings> => {
        const { file, differs, problems } = await beside()
        return { mappings: await rows(), file, differs, problems: problems.length, at: clock.now() }
      },
    )

    app.get(
      '/mappings/:name',
      {
        schema: { params: byName, summary: 'One mapping: criteria, pairings, and the YAML it comes from' },
        config: read,
      },
      async (request): Promise<MappingDetail> => {
        const mapping = known((request.params as Static<typeof byName>).name)
        const row = (await rows()).find((one) => one.name === mapping.name)!
        const { findings } = decide(mapping.criteria, noMeasures, 0)
        return {
          ...row,
          criteria: findings.map(({ criterion, action, limit }) => ({ criterion, action, limit })),
          limits: mapping.limits,
          languages: mapping.languages,
          pairings: pairingsOf(mapping, carriesIn(config.connections)),
          beside: await beside(),
        }
      },
    )

    app.post(
      '/mappings/:name/try',
      { schema: { params: byName, body: trying, summary: 'Where a transcript would escalate, and why' }, config: read },
      async (request): Promise<Tried> => {
        const { criteria } = known((request.params as Static<typeof byName>).name)
        const { transcript, acceptOffers } = request.body as Static<typeof trying>
        const turns = readTranscript(transcript)
        if (turns.length > mostTurns)
          throw new HubError('invalid', `transcript: found ${turns.length} turns; right are at most ${mostTurns}`)
        const { verdict, turn } = rehearse({ id: 'try', turns }, { criteria, acceptOffers })
        return { turns, verdict: verdict ?? null, turn: turn ?? null }
      },
    )
  }
}

function toRow(config: Config, mapping: Mapping, line: number, health: ReadonlyMap<string, Health>): MappingRow {
  const link = (connection: string): Link => ({
    connection,
    use: config.connections.find((one) => one.name === connection)?.use ?? null,
    health: health.get(connection) ?? 'healthy',
  })
  const maybe = (connection: string | undefined) => (connection === undefined ? null : link(connection))
  const desk = ({ desk: name, mode, skills, waitMs, hours, assumed }: DeskChoice): DeskLink => ({
    ...link(name),
    mode,
    skills,
    waitMs,
    hours: hours?.timeZone ?? null,
    ...(assumed ? { assumed } : {}),
  })
  return {
    name: mapping.name,
    line,
    channel: link(mapping.channel),
    bot: link(mapping.bot),
    desks: mapping.desks.map(desk),
    fallback: mapping.fallback.map(desk),
    survey: maybe(mapping.survey),
    knowledge: maybe(mapping.knowledge),
    crm: maybe(mapping.crm),
    hours: mapping.hours?.timeZone ?? null,
  }
}
