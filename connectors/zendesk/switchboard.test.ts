/** The customer writes in Zendesk messaging and agents of Zendesk take over: control is passed, and words are not. */
import { afterEach, describe, expect, it } from 'vitest'
import { text } from '#hub/message.ts'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { aMessagingStage, type MessagingStage, messaging } from './test/messaging.ts'
import { said } from './test/stage.ts'
import { pass } from './twin/messaging/app.ts'
import type { Quirks } from './twin/quirks.ts'

let stage: MessagingStage
afterEach(() => stage?.close())

/** As the hub would ask for this customer. */
const handoffIn = (conversation: number, over: Parameters<typeof aHandoff>[0] = {}) => {
  const handoff = aHandoff({ conversation, ...over })
  return { ...handoff, context: { ...handoff.context, channel: 'test' } }
}
const begin = async (over: object = {}, quirks: Quirks = {}, handoff: Parameters<typeof aHandoff>[0] = {}) => {
  stage = await aMessagingStage(over, quirks)
  const { thread, conversation } = await stage.customer()
  const ticket = await stage.connection.desk!.offer(handoffIn(conversation, handoff), 'offer-1')
  await stage.twin.delivered()
  return { thread, conversation, ticket, desk: stage.connection.desk!, channel: stage.connection.channel! }
}
const typesOf = (ticket: string) => stage.told(ticket).map(({ type }) => type)
const endOf = (ticket: string) => stage.told(ticket).filter(({ type }) => type === 'desk-ended')

describe('a handoff in the customer’s own conversation', () => {
  it('is one pass of control, with what the ticket is made with', async () => {
    const { thread } = await begin(
      { tags: ['web'], fields: { order: 360041112233 }, groups: { billing: 20455931 } },
      {},
      {
        need: { skills: ['billing'], language: 'en' },
        priority: 'high',
        fields: { order: '4471', subject: 'not known to messaging' },
      },
    )
    const talk = stage.talk(thread)
    expect(stage.shown(thread)).toEqual([])
    expect(talk.cases).toHaveLength(1)
    expect(talk.cases[0]!.made).toEqual({
      baton_handoff: expect.any(String),
      first_message_id: talk.messages[0]!.id,
      'dataCapture.systemField.tags': 'baton,language_en,billing,web',
      'dataCapture.systemField.priority': 'high',
      'dataCapture.systemField.group_id': '20455931',
      'dataCapture.ticketField.360041112233': '4471',
    })
  })

  it('is passed once, however often it is asked for, also where a repeated pass is told again', async () => {
    const { conversation, ticket, desk } = await begin({}, { repeatsPass: true })
    expect(await desk.offer(handoffIn(conversation), 'offer-1')).toBe(ticket)
    expect(await desk.find!('offer-1')).toBe(ticket)
    expect(stage.twin.calls.filter(({ path }) => path.endsWith('/passControl'))).toHaveLength(1)
  })

  it('waits a moment where the customer’s conversation is not known yet', async () => {
    stage = await aMessagingStage()
    await expect(stage.connection.desk!.offer(handoffIn(1), 'offer-1')).rejects.toMatchObject({ code: 'busy' })
  })

  it('doubles nothing: what an agent wrote is told, and not posted again', async () => {
    const { thread, ticket, channel } = await begin()
    await stage.act('take', thread)
    await stage.act('reply', thread, 'Both charges are back')
    await stage.act('reply', thread, 'Both charges are back')
    expect(typesOf(ticket)).toEqual(['desk-accepted', 'agent-message', 'agent-message'])
    const message = text('Both charges are back')
    for (const key of ['say-1', 'say-2', 'say-1'])
      await channel.send(thread, { by: 'agent', name: 'Ana', message }, key)
    expect(stage.shown(thread)).toEqual(['Both charges are back', 'Both charges are back'])
  })

  it('still shows the words of another desk’s agent, also when they are the same', async () => {
    const { thread, channel } = await begin()
    await stage.act('reply', thread, 'Yes')
    const yes = { by: 'agent', name: 'Ben', message: text('Yes') } as const
    await channel.send(thread, yes, 'say-1')
    await channel.send(thread, yes, 'say-2')
    expect(stage.shown(thread)).toEqual(['Yes', 'Yes'])
  })

  it('leaves the customer’s words to Zendesk, and tells the hub of them', async () => {
    const { thread, ticket, desk } = await begin()
    await stage.act('write', thread, 'Are you there?')
    const before = stage.talk(thread).messages.length
    expect(await desk.send(ticket, said('Are you there?'), 'pass-1')).toEqual({})
    expect(await desk.send(ticket, { ...said('a note'), by: 'hub', visibility: 'internal' }, 'pass-2')).toEqual({})
    expect(stage.talk(thread).messages).toHaveLength(before)
    expect(stage.events().at(-1)).toMatchObject({ type: 'customer-message', thread })
  })

  it('takes no automation for a person', async () => {
    const { thread, ticket } = await begin()
    await stage.act('robot', thread, 'We are open from nine')
    expect(typesOf(ticket)).toEqual([])
  })

  it.each([
    ['close', 'resolved'],
    ['email', 'expired'],
    ['return', 'returned'],
    ['release', 'returned'],
    ['offer', 'returned'],
    ['leave', 'abandoned'],
  ])('ends once by “%s”, as %s', async (what, outcome) => {
    const { thread, ticket, desk } = await begin()
    await stage.act('reply', thread, 'Hello')
    await stage.act(what, thread)
    await stage.connection.poll!.run()
    expect(endOf(ticket)).toMatchObject([{ outcome }])
    await desk.end(ticket, 'returned', 'end-1')
    await expect(desk.send(ticket, said('too late'), 'pass-3')).rejects.toMatchObject({ code: 'conflict' })
  })

  it('is declined where control could not be passed, as only a webhook may say', async () => {
    const { thread, ticket } = await begin()
    stage.app.told?.('switchboard:passControl:failure', stage.talk(thread), {
      error: { code: 'switchboard_invalid_target', message: 'There is no such integration' },
    })
    await stage.twin.delivered()
    expect(stage.told(ticket)).toMatchObject([{ type: 'desk-declined', reason: 'switchboard_invalid_target' }])
  })

  it.each(['lost', 'late'] as const)(
    'ends after the words that came before it, where their webhook is %s',
    async (way) => {
      const { thread, ticket } = await begin()
      await stage.act('reply', thread, 'Hello')
      stage.twin.misbehave({ ways: [way], only: /conversation:message/, times: 1, delayMs: 500 })
      await stage.twin.act({ do: 'reply', case: thread, input: 'It is on its way' })
      await stage.act('close', thread)
      expect(typesOf(ticket)).toEqual(['desk-accepted', 'agent-message', 'agent-message', 'desk-ended'])
    },
  )

  it('is not accepted by words of the one before, when they are seen again', async () => {
    const { thread, conversation, desk } = await begin()
    await stage.act('reply', thread, 'Hello')
    await stage.act('return', thread)
    const second = await desk.offer(handoffIn(conversation), 'offer-2')
    await stage.connection.poll!.run()
    expect(typesOf(second)).toEqual([])
    await stage.act('reply', thread, 'Hello again')
    expect(typesOf(second)).toEqual(['desk-accepted', 'agent-message'])
  })

  it('leaves what the customer says after its end to the bot', async () => {
    const { thread, ticket } = await begin()
    stage.twin.misbehave({ ways: ['late'], only: /switchboard:passControl/, times: 1, delayMs: 300 })
    await stage.twin.act({ do: 'return', case: thread })
    stage.host.advance(1)
    await stage.act('write', thread, 'And now?')
    const [end, words] = [endOf(ticket)[0], stage.events().at(-1)]
    expect(words).toMatchObject({ type: 'customer-message', message: text('And now?') })
    expect(stage.events().indexOf(end!)).toBe(stage.events().length - 2)
  })

  it('asks Zendesk to send a webhook again that could not be read for Zendesk’s own fault: after a 4xx it never would', async () => {
    const { thread } = await begin()
    stage.twin.misbehave({ ways: ['expired'], only: /GET .*conversations/ })
    const [hook] = stage.twin.messaging!.hooks.all()
    const conversation = { id: thread, type: 'personal' }
    const events = [{ id: 'e1', type: 'switchboard:releaseControl', payload: { conversation } }]
    const answer = await fetch(hook!.target, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': hook!.secret },
      body: JSON.stringify({ events }),
    })
    expect(answer.status).toBe(503)
  })

  it('accepts what the agents offer', async () => {
    const { thread } = await begin()
    await stage.act('offer', thread)
    expect(stage.talk(thread).active).toBe(stage.app.own)
  })

  it('ends as resolved by the notice alone, where the release says no reason', async () => {
    const { thread, ticket } = await begin({}, { releaseWithoutReason: true })
    await stage.act('close', thread)
    expect(endOf(ticket)).toMatchObject([{ outcome: 'resolved' }])
  })

  it('ends as resolved by the reason alone, where the notice is not told as one', async () => {
    const { thread, ticket } = await begin({}, { hidesActivity: true })
    await stage.act('reply', thread, 'Hello')
    await stage.act('close', thread)
    await stage.connection.poll!.run()
    expect(typesOf(ticket)).toEqual(['desk-accepted', 'agent-message', 'desk-ended'])
    expect(endOf(ticket)).toMatchObject([{ outcome: 'resolved' }])
  })

  it('gets its ticket at the customer’s next word, where Zendesk makes it then', async () => {
    const { thread, ticket } = await begin({}, { lateTickets: true })
    expect(stage.talk(thread).cases).toEqual([])
    await stage.act('write', thread, 'Hello?')
    expect(stage.talk(thread).cases[0]!.made['dataCapture.systemField.tags']).toContain('baton')
    await stage.act('reply', thread, 'Hello')
    expect(typesOf(ticket)).toEqual(['desk-accepted', 'agent-message'])
  })

  it('does not end when the ticket is only solved', async () => {
    const { thread, ticket } = await begin()
    await stage.act('solve', thread)
    await stage.connection.poll!.run()
    expect(endOf(ticket)).toEqual([])
  })

  it('is taken back when the hub ends it, quietly', async () => {
    const { thread, ticket, desk } = await begin()
    await desk.end(ticket, 'expired', 'end-1')
    await desk.end(ticket, 'expired', 'end-1')
    await stage.twin.delivered()
    expect(stage.talk(thread).active).toBe(stage.app.own)
    expect(endOf(ticket)).toEqual([])
  })

  it('is taken back by a second try after an unclear first', async () => {
    const { thread, ticket, desk } = await begin()
    stage.twin.misbehave({ ways: ['resets'], times: 1, only: /passControl/ })
    await expect(desk.end(ticket, 'expired', 'end-1')).rejects.toMatchObject({ code: 'unreachable' })
    await desk.end(ticket, 'expired', 'end-1')
    expect(stage.talk(thread).active).toBe(stage.app.own)
  })

  it('can follow another one in the same conversation, and each has its own words', async () => {
    const { thread, conversation, ticket, desk } = await begin()
    await stage.act('reply', thread, 'first')
    await stage.act('return', thread)
    await stage.act('write', thread, 'again me')
    const second = await desk.offer(handoffIn(conversation, { number: 2 }), 'offer-2')
    await stage.act('reply', thread, 'second')
    expect(second).not.toBe(ticket)
    const words = (of: string) => stage.told(of).filter(({ type }) => type === 'agent-message').length
    expect([words(ticket), words(second)]).toEqual([1, 1])
    const { cases, messages } = stage.talk(thread)
    expect(cases.at(-1)!.made.first_message_id).toBe(messages.find(({ content }) => content.text === 'again me')!.id)
  })

  it('is heard as pending where standby integrations hear nothing', async () => {
    const { thread, ticket } = await begin({ listens: 'pending' }, { noStandby: true })
    await stage.act('reply', thread, 'Hello')
    expect(typesOf(ticket)).toEqual(['desk-accepted', 'agent-message'])
  })

  it('is seen to be over by looking, when nobody told', async () => {
    const { thread, ticket } = await begin()
    await stage.act('reply', thread, 'Hello')
    stage.twin.misbehave({ ways: ['lost'] })
    await stage.act('reply', thread, 'Bye')
    await stage.act('return', thread)
    stage.twin.misbehave()
    await stage.connection.poll!.run()
    expect(typesOf(ticket)).toEqual(['desk-accepted', 'agent-message', 'agent-message', 'desk-ended'])
  })

  it('tells nothing of the words when another bot has the customer', async () => {
    stage = await aMessagingStage()
    const { thread } = await stage.customer()
    pass(stage.app, stage.talk(thread), stage.app.workspace, {})
    const before = stage.events().length
    await stage.act('write', thread, 'Not for you')
    expect(stage.events()).toHaveLength(before)
  })
})

describe('a handoff of a customer who writes elsewhere', () => {
  it('is a conversation of its own, and what the hub says for the customer does not come back', async () => {
    stage = await aMessagingStage()
    const ticket = await stage.offer()
    await stage.connection.desk!.send(ticket, said('still there?'), 'pass-1')
    await stage.act('reply', ticket, 'Yes')
    await stage.connection.channel!.send(stage.talk(ticket).id, { by: 'hub', message: text('a notice') }, 'say-1')
    await stage.connection.poll!.run()
    await stage.twin.delivered()
    expect(stage.events().map(({ type }) => type)).toEqual(['desk-accepted', 'agent-message'])
    const talk = stage.talk(ticket)
    expect(talk.cases[0]!.made).toMatchObject({
      first_message_id: talk.messages[0]!.id,
      'dataCapture.systemField.requester.name': 'Lena Fischer',
    })
    expect(talk.messages[0]!.isSilent).toBe(true)
  })

  it('is completed by the next try, and nothing is told twice', async () => {
    stage = await aMessagingStage()
    const handoff = aHandoff()
    for (const only of [/POST .*\/conversations$/, /POST .*\/messages/, /passControl/]) {
      stage.twin.misbehave({ ways: ['errorsAfter'], times: 1, only })
      await expect(stage.connection.desk!.offer(handoff, 'offer-1')).rejects.toMatchObject({ certain: false })
    }
    stage.twin.misbehave()
    const ticket = await stage.connection.desk!.offer(handoff, 'offer-1')
    await stage.twin.delivered()
    expect(stage.app.talks.size).toBe(1)
    expect(stage.talk(ticket).messages).toHaveLength(3)
    expect(stage.talk(ticket).active).toBe(stage.app.workspace)
  })
})

describe('limits', () => {
  it('are told in Zendesk’s own way: wait, or full', async () => {
    stage = await aMessagingStage({}, { mostMessages: 1 })
    const { thread } = await stage.customer()
    const hello = { by: 'bot', message: text('Hello') } as const
    await expect(stage.connection.channel!.send(thread, hello, 'a')).rejects.toMatchObject({ code: 'conflict' })
    await stage.close()
    stage = await aMessagingStage({}, { messagingPerMinute: 2 }, { now: 1_700_000_000_000 })
    await expect(stage.connection.check!()).rejects.toMatchObject({ code: 'busy' })
  })
})

describe('where the desk is', () => {
  it('is the workspace with messaging alone, and tickets where those are configured', async () => {
    stage = await aMessagingStage()
    expect(stage.connection.desk!.modes).toEqual(['live'])
    expect(await stage.connection.check!()).toBe('messaging of Shop at acme')
    await stage.close()
    const { aStage, oauth } = await import('./test/stage.ts')
    const both = await aStage({ subdomain: 'acme', oauth, tickets: {}, messaging })
    expect(both.connection.channel).toBeDefined()
    expect(both.connection.desk!.modes).toEqual(['live', 'ticket', 'callback'])
    const ticket = await both.offer()
    await both.act('take', ticket)
    expect(both.told(ticket)).toMatchObject([{ type: 'desk-accepted' }])
    await both.close()
  })
})
