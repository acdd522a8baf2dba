import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deskConformance } from '../../test/conformance/desk.ts'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { seen } from './agents.ts'
import { readTicket } from './board.ts'
import inboxConnector from './index.ts'
import { anOffice, type Office, person } from './office.ts'

deskConformance('inbox', async () => {
  const office = await anOffice([person('Ana', { capacity: 50 })])
  const ana = await office.agent('Ana')
  // There, but not to be rung at: what is accepted here is accepted by the tests.
  await seen(office.inbox, ana.id, 'away')
  let words = 0
  return {
    desk: office.connection.desk!,
    handoff: aHandoff,
    events: () => office.host.received,
    close: office.close,
    async seenByVendor(ticket) {
      const { context, messages } = await readTicket(office.inbox, ticket, ana.id)
      const own = { by: 'hub', visibility: 'internal' } as const
      return [
        { ...own, text: context.reason.text },
        ...context.transcript.map(({ by, message }) => ({ by, text: textOf(message), visibility: 'public' as const })),
        ...messages.map(({ by, message, visibility }) => ({ by, text: textOf(message), visibility })),
      ]
    },
    actAsAgent: {
      accept: (ticket) => office.commands.accept(ana, ticket),
      say: async (ticket, text) => void (await office.commands.say(ana, ticket, `w${++words}`, text)),
      note: async (ticket, text) => void (await office.commands.note(ana, ticket, `w${++words}`, text)),
      resolve: (ticket) => office.commands.end(ana, ticket, 'resolved', {}),
      return: (ticket) => office.commands.end(ana, ticket, 'returned', { intent: 'billing' }),
    },
  }
})

const textOf = (message: { parts: readonly { kind: string; text?: string }[] }) =>
  message.parts.flatMap((part) => part.text ?? []).join('\n')

describe('inbox', () => {
  let office: Office
  beforeEach(async () => {
    office = await anOffice([person('Ana', { capacity: 5 }), person('Ben')])
    await office.online('Ana')
  })
  afterEach(async () => office.close())

  const accepted = async () => {
    const [ana, ticket] = [await office.agent('Ana'), await office.offer()]
    await office.commands.accept(ana, ticket)
    return { ana, ticket }
  }

  it('gives words again that were stored when the hub fell, and nobody sees them twice', async () => {
    const { ana, ticket } = await accepted()
    office.host.onReceive = async () => Promise.reject(new Error('the hub falls'))
    expect(await office.commands.say(ana, ticket, 'w1', 'I look into it')).toEqual({ n: 1, state: 'sending' })
    expect(office.told(ticket, 'agent-message')).toEqual([])
    office.host.onReceive = undefined

    const restarted = await inboxConnector.open({ agents: [person('Ana')] }, office.host)
    await restarted.poll!.run()
    expect(office.told(ticket, 'agent-message')).toHaveLength(1)
    expect(await office.commands.say(ana, ticket, 'w1', 'I look into it')).toEqual({ n: 1, state: 'sent' })
    await restarted.poll!.run()
    await restarted.close?.()
    expect(office.told(ticket, 'agent-message')).toHaveLength(1)
  })

  it('gives the same external id again when the hub fell after it took the words', async () => {
    const { ana, ticket } = await accepted()
    const given: string[] = []
    office.host.onReceive = async (events) => {
      given.push(...events.map((event) => event.externalId))
      if (given.length === 1) throw new Error('taken, but the answer is lost')
    }
    await office.commands.say(ana, ticket, 'w1', 'I look into it')
    await office.connection.poll!.run()
    expect(given).toEqual([`message:${ticket}:1`, `message:${ticket}:1`])
  })

  it('reports in the order of changes, also after an outage', async () => {
    office.host.onReceive = async () => Promise.reject(new Error('away'))
    const { ana, ticket } = await accepted()
    await office.commands.say(ana, ticket, 'w1', 'one')
    await office.commands.say(ana, ticket, 'w2', 'two')
    await office.commands.end(ana, ticket, 'resolved', {})
    office.host.onReceive = undefined
    await office.connection.poll!.run()
    const order = office
      .told(ticket)
      .map((event) => event.type)
      .filter((type) => type !== 'desk-queue')
    expect(order).toEqual(['desk-assigned', 'desk-accepted', 'agent-message', 'agent-message', 'desk-ended'])
  })

  it('holds back only the ticket whose reports the hub refuses', async () => {
    const [one, two] = [await accepted(), await accepted()]
    office.host.onReceive = async (events) => {
      if (events.some((event) => 'ticket' in event && event.ticket === one.ticket)) throw new Error('refused')
    }
    await office.commands.say(one.ana, one.ticket, 'w1', 'held back')
    expect((await office.commands.say(two.ana, two.ticket, 'w1', 'goes through')).state).toBe('sent')
  })

  it('digests what was done: the closing line, or the agent’s last public words, never a note', async () => {
    const one = await accepted()
    await office.commands.say(one.ana, one.ticket, 'w1', 'Both charges are back')
    await office.commands.note(one.ana, one.ticket, 'w2', 'late payer')
    await office.commands.end(one.ana, one.ticket, 'resolved', { topic: 'billing' })
    expect(office.told(one.ticket, 'desk-ended')).toMatchObject([
      { digest: 'Both charges are back', agent: { name: 'Ana' } },
    ])
    const two = await accepted()
    await office.commands.end(two.ana, two.ticket, 'returned', { digest: 'Charge is back', intent: 'order.status' })
    expect(office.told(two.ticket, 'desk-ended')).toMatchObject([
      { outcome: 'returned', digest: 'Charge is back', intent: 'order.status' },
    ])
  })

  it('leaves a ticket in its list until somebody takes it, and takes its answer as a message', async () => {
    const ticket = await office.offer({ mode: 'ticket' })
    expect(await office.holder(ticket)).toBeUndefined()
    const ana = await office.agent('Ana')
    await office.commands.accept(ana, ticket)
    await office.commands.say(ana, ticket, 'w1', 'The answer, by mail')
    expect(office.told(ticket, 'agent-message')).toMatchObject([{ visibility: 'public' }])
    expect(office.told(ticket, 'desk-queue')).toEqual([])
  })

  it('knows its people: online with the skills, the line, and the wait once it was measured', async () => {
    const { desk } = office.connection
    expect(await desk!.staffed!({ skills: [] })).toEqual({ online: 1, waiting: 0 })
    expect(await desk!.staffed!({ skills: ['law'] })).toEqual({ online: 0, waiting: 0 })
    for (const waitMs of [10_000, 20_000, 70_000]) {
      const ticket = await office.offer()
      office.host.advance(waitMs - 1)
      await office.commands.accept(await office.agent('Ana'), ticket)
      await office.online('Ana')
    }
    await office.offer()
    expect(await desk!.staffed!({ skills: [] })).toEqual({ online: 1, waiting: 1, etaMs: 20_000 })
  })

  it('refuses two agents with one token, and names the place', async () => {
    const twins = [person('Ana'), { ...person('Ben'), token: person('Ana').token }]
    await expect(inboxConnector.open({ agents: twins }, office.host)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('agents[1] has the same token as agents[0]'),
    })
  })
})
