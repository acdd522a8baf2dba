/** All measures of one call, round by round, the sides in alternating order, so that the machine's drift falls on both alike. */
import { join } from 'node:path'
import type { Engines } from './engines.ts'
import { type Goal, judge } from './goals.ts'
import { type Idle, measureIdle } from './idle.ts'
import { describeMachine } from './machine.ts'
import type { Options } from './options.ts'
import { type BatonOptions, type Side, secret, startBaton, startMinimal, type Work } from './sides.ts'
import { measureSockets, type Sockets } from './sockets.ts'
import { fillRecord } from './stored.ts'
import { measureStrain, type Strain } from './strain.ts'
import { run, type Trial, type TrialOptions } from './trial.ts'
import { Customers } from './world/customers.ts'
import { median, spread } from './world/figures.ts'
import { Ledger } from './world/ledger.ts'
import { Vendor } from './world/vendor.ts'

export interface Pair {
  readonly minimal: Trial[]
  readonly baton: Trial[]
}

export interface Report {
  readonly machine: ReturnType<typeof describeMachine>
  readonly options: object
  /** The same load straight at the vendor: milliseconds that neither side can do anything about. */
  readonly floor?: { readonly p50: number; readonly p99: number }
  readonly relay?: Pair
  readonly turn?: Pair
  readonly setups?: Readonly<Record<string, Trial[]>>
  readonly growth?: {
    readonly few: Trial[]
    readonly many: Trial[]
    readonly stored: readonly [few: number, many: number]
  }
  readonly sockets?: Sockets
  readonly idle?: Idle
  readonly strain?: Strain
  readonly goals: readonly Goal[]
}

/** Others took more than this share of the machine: the run says little. */
export const disturbedAbove = 0.1

export async function bench(options: Options, engines: Engines, tell: (line: string) => void): Promise<Report> {
  const b: Bench = { options, engines, tell }
  const { parts } = options
  const has = { relay: parts.has('relay'), turn: parts.has('turn') }
  const measured = {
    machine: describeMachine(),
    options: { ...options, parts: [...parts] },
    ...(has.relay ? { floor: await floorOf(options) } : {}),
    ...(has.relay ? { relay: await compare(b, 'relay') } : {}),
    ...(has.turn ? { turn: await compare(b, 'turn') } : {}),
    ...(parts.has('setups') ? { setups: await measureSetups(b) } : {}),
    ...(parts.has('growth') ? { growth: await measureGrowth(b) } : {}),
    ...(parts.has('sockets') ? { sockets: await measureSockets(engines, options.sockets) } : {}),
    ...(parts.has('strain') ? { strain: await measureStrain(engines, options) } : {}),
    ...(parts.has('idle') ? { idle: await measureIdle(engines, options.idleSeconds) } : {}),
  }
  return { ...measured, goals: judge(measured) }
}

interface Bench {
  readonly options: Options
  readonly engines: Engines
  readonly tell: (line: string) => void
}

async function compare(b: Bench, work: Work): Promise<Pair> {
  const pair: Pair = { minimal: [], baton: [] }
  for (let round = 0; round < b.options.runs; round++) {
    const sides = round % 2 === 0 ? (['minimal', 'baton'] as const) : (['baton', 'minimal'] as const)
    for (const side of sides) {
      const trial = () => (side === 'minimal' ? minimalTrial(b, work) : batonTrial(b, work))
      pair[side].push(await quietly(b, `${work}, ${side}`, trial))
    }
  }
  return pair
}

async function minimalTrial({ options, engines }: Bench, work: Work): Promise<Trial> {
  return withVendor(async (vendor) => {
    const side = await startMinimal(engines, vendor.url, work)
    return run(side, vendor, { ...options, work }).finally(() => side.stop())
  })
}

type BatonTrial = Pick<BatonOptions, 'redisUrl' | 'processes'> & { readonly stored?: number; readonly profile?: string }

async function batonTrial({ options, engines }: Bench, work: Work, how: BatonTrial = {}): Promise<Trial> {
  const { stored, profile, ...setup } = how
  const database = await engines.aDatabase()
  try {
    if (stored) await fillRecord(database.url, stored)
    return await withVendor(async (vendor) => {
      const side = await startBaton(engines, { vendor: vendor.url, databaseUrl: database.url, ...setup })
      const clock = profile === undefined ? undefined : profiling(side, profile)
      const trial: TrialOptions = { ...options, work, postgresPid: engines.postgresPid, clock }
      return run(side, vendor, trial).finally(() => side.stop())
    })
  } finally {
    await database.drop()
  }
}

async function withVendor<T>(use: (vendor: Vendor) => Promise<T>): Promise<T> {
  const vendor = await Vendor.open()
  return use(vendor).finally(() => vendor.close())
}

const profiling = ({ children }: Side, file: string) => ({
  start: () => children[0]!.ask({ ask: 'profile' }),
  stop: () => children[0]!.ask({ ask: 'profiled', file }),
})

/** Once more while others are at it, as often as was allowed; the quietest counts. */
async function quietly({ options, tell }: Bench, name: string, trial: () => Promise<Trial>): Promise<Trial> {
  let best: Trial | undefined
  for (let tries = 0; tries < options.tries && !(best && best.others <= disturbedAbove); tries++) {
    const made = await trial()
    if (!best || made.others < best.others) best = made
    const { messagesPerS, cpuUs, steady, others } = made
    tell(
      `${name}: ${messagesPerS.toFixed(0)} messages/s, ${cpuUs.toFixed(0)} µs each, ` +
        `${steady.travelMs.p50.toFixed(1)} / ${steady.travelMs.p99.toFixed(1)} ms, others ${(others * 100).toFixed(0)} %` +
        (others > disturbedAbove ? ' (disturbed)' : ''),
    )
  }
  return best!
}

async function measureSetups(b: Bench): Promise<Record<string, Trial[]>> {
  const redis = await b.engines.aRedis().catch((error: Error) => b.tell(`Redis is left out: ${error.message}`))
  if (!redis) return {}
  const setups: Record<string, BatonTrial> = {
    default: {},
    redis: { redisUrl: redis.url },
    'redis, two processes': { redisUrl: redis.url, processes: 2 },
  }
  const found: Record<string, Trial[]> = {}
  try {
    for (let round = 0; round < b.options.runs; round++) {
      for (const work of ['relay', 'turn'] as const) {
        for (const [name, setup] of Object.entries(setups)) {
          await redis.empty()
          const trial = await quietly(b, `${work}, ${name}`, () => batonTrial(b, work, setup))
          found[`${work}, ${name}`] = [...(found[`${work}, ${name}`] ?? []), trial]
        }
      }
    }
  } finally {
    await redis.stop()
  }
  return found
}

async function measureGrowth(b: Bench): Promise<NonNullable<Report['growth']>> {
  const stored = [1_000, b.options.stored] as const
  const few: Trial[] = []
  const many: Trial[] = []
  for (let round = 0; round < b.options.runs; round++) {
    few.push(await quietly(b, `${stored[0]} stored`, () => batonTrial(b, 'relay', { stored: stored[0] })))
    many.push(await quietly(b, `${stored[1]} stored`, () => batonTrial(b, 'relay', { stored: stored[1] })))
  }
  return { few, many, stored }
}

async function floorOf({ rate, seconds, runs, conversations }: Options): Promise<{ p50: number; p99: number }> {
  const found = []
  for (let round = 0; round < runs; round++) {
    found.push(
      await withVendor(async (vendor) => {
        const threads = Array.from({ length: conversations }, (_, i) => `floor-${i}`)
        const customers = new Customers({ targets: [new URL('/desk', vendor.url)], secret, threads, prefix: 'floor' })
        vendor.ledger = new Ledger()
        await customers.open(vendor.ledger, { rate, seconds: 1 })
        vendor.ledger = new Ledger()
        await customers.open(vendor.ledger, { rate, seconds })
        return spread(vendor.ledger.travelMs)
      }),
    )
  }
  return { p50: median(found.map(({ p50 }) => p50)), p99: median(found.map(({ p99 }) => p99)) }
}

/** Writes one profile for each kind of work and names the files. */
export async function profileHub(
  options: Options,
  engines: Engines,
  folder: string,
): Promise<{ work: Work; file: string; trial: Trial }[]> {
  const b: Bench = { options, engines, tell: () => {} }
  const found = []
  for (const work of ['relay', 'turn'] as const) {
    if (!options.parts.has(work)) continue
    const file = join(folder, `${work}.cpuprofile`)
    found.push({ work, file, trial: await batonTrial(b, work, { profile: file }) })
  }
  return found
}
