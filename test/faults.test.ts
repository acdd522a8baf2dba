/** Three short rounds of the fault suite; `npm run faults` plays all of it. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Heard } from './faults/customers.ts'
import { keepLedger, type Played } from './faults/ledger.ts'
import { promises } from './faults/report.ts'
import type { RoundResult } from './faults/round.ts'
import { ended, joined } from './faults/words.ts'

const run = promisify(execFile)

describe('real processes', () => {
  it('keep their promises when a hub and PostgreSQL are killed and vendors break off after the effect', async () => {
    const only = ['hub-kill', 'postgres-kill', 'vendor-resets-after'].flatMap((name) => ['--only', name])
    const args = ['test/faults/run.ts', '--rounds', '3', '--setup', 'postgres-1', '--json', ...only]
    const { stdout } = await run(process.execPath, args, { maxBuffer: 1e8 }).catch((failed) => failed)
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line: string) => JSON.parse(line))
    const { total } = lines.at(-1)
    const broken = Object.fromEntries(promises.map((promise) => [promise, total[promise]]))
    const wrong = lines.flatMap((line: Partial<RoundResult>) => line.wrong ?? [])
    expect({ ...broken, wrong }).toEqual({ ...Object.fromEntries(promises.map((promise) => [promise, 0])), wrong: [] })
    expect(total).toMatchObject({ rounds: 3, conversations: 90 })
    expect(total.handoffs).toBeGreaterThanOrEqual(90)
  }, 900_000)
})

describe('the ledger', () => {
  const said = ['c1 customer 1 a', 'c1 customer 2 b', 'c1 customer 3 c']
  const answers = ['c1 agent t/1 x', 'c1 agent t/2 y']
  const heard = (...texts: [by: string, text: string][]): Heard[] =>
    texts.map(([by, text], index) => ({ id: `id-${index}`, by, text }))
  const right: Played = {
    conversation: 'c1',
    said,
    tickets: [{ ref: 't', transcript: said.slice(0, 1), messages: said.slice(1), said: answers, ended: 'agent' }],
    heard: heard(
      ['bot', 'c1 b'],
      ['hub', joined],
      ['agent', answers[0]!],
      ['agent', answers[1]!],
      ['hub', ended],
      ['bot', 'c1 d'],
    ),
    deskCanOnlyDoubt: false,
    channelCanOnlyDoubt: false,
  }
  const ticket = right.tickets[0]!
  const [bot, hub, first, second, end] = right.heard as [Heard, Heard, Heard, Heard, Heard]
  const kept = {
    lost: 0,
    visibleTwice: 0,
    outOfOrder: 0,
    botWhilePersonHeldControl: 0,
    wrongCustomer: 0,
    twiceInDoubt: [] as readonly string[],
  }

  const cases: [name: string, change: Partial<Played>, wrong: Partial<typeof kept>][] = [
    ['is balanced', {}, {}],
    ['misses a word of the customer', { tickets: [{ ...ticket, messages: said.slice(2) }] }, { lost: 1 }],
    ['misses a word of the agent', { heard: [bot, hub, second, end] }, { lost: 1 }],
    ['misses what a page was not shown', { reloaded: [...right.heard, { ...bot, id: 'more' }] }, { lost: 1 }],
    [
      'sees a copy at the desk',
      { tickets: [{ ...ticket, messages: [...said.slice(1), said[0]!] }] },
      { visibleTwice: 1, outOfOrder: 0 },
    ],
    ['sees a copy at the customer', { heard: [...right.heard, { ...second, id: 'copy' }] }, { visibleTwice: 1 }],
    ['sees disorder at the desk', { tickets: [{ ...ticket, messages: [said[2]!, said[1]!] }] }, { outOfOrder: 1 }],
    ['sees disorder at the customer', { heard: [bot, hub, second, first, end] }, { outOfOrder: 1 }],
    [
      'hears the bot while a person is there',
      { heard: [hub, bot, first, second, end] },
      { botWhilePersonHeldControl: 1 },
    ],
    [
      'hears an agent of another',
      { heard: [...right.heard, { id: 'z', by: 'agent', text: 'c2 agent t/9 x' }] },
      { wrongCustomer: 1 },
    ],
    [
      'excuses a copy where nothing better is possible',
      { deskCanOnlyDoubt: true, tickets: [{ ...ticket, messages: [...said.slice(1), said[2]!] }] },
      { twiceInDoubt: [said[2]!] },
    ],
    [
      'excuses one word once, however many copies of it there are',
      { deskCanOnlyDoubt: true, tickets: [{ ...ticket, messages: [...said.slice(1), said[2]!, said[2]!] }] },
      { twiceInDoubt: [said[2]!] },
    ],
  ]
  it.each(cases)('%s', (_, change, wrong) => {
    const { wrong: sentences, ...account } = keepLedger({ ...right, ...change })
    expect(account).toEqual({ ...kept, ...wrong })
    expect(sentences.length > 0).toBe(Object.keys(wrong).some((name) => name !== 'twiceInDoubt'))
  })
})
