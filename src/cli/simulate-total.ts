/** The sum over all dialogues of a simulation. */
import type { Outcome, SimulateOptions } from './simulate.ts'

export interface Total {
  readonly dialogues: number
  readonly escalated: number
  readonly offered: number
  /** Criterion to how many dialogues it decided. */
  readonly byCriterion: Readonly<Record<string, number>>
  /** Turn to how many dialogues were decided at it. */
  readonly turns: Readonly<Record<number, number>>
}

export const noTotal: Total = { dialogues: 0, escalated: 0, offered: 0, byCriterion: {}, turns: {} }

export function addDialogue(total: Total, { action, criterion, turn }: Outcome): Total {
  const dialogues = total.dialogues + 1
  if (action === 'none' || criterion === undefined || turn === undefined) return { ...total, dialogues }
  return {
    dialogues,
    escalated: total.escalated + (action === 'escalate' ? 1 : 0),
    offered: total.offered + (action === 'offer' ? 1 : 0),
    byCriterion: { ...total.byCriterion, [criterion]: (total.byCriterion[criterion] ?? 0) + 1 },
    turns: { ...total.turns, [turn]: (total.turns[turn] ?? 0) + 1 },
  }
}

export function showTotal(
  total: Total,
  wrongLines: number,
  seconds: number,
  { json, acceptOffers, write }: SimulateOptions,
): void {
  const { turns, ...rest } = total
  const sum = {
    ...rest,
    offersTaken: acceptOffers ? total.offered : 0,
    medianTurn: median(turns),
    wrongLines,
    seconds: Math.round(seconds * 100) / 100,
  }
  if (json) {
    write(JSON.stringify({ total: sum }))
    return
  }
  const taken = acceptOffers ? 'taken' : 'not taken'
  write(`${sum.dialogues} dialogues: ${sum.escalated} escalated, ${sum.offered} offered (${taken}), ${sum.seconds} s`)
  for (const [criterion, amount] of Object.entries(sum.byCriterion).sort(([, a], [, b]) => b - a))
    write(`  ${criterion}: ${amount}`)
  if (sum.medianTurn !== undefined) write(`  median turn: ${sum.medianTurn}`)
  if (wrongLines > 0) write(`  wrong lines: ${wrongLines}`)
}

function median(turns: Total['turns']): number | undefined {
  // Keys that are whole numbers come in ascending order.
  const entries = Object.entries(turns)
  const amount = entries.reduce((sum, [, times]) => sum + times, 0)
  const nth = (position: number): number => {
    let passed = 0
    for (const [turn, times] of entries) {
      passed += times
      if (passed > position) return Number(turn)
    }
    return 0
  }
  return amount === 0 ? undefined : (nth(Math.floor((amount - 1) / 2)) + nth(Math.floor(amount / 2))) / 2
}
