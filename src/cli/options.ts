/** The words after `baton <command>`. */
import { existsSync } from 'node:fs'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { HubError } from '../errors.ts'

export type Flags = NonNullable<ParseArgsConfig['options']>

export interface Words {
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly positionals: readonly string[]
}

/** Throws `invalid` that names the unknown word and the ones there are. */
export function readWords(args: readonly string[], flags: Flags, usage: string): Words {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true, strict: true })
    return { values: values as Words['values'], positionals }
  } catch (error) {
    throw new HubError('invalid', `${(error as Error).message}\nUsage: ${usage}`)
  }
}

/** The given file, else `config/baton.yaml`, else `config/demo.yaml`. */
export function configFile(given: string | undefined): string {
  if (given) return given
  return existsSync('config/baton.yaml') ? 'config/baton.yaml' : 'config/demo.yaml'
}
