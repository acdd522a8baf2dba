/** The benchmark itself, with tiny numbers: its ledger balances and its report is whole. How fast anything was is not asked here. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { bench, type Report } from './bench/bench.ts'
import { type Engines, startEngines } from './bench/engines.ts'
import { judge } from './bench/goals.ts'
import { defaults, readOptions } from './bench/options.ts'
import { fillRecord } from './bench/stored.ts'
import { showReport } from './bench/table.ts'
import { isBalanced, Ledger } from './bench/world/ledger.ts'
import { idOf, writer } from './bench/world/words.ts'
import { aDatabase } from './engines.ts'

const tiny = {
  ...defaults,
  runs: 1,
  warm: 40,
  messages: 60,
  conversations: 10,
  lines: 5,
  rate: 20,
  seconds: 1,
  sockets: 20,
  stored: 2_000,
  idleSeconds: 1,
}

describe('a small run', () => {
  let engines: Engines
  let report: Report
  beforeAll(async () => {
    engines = await startEngines(inject('databaseUrl'))
    report = await bench({ ...tiny, parts: new Set(['relay', 'turn', 'sockets', 'strain']) }, engines, () => {})
  }, 400_000)
  afterAll(async () => engines?.stop())

  it('has a balanced ledger on both sides, for both kinds of work', () => {
    const whole = { sent: 120, accepted: 120, refused: 0, lost: 0, doubled: 0, repeated: 0, outOfOrder: 0 }
    for (const pair of [report.relay!, report.turn!])
      for (const trials of [pair.minimal, pair.baton]) expect(trials.map(({ ledger }) => ledger)).toEqual([whole])
  })

  it('loses and doubles nothing under strain, and refuses by 503 alone', () => {
    const { overload, recovery } = report.strain!
    const none = { lost: 0, doubled: 0 }
    expect(overload.ledger).toMatchObject(none)
    expect(overload.wrongAnswers).toBe(0)
    expect(overload.ledger.accepted + overload.ledger.refused).toBe(overload.ledger.sent)
    expect(recovery.ledger).toEqual({ sent: 60, accepted: 60, refused: 0, ...none, repeated: 0, outOfOrder: 0 })
  })

  it('measures every figure of a trial', () => {
    for (const trial of [report.relay!.minimal[0]!, report.relay!.baton[0]!, report.turn!.baton[0]!]) {
      for (const value of [
        trial.messagesPerS,
        trial.cpuUs,
        trial.startMs,
        trial.steady.travelMs.p99,
        trial.steady.answerMs.p50,
      ])
        expect(value).toBeGreaterThan(0)
      expect(trial.steady.travelMs.count).toBe(20)
    }
  })

  it('judges what was measured and says what was not', () => {
    const named = Object.fromEntries(report.goals.map((goal) => [goal.name, goal]))
    expect(Object.keys(named)).toEqual([
      'G1',
      'G2',
      'G3',
      'G4 p50',
      'G4 p99',
      'G5',
      'G8',
      'idle',
      'G9',
      'G11b',
      'G13 accepted',
      'G13 refusal',
      'G13 memory',
      'G13 back',
      'G14 vendor',
      'G14 flood',
      'G15 ready',
      'G15 first',
      'G15 all',
      'G18 CPU',
      'G18 SQL',
      'G18 Redis',
    ])
    for (const name of ['G1', 'G2', 'G3', 'G5']) expect(named[name]!.value, name).toBeGreaterThan(0)
    for (const name of ['G8', 'G11b', 'G18 SQL']) expect(named[name]!.verdict).toBe('not measured')
    const { baton, minimal } = report.relay!
    expect(named.G1!.value).toBeCloseTo(baton[0]!.messagesPerS / minimal[0]!.messagesPerS)
    expect(JSON.parse(JSON.stringify(report)).goals).toHaveLength(22)
    expect(showReport(report)).toContain('bot turn, Baton')
  })
})

it('a record with a past has whole conversations that nobody has to do anything for', async () => {
  const { url, pool, drop } = await aDatabase()
  try {
    await fillRecord(url, 30)
    const { rows } = await pool.query(
      `SELECT count(*)::integer AS conversations, sum(seq)::integer AS seqs,
         (SELECT count(*)::integer FROM events WHERE conversation IN (SELECT id FROM conversations)) AS events,
         (SELECT count(*)::integer FROM effects JOIN lanes USING (conversation, lane)) AS effects
       FROM conversations`,
    )
    expect(rows).toEqual([{ conversations: 30, seqs: 60, events: 60, effects: 60 }])
    const open = await pool.query(
      "SELECT 1 FROM lanes WHERE head < tail OR token IS NOT NULL UNION ALL SELECT 1 FROM effects WHERE status = 'pending'",
    )
    expect(open.rows).toEqual([])
  } finally {
    await drop()
  }
})

describe('the ledger', () => {
  const said = (ledger: Ledger, id: string, seq: number) => ledger.send(id, 'thread', seq, 0)

  it('finds what is lost, doubled, out of order, refused', async () => {
    const ledger = new Ledger()
    for (const [id, seq] of [
      ['a', 1],
      ['b', 2],
      ['c', 3],
      ['d', 4],
    ] as const)
      said(ledger, id, seq)
    for (const id of ['a', 'b', 'c']) ledger.answer(id, true)
    ledger.answer('d', false)
    for (const id of ['b', 'a', 'a', 'nobody']) ledger.arrive(id)
    const balance = await ledger.settle(10)
    expect(balance).toEqual({ sent: 4, accepted: 3, refused: 1, lost: 1, doubled: 1, repeated: 0, outOfOrder: 1 })
    expect(isBalanced(balance)).toBe(false)
  })

  it('is not balanced either where the vendor had to drop a repetition', async () => {
    const ledger = new Ledger()
    said(ledger, 'a', 1)
    ledger.answer('a', true)
    ledger.arrive('a')
    expect(isBalanced(ledger.balance())).toBe(true)
    ledger.repeat()
    expect(isBalanced(ledger.balance())).toBe(false)
  })

  it('balances when each arrived once, also before it was accepted', async () => {
    const ledger = new Ledger()
    said(ledger, 'a', 1)
    ledger.arrive('a')
    ledger.answer('a', true)
    expect(isBalanced(await ledger.settle(10))).toBe(true)
  })
})

it('a goal is reached, passed or missed by its two limits', () => {
  const trial = (messagesPerS: number) => ({ messagesPerS, cpuUs: 1, steady: { answerMs: {}, travelMs: {} } }) as never
  const verdict = (share: number) =>
    judge({ relay: { minimal: [trial(100)], baton: [trial(share)] }, machine: {} as never, options: {} })[0]!.verdict
  expect([60, 59, 40, 39].map(verdict)).toEqual(['aim reached', 'gate passed', 'gate passed', 'missed'])
})

it('customers write about 200 characters, each time others, that begin with the id', () => {
  const write = writer(7)
  const said = Array.from({ length: 50 }, (_, i) => write(`m-${i}`))
  expect(said.map(idOf)).toEqual(said.map((_, i) => `m-${i}`))
  expect(new Set(said.map((words) => words.slice(10))).size).toBe(50)
  for (const words of said) expect(words.length).toBeLessThan(300)
})

it('refuses a flag that it cannot read, with what would be right', () => {
  expect(() => readOptions(['--runs', '0'])).toThrow('--runs is "0". Right is a whole number from 1.')
  expect(() => readOptions(['--only', 'relay,speed'])).toThrow('--only names "speed". Allowed: relay, turn')
  expect(readOptions(['--idle-seconds', '5', '--only', 'idle'])).toMatchObject({
    idleSeconds: 5,
    runs: 3,
    parts: new Set(['idle']),
  })
})
