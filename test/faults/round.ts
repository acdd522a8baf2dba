/** One round: some thirty conversations talk, a fault is injected, it heals, and the ledger is kept. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Random, seeded } from '../simulation/random.ts'
import { type Customer, openLine, openWebchat, playCustomer } from './customers.ts'
import { type Delivery, openDelivery } from './delivery.ts'
import { type Account, keepLedger } from './ledger.ts'
import { canOnlyDoubt, deskOf } from './outside.ts'
import { type Scenario, type ScenarioName, scenarios } from './scenarios.ts'
import type { Stage } from './stage.ts'

export interface RoundResult extends Omit<Account, 'twiceInDoubt'> {
  readonly scenario: ScenarioName
  readonly setup: string
  readonly seed: number
  readonly conversations: number
  readonly handoffs: number
  /** Acknowledged, both ways. */
  readonly messages: number
  readonly handoffsWithoutOutcome: number
  /** Conversations that did not come to their end within the limit after all was healed. */
  readonly unfinished: number
  /** Effects that may have been done twice, as the hub itself shows them. */
  readonly doubtful: number
  readonly dead: number
  /** Effects shown as doubtful at a vendor that could tell. */
  readonly needlessDoubt: number
  /** Hubs that ended by themselves, or did not end when told to. */
  readonly crashes: number
  /** Refusals of what was right. */
  readonly refused: number
  readonly misbehaved: number
  /** From healed to the last conversation's end. */
  readonly recoverySeconds: number
  readonly seconds: number
}

const channels = ['site', 'wire', 'line', 'pipe'] as const
const conversations = 30
/** Leases, the longest pause of a breaker, and what comes after. */
const livesWithinMs = 180_000

let rounds = 0

export async function playRound(stage: Stage, scenario: ScenarioName, seed: number): Promise<RoundResult> {
  const began = performance.now()
  const random = seeded(seed)
  const over = new AbortController()
  const delivery = openDelivery(
    stage.hubs.map((hub) => hub.url),
    random,
    over.signal,
  )
  const before = { crashes: crashesOf(stage), misbehaved: stage.outside.twin.misbehaved }
  // Two rounds of one seed on one stage must not meet.
  const name = `${process.pid.toString(36)}x${(++rounds).toString(36)}x${seed.toString(36)}`
  stage.outside.desks.open(delivery, random)

  const customers: Customer[] = []
  const playing = begin(stage, name, random, delivery, customers)
  playing.catch(() => {})
  const mishaps: string[] = []
  await (scenarios[scenario] as Scenario).play({ stage, random, delivery }).catch((error: Error) => {
    mishaps.push(`the fault could not be healed: ${error.message}`)
  })
  const unhealed = mishaps.length
  const healed = performance.now()
  const isInTime = await Promise.race([playing.then(() => true), sleep(livesWithinMs, false, { ref: false })])
  const ended = performance.now()
  if (isInTime) {
    await (scenarios[scenario] as Scenario).after?.({ stage, random, delivery })
    await settle(stage)
  }

  const reloads = new Map<Customer, Awaited<ReturnType<NonNullable<Customer['line']['reload']>>>>()
  if (isInTime) {
    for (const customer of customers) {
      await customer.line.listen()
      const all = await customer.line.reload?.()
      if (all) reloads.set(customer, all)
    }
  }
  over.abort()
  const accounts = customers.map((customer) =>
    keepLedger({
      ...customer,
      tickets: stage.outside.desks.tickets.filter((ticket) => ticket.conversation === customer.conversation),
      heard: customer.line.heard,
      reloaded: reloads.get(customer),
      deskCanOnlyDoubt: canOnlyDoubt.has(deskOf[customer.channel]!),
      channelCanOnlyDoubt: canOnlyDoubt.has(customer.channel),
    }),
  )
  const counted = await stage.record.count([`%${name}c%`])
  const inDoubt = accounts.flatMap((account) => account.twiceInDoubt)
  const undoubted = Math.max(0, inDoubt.length - counted.doubtful)
  if (undoubted > 0) {
    mishaps.push(`${undoubted} more seen twice than the hub shows as doubtful`)
    for (const seen of inDoubt) mishaps.push(...(await stage.record.story(seen)))
  }
  return {
    scenario,
    setup: stage.setup,
    seed,
    conversations: customers.length,
    ...addUp(accounts, undoubted),
    handoffs: counted.handoffs,
    handoffsWithoutOutcome: counted.open,
    unfinished: conversations - customers.filter((customer) => customer.isDone).length,
    messages: customers.reduce(
      (sum, { said, conversation }) => sum + said.length + agentWordsIn(stage, conversation),
      0,
    ),
    doubtful: counted.doubtful,
    dead: counted.dead.length,
    needlessDoubt: counted.needlessDoubt.length,
    crashes: crashesOf(stage) - before.crashes + unhealed,
    refused: delivery.refusals.length,
    misbehaved: stage.outside.twin.misbehaved - before.misbehaved,
    recoverySeconds: (ended - healed) / 1000,
    seconds: (performance.now() - began) / 1000,
    wrong: [
      ...mishaps,
      ...counted.dead,
      ...counted.needlessDoubt,
      ...accounts.flatMap((account) => account.wrong),
      ...delivery.refusals,
    ],
  }
}

/** They come one after the other within about two seconds, so that a fault meets them at every stage. */
async function begin(
  stage: Stage,
  name: string,
  random: Random,
  delivery: Delivery,
  customers: Customer[],
): Promise<void> {
  await Promise.all(
    Array.from({ length: conversations }, async (_, index) => {
      const conversation = `${name}c${index}`
      const channel = channels[index % channels.length]!
      await sleep(random.whole(0, 2_000))
      const line =
        channel === 'site'
          ? await openWebchat(delivery, channel)
          : openLine(delivery, channel, conversation, stage.outside.heardAt(channel, conversation))
      const { customer, played } = playCustomer(conversation, channel, line, random, delivery)
      customers.push(customer)
      await played
    }),
  )
}

/** Nothing is left to be done, and a moment more for what might come although it should not. */
async function settle(stage: Stage): Promise<void> {
  const until = performance.now() + 30_000
  while (performance.now() < until && (await stage.record.pending().catch(() => 1)) > 0) await sleep(50)
  await sleep(300)
}

const crashesOf = (stage: Stage): number => stage.hubs.reduce((sum, hub) => sum + hub.crashes, 0)

const agentWordsIn = (stage: Stage, conversation: string): number =>
  stage.outside.desks.tickets
    .filter((ticket) => ticket.conversation === conversation)
    .reduce((sum, ticket) => sum + ticket.said.length, 0)

/** What is there twice is excused as far as the hub itself shows it as doubtful. */
function addUp(accounts: readonly Account[], undoubted: number): Omit<Account, 'twiceInDoubt' | 'wrong'> {
  const sum = (field: Exclude<keyof Account, 'twiceInDoubt' | 'wrong'>) =>
    accounts.reduce((total, account) => total + account[field], 0)
  return {
    lost: sum('lost'),
    visibleTwice: sum('visibleTwice') + undoubted,
    outOfOrder: sum('outOfOrder'),
    botWhilePersonHeldControl: sum('botWhilePersonHeldControl'),
    wrongCustomer: sum('wrongCustomer'),
  }
}
