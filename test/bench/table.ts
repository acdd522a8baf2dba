/** Figures as people read them. */
import { disturbedAbove, type Report } from './bench.ts'
import { of } from './goals.ts'
import type { Trial } from './trial.ts'

export function showReport(report: Report): string {
  const { relay, turn, setups, growth, sockets, idle, strain, floor, machine } = report
  const rows: [string, Trial[]][] = [
    ...(relay
      ? ([
          ['relay, minimal', relay.minimal],
          ['relay, Baton', relay.baton],
        ] as [string, Trial[]][])
      : []),
    ...(turn
      ? ([
          ['bot turn, minimal', turn.minimal],
          ['bot turn, Baton', turn.baton],
        ] as [string, Trial[]][])
      : []),
    ...Object.entries(setups ?? {}).map(([name, trials]): [string, Trial[]] => [name, trials]),
    ...(growth
      ? ([
          [`${growth.stored[0]} stored`, growth.few],
          [`${growth.stored[1]} stored`, growth.many],
        ] as [string, Trial[]][])
      : []),
  ]
  const lines = [`${machine.processors} × ${machine.model}, Node ${machine.node}, load ${machine.load.toFixed(1)}`]
  if (floor) lines.push(`straight to the vendor: ${floor.p50.toFixed(2)} / ${floor.p99.toFixed(2)} ms (p50 / p99)`)
  if (rows.length > 0)
    lines.push(
      '',
      showTable(
        heads,
        rows.map(([name, trials]) => trialRow(name, trials)),
      ),
    )
  if (sockets)
    lines.push(
      '',
      `${sockets.count} idle sockets: library ${sockets.minimal.kibEach.toFixed(1)} KiB each, Baton ${sockets.baton.kibEach.toFixed(1)} KiB each`,
    )
  if (idle) lines.push('', showIdle(idle))
  if (strain) lines.push('', showStrain(strain))
  lines.push(
    '',
    showTable(
      ['goal', 'what', 'value', 'gate', 'aim', ''],
      report.goals.map((goal) => [
        goal.name,
        goal.what,
        figure(goal.value),
        String(goal.gate),
        String(goal.aim),
        goal.verdict,
      ]),
    ),
  )
  return lines.join('\n')
}

const heads = [
  '',
  'messages/s',
  'CPU µs',
  'PG µs',
  'answer p50/p99 ms',
  'at the fixed rate: answer p50/p99',
  'travel p50/p99',
  'others',
  '',
]

function trialRow(name: string, trials: Trial[]): string[] {
  const pair = (figureOf: (trial: Trial) => { p50: number; p99: number }) =>
    `${figure(of(trials, (one) => figureOf(one).p50))} / ${figure(of(trials, (one) => figureOf(one).p99))}`
  const disturbed = trials.filter((trial) => trial.others > disturbedAbove).length
  return [
    name,
    figure(of(trials, (one) => one.messagesPerS)),
    figure(of(trials, (one) => one.cpuUs)),
    figure(of(trials, (one) => one.postgresCpuUs)),
    pair((one) => one.saturated.answerMs),
    pair((one) => one.steady.answerMs),
    pair((one) => one.steady.travelMs),
    `${figure(of(trials, (one) => one.others) * 100)} %`,
    disturbed > 0 ? `${disturbed} of ${trials.length} disturbed` : '',
  ]
}

const showIdle = ({ minimal, baton, quiet, quietOnRedis }: NonNullable<Report['idle']>): string =>
  [
    `idle: minimal ${figure(minimal.rssMiB)} MiB, Baton ${figure(baton.rssMiB)} MiB and PostgreSQL ${figure(baton.postgresMiB)} MiB`,
    `start: minimal ${figure(minimal.startMs)} ms, Baton ${figure(baton.startMs)} ms, the first time ${figure(baton.firstStartMs)} ms`,
    `quiet: ${figure(quiet.cpuShare * 100)} % of a core, ${figure(quiet.sqlPerMinute)} SQL transactions a minute`,
    ...(quietOnRedis
      ? [
          `quiet on Redis: ${figure(quietOnRedis.cpuShare * 100)} %, ${figure(quietOnRedis.sqlPerMinute)} SQL transactions, ${figure(quietOnRedis.redisPerMinute)} commands a minute`,
        ]
      : []),
  ].join('\n')

function showStrain({ overload, isolation, recovery }: NonNullable<Report['strain']>): string {
  const { ledger, wrongAnswers } = overload
  return [
    `ten times too much (${figure(overload.offered)} times came through): ${ledger.accepted} taken, ${ledger.refused} refused (${wrongAnswers} otherwise than by 503), ${ledger.lost} lost, ${ledger.doubled} doubled, ${ledger.repeated} repeated under their key`,
    `p99 of the others: ${figure(isolation.alone)} ms, ${figure(isolation.besideHanging)} beside a vendor that hangs, ${figure(isolation.besideFlood)} beside a flood`,
    `killed with ${recovery.open} words open: ${recovery.ledger.lost} lost, ${recovery.ledger.doubled} doubled, ${recovery.ledger.outOfOrder} out of order`,
  ].join('\n')
}

function figure(value: number): string {
  if (Number.isNaN(value)) return '–'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

export function showTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
