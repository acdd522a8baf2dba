/**
 * Forty-six conversations of two weeks in March 2025, and every number that reports make of the second one, worked out by hand
 * in the comments. Durations are seconds here.
 *
 * What customers say, and how it is measured: see `felt` (checked by a test of its own).
 */
import type { Line, Scene } from './play.ts'

export const felt = {
  'My invoice number is 4711.': 0,
  'It is about the second page of it.': 0,
  'I want to talk to a person.': 0,
  'Thank you, that is great.': 0.6,
  'This is terrible.': -0.55,
  'This is awful and useless.': -0.8,
} as const
const flat = 'My invoice number is 4711.'
const other = 'It is about the second page of it.'
const person = 'I want to talk to a person.'
const great = 'Thank you, that is great.'
const terrible = 'This is terrible.'
const awful = 'This is awful and useless.'
const mensch = 'Ich möchte mit einem Menschen sprechen.'
const frage = 'Meine Rechnung hat die Nummer 4711.'

/** The week that is asked about, and the one before. */
export const week = { from: '2025-03-10', to: '2025-03-16' }
const mon = '2025-03-10'
const tue = '2025-03-11'
const wed = '2025-03-12'
const thu = '2025-03-13'
const fri = '2025-03-14'
const sat = '2025-03-15'
const sun = '2025-03-16'

interface Told {
  readonly wait: number
  readonly agent: string
  /** From accepted to ended. */
  readonly handle: number
  readonly ask?: string
  readonly intent?: string
  readonly name?: string
  /** 20 s after the agent accepted. */
  readonly later?: string
  readonly outcome?: 'resolved' | 'returned'
  /** Number: rated so. true: invited, never answered. 'withdrawn': the invitation was never shown. */
  readonly survey?: number | true | 'withdrawn'
  readonly more?: readonly Line[]
}

/** Asked the bot at 0, asks for a person at 10 (that is when it is requested), opened at 12, first word 5 s after accepted. */
function handled(name: string, day: string, time: string, told: Told): Scene {
  const { wait, agent, handle, ask = person, intent = 'invoice', later, outcome = 'resolved', survey, more = [] } = told
  const accepted = 10 + wait
  const ended = accepted + handle
  const lines: Line[] = [
    ...asked(ask, intent, told.name),
    [12, 'opened'],
    [accepted, 'accepted', agent],
    [accepted + 5, 'agent', agent],
    ...(later ? [[accepted + 20, 'says', later] as const] : []),
    ...more,
    [ended, 'ends', outcome],
    ...(survey === undefined ? [] : [[ended + 30, 'invited'] as const]),
    ...(survey === 'withdrawn' ? [[ended + 31, 'stopped'] as const] : []),
    ...(typeof survey === 'number' ? [[ended + 60, 'rated', survey] as const] : []),
  ]
  return { name, at: `${day}T${time}Z`, channel: 'site', lines: lines.toSorted((a, b) => a[0] - b[0]) }
}

const asked = (ask: string, intent: string, name?: string): Line[] => [
  [0, 'says', flat],
  ...(name ? [[1, 'names', name] as const] : []),
  [2, 'bot', intent],
  [10, 'says', ask],
]

const scene = (
  name: string,
  day: string,
  time: string,
  lines: readonly Line[],
  channel: Scene['channel'] = 'site',
): Scene => ({
  name,
  at: `${day}T${time}Z`,
  channel,
  lines,
})

const inShop = ({ name, at, lines }: Scene): Scene => ({
  name,
  at,
  channel: 'shop',
  lines: lines.map(
    (line): Line => (line[1] === 'says' ? [line[0], 'says', line[2] === person ? mensch : frage] : line),
  ),
})

const plain = (name: string, day: string, time: string, more: readonly Line[] = []): Scene =>
  scene(name, day, time, [[0, 'says', flat], [2, 'bot', 'invoice'], ...more])

const lost: readonly Line[] = [
  [0, 'says', flat],
  [2, 'bot-lost'],
  [10, 'says', other],
  [12, 'bot-lost'],
]

export const scenes: readonly Scene[] = [
  // A: the bot alone. 10 at the site, 2 in the shop; what the bot said in a1 failed for good.
  plain('a1', mon, '09:00:00', [[3, 'dead']]),
  plain('a2', mon, '09:10:00'),
  plain('a3', mon, '22:00:00'),
  plain('a4', tue, '09:00:00'),
  plain('a5', tue, '09:10:00'),
  plain('a6', tue, '09:20:00'),
  inShop(plain('a7', wed, '09:00:00')),
  inShop(plain('a8', wed, '09:10:00')),
  plain('a9', thu, '09:00:00'),
  plain('a10', thu, '09:10:00'),
  plain('a11', fri, '09:00:00'),
  plain('a12', fri, '09:10:00'),

  // B: asked for a person, Lena resolved it. b1 wrote again on the next day.
  handled('b1', mon, '10:00:00', {
    wait: 20,
    agent: 'Lena',
    handle: 300,
    later: great,
    survey: 5,
    name: 'Ada',
    more: [[84_600, 'says', flat]],
  }),
  handled('b2', mon, '10:20:00', { wait: 40, agent: 'Lena', handle: 300, later: great, survey: 5, name: 'Bob' }),
  handled('b3', tue, '10:00:00', { wait: 50, agent: 'Lena', handle: 300, later: great, survey: 4, name: 'Cem' }),
  handled('b4', tue, '10:20:00', { wait: 100, agent: 'Lena', handle: 300, later: great, survey: 4, name: 'Dee' }),
  handled('b5', wed, '10:00:00', { wait: 110, agent: 'Lena', handle: 300, later: great, survey: 3 }),
  handled('b6', wed, '10:20:00', { wait: 130, agent: 'Lena', handle: 300, later: great, survey: 2 }),
  handled('b7', thu, '10:00:00', { wait: 200, agent: 'Lena', handle: 300, later: great, survey: true }),
  handled('b8', fri, '10:00:00', { wait: 400, agent: 'Lena', handle: 300, later: terrible, survey: 'withdrawn' }),

  // C: Ben resolved it. c1 and c2 for frustration; c3 asked for a person, and was frustrated in the same message.
  handled('c1', mon, '14:00:00', {
    wait: 30,
    agent: 'Ben',
    handle: 600,
    ask: awful,
    intent: 'delivery',
    later: flat,
    survey: 5,
  }),
  handled('c2', tue, '14:00:00', {
    wait: 60,
    agent: 'Ben',
    handle: 600,
    ask: awful,
    intent: 'delivery',
    later: awful,
    survey: 1,
  }),
  handled('c3', wed, '14:00:00', {
    wait: 90,
    agent: 'Ben',
    handle: 600,
    ask: `${awful} ${person}`,
    intent: 'delivery',
    survey: true,
  }),

  // D: left the line after 60 s, 120 s and 5 s.
  scene('d1', tue, '11:00:00', [...asked(person, 'invoice'), [12, 'opened'], [70, 'leaves']]),
  scene('d2', thu, '11:00:00', [...asked(person, 'invoice'), [12, 'opened'], [130, 'leaves']]),
  scene('d3', fri, '11:00:00', [...asked(person, 'delivery'), [12, 'opened'], [15, 'leaves']]),

  // E: nobody took it, staff ended it. F: a ticket instead of a person; no desk at all.
  scene('e1', wed, '11:00:00', [...asked(person, 'invoice'), [12, 'opened'], [410, 'staff-ends', 'expired']]),
  scene('f1', thu, '15:00:00', [...asked(person, 'invoice'), [12, 'unstaffed'], [14, 'opened']]),
  inShop(scene('f2', thu, '15:30:00', [...asked(person, 'angebot'), [12, 'unstaffed']])),

  // G: Lena gave it back to the bot; two hours later the same customer asked again, and Ben resolved it.
  handled('g1', wed, '13:00:00', {
    wait: 70,
    agent: 'Lena',
    handle: 200,
    outcome: 'returned',
    more: [
      [7_200, 'says', other],
      [7_202, 'bot', 'delivery'],
      [7_210, 'says', person],
      [7_212, 'opened'],
      [7_220, 'accepted', 'Ben'],
      [7_225, 'agent', 'Ben'],
      [7_320, 'ends', 'resolved'],
    ],
  }),

  // H: offers at 12 s. Taken at 20, declined, not answered, overtaken by the customer's own wish at 30.
  scene('h1', mon, '12:00:00', [
    ...lost,
    [20, 'takes'],
    [22, 'opened'],
    [50, 'accepted', 'Ben'],
    [55, 'agent', 'Ben'],
    [150, 'ends', 'resolved'],
    [180, 'invited'],
    [200, 'rated', 5],
  ]),
  scene('h2', tue, '12:00:00', [...lost, [30, 'declines']]),
  scene('h3', wed, '12:00:00', [...lost, [612, 'timer', 'offer']]),
  scene('h4', thu, '12:00:00', [
    ...lost,
    [30, 'says', person],
    [32, 'opened'],
    [75, 'accepted', 'Lena'],
    [80, 'agent', 'Lena'],
    [175, 'ends', 'resolved'],
  ]),

  // I: a bot answer came when a person was already asked for; another one was stopped just before it was sent.
  handled('i1', fri, '14:00:00', {
    wait: 25,
    agent: 'Lena',
    handle: 100,
    survey: 4,
    more: [[13, 'bot-late', 'invoice']],
  }),
  plain('i2', fri, '15:00:00', [[4, 'stopped']]),

  // J: parked for an hour of the 4,500 s between accepted and ended.
  handled('j1', fri, '10:30:00', {
    wait: 15,
    agent: 'Lena',
    handle: 4_500,
    more: [
      [725, 'timer', 'park'],
      [4_325, 'says', other],
      [4_330, 'agent', 'Lena'],
    ],
  }),

  // K: on a Saturday. L: not over yet. M: an agent wrote without being asked.
  handled('k1', sat, '10:00:00', { wait: 1_800, agent: 'Lena', handle: 100 }),
  inShop(scene('l1', sun, '20:00:00', [...asked(person, 'angebot'), [12, 'opened'], [20, 'assigned', 'Udo']])),
  plain('m1', tue, '16:00:00', [
    [100, 'agent', 'Ben'],
    [400, 'ends', 'resolved'],
  ]),

  // N: in the shop.
  inShop(handled('n1', mon, '18:00:00', { wait: 80, agent: 'Udo', handle: 300, intent: 'angebot', survey: 4 })),
  inShop(handled('n2', tue, '18:00:00', { wait: 160, agent: 'Udo', handle: 500, intent: 'angebot', survey: true })),

  // P: the week before.
  plain('p1', '2025-03-03', '09:00:00'),
  plain('p2', '2025-03-04', '09:00:00'),
  handled('p3', '2025-03-05', '10:00:00', { wait: 60, agent: 'Lena', handle: 300, survey: 5 }),
  scene('p4', '2025-03-06', '11:00:00', [...asked(person, 'invoice'), [12, 'opened'], [40, 'leaves']]),
]

type Expected = readonly [value: number | null, count: number, of: number, p90?: number]
const share = (count: number, of: number): Expected => [of === 0 ? null : count / of, count, of]
const number = (count: number): Expected => [count, count, count]

/**
 * In hours, accepted after: 10 (g1 again), 15 (j1), 20 (b1), 25 (i1), 30 (c1), 30 (h1), 40 (b2), 45 (h4), 50 (b3), 60 (c2), 70 (g1),
 * 80 (n1), 90 (c3), 100 (b4), 110 (b5), 130 (b6), 160 (n2), 200 (b7), 400 (b8): 19, the tenth is 60, and nine tenths of the way
 * (16.2 steps from the first) lie 160 + 0.2 × 40 = 168.
 *
 * Handled for: 100 (g1 again, h1, h4, i1, k1), 200 (g1), 300 (eight b, n1), 500 (n2), 600 (three c), 900 (j1: 4,500 less 3,600): 20, the tenth
 * and eleventh are 300, the 18th and 19th 600.
 *
 * Answers: 5 5 4 4 3 2 (b1–b6), 5 1 (c1, c2), 5 (h1), 4 (i1), 4 (n1): 11, 8 of them 4 or 5. Delivered: those, b7, c3, n2: 14; b8's was withdrawn.
 *
 * Sentiment on both sides: b1–b7 0 → 0.6, b8 0 → −0.55, c1 −0.4 → 0, c2 −0.4 → −0.8, j1 0 → 0: 11, of them 8 better, 2 worse, 1 same.
 */
export const figures: Readonly<Record<string, Expected>> = {
  // a 12, b 8, c 3, d 3, e 1, f 2, g 1, h 4, i 2, j 1, k 1, l 1, m 1, n 2
  conversations: number(42),
  // all of b c d e f g j k l n, h1 and h4, i1
  escalated: share(26, 42),
  // and g1 twice
  requested: number(27),
  offered: number(4),
  offersTaken: share(1, 4),
  offersOvertaken: share(1, 4),
  offersDeclined: share(1, 4),
  offersUnanswered: share(1, 4),

  // of 27 without k1
  toAgent: [60_000, 19, 26, 168_000],
  toWord: [65_000, 19, 26, 173_000],
  // all but b8's 400 s
  within: share(18, 26),
  outside: [1_800_000, 1, 1, 1_800_000],
  handle: [300_000, 20, 20, 600_000],
  abandoned: share(2, 27),
  abandonedEarly: share(1, 27),
  expired: share(1, 27),
  failed: share(1, 27),
  deferred: share(1, 27),
  underWay: [1, 1, 27],

  // resolved 19, returned 1, abandoned 3, expired, failed, deferred 1 each: 26
  resolved: share(19, 26),
  returned: share(1, 26),
  again: share(1, 26),
  reopened: share(1, 19),

  csat: share(8, 11),
  answers: [11, 11, 28],
  response: share(11, 14),
  better: share(8, 11),
  same: share(1, 11),
  worse: share(2, 11),

  // the 20, and m1 (300 s): the eleventh of 21 is 300, the 19th 600
  accepted: number(21),
  agentHandle: [300_000, 21, 21, 600_000],
  agentWord: [5_000, 21, 21, 5_000],
  agentCsat: share(8, 11),

  stops: number(2),
  // opened: all 27 but f2. A name: b1–b4. No intent: h1, h4.
  context: share(4, 26),
  contextWho: share(4, 26),
  contextWants: share(26, 26),
  contextIntent: share(24, 26),
  letters: number(1),
}

export const before: Readonly<Record<string, Expected>> = {
  conversations: number(4),
  escalated: share(2, 4),
  requested: number(2),
  toAgent: [60_000, 1, 2, 60_000],
  abandoned: share(1, 2),
  csat: share(1, 1),
  accepted: number(1),
  stops: number(0),
}

/** Chart, row, column: count, of. */
export const rows: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>>
> = {
  rate: {
    // a1–a3 b1 b2 c1 h1 n1
    '2025-03-10': { escalated: [5, 8] },
    // a4–a6 b3 b4 c2 d1 h2 m1 n2
    '2025-03-11': { escalated: [5, 10] },
    // a7 a8 b5 b6 c3 e1 g1 h3
    '2025-03-12': { escalated: [5, 8] },
    // a9 a10 b7 d2 f1 f2 h4
    '2025-03-13': { escalated: [5, 7] },
    // a11 a12 b8 d3 i1 i2 j1
    '2025-03-14': { escalated: [4, 7] },
    '2025-03-15': { escalated: [1, 1] },
    '2025-03-16': { escalated: [1, 1] },
  },
  reasons: {
    // c3's frustration and h4's missing answers came second
    human_request: { requested: [24, 27], alsoFired: [0, 27] },
    frustration: { requested: [2, 27], alsoFired: [1, 27] },
    no_match: { requested: [1, 27], alsoFired: [1, 27] },
  },
  waits: {
    '0': { toAgent: [1, 1] },
    '15000': { toAgent: [3, 3] },
    '30000': { toAgent: [5, 5] },
    '60000': { toAgent: [6, 6] },
    '120000': { toAgent: [2, 2] },
    '180000': { toAgent: [1, 1] },
    '300000': { toAgent: [1, 1] },
    '600000': { toAgent: [0, 0] },
    '1200000': { toAgent: [0, 0] },
  },
  steps: {
    requested: { reached: [27, 27] },
    'requested:failed': { reached: [1, 27] },
    opened: { reached: [26, 27] },
    'opened:abandoned': { reached: [3, 27] },
    'opened:expired': { reached: [1, 27] },
    'opened:deferred': { reached: [1, 27] },
    assigned: { reached: [21, 27] },
    'assigned:': { reached: [1, 27] },
    accepted: { reached: [20, 27] },
    ended: { reached: [20, 27] },
  },
  outcomes: {
    resolved: { ended: [19, 26] },
    returned: { ended: [1, 26] },
    deferred: { ended: [1, 26] },
    abandoned: { ended: [3, 26] },
    expired: { ended: [1, 26] },
    failed: { ended: [1, 26] },
  },
  offers: {
    taken: { offered: [1, 4] },
    overtaken: { offered: [1, 4] },
    declined: { offered: [1, 4] },
    unanswered: { offered: [1, 4] },
  },
  topics: {
    // b 8, d1, d2, e1, f1, g1, i1, j1, k1
    invoice: { requested: [16, 27] },
    // c 3, d3, g1 again
    delivery: { requested: [5, 27] },
    // f2, l1, n1, n2
    angebot: { requested: [4, 27] },
    // h1, h4
    '': { requested: [2, 27] },
  },
  'csat-reason': {
    // b1–b6: 4 of 6; i1, n1
    human_request: { csat: [6, 8], response: [8, 11] },
    frustration: { csat: [1, 2], response: [2, 2] },
    no_match: { csat: [1, 1], response: [1, 1] },
  },
  'csat-desk': { people: { csat: [7, 10], response: [10, 12] }, 'sales-desk': { csat: [1, 1], response: [1, 2] } },
  'csat-bot': { 'first-line': { csat: [7, 10], response: [10, 12] }, 'sales-bot': { csat: [1, 1], response: [1, 2] } },
  'csat-wait': {
    // b1 b2 b3 c1 h1 i1
    '1': { csat: [6, 6], response: [6, 6] },
    // b4 b5 b6 c2 n1; c3 and n2 did not answer
    '2': { csat: [2, 5], response: [5, 7] },
    // b7
    '3': { csat: [0, 0], response: [0, 1] },
    '4': { csat: [0, 0], response: [0, 0] },
  },
  agents: {
    // c 3, g1 again, h1, m1
    Ben: { accepted: [6, 6], agentHandle: [6, 6], agentCsat: [2, 3] },
    // b 8, g1, h4, i1, j1, k1
    Lena: { accepted: [13, 13], agentHandle: [13, 13], agentCsat: [5, 7] },
    Udo: { accepted: [2, 2], agentHandle: [2, 2], agentCsat: [1, 1] },
    median: { accepted: [3, 3], agentHandle: [3, 3], agentCsat: [0, 3] },
  },
  stops: { '2025-03-13': { stops: [0, 0] }, '2025-03-14': { stops: [2, 2] } },
}

/** Chart, row, column: value, in milliseconds where it is a time. */
export const values: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number | null>>>>>> = {
  agents: {
    // 100 100 300 600 600 600; 1,800 + 100 + 100 + 300
    Ben: { agentHandle: 450_000, agentWord: 5_000, agentHeld: 2_300_000 },
    // eight 300, 200, three 100, 900
    Lena: { agentHandle: 300_000, agentWord: 5_000, agentHeld: 3_800_000 },
    Udo: { agentHandle: 400_000, agentWord: 5_000, agentHeld: 800_000 },
    median: { accepted: 6, agentHandle: 400_000, agentWord: 5_000, agentCsat: null, agentHeld: 2_300_000 },
  },
  feelings: {
    // after: (7 × 0.6 − 0.55 + 0) ÷ 9
    human_request: { feelingBefore: 0, feelingAfter: 3.65 / 9 },
    frustration: { feelingBefore: -0.4, feelingAfter: -0.4 },
  },
  // Monday 10:00: b1 and b2, 20 and 40 s
  heat: { '10': { toAgent: 30_000 } },
}

/** Filters, and what a few numbers come to with them. */
export const filtered: readonly (readonly [Readonly<Record<string, string>>, Readonly<Record<string, Expected>>])[] = [
  // a7 a8 f2 l1 n1 n2
  [{ mapping: 'sales' }, { conversations: number(6), escalated: share(4, 6), requested: number(4) }],
  [{ channel: 'shop' }, { conversations: number(6), escalated: share(4, 6) }],
  [{ language: 'de' }, { conversations: number(6), requested: number(4) }],
  [{ desk: 'sales-desk' }, { escalated: share(4, 42), requested: number(4) }],
  [{ reason: 'frustration' }, { escalated: share(2, 42), requested: number(2), csat: share(1, 2) }],
  [
    { mapping: 'sales', reason: 'frustration' },
    { escalated: share(0, 6), requested: number(0) },
  ],
  [
    { from: mon, to: mon },
    { conversations: number(8), escalated: share(5, 8) },
  ],
]
