/** What the figures are held against: ratios in one run, since absolute figures say more about the machine than about the hub. */
import type { Report } from './bench.ts'
import type { Trial } from './trial.ts'
import { median } from './world/figures.ts'

export interface Goal {
  readonly name: string
  readonly what: string
  readonly value: number
  readonly gate: number
  readonly aim: number
  readonly better: 'higher' | 'lower'
  readonly verdict: 'aim reached' | 'gate passed' | 'missed' | 'not measured'
}

type Measured = Omit<Report, 'goals'>

export function judge(report: Measured): Goal[] {
  const { relay, turn, growth, sockets, idle, strain, floor } = report
  const added = (at: 'p50' | 'p99') =>
    relay && floor
      ? (of(relay.baton, (one) => one.steady.travelMs[at]) - floor[at]) /
        (of(relay.minimal, (one) => one.steady.travelMs[at]) - floor[at])
      : Number.NaN
  const quiet = idle?.quiet
  const redis = idle?.quietOnRedis
  return [
    goal(
      'G1',
      'relay, messages/s, hub / minimal',
      ratio(relay, (one) => one.messagesPerS),
      0.4,
      0.6,
      'higher',
    ),
    goal(
      'G2',
      'CPU a message, hub / minimal',
      ratio(relay, (one) => one.cpuUs),
      2.5,
      1.7,
      'lower',
    ),
    goal(
      'G3',
      'bot turn, messages/s, hub / minimal',
      ratio(turn, (one) => one.messagesPerS),
      0.3,
      0.5,
      'higher',
    ),
    goal('G4 p50', 'latency added at the fixed rate, hub / minimal', added('p50'), 2.5, 1.7, 'lower'),
    goal('G4 p99', 'latency added at the fixed rate, hub / minimal', added('p99'), 2.5, 1.7, 'lower'),
    goal(
      'G5',
      'answer to a webhook at the fixed rate, p99, ms',
      of(relay?.baton, (one) => one.steady.answerMs.p99),
      25,
      10,
      'lower',
    ),
    goal(
      'G8',
      'idle memory, hub / minimal',
      idle ? idle.baton.rssMiB / idle.minimal.rssMiB : Number.NaN,
      1.6,
      1.3,
      'lower',
    ),
    goal('idle', 'idle memory, MiB', idle ? idle.baton.rssMiB : Number.NaN, 180, 140, 'lower'),
    goal(
      'G9',
      'memory of an idle socket, hub / library',
      sockets ? sockets.baton.kibEach / sockets.minimal.kibEach : Number.NaN,
      2,
      1.4,
      'lower',
    ),
    goal(
      'G11b',
      'messages/s, many / few conversations on record',
      growth ? of(growth.many, (one) => one.messagesPerS) / of(growth.few, (one) => one.messagesPerS) : Number.NaN,
      0.85,
      0.95,
      'higher',
    ),
    ...strained(strain),
    goal('G18 CPU', 'idle, percent of a core', (quiet?.cpuShare ?? Number.NaN) * 100, 1, 0.3, 'lower'),
    goal('G18 SQL', 'idle, statements a minute', quiet?.sqlPerMinute ?? Number.NaN, 60, 20, 'lower'),
    goal('G18 Redis', 'idle on Redis, commands a minute', redis?.redisPerMinute ?? Number.NaN, 120, 60, 'lower'),
  ]
}

function strained(strain: Measured['strain']): Goal[] {
  const { overload, isolation, recovery } = strain ?? {}
  const none = Number.NaN
  const beside = (ms: number | undefined) => (ms ?? none) / (isolation?.alone ?? none)
  return [
    goal('G13 accepted', 'ten times too much: accepted / saturation', overload?.accepted ?? none, 0.8, 0.95, 'higher'),
    goal('G13 refusal', 'a refusal, p99, ms', overload?.refusedMs.p99 ?? none, 100, 50, 'lower'),
    goal('G13 memory', 'memory after it / before', overload?.memory ?? none, 2, 1.5, 'lower'),
    goal('G13 back', 'until it is as fast as before, s', overload?.backToNormalS ?? none, 10, 5, 'lower'),
    goal(
      'G14 vendor',
      'p99 of the others beside a vendor that hangs / without',
      beside(isolation?.besideHanging),
      2.5,
      1.5,
      'lower',
    ),
    goal(
      'G14 flood',
      'p99 of the others beside a customer who floods / without',
      beside(isolation?.besideFlood),
      2,
      1.5,
      'lower',
    ),
    goal('G15 ready', 'killed with words open: until ready, ms', recovery?.readyMs ?? none, 3_000, 1_000, 'lower'),
    goal('G15 first', 'from ready to the first delivery, ms', recovery?.firstMs ?? none, 1_000, 300, 'lower'),
    goal('G15 all', 'until all is delivered / at saturation', recovery?.allDelivered ?? none, 2, 1.3, 'lower'),
  ]
}

export const of = (trials: readonly Trial[] | undefined, figure: (trial: Trial) => number): number =>
  median((trials ?? []).map(figure))

const ratio = (
  pair: { baton: readonly Trial[]; minimal: readonly Trial[] } | undefined,
  figure: (trial: Trial) => number,
): number => of(pair?.baton, figure) / of(pair?.minimal, figure)

function goal(name: string, what: string, value: number, gate: number, aim: number, better: Goal['better']): Goal {
  const isAsGoodAs = (limit: number) => (better === 'higher' ? value >= limit : value <= limit)
  const verdict = Number.isNaN(value)
    ? 'not measured'
    : isAsGoodAs(aim)
      ? 'aim reached'
      : isAsGoodAs(gate)
        ? 'gate passed'
        : 'missed'
  return { name, what, value, gate, aim, better, verdict }
}
