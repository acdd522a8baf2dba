import { describe, expect, it } from 'vitest'
import { controls, moves } from '../src/conversation.ts'
import { text } from '../src/message.ts'
import { take } from '../src/step/draft.ts'
import { table } from '../src/step.ts'
import { languages } from '../src/words.ts'
import { aMappingOf, ana, aPlay, filled, inLine, type Play, start, waiting, wish } from './simulation/play.ts'

const minute = 60_000

const offered = (): Play => aPlay().says(wish).answers('Let me see.')

describe('control', () => {
  it.each(controls.flatMap((from) => controls.map((to) => [from, to] as const)))('%s to %s', (from, to) => {
    const conversation = { ...aPlay().conversation, control: from }
    const d = {
      conversation,
      mapping: aMappingOf(),
      at: start,
      effects: [],
      timers: [],
      decisions: [] as { text: string }[],
    }
    const hand = () => take(d as never, to, 'for a test')
    if (from === to) {
      hand()
      expect(d.conversation).toBe(conversation)
    } else if ((moves[from] as readonly string[]).includes(to)) {
      hand()
      expect(d.conversation).toMatchObject({ control: to, epoch: conversation.epoch + 1, asked: 0 })
      expect(d.decisions[0]!.text).toBe(`control ${from} → ${to}: for a test`)
    } else expect(hand).toThrow(`No move from ${from} to ${to}`)
  })

  it('has a cell for every event and holder, and does not change what it is given', () => {
    for (const row of Object.values(table)) expect(Object.keys(row)).toEqual(controls)
    const play = aPlay()
    const before = JSON.stringify(play.conversation)
    play.says('hello')
    expect(play.conversation.seq).toBe(1)
    expect(before).toContain('"seq":0')
  })
})

describe('the bot', () => {
  it('is asked, and answers', () => {
    const play = aPlay().says('Where is my parcel?')
    expect(play.asked).toEqual(['bot:first-line turn'])
    expect(play.answers('On its way.').heard).toEqual(['bot: On its way.'])
  })

  it('that answers late is stopped, in words that say why', () => {
    const play = waiting()
    const epoch = play.conversation.epoch
    play.answers('Here I am again.', epoch - 1)
    expect(play.heard).toEqual([])
    expect(play.decisions).toEqual([
      `stopped a bot answer: written in epoch ${epoch - 1}, control is with waiting in epoch ${epoch}`,
    ])
  })

  it('that answers after control went away and came back is stopped too', () => {
    const play = waiting()
    play.says('', { choice: 'baton:leave' })
    expect(play.conversation).toMatchObject({ control: 'bot', epoch: 3 })
    expect(play.answers('Late.', 1).heard).toEqual([])
    expect(play.answers('In time.').heard).toEqual(['bot: In time.'])
  })

  it('that asks for a person is heard before the hub, in the epoch that begins', () => {
    const play = aPlay()
      .says('Where is it?')
      .answers({ messages: [text('Let me get somebody.')], wants: 'human' })
    expect(play.heard).toEqual(['bot: Let me get somebody.', `hub: ${languages.en.connecting}`])
    expect(play.last.effects.filter(({ kind }) => kind === 'say').map(({ fence }) => fence)).toEqual([2, 2])
  })

  it('that says goodbye is heard, and the next word opens the conversation again', () => {
    const play = aPlay()
      .says('Thanks')
      .answers({ messages: [text('Goodbye!')], wants: 'end' })
    expect(play.conversation.control).toBe('closed')
    expect(play.last.effects).toMatchObject([{ kind: 'say', fence: play.conversation.epoch }])
    expect(play.says('One more thing').conversation.control).toBe('bot')
    expect(play.asked).toEqual(['bot:first-line turn'])
  })

  it('that is down gets the customer a person, with a word about it', () => {
    const play = aPlay().says('Hello there').fails('turn')
    expect(play.heard).toEqual([`hub: ${languages.en.botDown}`, `hub: ${languages.en.connecting}`])
    expect(play.conversation).toMatchObject({
      control: 'waiting',
      handoff: { reason: { criterion: 'bot_down' }, priority: 'high' },
    })
    expect(play.last.effects.every(({ kind, fence }) => kind !== 'say' || fence === 2)).toBe(true)
  })
})

describe('an offer', () => {
  it('is made once a person seems worth it, while the bot goes on', () => {
    const play = offered()
    expect(play.heard).toEqual(['bot: Let me see.', `hub: ${languages.en.offer}`])
    expect(play.offered).toEqual([languages.en.yes, languages.en.no])
    expect(play.conversation).toMatchObject({ control: 'bot', handoff: { number: 1, stage: 'offered' } })
  })

  it.each([
    ['by its choice', languages.en.yes, 'baton:person'],
    ['in words', 'Yes, please!', undefined],
    ['in German', 'Ja, bitte.', undefined],
  ])('is accepted %s', (_, words, choice) => {
    const play = offered().says(words, { choice })
    expect(play.conversation).toMatchObject({ control: 'waiting', handoffs: 1, handoff: { stage: 'requested' } })
    expect(play.asked).toContain('desk:people open')
    expect(play.timers.has('offer')).toBe(false)
  })

  it('is declined by its choice', () => {
    const play = offered().says(languages.en.no, { choice: 'baton:bot' })
    expect(play.heard).toEqual([`hub: ${languages.en.goOn}`])
    expect(play.conversation).toMatchObject({
      control: 'bot',
      handoff: { outcome: 'declined' },
      measures: { declined: 1 },
    })
  })

  it('is not made again soon, and the timeline says why not', () => {
    const play = aPlay()
    for (let times = 0; times < 3; times++) play.says('Where is my parcel?').answers(`Let me see ${times}.`)
    expect(play.conversation.handoff).toMatchObject({ stage: 'offered' })
    play.says(languages.en.no, { choice: 'baton:bot' })
    play.says('Where is my parcel?').answers('On its way.')
    expect(play.offered).toEqual([])
    expect(play.conversation).toMatchObject({ control: 'bot', handoffs: 1 })
    expect(play.decisions).toEqual([
      expect.stringMatching(/^no person was offered: .* Held: a person was offered 1 customer turn ago/),
    ])
  })

  it('that nobody answers ends as declined after five minutes', () => {
    const play = offered().says('And my parcel?')
    expect(play.asked).toEqual(['bot:first-line turn'])
    play.reaches('offer')
    expect(play.now - start).toBe(5 * minute)
    expect(play.conversation).toMatchObject({ control: 'bot', handoff: { stage: 'ended', outcome: 'declined' } })
  })

  it('that an agent overtakes goes on as the same handoff, which ends with the agent’s outcome', () => {
    const play = aPlay({ desks: [{ desk: 'people', mode: 'ticket' }] })
      .says('Where is it?')
      .answers('I look.')
      .says(wish)
      .opens('t1')
    play.says('help').answers('Your request is with our team.')
    expect(play.conversation.handoff).toMatchObject({ number: 2, stage: 'offered' })
    play.speaks('t1', 'Found it.', 'Ana')
    expect(play.conversation).toMatchObject({
      control: 'agent',
      handoffs: 2,
      handoff: { number: 2, stage: 'accepted' },
    })
    expect(play.timers.has('offer')).toBe(false)
  })
})

describe('what the customer hears, in their language', () => {
  it.each(Object.entries(languages))('%s', (language, words) => {
    const play = waiting(aPlay({ language }))
    expect(play.heard).toEqual([`hub: ${words.connecting}`])
    expect(play.offered).toEqual([words.leave])
    expect(play.opens('t1', { etaMs: 4 * minute }).heard).toEqual([
      `hub: ${words.inLine}`,
      `hub: ${filled(words.eta, { from: '4', to: '6' })}`,
    ])
    expect(play.reports('t1', { type: 'desk-accepted', agent: ana }).heard).toEqual([
      `hub: ${filled(words.joined, { agent: 'Ana' })}`,
    ])
  })

  it.each([
    ['pt-BR', languages.pt.connecting, 'pt-BR'],
    ['de_AT', languages.de.connecting, 'de-AT'],
    ['xx', languages.en.connecting, 'xx'],
    ['constructor', languages.en.connecting, 'en'],
    ['not a language', languages.en.connecting, 'en'],
  ])('a message in %s', (tag, sentence, language) => {
    const play = aPlay().says('Hello', { language: tag }).answers('Hi').says(wish)
    expect(play.heard).toEqual([`hub: ${sentence}`])
    expect(play.conversation.language).toBe(language)
  })

  it('nothing of joining before somebody did', () => {
    const play = inLine()
    const joined = () => play.heard.filter((line) => line.includes('joined'))
    expect(joined()).toEqual([])
    play.reports('t1', { type: 'desk-assigned', agent: ana })
    expect(joined()).toEqual([])
    expect(play.conversation.control).toBe('waiting')
    play.reports('t1', { type: 'desk-accepted', agent: {} })
    expect(joined()).toEqual([`hub: ${languages.en.joinedNoName}`])
  })

  it('a waiting time only while they wait, and only when it has become shorter', () => {
    const play = inLine()
    const queue = (etaMs: number) => play.reports('t1', { type: 'desk-queue', etaMs }).heard.length
    expect([queue(10 * minute), queue(11 * minute), queue(9.5 * minute), queue(5 * minute)]).toEqual([1, 0, 0, 1])
    play.reports('t1', { type: 'desk-accepted', agent: ana })
    expect(queue(1 * minute)).toBe(0)
  })
})
