import { describe, expect, it } from 'vitest'
import type { BotTurn } from '../connector.ts'
import { type Message, text } from '../message.ts'
import { type Criteria, decide } from './criteria.ts'
import { defaultNames } from './defaults.ts'
import { buildCriteria } from './settings.ts'
import {
  hearBot,
  hearCustomer,
  hearFailure,
  type Measures,
  noMeasures,
  noteDecline,
  noteOffer,
  noteReturn,
} from './signals.ts'

const shipped = buildCriteria(undefined)
const judge = (m: Measures, criteria: Criteria = shipped) => decide(criteria, m, m.lastAt ?? 0)
const next = (m: Measures) => (m.lastAt ?? 0) + 10_000
const say = (m: Measures, said: string | Message, customer = {}) =>
  hearCustomer(m, typeof said === 'string' ? text(said) : said, next(m), customer)
const reply = (m: Measures, turn: Partial<BotTurn>) =>
  hearBot(m, { messages: [text(`answer ${m.turns}`)], ...turn }, next(m))
const sayAll = (...bodies: string[]) => bodies.reduce((m, body) => say(m, body), noMeasures)
const turns = (count: number, m = noMeasures) =>
  Array.from({ length: count }, (_, i) => `city ${i} weather`).reduce((heard, body) => say(heard, body), m)
const human = 'I want to talk to a human'

/** Each row of the shipped table: just short of the limit, and at it. */
const table: ReadonlyArray<readonly [string, Measures, string, Measures, string]> = [
  ['safety', sayAll('hi', 'my card was stolen'), 'none', sayAll('I want to kill myself'), 'escalate'],
  ['human_request', sayAll('hi', 'are you a human?'), 'none', sayAll('hi', human), 'escalate'],
  ['human_request', sayAll(human), 'offer', sayAll(human, human), 'escalate'],
  ['human_request', sayAll('hi', 'agent'), 'offer', say(noteOffer(sayAll('hi')), 'agent'), 'escalate'],
  ['bot_request', reply(sayAll('hi'), {}), 'none', reply(sayAll('hi'), { wants: 'human' }), 'escalate'],
  ['bot_down', sayAll('hi'), 'none', hearFailure(sayAll('hi'), 20_000, 'timeout'), 'escalate'],
  ['no_match', reply(sayAll('a'), { noMatch: true }), 'none', repeatReply({ noMatch: true }, 2), 'offer'],
  ['no_match', repeatReply({ noMatch: true }, 2), 'offer', repeatReply({ noMatch: true }, 3), 'escalate'],
  ['low_confidence', repeatReply({ confidence: 0.45 }, 2), 'none', repeatReply({ confidence: 0.44 }, 2), 'offer'],
  [
    'low_confidence',
    repeatReply({ confidence: 0.59, nextConfidence: 0.45 }, 2),
    'none',
    repeatReply({ confidence: 0.59, nextConfidence: 0.55 }, 2),
    'offer',
  ],
  ['loop', sayAll('my refund?', 'my refund?'), 'none', sayAll('my refund?', 'my refund?', 'my refund?'), 'offer'],
  [
    'kb_empty',
    repeatReply({ articles: [] }, 1),
    'none',
    repeatReply({ articles: [{ ref: 'a', title: 'A', score: 0.2 }] }, 2),
    'offer',
  ],
  [
    'frustration',
    sayAll('hi', 'this is frustrating'),
    'none',
    sayAll('this is frustrating', 'nobody answers'),
    'offer',
  ],
  ['frustration', sayAll('hi', 'ok'), 'none', sayAll('hi', 'WHERE IS MY ORDER FROM MONDAY'), 'offer'],
  [
    'frustration',
    sayAll('hi', 'nobody answers'),
    'none',
    sayAll('hi', 'third time, nobody answers, absolutely useless'),
    'escalate',
  ],
  ['complexity', reply(sayAll('a'), { intents: 1 }), 'none', reply(sayAll('a'), { intents: 2 }), 'offer'],
  [
    'complexity',
    reply(turns(5), { slots: { open: 4, filled: {} } }),
    'none',
    reply(turns(6), { slots: { open: 4, filled: {} } }),
    'offer',
  ],
  ['complexity', sayAll('see this'), 'none', say(noMeasures, picture()), 'offer'],
  ['duration', turns(11), 'none', turns(12), 'offer'],
  ['bot_feedback', sayAll('👎'), 'none', sayAll('👎', '👎'), 'offer'],
  [
    'composite',
    sayAll('my refund?', 'my refund?'),
    'none',
    reply(sayAll('my refund?', 'my refund?'), { noMatch: true }),
    'offer',
  ],
]

function repeatReply(turn: Partial<BotTurn>, times: number): Measures {
  let m = noMeasures
  for (let i = 0; i < times; i++) m = reply(say(m, `city ${i}`), turn)
  return m
}

function picture(): Message {
  return { parts: [{ kind: 'file', name: 'a.png', mime: 'image/png', bytes: 9, url: 'https://files/a.png' }] }
}

describe('the shipped table, at its limits', () => {
  it.each(table)('%s (%#)', (name, below, before, at, after) => {
    expect(judge(below).action).toBe(before)
    if (before === 'none')
      expect(judge(below).findings.find((finding) => finding.criterion === name)?.fired).toBe(false)
    expect(judge(at)).toMatchObject({ action: after, criterion: name })
  })

  it('has every criterion in the table, or off until configured', () => {
    const tested = new Set<string>(table.map(([name]) => name))
    expect(defaultNames.filter((name) => !tested.has(name))).toEqual(['value'])
  })

  it('measures minutes without the customer’s pauses', () => {
    let m = say(noMeasures, 'one')
    for (let minute = 1; minute < 9; minute++) m = hearBot(m, { messages: [] }, 10_000 + minute * 60_000)
    expect(judge(m)).toMatchObject({ action: 'offer', criterion: 'duration' })
    const slept = hearCustomer(say(noMeasures, 'one'), text('two'), 10 * 3_600_000, {})
    expect(judge(slept).action).toBe('none')
  })

  it('escalates on a strong composite', () => {
    const m = reply(say(sayAll('my refund, nobody helps me'), 'my refund, nobody helps me'), { noMatch: true })
    const composite = judge(m).findings.find((finding) => finding.criterion === 'composite')
    expect(composite).toMatchObject({ fired: true, action: 'escalate', measured: '1.50' })
  })
})

describe('the choice among several', () => {
  it('puts safety first, then escalation before offer', () => {
    expect(judge(sayAll('hi', `${human} or I will kill myself`))).toMatchObject({
      criterion: 'safety',
      priority: 'urgent',
    })
    expect(judge(say(repeatReply({ noMatch: true }, 2), human))).toMatchObject({
      action: 'escalate',
      criterion: 'human_request',
    })
  })
  it('gives the bot’s skills', () => {
    expect(judge(reply(sayAll('a'), { wants: 'human', need: { skills: ['billing'] } })).skills).toEqual(['billing'])
  })
})

describe('the explanation', () => {
  it('lists every criterion, and what would have made it fire when it did not', () => {
    const { findings, text } = judge(sayAll('hi', 'nobody answers'))
    expect(findings.map((finding) => finding.criterion).sort()).toEqual([...defaultNames].sort())
    for (const finding of findings) {
      expect(finding.text).toMatch(/^[A-Z].*\.$|^\d.*\.$/)
      expect(finding.measured && finding.limit).toBeTruthy()
      expect(finding.wouldFire === undefined).toBe(finding.fired)
    }
    expect(text).toBe(`None of ${defaultNames.length} criteria is met.`)
  })

  it('says it in numbers and in the customer’s own words', () => {
    const { text, findings } = judge(sayAll('I was double charged', 'this is frustrating!', 'Nobody answers'))
    expect(text).toBe('Sentiment was −0.41 and −0.52 in 2 of the last 3 messages; the limit is −0.30 in 2 of 3.')
    expect(findings.find((finding) => finding.fired)?.evidence).toEqual(['frustrating', 'Nobody answers'])
  })

  it('quotes what was said again as it was written', () => {
    const finding = judge(sayAll('My Refund?', 'My refund?', 'MY refund?')).findings.find(
      ({ criterion }) => criterion === 'loop',
    )
    expect(finding?.evidence).toEqual(['MY refund?'])
  })
})

describe('guards', () => {
  const stuck = (m: Measures) => reply(reply(m, { noMatch: true }), { noMatch: true })

  it('offers once an episode, again after five more customer turns, and no third time', () => {
    let m = noteOffer(stuck(sayAll('a')))
    expect(judge(m)).toMatchObject({
      action: 'none',
      criterion: 'no_match',
      held: expect.stringContaining('offered 0 customer turns ago'),
    })
    m = turns(4, m)
    expect(judge(stuck(m)).action).not.toBe('offer')
    m = reply(say({ ...m, noMatch: { running: 0, total: 0 } }, 'b'), {})
    expect(judge(stuck(m))).toMatchObject({ action: 'offer' })
    m = turns(9, noteOffer(m))
    expect(judge(stuck({ ...m, noMatch: { running: 0, total: 0 } })).action).toBe('none')
  })

  it('lets an escalation through after an offer', () => {
    expect(judge(say(noteOffer(stuck(sayAll('a'))), 'hi, this is the third time, nobody answers')).action).toBe(
      'escalate',
    )
  })

  it('offers on a first clear wish and says why it only offers', () => {
    expect(judge(sayAll(human))).toMatchObject({
      action: 'offer',
      held: 'On the very first message a person is offered first.',
    })
  })

  it('does not take the wish that led to an offer for a second one', () => {
    const m = reply(noteOffer(sayAll('agent')), {})
    expect(judge(m)).toMatchObject({
      action: 'none',
      criterion: 'human_request',
      held: expect.stringContaining('offered'),
    })
  })

  it('cools down for three customer turns after a return', () => {
    const angry = 'third time, nobody answers, absolutely useless'
    const back = (count: number) => say(turns(count - 1, noteReturn(sayAll('x'))), angry)
    expect(judge(back(3))).toMatchObject({
      action: 'none',
      criterion: 'frustration',
      held: expect.stringContaining('given back'),
    })
    expect(judge(back(4))).toMatchObject({ action: 'escalate', criterion: 'frustration' })
  })

  it.each<[string, (m: Measures) => Measures]>([
    ['safety', (m) => say(m, 'I want to kill myself')],
    ['human_request', (m) => say(m, human)],
    ['bot_request', (m) => reply(say(m, 'a'), { wants: 'human' })],
    ['bot_down', (m) => hearFailure(say(m, 'a'), 99_000, 'error')],
  ])('%s passes the cool-down', (criterion, happen) => {
    expect(judge(happen(noteReturn(sayAll('x'))))).toMatchObject({ action: 'escalate', criterion })
  })

  it('halves the composite after a declined offer', () => {
    const m = reply(sayAll('my refund?', 'my refund?'), { noMatch: true })
    const measured = (m: Measures) => judge(m).findings.find(({ criterion }) => criterion === 'composite')?.measured
    expect([measured(m), measured(noteDecline(m))]).toEqual(['1.00', '0.50'])
  })

  it('waits for what is required, unless it is urgent or wished for twice', () => {
    const criteria = buildCriteria({ require: { when: 'has(slots.order)', words: 'an order number' } })
    expect(judge(sayAll('hi', human), criteria)).toMatchObject({
      action: 'none',
      held: 'Held: first is required: an order number.',
    })
    expect(judge(sayAll('hi', human, human), criteria).action).toBe('escalate')
    expect(judge(sayAll('I want to kill myself'), criteria).action).toBe('escalate')
    const known = reply(sayAll('hi'), { slots: { open: 0, filled: { order: '7' } } })
    expect(judge(say(known, human), criteria).action).toBe('escalate')
  })
})

it('leaves a calm conversation alone', () => {
  let m = noMeasures
  for (const said of [
    'I need a hotel in Bonn',
    'for two nights',
    'no, the cheaper one',
    'yes please',
    'No thanks, that is all',
  ]) {
    m = reply(say(m, said), { confidence: 0.9, intent: 'book', noMatch: false })
    expect(judge(m).action).toBe('none')
  }
})
