/** `baton check`: is this configuration right? Says everything that is not, each with its place. */
import { type Config, ConfigError, loadConfig, maskedConfig, showProblem } from '../config.ts'
import type { DeskChoice, Mapping } from '../mapping.ts'
import { table } from './table.ts'

export interface CheckOptions {
  readonly json: boolean
  readonly env: Readonly<Record<string, string | undefined>>
  readonly write: (line: string) => void
}

/** Gives the exit code: 0 when the file may be started, 1 when not. */
export async function check(path: string, { json, env, write }: CheckOptions): Promise<number> {
  try {
    const config = await loadConfig(path, env)
    if (json) write(JSON.stringify({ ok: true, ...maskedConfig(config) }))
    else for (const line of describe(config)) write(line)
    return 0
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

function describe({ file, connections, mappings }: Config): string[] {
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
  ]
}

const showDesk = ({ desk, mode }: DeskChoice): string => (mode === 'live' ? desk : `${desk} (${mode})`)

const showHours = ({ hours }: Mapping): string => hours?.timeZone ?? 'always'

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`
