/** `baton connector new NAME`: a folder with a working connector, its twin and its tests, to be changed into another. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connectionName } from '../config/connections.ts'
import { HubError } from '../errors.ts'

const template = fileURLToPath(new URL('../../template/', import.meta.url))

export interface NewConnector {
  readonly name: string
  /** Default: the name, here. Must not exist yet. */
  readonly folder?: string
  readonly write: (line: string) => void
}

export async function newConnector({ name, folder = name, write }: NewConnector): Promise<number> {
  if (!new RegExp(connectionName).test(name))
    throw new HubError(
      'invalid',
      `"${name}" is not a name. Allowed: lower-case letters, digits and hyphens, a letter first; for example: acme-desk.`,
    )
  const home = resolve(folder)
  if (existsSync(home)) throw new HubError('conflict', `${home} exists already. Name another folder, or move it away.`)
  await mkdir(home, { recursive: true })
  for (const [from, to] of await files())
    await writeFile(join(home, to.replace('sample', name)), renamed(await readFile(from, 'utf8'), name))
  for (const line of nextSteps(folder, name)) write(line)
  return 0
}

/** Where each file of the template goes. */
async function files(): Promise<[from: string, to: string][]> {
  const own = (await readdir(template)).filter((file) => /\.(ts|md)$/.test(file))
  const around = (await readdir(join(template, 'start'))).map((file) => join('start', file))
  return [...own, ...around].map((file) => [join(template, file), basename(file)])
}

/** Within the repository the template speaks to its neighbours by path; outside, to the published package. */
function renamed(text: string, name: string): string {
  const title = name.replace(/(^|-)(\w)/g, (_, _dash, letter) => `${_dash ? ' ' : ''}${letter.toUpperCase()}`)
  const constant = name.replaceAll('-', '_').toUpperCase()
  const identifier = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())
  return text
    .replace(/'#hub\/([\w-]+)\.ts'/g, "'baton/$1'")
    .replace(/'\.\.\/test\/conformance\/([\w-]+)\.ts'/g, "'baton/conformance/$1'")
    .replaceAll("'../test/vendor-stage.ts'", "'baton/testing'")
    .replaceAll('Sample Desk', title)
    .replaceAll('SAMPLE_', `${constant}_`)
    .replace(/(import |default |const |aVendorStage\()sample\b/g, `$1${identifier}`)
    .replace(/\bsample\b/g, name)
}

const nextSteps = (folder: string, name: string): string[] => [
  `${folder} has a working connector for an invented desk. To make it ${name}:`,
  '',
  `  cd ${folder} && npm install && npm install <the baton package>`,
  '  npm test                 the promises of a desk, against its twin',
  '  npm run try              the whole journey in a browser, against its twin',
  '',
  'Then change twin.ts to what the vendor documents, and the rest until the tests are green again.',
  'CONTRIBUTING.md of Baton walks through it.',
]
