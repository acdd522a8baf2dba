/** One run of one side: warm-up, then a fixed number of messages clocked to the last delivery, then the latency at a fixed rate. */
import { bringToAgents } from './agents.ts'
import { cpuUsOf, watchOthers } from './machine.ts'
import type { Options } from './options.ts'
import { type Side, secret, type Work } from './sides.ts'
import { sleep } from './world/clock.ts'
import { Customers } from './world/customers.ts'
import { type Spread, spread } from './world/figures.ts'
import { type Balance, isBalanced, Ledger, total } from './world/ledger.ts'
import type { Vendor } from './world/vendor.ts'

export interface Trial {
  readonly startMs: number
  readonly messagesPerS: number
  /** Of the side's own processes. */
  readonly cpuUs: number
  /** Of PostgreSQL; NaN where there is none or it runs elsewhere. */
  readonly postgresCpuUs: number
  readonly saturated: { readonly answerMs: Spread }
  /** At the fixed rate, from the instant a message was due. */
  readonly steady: { readonly answerMs: Spread; readonly travelMs: Spread }
  readonly ledger: Balance
  /** Share of the machine that others took. */
  readonly others: number
}

export interface TrialOptions
  extends Pick<Options, 'warm' | 'messages' | 'conversations' | 'lines' | 'rate' | 'seconds'> {
  readonly work: Work
  readonly postgresPid?: number
  /** Told when the clock starts and stops. */
  readonly clock?: { start(): Promise<unknown>; stop(): Promise<unknown> }
}

let runs = 0

/** Throws when the ledger does not balance: the run is void. */
export async function run(side: Side, vendor: Vendor, options: TrialOptions): Promise<Trial> {
  const { warm, messages, conversations, lines, rate, seconds, work } = options
  const prefix = `${process.pid}-${++runs}`
  const threads = Array.from({ length: conversations }, (_, i) => `${prefix}-t${i}`)
  if (work === 'relay' && side.replies) await bringToAgents(side, vendor, threads, prefix)
  const customers = new Customers({ targets: side.messages, secret, threads, prefix })
  const postgres = options.postgresPid === undefined ? [] : [options.postgresPid]

  const warmed = begin(vendor)
  await customers.closed(warmed, { lines, messages: warm })
  const first = await warmed.settle()

  await options.clock?.start()
  const saturated = begin(vendor)
  const others = watchOthers(postgres)
  const before = await costs(side, postgres)
  const fast = await customers.closed(saturated, { lines, messages })
  const second = await saturated.settle()
  const after = await costs(side, postgres)
  await options.clock?.stop()

  await sleep(500)
  const steady = begin(vendor)
  const slow = await customers.open(steady, { rate, seconds })
  const third = await steady.settle()
  const ledger = total([first, second, third])
  if (!isBalanced(ledger)) throw new Error(`The run is void, its ledger does not balance: ${JSON.stringify(ledger)}`)
  return {
    startMs: side.children[0]!.startMs,
    messagesPerS: (messages * 1_000) / (saturated.lastAt - fast.startedAt),
    cpuUs: (after.own - before.own) / messages,
    postgresCpuUs: postgres.length > 0 ? (after.postgres - before.postgres) / messages : Number.NaN,
    saturated: { answerMs: fast.answerMs },
    steady: { answerMs: slow.answerMs, travelMs: spread(steady.travelMs) },
    ledger,
    others: others(),
  }
}

function begin(vendor: Vendor): Ledger {
  vendor.ledger = new Ledger()
  return vendor.ledger
}

async function costs({ children }: Side, postgres: readonly number[]): Promise<{ own: number; postgres: number }> {
  const figures = await Promise.all(children.map((child) => child.figures()))
  return { own: figures.reduce((before, { cpuUs }) => before + cpuUs, 0), postgres: cpuUsOf(postgres) }
}
