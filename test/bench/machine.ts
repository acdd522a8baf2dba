/** What Linux tells of processes: who used the processor, and how much others took from a run. NaN where there is no /proc. */
import { readdirSync, readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'

/** Microseconds of one tick in /proc; fixed for user space on every Linux. */
const tickUs = 10_000

interface Process {
  readonly parent: number
  readonly ticks: number
}

function processes(): Map<number, Process> {
  const found = new Map<number, Process>()
  for (const name of list('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const fields = read(`/proc/${name}/stat`)?.split(') ').at(-1)?.split(' ')
    // utime, stime, and the same of children that have ended
    if (fields) found.set(Number(name), { parent: Number(fields[1]), ticks: sum(fields.slice(11, 15).map(Number)) })
  }
  return found
}

const sum = (values: readonly number[]): number => values.reduce((before, value) => before + value, 0)

const list = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function familyOf(roots: readonly number[], all: ReadonlyMap<number, Process>): Set<number> {
  const family = new Set(roots)
  for (let before = 0; before < family.size; ) {
    before = family.size
    for (const [pid, { parent }] of all) if (family.has(parent)) family.add(pid)
  }
  return family
}

/** Processor time of these processes and all below them. */
export function cpuUsOf(roots: readonly number[]): number {
  const all = processes()
  if (all.size === 0) return Number.NaN
  return sum([...familyOf(roots, all)].map((pid) => all.get(pid)?.ticks ?? 0)) * tickUs
}

/** Memory of all processes below this one; what they share is counted once. NaN where they may not be looked at. */
export function memoryMiBBelow(pid: number): number {
  const below = [...familyOf([pid], processes())].filter((each) => each !== pid)
  return sum(below.map((each) => Number(/^Pss: +(\d+) kB/m.exec(read(`/proc/${each}/smaps_rollup`) ?? '')?.[1]))) / 1024
}

/** Call it again at the end: the share of the machine that was taken by processes which are not ours, or by the hypervisor. */
export function watchOthers(ours: readonly number[]): () => number {
  const before = sample(ours)
  return () => {
    const after = sample(ours)
    const others = after.busy - before.busy - (after.ours - before.ours)
    return Math.max(0, others) / (after.all - before.all)
  }
}

function sample(ours: readonly number[]): { ours: number; busy: number; all: number } {
  const line = read('/proc/stat')?.split('\n')[0]?.split(/\s+/).slice(1).map(Number)
  if (!line) return { ours: Number.NaN, busy: Number.NaN, all: Number.NaN }
  const [user, nice, system, idle, wait, irq, softirq, steal] = line as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const busy = user + nice + system + irq + softirq + steal
  return { ours: cpuUsOf([process.pid, ...ours]) / tickUs, busy, all: busy + idle + wait }
}

export const describeMachine = () => ({
  processors: cpus().length,
  model: cpus()[0]?.model ?? 'unknown',
  memoryMiB: Math.round(totalmem() / 1_048_576),
  load: loadavg()[0]!,
  node: process.version,
})
