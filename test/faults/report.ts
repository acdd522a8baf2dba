/** Adds rounds up, and says whether the promises were kept. */
import type { RoundResult } from './round.ts'

export interface Total {
  readonly rounds: number
  readonly conversations: number
  readonly messages: number
  readonly handoffs: number
  readonly lost: number
  readonly visibleTwice: number
  readonly outOfOrder: number
  readonly botWhilePersonHeldControl: number
  readonly wrongCustomer: number
  readonly handoffsWithoutOutcome: number
  readonly unfinished: number
  readonly crashes: number
  readonly refused: number
  readonly dead: number
  readonly needlessDoubt: number
  readonly doubtful: number
  readonly seconds: number
}

/** Each of these names a promise: it holds when the count is 0. */
export const promises = [
  'lost',
  'visibleTwice',
  'outOfOrder',
  'botWhilePersonHeldControl',
  'wrongCustomer',
  'handoffsWithoutOutcome',
  'unfinished',
  'crashes',
  'refused',
  'dead',
  'needlessDoubt',
] as const satisfies readonly (keyof Total)[]

export function totalOf(results: readonly RoundResult[], seconds: number): Total {
  const sum = (field: keyof RoundResult & keyof Total) => results.reduce((total, one) => total + one[field], 0)
  return {
    rounds: results.length,
    conversations: sum('conversations'),
    messages: sum('messages'),
    handoffs: sum('handoffs'),
    lost: sum('lost'),
    visibleTwice: sum('visibleTwice'),
    outOfOrder: sum('outOfOrder'),
    botWhilePersonHeldControl: sum('botWhilePersonHeldControl'),
    wrongCustomer: sum('wrongCustomer'),
    handoffsWithoutOutcome: sum('handoffsWithoutOutcome'),
    unfinished: sum('unfinished'),
    crashes: sum('crashes'),
    refused: sum('refused'),
    dead: sum('dead'),
    needlessDoubt: sum('needlessDoubt'),
    doubtful: sum('doubtful'),
    seconds: Math.round(seconds * 10) / 10,
  }
}

export const isSound = (total: Total): boolean => promises.every((promise) => total[promise] === 0)

/** One line for each scenario on each set-up. */
export function table(results: readonly RoundResult[]): string[] {
  const groups = Map.groupBy(results, ({ scenario, setup }) => `${scenario} ${setup}`)
  const head = ['scenario', 'set-up', 'rounds', 'messages', 'doubtful', 'longest healing', 'broken']
  const rows = [...groups.values()].map((group) => {
    const total = totalOf(group, 0)
    const broken = promises.filter((promise) => total[promise] > 0).map((promise) => `${promise} ${total[promise]}`)
    const healing = Math.max(...group.map((one) => one.recoverySeconds))
    return [
      group[0]!.scenario,
      group[0]!.setup,
      String(group.length),
      String(total.messages),
      String(total.doubtful),
      `${healing.toFixed(1)} s`,
      broken.join(', ') || '-',
    ]
  })
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]!.length)))
  return [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}
