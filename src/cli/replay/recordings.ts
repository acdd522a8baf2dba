/** Recorded conversations: one JSON object a line, `{"id", "turns": [{"by", "text"}]}`; further fields are not looked at. */
import { readFile } from 'node:fs/promises'
import { HubError } from '../../errors.ts'

/** `action` is what the agent did beside talking; it is written as an internal note. */
export const speakers = ['customer', 'agent', 'action'] as const
export type Speaker = (typeof speakers)[number]

export interface Turn {
  readonly by: Speaker
  readonly text: string
}

export interface Recording {
  readonly id: string
  readonly turns: readonly Turn[]
}

/** The longest text each side takes, in UTF-16 units. */
export interface TextLimits {
  readonly customer: number
  readonly agent: number
}

/** Throws `invalid` with one sentence for each wrong line: file, line, what was found, what would be right. */
export async function readRecordings(file: string, limits: TextLimits): Promise<Recording[]> {
  const content = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new HubError('invalid', `${file}: cannot be read: ${error.code ?? 'unknown reason'}`)
  })
  const recordings: Recording[] = []
  const problems: string[] = []
  const lineOf = new Map<string, number>()
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue
    const found = readLine(line, limits)
    const earlier = typeof found === 'string' ? undefined : lineOf.get(found.id)
    if (typeof found === 'string') problems.push(`${file}:${index + 1}: ${found}`)
    else if (earlier !== undefined) problems.push(`${file}:${index + 1}: ${again(earlier)}`)
    else {
      lineOf.set(found.id, index + 1)
      recordings.push(found)
    }
  }
  if (problems.length > 0) throw new HubError('invalid', problems.join('\n'))
  if (recordings.length === 0) throw new HubError('invalid', `${file}: found no conversation; ${right}`)
  return recordings
}

const right =
  'right is a line like {"id": "…", "turns": [{"by": "customer", "text": "…"}, {"by": "agent", "text": "…"}]}'
const again = (earlier: number): string => `found the id of line ${earlier} again; right is an id of its own`

/** The conversation of a line, or what is wrong with it. Texts are not quoted: they are a customer's. */
function readLine(line: string, limits: TextLimits): Recording | string {
  let found: unknown
  try {
    found = JSON.parse(line)
  } catch {
    return `found no JSON; ${right}`
  }
  if (!isMap(found)) return `found ${kindOf(found)}; ${right}`
  const { id, turns } = found
  if ((typeof id !== 'string' || id === '') && typeof id !== 'number') return `found ${kindOf(id)} as id; ${right}`
  if (!Array.isArray(turns) || turns.length === 0) return `found ${kindOf(turns)} as turns; ${right}`
  for (const [index, turn] of turns.entries()) {
    const problem = findProblem(turn, index + 1, limits)
    if (problem) return problem
  }
  return { id: String(id), turns: turns.map(({ by, text }) => ({ by, text })) }
}

function findProblem(turn: unknown, number: number, limits: TextLimits): string | undefined {
  if (!isMap(turn)) return `found ${kindOf(turn)} as turn ${number}; ${right}`
  const { by, text } = turn
  if (!(speakers as readonly unknown[]).includes(by))
    return `found ${typeof by === 'string' ? JSON.stringify(by.slice(0, 40)) : kindOf(by)} as by of turn ${number}; right is customer, agent or action`
  if (typeof text !== 'string' || text.trim() === '')
    return `found ${kindOf(text)} as text of turn ${number}; right is what was said`
  const longest = by === 'customer' ? limits.customer : limits.agent
  if (text.length > longest)
    return `found ${text.length} characters as text of turn ${number}; right is at most ${longest}`
  // They do not travel: a chat takes them out of what a visitor types, and the text would not be found again.
  if (unprintable.test(text) || !text.isWellFormed())
    return `found a control character in the text of turn ${number}; right is text, line breaks and tabs`
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') return value.trim() === '' ? 'an empty text' : 'a text'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  return `a ${typeof value}`
}
