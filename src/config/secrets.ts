/** Puts the environment's values and files in the place of `${env:NAME}` and `${file:PATH}`, after the YAML is parsed. */
import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Path, showPath } from './problems.ts'

const maxSecretBytes = 65_536
/** `$${…}` stands for a literal `${…}`. */
const reference = /(\$?)\$\{([^}]*)\}/g
const wellFormed = /^(env|file):(.+)$/

export interface Filled {
  readonly value: unknown
  /** What the file says where a reference was replaced, by path: safe to show where the value is not. */
  readonly written: ReadonlyMap<string, string>
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Relative `${file:…}` begin here. */
  readonly folder: string
  readonly report: (path: Path, message: string) => void
  /** Takes the place of a variable or file that is not there, instead of reporting it. */
  readonly standIn?: (reference: string) => string
}

export async function fillSecrets(value: unknown, around: Surroundings): Promise<Filled> {
  const written = new Map<string, string>()
  const fill = async (at: unknown, path: Path): Promise<unknown> => {
    if (typeof at === 'string') return fillText(at, path, around, written)
    if (Array.isArray(at)) return Promise.all(at.map((item, index) => fill(item, [...path, index])))
    if (typeof at !== 'object' || at === null) return at
    const entries = Object.entries(at).map(async ([key, inside]) => [key, await fill(inside, [...path, key])] as const)
    return Object.fromEntries(await Promise.all(entries))
  }
  return { value: await fill(value, []), written }
}

async function fillText(text: string, path: Path, around: Surroundings, written: Map<string, string>): Promise<string> {
  if (!text.includes('${')) return text
  const matches = [...text.matchAll(reference)]
  if (matches.some((match) => !match[1])) written.set(showPath(path), text)
  const parts = await Promise.all(
    matches.map((match) => (match[1] ? match[0].slice(1) : lookUp(match[2]!, path, around))),
  )
  let filled = ''
  let end = 0
  for (const [index, match] of matches.entries()) {
    filled += text.slice(end, match.index) + parts[index]
    end = match.index + match[0].length
  }
  return filled + text.slice(end)
}

async function lookUp(inside: string, path: Path, around: Surroundings): Promise<string> {
  const match = wellFormed.exec(inside)
  if (match?.[1] === 'env') return lookUpVariable(match[2]!.trim(), path, around)
  if (match?.[1] === 'file') return lookUpFile(match[2]!.trim(), path, around)
  around.report(
    path,
    `"\${${inside}}" is not a reference. Allowed: \${env:NAME}, \${file:PATH}; write $\${…} for the text itself.`,
  )
  return ''
}

function lookUpVariable(name: string, path: Path, around: Surroundings): string {
  const value = Object.hasOwn(around.env, name) ? around.env[name] : undefined
  if (value) return value
  if (around.standIn) return around.standIn(`env:${name}`)
  const found = value === '' ? 'is empty' : 'is not set'
  around.report(
    path,
    `The environment variable ${name} ${found}. Set it before the start, for example: export ${name}=…`,
  )
  return ''
}

async function lookUpFile(name: string, path: Path, around: Surroundings): Promise<string> {
  const file = resolve(around.folder, name)
  try {
    const { size } = await stat(file)
    if (size > maxSecretBytes) throw Object.assign(new Error(), { code: 'EFBIG' })
    const text = (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
    if (text) return text
    around.report(path, `The file ${file} is empty; a secret of at most ${maxSecretBytes} bytes belongs there.`)
  } catch (error) {
    if (around.standIn) return around.standIn(`file:${name}`)
    around.report(path, `The file ${file} cannot be read (${sayWhy(error)}).`)
  }
  return ''
}

function sayWhy(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'no permission'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'EFBIG') return `it has more than ${maxSecretBytes} bytes`
  return code ?? 'unknown reason'
}
