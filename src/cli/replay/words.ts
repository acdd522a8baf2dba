/** The words after `baton replay`. */
import { HubError } from '../../errors.ts'
import { readWords } from '../options.ts'
import type { ReplayOptions } from '../replay.ts'

const usage = 'baton replay FILE [--json] [--url URL] [--config CONFIG] [--speed TURNS_A_SECOND] [--parallel N]'
const text = { type: 'string' } as const

type Asked = Pick<ReplayOptions, 'json' | 'url' | 'config' | 'speed' | 'parallel'> & { readonly file: string }

/** Throws `invalid` that names the word, what was found and what would be right. */
export function replayWords(args: readonly string[]): Asked {
  const flags = { json: { type: 'boolean' }, url: text, config: text, speed: text, parallel: text } as const
  const { values, positionals } = readWords(args, flags, usage)
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0)
    throw new HubError('invalid', `Found ${positionals.length} files; right is one.\nUsage: ${usage}`)
  const given = values as { json?: boolean; url?: string; config?: string; speed?: string; parallel?: string }
  return {
    file,
    json: given.json === true,
    url: given.url === undefined ? undefined : readUrl(given.url),
    config: given.config ?? 'config/demo.yaml',
    speed: readNumber(
      '--speed',
      given.speed,
      'turns a second, from 0.01 to 100',
      (value) => value >= 0.01 && value <= 100,
    ),
    parallel: readNumber('--parallel', given.parallel, 'conversations at a time, from 1 to 20', isFew),
  }
}

const isFew = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 20

function readUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return given.replace(/\/+$/, '')
  throw new HubError(
    'invalid',
    `--url is "${given}". Allowed: the address of a running hub, like http://127.0.0.1:8350`,
  )
}

function readNumber(flag: string, given: string | undefined, right: string, isRight: (value: number) => boolean) {
  if (given === undefined) return undefined
  const value = Number(given)
  if (given.trim() !== '' && isRight(value)) return value
  throw new HubError('invalid', `${flag} is "${given}". Allowed: ${right}.`)
}
