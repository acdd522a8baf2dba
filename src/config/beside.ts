/** The configuration's file beside what runs: whether they differ, and what is wrong with the one that would run next. */
import { readFile, stat } from 'node:fs/promises'
import { type Config, ConfigError, loadConfig, type Problem } from '../config.ts'
import { maskText, secretsOf } from './masked-text.ts'
import type { Schema } from './schemas.ts'
import { readSource } from './source.ts'

export interface FileBeside {
  readonly file: string
  /** What runs, and what the file says now; null when there is none any more. Secrets are hidden in both. */
  readonly running: string
  readonly current: string | null
  readonly differs: boolean
  /** Of the file as it is now: with these it would not start. */
  readonly problems: readonly Problem[]
  /** The line of each mapping in what runs, from 1. */
  readonly mappingLines: readonly number[]
}

export interface BesideOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Secrets that are not set are no problem where everything is played. */
  readonly isSandbox: boolean
}

/** Reads the file again only when it has changed. */
export function openBeside(config: Config, options: BesideOptions): () => Promise<FileBeside> {
  const schemas = new Map(config.connections.map(({ use, connector }) => [use, connector.settings as Schema]))
  const secrets = secretsOf(config)
  const mask = (text: string) => maskText(text, (use) => schemas.get(use), secrets)
  const running = mask(config.text)
  const source = readSource(config.file, config.text)
  const mappingLines = config.mappings.map((_, index) => source.problemAt(['mappings', index], '').line)
  let known: { stamp: string; beside: FileBeside } | undefined

  return async () => {
    const stamp = await stampOf(config.file)
    if (known?.stamp === stamp) return known.beside
    const text = await readFile(config.file, 'utf8').catch(() => undefined)
    const differs = text !== config.text
    const beside = {
      file: config.file,
      running,
      current: text === undefined ? null : mask(text),
      differs,
      problems: differs ? await problemsOf(config.file, options) : [],
      mappingLines,
    }
    known = { stamp, beside }
    return beside
  }
}

async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined)
  return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : 'none'
}

async function problemsOf(file: string, { env, isSandbox }: BesideOptions): Promise<readonly Problem[]> {
  try {
    await loadConfig(file, env, isSandbox ? { standIn: () => 'sandbox' } : {})
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    return [{ file, line: 1, column: 1, path: '', message: 'The file could not be checked.' }]
  }
}
