/** What `step` does once a person is needed: the line, the desks, the agents, the end. */
import { describe, expect, it } from 'vitest'
import type { RecordEvent } from '../src/events.ts'
import { text } from '../src/message.ts'
import { languages } from '../src/words.ts'
import { ana, aPlay, filled, inLine, start, waiting, wish, withAgent } from './simulation/play.ts'

const minute = 60_000

describe('in line', () => {
  it('the words go to the desk, behind its opening', () => {
    const play = waiting().says('It is urgent')
    expect(play.last.effects).toMatchObject([
      { connection: 'people', kind: 'pass', body: { handoff: 1, attempt: 1, by: 'customer' } },
    ])
    expect(play.last.effects[0]!.fence).toBeUndefined()
  })

  it('they are reassured after two minutes, and have a choice after five', () => {
    const play = inLine(aPlay({ desks: [{ desk: 'people', waitMinutes: 9 }] })).reaches('reassure')
    expect([play.now - start, play.heard]).toEqual([2 * minute, [`hub: ${languages.en.reassure}`]])
    play.reaches('reassure')
    expect([play.now - start, play.heard]).toEqual([5 * minute, [`hub: ${languages.en.longWait}`]])
    expect(play.offered).toEqual([languages.en.stay, languages.en.wantTicket, languages.en.leave])
    expect(play.says(languages.en.stay, { choice: 'baton:stay' }).asked).toEqual([])
  })

  it('only what exists is offered', () => {
    const play = inLine(aPlay({ fallback: ['second'] }))
      .reaches('reassure')
      .reaches('reassure')
    expect(play.offered).toEqual([languages.en.stay, languages.en.leave])
  })

  it('they may leave', () => {
    const play = inLine().says(languages.en.leave, { choice: 'baton:leave' })
    expect(play.heard).toEqual([`hub: ${languages.en.left}`])
    expect(play.last.effects).toContainEqual(
      expect.objectContaining({
        connection: 'people',
        kind: 'close',
        body: { handoff: 1, attempt: 1, why: 'abandoned' },
      }),
    )
    expect(play.conversation).toMatchObject({ control: 'bot', handoff: { outcome: 'abandoned' } })
  })

  it('they may prefer an answer in writing: the desk is ended first, then asked for a ticket', () => {
    const play = inLine().says(languages.en.wantTicket, { choice: 'baton:ticket' })
    expect(play.asked).toEqual(['desk:people close'])
    expect(play.closes().asked).toContain('desk:people open')
    expect(play.conversation.handoff?.attempts).toMatchObject([{ stage: 'over' }, { mode: 'ticket', stage: 'asked' }])
    play.opens('t2')
    expect(play.heard).toEqual([
      `hub: ${filled(languages.en.ticketMade, { ticket: 't2' })}`,
      `hub: ${languages.en.askContact}`,
    ])
    expect(play.conversation).toMatchObject({ control: 'bot', handoff: { outcome: 'deferred' } })
  })

  it('the next desk is asked when the time is over', () => {
    const play = inLine().reaches('wait')
    expect(play.asked).toEqual(['desk:people close'])
    expect(play.reaches('connect').asked).toEqual(['desk:second open'])
    expect(play.conversation.handoff).toMatchObject({ stage: 'requested' })
  })

  it('a desk that answers too late is ended, and does not touch the next one’s time', () => {
    const play = waiting().reaches('connect')
    expect(play.conversation.handoff?.attempts).toMatchObject([
      { stage: 'closing' },
      { desk: 'second', stage: 'asked' },
    ])
    play.happen({ type: 'desk-opened', at: play.now, name: { handoff: 1, attempt: 1 }, ticket: 't1' })
    play.closes(1)
    expect([...play.timers.keys()]).toEqual(['connect'])
    play.opens('s1').reports('t1', { type: 'desk-declined', reason: 'full' })
    expect([...play.timers.keys()].sort()).toEqual(['reassure', 'wait'])
  })

  it('an agent who was given up while idle leaves nothing to the next', () => {
    const play = withAgent()
      .speaks('t1', 'Hello', 'Ana')
      .says('My parcel?')
      .reports('t1', { type: 'desk-declined', reason: 'lost' })
    expect(play.conversation).toMatchObject({ control: 'waiting', handoff: { stage: 'requested' } })
    play.now += minute
    play
      .opens('s1')
      .happen({ type: 'desk-accepted', at: play.now, externalId: 'x', ticket: 's1', agent: ana, connection: 'second' })
    expect(play.timers.get('agent')).toBe(play.now + 5 * minute)
    expect(play.conversation.handoff?.unanswered).toEqual({ since: play.now, reminded: false })
  })
})

describe('passed to another desk by its agent', () => {
  const passed = (desk: string, mode: 'live' | 'ticket' = 'live', note = 'Owed two refunds') => ({
    type: 'desk-declined' as const,
    reason: 'Ana passed it on',
    passed: { to: { desk, mode }, agent: ana, ...(note === '' ? {} : { note }) },
  })

  it('that desk is asked, whatever the chain would be next, and the customer is told once', () => {
    const chain = { desks: ['people', 'second', 'third'] }
    const play = withAgent(inLine(aPlay(chain))).reports('t1', passed('third'))
    expect(play.asked).toEqual(['desk:third open', 'channel:site say'])
    expect(play.heard).toEqual([`hub: ${languages.en.connecting}`])
    expect(play.offered).toEqual([languages.en.leave])
    expect(play.conversation).toMatchObject({
      control: 'waiting',
      handoff: { stage: 'requested', passedOn: { by: 'Ana', note: 'Owed two refunds' } },
    })
    expect(play.conversation.handoff?.attempts).toMatchObject([{ desk: 'people', stage: 'over' }, { desk: 'third' }])
  })

  it('a ticket there is one, and the customer reads its number', () => {
    const play = withAgent().reports('t1', passed('people', 'ticket'))
    expect(play.asked).toEqual(['desk:people open'])
    expect(play.conversation.handoff?.attempts.at(-1)).toMatchObject({ desk: 'people', mode: 'ticket' })
    play.opens('t2')
    expect(play.heard[0]).toBe(`hub: ${filled(languages.en.ticketMade, { ticket: 't2' })}`)
  })

  it('one that the mapping does not name is not asked; the chain goes on, and the timeline says why', () => {
    const play = withAgent().reports('t1', passed('elsewhere'))
    expect(play.asked).toEqual(['desk:second open', 'channel:site say'])
    expect(play.decisions).toContain('elsewhere (live) is not in this mapping, so the next desk is asked')
  })

  it('nothing is said of another desk before it is asked: one that was given up confirms its end first', () => {
    const play = waiting().reaches('connect')
    play.happen({ type: 'desk-opened', at: play.now, name: { handoff: 1, attempt: 1 }, ticket: 't1' })
    play.opens('s1').reports('s1', passed('people'), 'second')
    expect([play.asked, play.heard]).toEqual([[], []])
    play.closes(1)
    expect(play.asked).toContain('desk:people open')
  })

  it('what the agent before said is not said by the one after', () => {
    const play = withAgent().reports('t1', passed('second')).opens('s1')
    play.reports('s1', passed('people', 'live', ''), 'second')
    expect(play.conversation.handoff?.passedOn).toBeUndefined()
  })
})

describe('when nobody is there', () => {
  const closed = { timeZone: 'Europe/Berlin', week: { wed: ['09:00-17:00'] } } satisfies NonNullable<
    Parameters<typeof aPlay>[0]
  >['hours']

  it('the next opening is told, a ticket made, and the address taken', () => {
    const play = waiting(aPlay({ hours: closed }))
    expect(play.heard).toEqual(['hub: Our team is not there right now. We are back tomorrow, 09:00 AM.'])
    play.opens('t1')
    expect(play.heard.at(-1)).toBe(`hub: ${languages.en.askContact}`)
    play.says('Write to ana@example.com.')
    expect(play.heard).toEqual([`hub: ${languages.en.gotContact}`])
    expect(play.conversation).toMatchObject({ contactWanted: false, customer: { email: 'ana@example.com' } })
    expect(play.asked).toContain('desk:people pass')
  })

  it('it is told in the customer’s time zone; one that no clock knows is left out', () => {
    const told = (timeZone: string) => {
      const play = aPlay({ hours: closed })
      play.happen({
        type: 'customer-identified',
        at: start,
        externalId: 'i',
        thread: 'visitor',
        connection: 'site',
        customer: { timeZone },
      })
      return waiting(play).heard[0]
    }
    expect(told('America/New_York')).toContain('tomorrow, 03:00 AM')
    expect(told('Mars/Olympus')).toContain('tomorrow, 09:00 AM')
  })

  it('without a fallback the opening is still heard, then the apology, and somebody is alarmed', () => {
    const play = waiting(aPlay({ hours: closed, fallback: [] }))
    expect(play.heard).toEqual([expect.stringContaining('tomorrow'), `hub: ${languages.en.apology}`])
    expect(
      play.last.effects.filter(({ kind }) => kind === 'say').every(({ fence }) => fence === play.conversation.epoch),
    ).toBe(true)
    expect(play.conversation).toMatchObject({ control: 'bot', handoff: { outcome: 'failed' } })
    expect(play.last.decisions.some(({ kind }) => kind === 'alarm')).toBe(true)
  })

  it('no free agent is said differently from closed hours', () => {
    const play = waiting()
    const unstaffed = (attempt: number): RecordEvent => ({
      type: 'desk-unstaffed',
      at: start,
      name: { handoff: 1, attempt },
      staffing: { online: 0 },
    })
    expect(play.happen(unstaffed(1)).heard).toEqual([])
    expect(play.happen(unstaffed(2)).heard).toEqual([`hub: ${languages.en.nobody}`])
    expect(play.conversation.handoff?.attempts.map(({ desk, mode }) => `${desk} ${mode}`)).toEqual([
      'people live',
      'second live',
      'people ticket',
    ])
  })

  it('an address that never comes is not waited for', () => {
    const play = waiting(aPlay({ desks: [{ desk: 'people', mode: 'ticket' }] }))
      .opens('t1')
      .reaches('contact')
    expect(play.conversation.contactWanted).toBe(false)
    expect(play.says('ana@example.com').asked).toEqual(['bot:first-line turn'])
  })
})

describe('an agent', () => {
  it('who speaks without accepting has joined', () => {
    const play = inLine().speaks('t1', 'Hello!', 'Ana')
    expect(play.heard).toEqual([`hub: ${filled(languages.en.joined, { agent: 'Ana' })}`, 'Ana: Hello!'])
    expect(play.conversation.control).toBe('agent')
    expect(play.last.effects.at(-1)?.fence).toBeUndefined()
  })

  it('who writes a note is not heard', () => {
    const play = inLine().reports('t1', {
      type: 'agent-message',
      message: text('A difficult one'),
      agent: ana,
      visibility: 'internal',
    })
    expect([play.heard, play.conversation.control]).toEqual([[], 'waiting'])
  })

  it('who writes from an old ticket takes the conversation', () => {
    const play = waiting(aPlay({ desks: [{ desk: 'people', mode: 'ticket' }] })).opens('t1')
    play.speaks('t1', 'Your parcel is found.', 'Ana')
    expect(play.heard).toEqual([`hub: ${filled(languages.en.joined, { agent: 'Ana' })}`, 'Ana: Your parcel is found.'])
    expect(play.conversation).toMatchObject({
      control: 'agent',
      handoff: { number: 2, reason: { criterion: 'agent_spoke' } },
    })
  })

  it('is announced once, is changed silently, and is announced when another person comes', () => {
    const play = withAgent()
    const accepts = (name?: string) => play.reports('t1', { type: 'desk-accepted', agent: { name } }).heard
    expect([accepts('Ana'), accepts(undefined)]).toEqual([[], []])
    expect(accepts('Ben')).toEqual([`hub: ${filled(languages.en.transferred, { agent: 'Ben' })}`])
    expect(accepts('Ben')).toEqual([])
  })

  it('who is silent is reminded, then the next desk is asked', () => {
    const play = withAgent().speaks('t1', 'Hello', 'Ana').says('My parcel?').reaches('agent')
    expect(play.last.effects).toMatchObject([{ kind: 'pass', body: { by: 'hub', visibility: 'internal' } }])
    play.reaches('agent')
    expect(play.now - start).toBe(10 * minute)
    expect(play.conversation).toMatchObject({ control: 'waiting', handoff: { stage: 'requested' } })
    expect(play.closes(1).asked).toEqual(['desk:second open'])
  })

  it('who is assigned and does not come loses it after 90 seconds', () => {
    const play = inLine().reports('t1', { type: 'desk-assigned', agent: ana })
    expect(play.timers.get('wait')).toBe(start + 90_000)
  })

  it('who leaves puts the customer back in line', () => {
    const play = withAgent().reports('t1', { type: 'agent-left', agent: ana })
    expect(play.heard).toEqual([`hub: ${languages.en.inLine}`])
    expect(play.conversation.control).toBe('waiting')
    expect(play.timers.has('wait')).toBe(true)
  })

  it('whose customer is silent: they are asked, then parked, and a late word comes back to the same agent', () => {
    const play = withAgent().speaks('t1', 'Is it solved?', 'Ana').reaches('idle')
    expect([play.now - start, play.heard]).toEqual([10 * minute, [`hub: ${languages.en.idle}`]])
    play.reaches('park')
    expect([play.now - start, play.conversation.parked]).toEqual([30 * minute, true])
    play.now += 20 * 60 * minute
    play.says('Yes, thanks!')
    expect(play.last.effects).toMatchObject([{ connection: 'people', kind: 'pass', body: { ticket: 't1' } }])
    expect(play.conversation).toMatchObject({ control: 'agent', parked: false })
  })

  it('who writes to a parked customer is waited for anew', () => {
    const play = withAgent().speaks('t1', 'Is it solved?', 'Ana').reaches('idle').reaches('park')
    play.now += minute
    play.speaks('t1', 'I found it.', 'Ana')
    expect(play.conversation.parked).toBe(false)
    expect([...play.timers.keys()]).toEqual(['idle'])
    expect(play.reaches('idle').reaches('park').conversation).toMatchObject({ control: 'agent', parked: true })
  })

  it('whose customer never comes back: it expires after a day', () => {
    const play = withAgent().speaks('t1', 'Is it solved?', 'Ana').reaches('idle').reaches('park').reaches('park')
    expect(play.conversation).toMatchObject({ control: 'closed', handoff: { outcome: 'expired' } })
    expect(play.asked).toContain('desk:people close')
  })
})

describe('the end', () => {
  it('gives the conversation back to the bot, which knows what was done and goes on', () => {
    const play = withAgent().reports('t1', {
      type: 'desk-ended',
      outcome: 'returned',
      digest: 'Sent a new part.',
      intent: 'refund',
    })
    expect(play.last.effects).toContainEqual(
      expect.objectContaining({
        kind: 'inform',
        body: { what: 'ended', outcome: 'returned', digest: 'Sent a new part.', intent: 'refund' },
      }),
    )
    expect(play.heard).toEqual([`hub: ${languages.en.returned}`])
    expect(play.conversation).toMatchObject({
      control: 'bot',
      measures: { returned: true, turns: 0 },
      handoff: { outcome: 'returned' },
    })
  })

  it('asks how it went once, after half a minute, and not again within a week', () => {
    const play = withAgent().reports('t1', { type: 'desk-ended', outcome: 'resolved' })
    expect(play.heard).toEqual([`hub: ${languages.en.ended}`])
    expect(play.reaches('survey').asked).toEqual(['survey:how-was-it invite'])
    expect(play.now - start).toBe(30_000)
    play.happen({ type: 'survey-ready', at: play.now, handoff: 1, message: text('How was it?') })
    expect(play.heard).toEqual(['hub: How was it?'])
    play.says('Hello again').answers('Hi').says(wish).opens('t2')
    play.reports('t2', { type: 'desk-accepted', agent: ana }).reports('t2', { type: 'desk-ended', outcome: 'resolved' })
    expect(play.reaches('survey').asked).toEqual([])
    expect(play.decisions).toEqual(['no survey: this customer was asked a short while ago'])
  })

  it('that finds the ticket gone asks the next desk', () => {
    const play = withAgent().says('Hello?').fails('pass', 'conflict')
    expect(play.conversation.control).toBe('waiting')
    expect(play.last.decisions.some(({ kind }) => kind === 'alarm')).toBe(true)
    expect(play.closes(1).asked).toEqual(['desk:second open'])
  })

  it('can be ordered by staff, and so can the next desk', () => {
    expect(withAgent().orders({ do: 'end', outcome: 'resolved' }).conversation).toMatchObject({
      control: 'closed',
      handoff: { outcome: 'resolved' },
    })
    const play = withAgent().orders({ do: 'move' })
    expect(play.conversation.control).toBe('waiting')
    expect(play.closes(1).asked).toEqual(['desk:second open'])
    expect(aPlay().says('Hi').orders({ do: 'escalate' }).asked).toContain('desk:people open')
  })
})
