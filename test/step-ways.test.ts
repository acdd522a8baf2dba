/** The ways out: of the line, to be answered later; of a conversation that has ended, into a new one. */
import { describe, expect, it } from 'vitest'
import type { MappingSettings } from '../src/mapping.ts'
import { languages } from '../src/words.ts'
import { ana, aPlay, filled, inLine, type Play, withAgent } from './simulation/play.ts'

const { en } = languages
const both: Partial<MappingSettings> = {
  fallback: [{ desk: 'people', mode: 'ticket' }, 'second', { desk: 'second', mode: 'callback' }],
}

describe('in line', () => {
  it('a place is told when it is nearer than the one told last, and never again or further back', () => {
    const play = inLine()
    const heard = [3, 3, 2, 4, 2, 1].flatMap((position) => play.reports('t1', { type: 'desk-queue', position }).heard)
    expect(heard).toEqual([3, 2, 1].map((position) => `hub: ${filled(en.position, { position: String(position) })}`))
  })

  it('every way is named from the first word on, each once', () => {
    expect(inLine(aPlay({ fallback: [...both.fallback!, { desk: 'second', mode: 'ticket' }] })).offered).toEqual([
      en.wantTicket,
      en.wantCallback,
      en.leave,
    ])
    expect(inLine(aPlay({ fallback: [] })).offered).toEqual([en.leave])
  })

  it('they are named again when the agent has left', () => {
    const play = withAgent().reports('t1', { type: 'agent-left', agent: ana })
    expect([play.heard, play.offered]).toEqual([[`hub: ${en.inLine}`], [en.wantTicket, en.leave]])
  })

  it('a call back is asked for where one can be had, past steps that come before it', () => {
    const play = inLine(aPlay(both)).says(en.wantCallback, { choice: 'baton:callback' }).closes()
    expect(play.conversation.handoff?.attempts.at(-1)).toMatchObject({ desk: 'second', mode: 'callback' })
    play.opens('t2')
    expect(play.heard[0]).toBe(`hub: ${filled(en.callbackMade, { ticket: 't2' })}`)
    expect(play.conversation).toMatchObject({ control: 'bot', handoff: { outcome: 'deferred' } })
  })

  it('pressed twice it is one ticket', () => {
    const press = (play: Play) => play.says(en.wantTicket, { choice: 'baton:ticket' })
    const play = press(press(inLine()).closes())
    expect(play.asked).toEqual([])
    expect(play.opens('t2').conversation.handoff?.attempts).toMatchObject([{ mode: 'live' }, { mode: 'ticket' }])
  })
})

describe('begun again', () => {
  const ended = () => withAgent().reports('t1', { type: 'desk-ended', outcome: 'resolved', agent: ana })
  const again = (play: Play) => play.says('Start again', { choice: 'baton:again' })

  it('the bot has control and nothing of before counts; nobody is asked before the customer says what they want', () => {
    const play = again(ended())
    expect([play.heard, play.asked]).toEqual([[`hub: ${en.begun}`], ['channel:site say']])
    expect(play.conversation).toMatchObject({ control: 'bot', measures: { turns: 0, returned: false } })
    expect(play.timers.has('survey')).toBe(false)
    expect(play.says('Where is my parcel?').asked).toEqual(['bot:first-line turn'])
  })

  it('a late word of the agent still reaches the customer, in the same thread', () => {
    const play = again(ended()).speaks('t1', 'One thing more.', 'Ana')
    expect(play.heard).toContain('Ana: One thing more.')
    expect(play.conversation.control).toBe('agent')
  })

  it('a second press changes nothing, whoever has control by then', () => {
    for (const play of [again(ended()), inLine(), withAgent()]) {
      const { control, epoch } = play.conversation
      expect(again(play).asked).toEqual([])
      expect(play.conversation).toMatchObject({ control, epoch })
    }
  })
})

describe('what is known of the customer', () => {
  const tells = (play: Play, customer: object) =>
    play.happen({
      type: 'customer-identified',
      at: play.now,
      externalId: JSON.stringify(customer),
      connection: 'site',
      thread: 'visitor',
      customer,
    })

  it('facts add up, also where the person is vouched for; who they are is not overwritten', () => {
    const play = tells(aPlay().says('Hello'), { name: 'Lena', verified: true, facts: { Plan: 'Gold' } })
    tells(play, { name: 'Mallory', email: 'm@example.com', facts: { Page: '/cart' } })
    expect(play.conversation.customer).toMatchObject({
      name: 'Lena',
      verified: true,
      facts: { Plan: 'Gold', Page: '/cart' },
    })
    expect(play.conversation.customer.email).toBeUndefined()
  })
})
