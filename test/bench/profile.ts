/** Where a hub's processor time goes: the functions and the packages that it was in, by their own time. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

export interface Share {
  readonly name: string
  /** Of the time in which the process was not idle. */
  readonly percent: number
}

export function readProfile(file: string): { functions: Share[]; packages: Share[] } {
  const profile = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile
  const ownUs = new Map<number, number>()
  for (const [i, id] of profile.samples.entries()) ownUs.set(id, (ownUs.get(id) ?? 0) + profile.timeDeltas[i]!)
  const functions = new Map<string, number>()
  const packages = new Map<string, number>()
  for (const { id, callFrame } of profile.nodes) {
    const us = ownUs.get(id) ?? 0
    if (us === 0 || callFrame.functionName === '(idle)') continue
    const place = placeOf(callFrame.url)
    add(functions, `${callFrame.functionName || '(anonymous)'} ${place}${place && `:${callFrame.lineNumber + 1}`}`, us)
    add(packages, packageOf(place) || callFrame.functionName, us)
  }
  return { functions: shares(functions), packages: shares(packages) }
}

const root = fileURLToPath(new URL('../../', import.meta.url))

function placeOf(url: string): string {
  const path = url.startsWith('file:') ? fileURLToPath(url) : url
  return path.startsWith(root) ? path.slice(root.length) : path
}

function packageOf(place: string): string {
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(place)?.[1]
  if (name) return name
  return place.startsWith('node:') ? 'node' : place.split('/').slice(0, 2).join('/')
}

const add = (to: Map<string, number>, name: string, us: number): void => void to.set(name, (to.get(name) ?? 0) + us)

function shares(us: ReadonlyMap<string, number>): Share[] {
  const whole = [...us.values()].reduce((before, value) => before + value, 0)
  return [...us].map(([name, own]) => ({ name, percent: (100 * own) / whole })).sort((a, b) => b.percent - a.percent)
}
