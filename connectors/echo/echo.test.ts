/** The echo connector: the shared promises of a bot, then what its desk repeats. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Connection, DeskMessage, Handoff, Ref } from '#hub/connector.ts'
import { text } from '#hub/message.ts'
import { botConformance } from '../../test/conformance/bot.ts'
import { aHost, type TestHost } from '../../test/host.ts'
import echo from './index.ts'

let host: TestHost
let connection: Connection
beforeAll(async () => {
  host = await aHost({ name: 'parrot' })
  connection = await echo.open({ prefix: 'Echo: ' }, host)
})
afterAll(async () => host?.stop())

botConformance('echo', async () => ({
  bot: connection.bot!,
  known: text('hello'),
  otherKnown: text('good day'),
  unknown: text('???'),
}))

describe('the echo bot', () => {
  it('says what was said, asks for a human, and fails when told to', async () => {
    const turn = (words: string) => connection.bot!.turn(text(words), 'inside', 'key')
    expect((await turn('my parcel')).messages).toEqual([text('You said: my parcel')])
    expect((await turn('human')).wants).toBe('human')
    expect((await turn('a human')).wants).toBeUndefined()
    await expect(turn('boom')).rejects.toMatchObject({ code: 'unreachable' })
  })
})

describe('the echo desk', () => {
  const said = (words: string, over: Partial<DeskMessage> = {}): DeskMessage => ({
    by: 'customer',
    visibility: 'public',
    message: text(words),
    at: 1,
    ...over,
  })
  const offer = (id: string): Promise<Ref> =>
    connection.desk!.offer({ id, attempt: 1 } as Partial<Handoff> as Handoff, `offer-${id}`)
  const told = (ticket: Ref) => host.received.filter((event) => 'ticket' in event && event.ticket === ticket)

  it('accepts at the first message and repeats each message once', async () => {
    const ticket = await offer('5-1')
    expect(await offer('5-1')).toBe(ticket)
    expect(told(ticket)).toEqual([])
    await connection.desk!.send(ticket, said('one'), 'k1')
    await connection.desk!.send(ticket, said('one'), 'k1')
    await connection.desk!.send(ticket, said('two'), 'k2')
    expect(told(ticket)).toMatchObject([
      { type: 'desk-accepted' },
      { type: 'agent-message', message: text('Echo: one'), visibility: 'public' },
      { type: 'agent-message', message: text('Echo: two'), visibility: 'public' },
    ])
  })

  it('repeats no note of the hub, and knows no ticket it did not open', async () => {
    const ticket = await offer('6-1')
    await connection.desk!.send(ticket, said('a note', { by: 'hub', visibility: 'internal' }), 'k1')
    expect(told(ticket)).toEqual([])
    await expect(connection.desk!.send('lost', said('hello'), 'k2')).rejects.toMatchObject({ code: 'unknown' })
  })
})

it('the echo survey asks in the conversation', async () => {
  const after = { conversation: 1, handoff: 1, customer: {} }
  expect((await connection.survey!.invite(after, 'visitor', 'key'))?.parts).toMatchObject([{ kind: 'text' }])
})
