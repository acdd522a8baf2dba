/** `baton check`: is this configuration right? Says everything that is not, each with its place, and what each pairing loses. */
import { type Config, ConfigError, loadConfig, maskedConfig, showProblem } from '../config.ts'
import type { DeskChoice, Mapping } from '../mapping.ts'
import { carriesIn, type Pairing, pairingsOf } from '../pairing.ts'
import { type Trial, tryLive } from './live.ts'
import { table } from './table.ts'

export interface CheckOptions {
  readonly json: boolean
  /** Tries the credentials too. */
  readonly live?: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly write: (line: string) => void
}

/** Gives the exit code: 0 when the file may be started, 1 when not. */
export async function check(path: string, { json, live = false, env, write }: CheckOptions): Promise<number> {
  try {
    const config = await loadConfig(path, env)
    if (!json) for (const line of describe(config)) write(line)
    const trials = live ? await tryAll(config, json ? undefined : write) : undefined
    const ok = !trials?.some(({ fate }) => fate === 'failed')
    const pairings = config.mappings.flatMap((mapping) => pairingsIn(config, mapping))
    if (json) write(JSON.stringify({ ok, ...maskedConfig(config), pairings, ...(trials && { live: trials }) }))
    return ok ? 0 : 1
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    if (json) write(JSON.stringify({ ok: false, file: path, problems: error.problems }))
    else {
      for (const problem of error.problems) write(showProblem(problem))
      write(`${count(error.problems.length, 'problem')} in ${path}; nothing was started.`)
    }
    return 1
  }
}

function describe(config: Config): string[] {
  const { file, connections, mappings } = config
  const head = `${file} is fine: ${count(connections.length, 'connection')}, ${count(mappings.length, 'mapping')}`
  const rows = mappings.map((mapping) => [
    mapping.name,
    mapping.channel,
    mapping.bot,
    mapping.desks.map(showDesk).join(' > '),
    mapping.fallback.map(showDesk).join(' > ') || '-',
    mapping.survey ?? '-',
    mapping.knowledge ?? '-',
    mapping.crm ?? '-',
    showHours(mapping),
  ])
  return [
    head,
    '',
    ...table([['MAPPING', 'CHANNEL', 'BOT', 'DESKS', 'FALLBACK', 'SURVEY', 'KNOWLEDGE', 'CRM', 'HOURS'], ...rows]),
    ...mappings.flatMap((mapping) => describePairings(config, mapping)),
  ]
}

function pairingsIn({ connections }: Config, mapping: Mapping): Pairing[] {
  return pairingsOf(mapping, carriesIn(connections))
}

/** A line for each direction: what is kept, then what is not, with what becomes of it. */
function describePairings(config: Config, mapping: Mapping): string[] {
  const pairs = Map.groupBy(pairingsIn(config, mapping), ({ from, to }) => `${from} → ${to}`)
  if (pairs.size === 0) return []
  const lines = [...pairs].flatMap(([pair, found]) => {
    const kept = found.filter(({ fate }) => fate === 'kept').map(({ what, how }) => (how ? `${what} (${how})` : what))
    const others = found.filter(({ fate }) => fate !== 'kept')
    return [
      [pair, 'kept', kept.join(', ') || '-'],
      ...others.map(({ what, fate, how }) => ['', fate, `${what}: ${how}`]),
    ]
  })
  return ['', `What arrives in ${mapping.name}:`, ...table(lines).map((line) => `  ${line}`)]
}

async function tryAll(config: Config, write: ((line: string) => void) | undefined): Promise<Trial[]> {
  write?.('')
  write?.('Trying the credentials:')
  const wide = Math.max(...config.connections.map(({ name }) => name.length))
  return tryLive(config, ({ connection, fate, said }) =>
    write?.(`  ${connection.padEnd(wide)}  ${fate.padEnd(9)}  ${said}`),
  )
}

const showDesk = ({ desk, mode }: DeskChoice): string => (mode === 'live' ? desk : `${desk} (${mode})`)

const showHours = ({ hours }: Mapping): string => hours?.timeZone ?? 'always'

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
