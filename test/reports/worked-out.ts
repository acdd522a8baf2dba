/** Every number that reports make of the second week of `history.ts`, worked out by hand in the comments. */

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
    { from: '2025-03-10', to: '2025-03-10' },
    { conversations: number(8), escalated: share(5, 8) },
  ],
]
