/** The conversation's own order, whatever becomes of its webhooks; each word once, and few calls for it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { createMemory } from './memory.ts'
import { aStage, grace, type Stage } from './stage.ts'
import { asMessage } from './twin/account.ts'
import type { Webhook } from './wire.ts'

let stage: Stage
let ticket: string
beforeEach(async () => {
  stage = await aStage()
  ticket = await stage.desk.offer(aHandoff(), 'key')
  await stage.act('take', ticket, grace)
})
afterEach(async () => stage.close())

const play = (what: string, input?: string) => stage.twin.act({ do: what, case: ticket, input })
/** Texts, and the types of what is no text. */
const told = () =>
  stage
    .told(ticket)
    .map((event) => (event.type === 'agent-message' ? (event.message.parts[0] as { text: string }).text : event.type))
const reads = () =>
  stage.twin.calls.filter(({ method, path }) => method === 'GET' && /\/messages(\?|$)/.test(path)).length

/** The webhook of the last message, sent by hand. */
async function lastWebhook(): Promise<Response> {
  const message = stage.twin.account.messages.at(-1)!
  const body = JSON.stringify({
    action: 'message_create',
    action_time: message.created_time,
    data: { message: asMessage(message, stage.twin.account) },
  })
  return fetch(stage.hooksUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-freshchat-signature': stage.twin.signed(body) },
    body,
  })
}

describe('words', () => {
  it.for(['disorder', 'late', 'lost'] as const)(
    'are told in their order when a webhook goes wrong: %s',
    async (way) => {
      stage.twin.misbehave({ ways: [way], times: 1, delayMs: 300, only: /message_create/ })
      for (const text of ['one', 'two', 'three']) await play('reply', text)
      await stage.twin.delivered()
      expect(stage.twin.misbehaved).toBe(1)
      expect(told().slice(2)).toEqual(['one', 'two', 'three'])
    },
  )

  it('of one moment stay in the order of the list, whichever that is', async () => {
    stage.twin.account.habits.newestFirst = true
    stage.twin.misbehave({ ways: ['lost'] })
    for (const text of ['one', 'two', 'three']) await stage.act('reply', ticket, text)
    stage.twin.misbehave()
    const [one, ...others] = stage.twin.account.messages.slice(-3)
    for (const other of others) other.created_time = one!.created_time
    await stage.connection.poll!.run()
    expect(told().slice(2)).toEqual(['one', 'two', 'three'])
  })

  it('come before the end that gives the customer back', async () => {
    stage.twin.misbehave({ ways: ['lost'], times: 1 })
    await stage.act('reply', ticket, 'The bot can do this')
    await stage.act('return', ticket)
    expect(told().slice(2)).toEqual(['The bot can do this', 'desk-ended'])
  })

  it('come before it also where no webhook told of either', async () => {
    stage.twin.misbehave({ ways: ['lost'] })
    await stage.act('reply', ticket, 'The bot can do this')
    await stage.act('return', ticket)
    stage.twin.misbehave()
    await stage.connection.poll!.run()
    expect(told().slice(2)).toEqual(['The bot can do this', 'desk-ended'])
  })

  it('that the list does not show yet are told from their webhook, and once', async () => {
    stage.twin.misbehave({ ways: ['lost'], times: 1 })
    await play('reply', 'Hidden')
    const arrived = lastWebhook()
    const hidden = stage.twin.account.messages.pop()!
    expect((await arrived).status).toBe(200)
    expect(told().slice(2)).toEqual(['Hidden'])
    stage.twin.account.messages.push(hidden)
    await stage.act('reply', ticket, 'Seen')
    await stage.connection.poll!.run()
    expect(told().slice(2)).toEqual(['Hidden', 'Seen'])
  })
})

describe('a conversation that cannot be read', () => {
  const unreadable = (way: 'errors' | 'expired') => stage.twin.misbehave({ ways: [way], only: /^GET .*\/messages/ })

  it('lets a webhook come again rather than tell a word before its turn', async () => {
    stage.twin.misbehave({ ways: ['lost'], times: 1 })
    await stage.act('reply', ticket, 'one')
    stage.twin.misbehave({ ways: ['errors'], times: 1, only: /^GET .*\/messages/ })
    await stage.act('reply', ticket, 'two')
    expect(stage.twin.misbehaved).toBe(2)
    expect(told().slice(2)).toEqual(['one', 'two'])
  })

  it('is looked at by the poll, also when it was over', async () => {
    await stage.desk.end(ticket, 'ended', 'end')
    await stage.twin.delivered()
    stage.twin.misbehave({ ways: ['lost'] })
    await play('reply', 'One more thing')
    unreadable('errors')
    expect((await lastWebhook()).status).toBe(503)
    expect(told().slice(2)).toEqual([])
    stage.twin.misbehave()
    await stage.connection.poll!.run()
    expect(told().slice(2)).toEqual(['One more thing'])
  })

  it('still tells what needs no words', async () => {
    unreadable('errors')
    await stage.act('unassign', ticket)
    expect(told().slice(2)).toEqual(['agent-left'])
  })

  it('is told as its webhooks come where waiting would not help', async () => {
    unreadable('expired')
    await stage.act('reply', ticket, 'one')
    expect(told().slice(2)).toEqual(['one'])
  })
})

describe('calls', () => {
  it('are one for a word, and none for what is known or ours', async () => {
    await stage.act('reply', ticket, 'one')
    const before = reads()
    stage.twin.misbehave({ ways: ['duplicates'], times: 1 })
    await stage.act('reply', ticket, 'two')
    await stage.desk.send(
      ticket,
      { by: 'customer', visibility: 'public', message: { parts: [{ kind: 'text', text: 'mine' }] }, at: 1 },
      'k',
    )
    await stage.twin.delivered()
    expect(reads()).toBe(before + 1)
  })

  it('are shared by webhooks that come during one', async () => {
    const memory = createMemory(stage.host)
    const { promise: gate, resolve: open } = Promise.withResolvers<void>()
    const taken: string[][] = []
    const work = async (webhooks: readonly Webhook[]) => {
      taken.push(webhooks.map(({ action }) => action))
      await gate
    }
    const come = (action: string) => memory.together('c', { action, action_time: '' }, work)
    const first = come('1')
    await expect.poll(() => taken.length).toBe(1)
    const rest = ['2', '3', '4'].map(come)
    open()
    await Promise.all([first, ...rest])
    expect(taken).toEqual([['1'], ['2', '3', '4']])
  })
})
