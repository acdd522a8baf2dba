import { describe, expect, it } from 'vitest'
import { cut } from '../../parts/cut.ts'
import { type Effect, type Entry, evidenceOf, lanesOf, placeEvidence, stateOf, stateWord, toLines } from './lines.ts'
import { rangeOf } from './period.ts'

const says = (text: string) => ({ parts: [{ kind: 'text' as const, text }] })
const effect = (lane: string, kind: string, more: Partial<Effect> = {}): Effect => ({
  lane,
  n: 1,
  kind,
  status: 'done',
  attempts: 1,
  doubtful: false,
  late: false,
  ref: null,
  retryAt: null,
  body: {},
  error: null,
  settledAt: 1,
  ...more,
})
const entry = (seq: number, type: string, more: Partial<Entry> = {}): Entry => ({
  seq,
  at: seq * 1_000,
  type,
  connection: 'site',
  body: {},
  decisions: [],
  effects: [],
  ...more,
})
const finding = (criterion: string, evidence: string[], fired = true) => ({
  criterion,
  fired,
  action: 'escalate' as const,
  measured: '−0.62',
  limit: '≤ −0.40',
  text: '',
  evidence,
})

describe('the lines of a timeline', () => {
  it('say who spoke, what became of it, and who had control', () => {
    const lines = toLines(
      [
        entry(1, 'customer-message', {
          body: { message: says('where is it') },
          effects: [
            effect('bot:front', 'turn'),
            effect('channel:site', 'say', { body: { by: 'hub', message: says('one moment') } }),
          ],
          decisions: [{ kind: 'control', text: 'control bot → waiting: frustration' }],
        }),
        entry(2, 'agent-message', {
          body: { message: says('refund'), agent: { name: 'Ana' }, visibility: 'internal' },
        }),
        entry(3, 'timer', { body: { name: 'reassure' } }),
      ],
      'Lena',
    )
    expect(lines.map(({ key, by, who, text, control }) => [key, by, who, text, control])).toEqual([
      ['1', 'customer', 'Lena', 'where is it', 'waiting'],
      ['1.1', 'hub', 'Baton', 'one moment', 'waiting'],
      ['1.2', 'decision', 'control', 'control bot → waiting: frustration', 'waiting'],
      ['2', 'note', 'Ana', 'refund', 'waiting'],
      ['3', 'event', 'site', 'timer: reassure', 'waiting'],
    ])
    expect(lines[0]!.effects.map(({ lane }) => lane)).toEqual(['bot:front'])
  })

  it('show what an agent said to the desk they passed it to, as a note', () => {
    const passed = { to: { desk: 'billing', mode: 'live' }, agent: { name: 'Ana' }, note: 'Owed two refunds' }
    const decisions = [{ kind: 'handoff' as const, text: 'people gave it up: Ana passed it to billing' }]
    const lines = toLines([entry(1, 'desk-declined', { body: { passed }, decisions })], 'Lena')
    expect(lines.map(({ by, who, text }) => [by, who, text])).toEqual([
      ['note', 'Ana', 'Owed two refunds'],
      ['decision', 'handoff', decisions[0]!.text],
    ])
  })

  it('show a late answer of the bot with the reason why nobody saw it', () => {
    const decisions = [{ kind: 'stopped' as const, text: 'stopped a bot answer: written in epoch 3, control is at 4' }]
    const body = { turn: { messages: [says('Here is our price list')] } }
    const lines = toLines([entry(1, 'bot-answered', { body, decisions })], 'Lena')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({ by: 'bot', text: 'Here is our price list', stopped: decisions[0]!.text })
  })

  it('are in columns by lane: channel, bot, desks', () => {
    const effects = [effect('desk:people', 'open'), effect('bot:front', 'turn'), effect('channel:site', 'say')]
    expect(lanesOf([entry(1, 'timer', { effects })])).toEqual(['channel:site', 'bot:front', 'desk:people'])
  })

  it.each([
    [{ status: 'pending', attempts: 0 }, 'waiting', 'waiting'],
    [{ status: 'pending', attempts: 2 }, 'retry', 'retry 2'],
    [{ status: 'done' }, 'done', 'sent'],
    [{ status: 'done', late: true }, 'done', 'sent, late'],
    [{ status: 'stopped' }, 'stopped', 'stopped'],
    [{ status: 'dead' }, 'failed', 'failed'],
    [{ status: 'dismissed' }, 'undone', 'left undone'],
  ])('%j is %s: "%s"', (more, state, word) => {
    const one = effect('channel:site', 'say', more)
    expect([stateOf(one), stateWord(one)]).toEqual([state, word])
  })

  it('say that it was read of what the customer was told up to there, and of nothing else', () => {
    const timeline = [1, 2].map((seq) => entry(seq, 'timer', { effects: [effect('channel:site', 'say')] }))
    expect(toLines(timeline, 'Lena', 1).map(({ isRead }) => isRead)).toEqual([true, false])
    expect(stateWord(effect('channel:site', 'say'), true)).toBe('read')
    expect(stateWord(effect('channel:site', 'say', { status: 'dead' }), true)).toBe('failed')
    expect(stateWord(effect('desk:people', 'pass'), true)).toBe('in ticket')
  })
})

describe('the words that counted', () => {
  const lines = toLines(
    ['nobody answers me', 'this is the THIRD time', 'nobody answers', 'nobody answers at all'].map((text, i) =>
      entry(i + 1, 'customer-message', { body: { message: says(text) } }),
    ),
    'Lena',
  )

  it('are numbered over all criteria that fired', () => {
    const found = [
      finding('frustration', ['nobody answers', 'third time']),
      finding('loop', ['x'], false),
      finding('wish', ['a person']),
    ]
    expect(evidenceOf(found).map(({ note, words }) => [note, words])).toEqual([
      [1, 'nobody answers'],
      [2, 'third time'],
      [3, 'a person'],
    ])
  })

  it('are marked where they were said last before the decision', () => {
    const places = placeEvidence(
      lines,
      3,
      evidenceOf([finding('frustration', ['nobody answers', 'third time', 'unsaid'])]),
    )
    expect([...places].map(([seq, evidence]) => [seq, evidence.map(({ note }) => note)]).sort()).toEqual([
      [2, [2]],
      [3, [1]],
    ])
  })

  it('may overlap', () => {
    const pieces = cut('the third time I ask', [
      { words: 'THIRD time', note: 1 },
      { words: 'time I', note: 2 },
    ])
    expect(pieces.map(({ words, notes }) => [words, notes])).toEqual([
      ['the ', undefined],
      ['third ', []],
      ['time', [1]],
      [' I', [2]],
      [' ask', undefined],
    ])
    expect(pieces.map(({ words }) => words).join('')).toBe('the third time I ask')
    expect(cut('', [{ words: 'x' }])).toEqual([])
  })
})

describe('a period', () => {
  const now = new Date(2026, 10, 24, 15, 30).getTime()
  const midnight = new Date(2026, 10, 24).getTime()
  it.each([
    [{ period: 'today' }, { from: String(midnight) }],
    [{ period: '7d' }, { from: String(midnight - 6 * 86_400_000) }],
    [
      { from: '5', to: '9' },
      { from: '5', to: '9' },
    ],
    [{}, { from: undefined, to: undefined }],
    [{ period: 'nonsense' }, { from: undefined, to: undefined }],
  ])('%j', (asked, range) => {
    expect(rangeOf(asked, now)).toEqual(range)
  })
})
