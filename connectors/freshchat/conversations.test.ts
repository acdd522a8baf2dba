/** What only Freshchat does: two ids, refused words that were taken, old conversations, late and missing webhooks. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeskMessage, Message } from '#hub/connector.ts'
import { aHandoff } from '../../test/conformance/handoff.ts'
import connector from './index.ts'
import { aStage, grace, type Stage, token } from './stage.ts'
import { split } from './text.ts'

const said = (message: Message, over: Partial<DeskMessage> = {}): DeskMessage => ({
  by: 'customer',
  visibility: 'public',
  message,
  at: 1,
  ...over,
})
const words = (text: string) => said({ parts: [{ kind: 'text', text }] })

let stage: Stage
const open = async (settings: object = {}) => {
  stage = await aStage({ ...settings })
}
beforeEach(() => open())
afterEach(async () => stage.close())
const types = (ticket: string) => stage.told(ticket).map(({ type }) => type)
const conversations = () => stage.twin.account.conversations

describe('a conversation that was half made', () => {
  it.for(['errorsAfter', 'resetsAfter', 'malformed'] as const)('is completed after %s, and made once', async (way) => {
    const handoff = aHandoff()
    stage.twin.misbehave({ ways: [way], times: 1, only: /POST \/v2\/conversations$/ })
    await expect(stage.desk.offer(handoff, 'key')).rejects.toMatchObject({ code: 'unreachable', certain: false })
    expect(await stage.desk.find!('key')).toBeUndefined()
    const ticket = await stage.desk.offer(handoff, 'key')
    expect(conversations()).toHaveLength(1)
    expect(stage.seen(ticket)).toHaveLength(2)
    expect(await stage.desk.find!('key')).toBe(ticket)
  })

  it('gets its context once, also when that was unclear', async () => {
    stage.twin.misbehave({ ways: ['resetsAfter'], times: 1, only: /messages$/ })
    const handoff = aHandoff()
    await expect(stage.desk.offer(handoff, 'key')).rejects.toMatchObject({ certain: false })
    const ticket = await stage.desk.offer(handoff, 'key')
    expect(stage.seen(ticket).filter(({ text }) => text.includes(handoff.context.reason.text))).toHaveLength(1)
  })

  it('takes the user that is there', async () => {
    stage.twin.account.habits.nobodyIs404 = true
    stage.twin.misbehave({ ways: ['resetsAfter'], times: 1, only: /POST \/v2\/users/ })
    const handoff = aHandoff()
    await expect(stage.desk.offer(handoff, 'key')).rejects.toMatchObject({ certain: false })
    await stage.desk.offer(handoff, 'key')
    expect(stage.twin.account.users).toHaveLength(1)
  })
})

describe('the context', () => {
  const customer = { name: 'Lena Fischer', email: 'lena@example.com', facts: { Plan: 'late payer' } }

  it('is a private note', async () => {
    const ticket = await stage.desk.offer(aHandoff({ customer }), 'key')
    const [transcript, note] = stage.seen(ticket)
    expect(transcript!.text).not.toMatch(/late payer|-0\.62/)
    expect(note).toMatchObject({ visibility: 'internal', text: expect.stringContaining('late payer') })
  })

  it('leaves out what is known of the customer where no agent can write notes', async () => {
    const given = { account: 'acme', channel: 'Support', textLength: 4_000, systemMessages: false, botMessages: false }
    const { agent: _, ...settings } = stage.twin.settings
    const connection = await connector.open(
      { ...given, callsPerMinute: 1, pollSeconds: 5, ...settings } as never,
      stage.host,
    )
    const ticket = await connection.desk!.offer(aHandoff({ customer }), 'key')
    expect(stage.seen(ticket).every(({ visibility }) => visibility === 'public')).toBe(true)
    expect(
      stage
        .seen(ticket)
        .map(({ text }) => text)
        .join('\n'),
    ).not.toMatch(/late payer|lena@example\.com/)
  })

  it('goes to the group of the skill, with its priority', async () => {
    await stage.close()
    await open({ skillGroups: { billing: 'group-of-billing' }, handoffProperty: 'cf_baton_handoff' })
    const handoff = aHandoff({ need: { skills: ['billing'] }, priority: 'urgent' })
    await stage.desk.offer(handoff, 'key')
    expect(conversations()[0]).toMatchObject({
      assigned_group_id: 'group-of-billing',
      properties: { priority: 'Urgent', cf_baton_handoff: handoff.id },
    })
  })
})

describe('words of the customer', () => {
  it('that were refused and taken all the same are found, not sent again', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    stage.twin.account.habits.castFailures = 1
    await expect(stage.desk.send(ticket, words('taken?'), 'k')).rejects.toMatchObject({ certain: false })
    expect(await stage.desk.find!('k', ticket)).toBeDefined()
    expect(stage.seen(ticket).filter(({ text }) => text === 'taken?')).toHaveLength(1)
  })

  it('begin a new conversation where the old one takes no more, under the name the hub knows', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    stage.twin.account.habits.refusesOld = true
    await stage.act('take', ticket, grace)
    await stage.act('resolve', ticket)
    await stage.act('reply', ticket, 'One more thing')
    await stage.desk.send(ticket, words('yes?'), 'k')
    expect(conversations()).toHaveLength(2)
    const other = conversations()[1]!.conversation_id
    expect(stage.seen(other).map(({ text }) => text)).toEqual(['yes?'])
    await stage.act('reply', other, 'Here I am')
    expect(stage.told(ticket).at(-1)).toMatchObject({ type: 'agent-message' })
    await stage.desk.send(ticket, words('good'), 'k2')
    expect(stage.seen(other).at(-1)!.text).toBe('good')
  })

  it('reach an account that knows conversations by number only', async () => {
    stage.twin.account.habits.numericOnly = true
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.desk.send(ticket, words('hello'), 'k')
    expect(stage.seen(ticket).at(-1)!.text).toBe('hello')
    await stage.connection.poll!.run()
    await stage.desk.end(ticket, 'resolved', 'end')
    expect(conversations()[0]!.status).toBe('resolved')
  })

  it('come with their files', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    const file = {
      kind: 'file',
      name: 'bill.pdf',
      mime: 'application/pdf',
      bytes: 9,
      url: 'https://example.com/f',
    } as const
    await stage.desk.send(ticket, said({ parts: [file, { ...file, name: 'a.png', mime: 'image/png' }] }), 'k')
    expect(stage.twin.account.messages.at(-1)!.message_parts).toMatchObject([
      { file: { name: 'bill.pdf', contentType: 'application/pdf', file_extension: 'pdf' } },
      { image: { url: 'https://example.com/f' } },
    ])
  })

  it('are split at a border, never inside a character', () => {
    expect(split('one two three', 8)).toEqual(['one two', 'three'])
    expect(split('😀😀😀', 3)).toEqual(['😀', '😀', '😀'])
    expect(split('short', 8)).toEqual(['short'])
  })
})

describe('agents', () => {
  it('have joined when they take it themselves, not when a rule gives it to them', async () => {
    const one = await stage.desk.offer(aHandoff(), 'one')
    await stage.act('take', one, grace)
    expect(stage.told(one)).toMatchObject([
      { type: 'desk-assigned', agent: { name: grace } },
      { type: 'desk-accepted', agent: { name: grace } },
    ])
    const two = await stage.desk.offer(aHandoff(), 'two')
    await stage.act('assign', two, grace)
    expect(types(two)).toEqual(['desk-assigned'])
    await stage.act('reply', two, 'Hello')
    expect(types(two)).toEqual(['desk-assigned', 'desk-accepted', 'agent-message'])
  })

  it('have left when the group has it again', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('take', ticket, grace)
    await stage.act('unassign', ticket)
    expect(stage.told(ticket).at(-1)).toMatchObject({ type: 'agent-left', agent: { name: grace } })
  })

  it('who write to a resolved conversation take it up again', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('take', ticket, grace)
    await stage.act('resolve', ticket)
    await expect(stage.desk.send(ticket, words('thanks'), 'k1')).rejects.toMatchObject({ code: 'conflict' })
    await stage.act('reopen', ticket)
    await stage.desk.send(ticket, words('still broken'), 'k2')
    await stage.act('resolve', ticket)
    expect(types(ticket).filter((type) => type === 'desk-ended')).toHaveLength(2)
  })

  it.for(['errors', 'resetsAfter'] as const)('see a conversation resolved for sure after %s', async (way) => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    stage.twin.misbehave({ ways: [way], times: 1, only: /^PUT/ })
    await expect(stage.desk.end(ticket, 'ended', 'end')).rejects.toMatchObject({ code: 'unreachable' })
    await stage.desk.end(ticket, 'ended', 'end')
    await stage.twin.delivered()
    expect(conversations()[0]!.status).toBe('resolved')
    expect(types(ticket)).toEqual([])
  })

  it('see it resolved also when the failure met a webhook', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.twin.delivered()
    stage.twin.misbehave({ ways: ['errors'], times: 1, only: /^PUT/ })
    const ended = stage.desk.end(ticket, 'ended', 'end')
    const failed = expect(ended).rejects.toMatchObject({ code: 'unreachable' })
    for (const text of ['one', 'two', 'three']) await stage.twin.act({ do: 'note', case: ticket, input: text })
    await failed
    await stage.twin.delivered()
    await stage.desk.end(ticket, 'ended', 'end')
    expect(conversations()[0]!.status).toBe('resolved')
  })

  it('are counted where they are available and signed in', async () => {
    expect(await stage.desk.staffed!({ skills: [] })).toEqual({ online: 2 })
    for (const button of stage.twin.view().buttons) await stage.twin.act({ do: button.do })
    stage.host.advance(60_000)
    expect(await stage.desk.staffed!({ skills: [] })).toEqual({ online: 0 })
  })

  it('are not what the system says', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('system', ticket, '.')
    expect(stage.told(ticket)).toEqual([])
  })
})

describe('webhooks', () => {
  it('of a resolution that overtakes the last words bring the words first', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('take', ticket, grace)
    stage.twin.misbehave({ ways: ['disorder'], times: 1, only: /message_create/ })
    await stage.twin.act({ do: 'reply', case: ticket, input: 'It is on its way' })
    await stage.act('resolve', ticket)
    expect(types(ticket).slice(-2)).toEqual(['agent-message', 'desk-ended'])
    expect(stage.told(ticket).at(-1)).toMatchObject({ digest: 'It is on its way' })
  })

  it('that leave out what may be missing are understood', async () => {
    stage.twin.account.habits.spare = true
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('reply', ticket, 'Hello')
    await stage.act('note', ticket, 'late payer')
    const messages = stage.told(ticket).filter((event) => event.type === 'agent-message')
    expect(messages.map((event) => event.visibility)).toEqual(['public', 'internal'])
  })

  it('that never came are made up for, in the order it happened, whatever order the list has', async () => {
    stage.twin.account.habits.newestFirst = true
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    stage.twin.misbehave({ ways: ['lost'] })
    await stage.act('take', ticket, grace)
    for (const text of ['one', 'two', 'three']) await stage.act('reply', ticket, text)
    await stage.act('resolve', ticket)
    stage.twin.misbehave()
    await stage.connection.poll!.run()
    expect(types(ticket)).toEqual([
      'desk-assigned',
      'desk-accepted',
      'agent-message',
      'agent-message',
      'agent-message',
      'desk-ended',
    ])
    const calls = stage.twin.calls.length
    await stage.connection.poll!.run()
    // What has ended is not looked at any more.
    expect(stage.twin.calls.length).toBe(calls)
  })

  it('that come late change nothing', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('take', ticket, grace)
    stage.twin.misbehave({ ways: ['late'], times: 1, delayMs: 200, only: /resolution/ })
    await stage.twin.act({ do: 'resolve', case: ticket })
    await stage.connection.poll!.run()
    await stage.twin.act({ do: 'reopen', case: ticket })
    await stage.twin.delivered()
    expect(types(ticket).filter((type) => type === 'desk-ended')).toHaveLength(1)
  })

  it('of a conversation that was given back leave it resolved', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('take', ticket, grace)
    await stage.act('return', ticket)
    await stage.twin.delivered()
    expect(conversations()[0]!.status).toBe('resolved')
    expect(stage.told(ticket).filter(({ type }) => type === 'desk-ended')).toMatchObject([{ outcome: 'returned' }])
  })
})

describe('limits and credentials', () => {
  it('stops by itself before Freshchat has to say no, for as long as it takes', async () => {
    stage.twin.account.habits.total = stage.twin.calls.length + 2
    const failure = await stage.desk.offer(aHandoff(), 'key').catch((thrown) => thrown)
    expect(failure).toMatchObject({ code: 'busy', certain: true })
    expect(failure.retryAfterMs).toBeLessThanOrEqual(60_000)
    expect(stage.twin.calls.every(({ status }) => status !== 429)).toBe(true)
  })

  it('refuses to open with a wrong token, and says where it is with the right one', async () => {
    expect(await stage.connection.check!()).toBe(
      'Freshchat takes the token (organisation 1019183040122821) and has the channel "Support"',
    )
    const given = { account: 'acme', channel: 'Support', ...stage.twin.settings, token: 'wrong' } as never
    const failure = await connector.open(given, stage.host).catch((thrown) => thrown)
    expect(failure).toMatchObject({ code: 'refused' })
    expect(failure.message).not.toContain('wrong')
    expect(failure.message).not.toContain(token)
  })

  it('names the channels there are when the one in the settings is not', async () => {
    const given = { account: 'acme', ...stage.twin.settings, channel: 'Nowhere', textLength: 4_000 } as never
    const connection = await connector.open(given, stage.host)
    await expect(connection.desk!.offer(aHandoff(), 'key')).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('Support, Sales'),
    })
  })

  it('forgets a conversation that is erased', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.connection.erase!({ conversation: 1, thread: ticket })
    await stage.act('reply', ticket, 'Anybody there?')
    expect(stage.told(ticket)).toEqual([])
  })
})
