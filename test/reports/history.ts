/**
 * Forty-six conversations of two weeks in March 2025, of the second of which every number is worked out by
 * hand in `worked-out.ts`. Durations are seconds here.
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
