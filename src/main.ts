/** The command line. One file for each command in cli/. */

import { configFile, readWords } from './cli/options.ts'
import { HubError } from './errors.ts'

const usage = `baton <command>

  start [CONFIG]             run the hub
  check [CONFIG] [--live]    is the configuration right, what do its pairings lose? --live tries the credentials
  sandbox [CONFIG]           try it with every vendor played on this machine; default config/demo.yaml
  simulate FILE [--json]     transcripts against a mapping: who would be handed over, when, why
  replay FILE [--json]       plays recorded conversations through a hub and keeps the ledger
  connector new NAME [FOLDER]
                             a working connector to start your own from
  schema [--check]           writes config/baton.schema.json

CONFIG defaults to config/baton.yaml, else config/demo.yaml.`

const simulateUsage = 'baton simulate FILE [--json] [--accept-offers] [--config CONFIG]'

const write = (line: string) => void process.stdout.write(`${line}\n`)

type Command = (args: readonly string[]) => Promise<number>

const commands: Record<string, Command> = {
  async start(args) {
    const { positionals } = readWords(args, {}, 'baton start [CONFIG]')
    const { start } = await import('./cli/start.ts')
    return start(configFile(positionals[0]), { env: process.env, isSandbox: false, write })
  },
  async sandbox(args) {
    const { positionals } = readWords(args, {}, 'baton sandbox [CONFIG]')
    const { start } = await import('./cli/start.ts')
    return start(positionals[0] ?? 'config/demo.yaml', { env: process.env, isSandbox: true, write })
  },
  async check(args) {
    const flags = { json: { type: 'boolean' }, live: { type: 'boolean' } } as const
    const { values, positionals } = readWords(args, flags, 'baton check [CONFIG] [--live] [--json]')
    const { check } = await import('./cli/check.ts')
    const { json, live } = values
    return check(configFile(positionals[0]), { json: json === true, live: live === true, env: process.env, write })
  },
  async replay(args) {
    const { replayWords } = await import('./cli/replay/words.ts')
    const { replay } = await import('./cli/replay.ts')
    const { file, ...options } = replayWords(args)
    return replay(file, { ...options, env: process.env, write, tell: (line) => void process.stderr.write(`${line}\n`) })
  },
  async simulate(args) {
    const flags = {
      json: { type: 'boolean' },
      config: { type: 'string' },
      'accept-offers': { type: 'boolean' },
    } as const
    const { values, positionals } = readWords(args, flags, simulateUsage)
    const [file] = positionals
    if (file === undefined) throw new HubError('invalid', `No file was named.\nUsage: ${simulateUsage}`)
    const { loadConfig } = await import('./config.ts')
    const { mappings } = await loadConfig(configFile(values.config as string | undefined), process.env)
    const { simulate } = await import('./cli/simulate.ts')
    return simulate(file, {
      criteria: mappings[0]!.criteria,
      json: values.json === true,
      acceptOffers: values['accept-offers'] === true,
      write,
    })
  },
  async connector(args) {
    const words = 'baton connector new NAME [FOLDER]'
    const { positionals } = readWords(args, {}, words)
    const [verb, name, folder] = positionals
    if (verb !== 'new' || name === undefined) throw new HubError('invalid', `Usage: ${words}`)
    const { newConnector } = await import('./cli/connector.ts')
    return newConnector({ name, folder, write })
  },
  async schema(args) {
    const { values } = readWords(args, { check: { type: 'boolean' } }, 'baton schema [--check]')
    const { schema } = await import('./cli/schema.ts')
    return schema({ check: values.check === true, write })
  },
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    write(usage)
    return name === undefined ? 1 : 0
  }
  const command = commands[name]
  if (!command) throw new HubError('invalid', `There is no command "${name}".\n\n${usage}`)
  return command(args)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  // What is ours to explain is a sentence; anything else is a defect, and shown whole.
  console.error(error instanceof HubError ? error.message : error)
  process.exitCode = 1
}
