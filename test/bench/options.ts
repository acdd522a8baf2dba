/** The command line of the benchmark: what is measured, how long, and how often. */
import { parseArgs } from 'node:util'

export const parts = ['relay', 'turn', 'setups', 'growth', 'sockets', 'idle', 'strain'] as const
export type Part = (typeof parts)[number]

export interface Options {
  readonly runs: number
  /** Messages before the clock starts; the same on both sides. */
  readonly warm: number
  readonly messages: number
  readonly conversations: number
  /** Customers who write at the same time, each one's next message after the last was answered. */
  readonly lines: number
  /** Messages per second of the open loop. */
  readonly rate: number
  readonly seconds: number
  /** Conversations on record for the growth measure. */
  readonly stored: number
  readonly sockets: number
  readonly idleSeconds: number
  /** A run during which others took more than a tenth of the machine is repeated at most so many times. */
  readonly tries: number
  readonly parts: ReadonlySet<Part>
  readonly json: string | undefined
  /** Folder for CPU profiles of the hub. */
  readonly profile: string | undefined
}

export const defaults: Options = {
  runs: 3,
  warm: 30_000,
  messages: 20_000,
  conversations: 1_000,
  lines: 100,
  rate: 200,
  seconds: 6,
  stored: 100_000,
  sockets: 10_000,
  idleSeconds: 60,
  tries: 1,
  parts: new Set(parts),
  json: undefined,
  profile: undefined,
}

const numbers = [
  'runs',
  'warm',
  'messages',
  'conversations',
  'lines',
  'rate',
  'seconds',
  'stored',
  'sockets',
  'idle-seconds',
  'tries',
] as const

export const usage = `npm run bench -- [--runs 3] [--warm 30000] [--messages 20000] [--conversations 1000] [--lines 100]
  [--rate 200] [--seconds 6] [--stored 100000] [--sockets 10000] [--idle-seconds 60] [--tries 1]
  [--only ${parts.join(',')}] [--profile FOLDER] [--json FILE]`

/** Throws a sentence that says what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(numbers.map((name) => [name, text])),
      only: text,
      json: text,
      profile: text,
    },
  })
  const given = values as Record<string, string | undefined>
  const counted = numbers.flatMap((name) =>
    given[name] === undefined ? [] : [[camel(name), count(name, given[name])]],
  )
  return {
    ...defaults,
    ...Object.fromEntries(counted),
    parts: given.only === undefined ? defaults.parts : readParts(given.only),
    json: given.json,
    profile: given.profile,
  }
}

const camel = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

function count(name: string, given: string): number {
  const value = Number(given)
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is "${given}". Right is a whole number from 1.`)
  return value
}

function readParts(given: string): Set<Part> {
  const names = given.split(',')
  const wrong = names.find((name) => !(parts as readonly string[]).includes(name))
  if (wrong !== undefined) throw new Error(`--only names "${wrong}". Allowed: ${parts.join(', ')}.`)
  return new Set(names as Part[])
}
