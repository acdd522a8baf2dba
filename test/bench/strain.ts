/** What no one likes to measure: more than can be carried, a vendor that hangs, a customer who floods, a hub that is killed. */
import { fileURLToPath } from 'node:url'
import { bringToAgents } from './agents.ts'
import type { Engines } from './engines.ts'
import type { Options } from './options.ts'
import { type Side, secret, startBaton } from './sides.ts'
import { now, sleep } from './world/clock.ts'
import { Customers, type CustomersOptions } from './world/customers.ts'
import { spread } from './world/figures.ts'
import { type Balance, Ledger } from './world/ledger.ts'
import { Vendor } from './world/vendor.ts'

export interface Strain {
  readonly overload: {
    /** Messages a second that were sent, as a multiple of the saturation: ten, or what the machine can send beside the hub. */
    readonly offered: number
    /** Messages a second that are accepted while ten times the saturation is offered, as a share of the saturation. */
    readonly accepted: number
    readonly refusedMs: { readonly p50: number; readonly p99: number }
    /** Answers that were neither a 2xx nor a 503. */
    readonly wrongAnswers: number
    /** Memory at its highest / before. */
    readonly memory: number
    readonly backToNormalS: number
    readonly ledger: Balance
  }
  /** The 99th percentile of the others' travel, in milliseconds. */
  readonly isolation: { readonly alone: number; readonly besideHanging: number; readonly besideFlood: number }
  readonly recovery: {
    readonly open: number
    readonly readyMs: number
    readonly firstMs: number
    /** Until all was delivered, as a multiple of what the same number takes at saturation. */
    readonly allDelivered: number
    readonly ledger: Balance
  }
}

/** More than may wait at the door, so that it has to refuse. */
const overloadConnections = 4_000

const config = fileURLToPath(new URL('./strain.yaml', import.meta.url))

interface Scene {
  readonly side: Side
  readonly vendor: Vendor
  readonly threads: readonly string[]
  readonly options: Options
}

export async function measureStrain(engines: Engines, options: Options): Promise<Strain> {
  const { saturation, overload } = await on(engines, options, async (scene) => {
    const saturation = await saturate(scene)
    return { saturation, overload: await overloadOf(scene, saturation) }
  })
  const isolation = await on(engines, options, isolationOf)
  return { overload, isolation, recovery: await recoveryOf(engines, options, saturation) }
}

/** A hub of its own with conversations that have their agents. */
async function on<T>(engines: Engines, options: Options, measure: (scene: Scene) => Promise<T>): Promise<T> {
  const database = await engines.aDatabase()
  const vendor = await Vendor.open()
  const side = await startBaton(engines, { vendor: vendor.url, databaseUrl: database.url, config })
  try {
    return await measure({ side, vendor, threads: await talking(side, vendor, options, 'site'), options })
  } finally {
    await side.stop()
    await vendor.close()
    await database.drop()
  }
}

let runs = 0

async function talking(side: Side, vendor: Vendor, { conversations }: Options, channel: string): Promise<string[]> {
  const prefix = `strain-${process.pid}-${++runs}`
  const threads = Array.from({ length: conversations }, (_, i) => `${prefix}-t${i}`)
  const desk = channel === 'site' ? 'people' : 'slow-people'
  const [child] = side.children
  const messages = [new URL(`/hooks/${channel}/messages`, child!.url)]
  await bringToAgents(
    { ...side, messages, replies: new URL(`/hooks/${desk}/replies`, child!.url) },
    vendor,
    threads,
    prefix,
  )
  return threads
}

function customersOf(
  { side, threads }: Pick<Scene, 'side' | 'threads'>,
  more: Partial<CustomersOptions> = {},
): Customers {
  const targets = [new URL('/hooks/site/messages', side.children[0]!.url)]
  return new Customers({ targets, secret, threads, prefix: `strain-${process.pid}-${++runs}`, ...more })
}

async function saturate({ side, vendor, threads, options: { warm, messages, lines } }: Scene): Promise<number> {
  const customers = customersOf({ side, threads })
  for (const count of [warm, messages]) {
    const ledger = begin(vendor)
    const { startedAt } = await customers.closed(ledger, { lines, messages: count })
    await ledger.settle()
    if (count === messages) return (messages * 1_000) / (ledger.lastAt - startedAt)
  }
  throw new Error('There was nothing to measure')
}

async function overloadOf(scene: Scene, saturation: number): Promise<Strain['overload']> {
  const { side, vendor, options } = scene
  const [child] = side.children
  const calm = await p99Of(scene, options.seconds)
  const memoryBefore = (await child!.figures()).rssBytes
  const statuses = new Map<number, number>()
  const refusedMs: number[] = []
  const crowd = customersOf(scene, {
    inTurn: false,
    connections: overloadConnections,
    heard(status, ms) {
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status === 503) refusedMs.push(ms)
    },
  })
  const ledger = begin(vendor)
  const began = now()
  await crowd.open(ledger, { rate: Math.round(saturation * 10), seconds: options.seconds })
  const seconds = (now() - began) / 1_000
  const memoryAfter = (await child!.figures()).rssBytes
  const ended = now()
  const balance = await ledger.settle()
  let backAt = now()
  for (let tries = 0; tries < 30 && (await p99Of(scene, 1)) > calm * 2.5; tries++) backAt = now()
  const wrong = [...statuses].filter(([status]) => status !== 503 && (status < 200 || status > 299))
  return {
    offered: balance.sent / seconds / saturation,
    accepted: balance.accepted / seconds / saturation,
    refusedMs: spread(refusedMs),
    wrongAnswers: wrong.reduce((sum, [, count]) => sum + count, 0),
    memory: memoryAfter / memoryBefore,
    backToNormalS: (backAt - ended) / 1_000,
    ledger: balance,
  }
}

async function p99Of({ side, vendor, threads, options }: Scene, seconds: number): Promise<number> {
  const ledger = begin(vendor)
  await customersOf({ side, threads }).open(ledger, { rate: options.rate, seconds })
  await ledger.settle()
  return spread(ledger.travelMs).p99
}

async function isolationOf(scene: Scene): Promise<Strain['isolation']> {
  const { side, vendor, threads, options } = scene
  const others = await talking(
    side,
    vendor,
    { ...options, conversations: Math.min(50, options.conversations) },
    'slow-site',
  )
  await p99Of(scene, 1)
  const alone = await p99Of(scene, options.seconds)
  const beside = async (more: Customers, rate: number) => {
    const [found] = await Promise.all([
      p99Of(scene, options.seconds),
      more.open(new Ledger(), { rate, seconds: options.seconds }),
    ])
    return found
  }
  vendor.isHanging = true
  const slow = [new URL('/hooks/slow-site/messages', side.children[0]!.url)]
  const besideHanging = await beside(customersOf({ side, threads: others }, { targets: slow }), options.rate / 4)
  vendor.isHanging = false
  const one = customersOf({ side, threads: threads.slice(0, 1) }, { inTurn: false })
  return { alone, besideHanging, besideFlood: await beside(one, options.rate * 5) }
}

/** Words that were accepted while their vendor hung, and a hub that is killed upon it. */
async function recoveryOf(engines: Engines, options: Options, saturation: number): Promise<Strain['recovery']> {
  const database = await engines.aDatabase()
  const vendor = await Vendor.open()
  const start = () => startBaton(engines, { vendor: vendor.url, databaseUrl: database.url, config })
  let side = await start()
  try {
    const threads = await talking(side, vendor, options, 'slow-site')
    const targets = [new URL('/hooks/slow-site/messages', side.children[0]!.url)]
    const ledger = begin(vendor)
    vendor.isHanging = true
    await customersOf({ side, threads }, { targets }).closed(ledger, options)
    await side.children[0]!.kill()
    vendor.isHanging = false
    const began = now()
    side = await start()
    const readyAt = now()
    while (ledger.travelMs.length === 0) await sleep(1)
    const firstAt = now()
    const balance = await ledger.settle(90_000)
    const open = balance.accepted
    return {
      open,
      readyMs: readyAt - began,
      firstMs: firstAt - readyAt,
      allDelivered: (ledger.lastAt - readyAt) / ((open / saturation) * 1_000),
      ledger: balance,
    }
  } finally {
    await side.stop()
    await vendor.close()
    await database.drop()
  }
}

function begin(vendor: Vendor): Ledger {
  vendor.ledger = new Ledger()
  return vendor.ledger
}
