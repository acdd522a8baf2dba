/** What only Freshdesk does: half-made tickets, reopened ones, assignment, limits, privacy. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeskMessage } from '#hub/connector.ts'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { type Candidate, chooseAgent, staffingOf } from './assignment.ts'
import { apiKey, aStage, grace, type Stage, secret } from './stage.ts'
import { bodyLength, toDescription } from './translate.ts'

const words = (text: string): DeskMessage => ({
  by: 'customer',
  visibility: 'public',
  message: { parts: [{ kind: 'text', text }] },
  at: 1,
})

let stage: Stage
const open = async (settings: object = {}) => {
  stage = await aStage({ ...settings })
}
beforeEach(() => open())
afterEach(async () => stage.close())
const tickets = () => [...stage.twin.account.tickets.values()]
/** The hub as it is after a restart: what is only in the process is gone. */
const lastTicket = () => tickets().at(-1)!

describe('a ticket that was half made', () => {
  it.for(['errorsAfter', 'resetsAfter', 'malformed'] as const)('is completed after %s, and made once', async (way) => {
    const handoff = aHandoff()
    stage.twin.misbehave({ ways: [way], times: 1, only: /POST \/api\/v2\/tickets$/ })
    await expect(stage.desk.offer(handoff, 'key')).rejects.toMatchObject({ code: 'unreachable', certain: false })
    expect(await stage.desk.find!('key')).toBeUndefined()
    const ticket = await stage.desk.offer(handoff, 'key')
    expect(tickets()).toHaveLength(1)
    expect(stage.seen(ticket)).toHaveLength(2)
    expect(await stage.desk.find!('key')).toBe(ticket)
  })

  it('gets its context note once, also when the note was unclear', async () => {
    const handoff = aHandoff()
    stage.twin.misbehave({ ways: ['resetsAfter'], times: 1, only: /notes/ })
    await expect(stage.desk.offer(handoff, 'key')).rejects.toMatchObject({ certain: false })
    const ticket = await stage.desk.offer(handoff, 'key')
    expect(stage.seen(ticket).filter(({ text }) => text.includes(handoff.context.reason.text))).toHaveLength(1)
  })

  it('takes the contact that is there, whoever made it meanwhile', async () => {
    stage.twin.misbehave({ ways: ['resetsAfter'], times: 1, only: /POST \/api\/v2\/contacts/ })
    await expect(stage.desk.offer(aHandoff(), 'key')).rejects.toMatchObject({ certain: false })
    await stage.desk.offer(aHandoff(), 'key')
    expect(stage.twin.account.contacts.filter(({ email }) => email === 'lena@example.com')).toHaveLength(1)
  })
})

describe('what the requester may read', () => {
  it('is their own conversation; reasons, facts and moods stand in a private note', async () => {
    const customer = { name: 'Lena Fischer', email: 'lena@example.com', facts: { Plan: 'late payer' } }
    const ticket = await stage.desk.offer(aHandoff({ customer }), 'key')
    const [description, note] = stage.seen(ticket)
    expect(description!.text).not.toMatch(/late payer|Sentiment|-0\.62/)
    expect(note).toMatchObject({ visibility: 'internal', text: expect.stringContaining('late payer') })
  })

  it('is what they wrote, not what it would be as HTML', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.desk.send(ticket, words('<img src=x onerror=alert(1)>\n1 < 2 & 3'), 'k')
    const body = stage.twin.account.entries.at(-1)!.body
    expect(body).toBe('&lt;img src=x onerror=alert(1)&gt;<br>1 &lt; 2 &amp; 3')
  })

  it('goes on in private notes when it is too long for one body', async () => {
    const handoff = aHandoff()
    const entry = handoff.context.transcript[0]!
    const long = { ...entry, message: { parts: [{ kind: 'text' as const, text: 'x'.repeat(1_000) }] } }
    const context = { ...handoff.context, transcript: Array.from({ length: 150 }, () => long) }
    const { description, overflow } = toDescription({ ...handoff, context }, 'key')
    expect([description, ...overflow].every((body) => body.length <= bodyLength + 500)).toBe(true)
    expect([description, ...overflow].join('').match(/x{1000}/g)).toHaveLength(150)
    const ticket = await stage.desk.offer({ ...handoff, context }, 'key')
    expect(stage.seen(ticket)).toHaveLength(2 + overflow.length)
  })
})

describe('a ticket that was resolved', () => {
  it('becomes live again when the agent writes, and takes the customer’s answer', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('assign', ticket, grace)
    await stage.act('reply', ticket, 'Done')
    await stage.act('resolve', ticket)
    await expect(stage.desk.send(ticket, words('thanks'), 'k1')).rejects.toMatchObject({ code: 'conflict' })
    await stage.act('reply', ticket, 'One more thing')
    await stage.desk.send(ticket, words('yes?'), 'k2')
    expect(lastTicket().status).toBe(2)
    await stage.act('resolve', ticket)
    const types = stage.told(ticket).map(({ type }) => type)
    expect(types.filter((type) => type === 'desk-ended')).toHaveLength(2)
    expect(types.at(-1)).toBe('desk-ended')
  })

  it('becomes live again when it is reopened', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('resolve', ticket)
    await stage.act('reopen', ticket)
    await stage.desk.send(ticket, words('still broken'), 'k')
    expect(stage.seen(ticket).at(-1)!.text).toContain('still broken')
  })

  it.for(['errors', 'resetsAfter'] as const)('is resolved for sure after %s', async (way) => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    stage.twin.misbehave({ ways: [way], times: 1, only: /^PUT/ })
    await expect(stage.desk.end(ticket, 'resolved', 'end')).rejects.toMatchObject({ code: 'unreachable' })
    await stage.desk.end(ticket, 'resolved', 'end')
    expect(lastTicket().status).toBe(4)
  })

  it('costs a few calls, however many webhooks tell of it at once', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.twin.delivered()
    const calls = stage.twin.calls.length
    const headers = { 'content-type': 'application/json', 'x-webhook-secret': secret }
    const ping = () => fetch(stage.hooksUrl, { method: 'POST', headers, body: `{"ticket_id":"${ticket}"}` })
    const answers = await Promise.all(Array.from({ length: 20 }, ping))
    expect(answers.every(({ status }) => status === 204)).toBe(true)
    expect(stage.twin.calls.length - calls).toBeLessThan(20)
  })

  it('stays open with a note where fields are required for closure', async () => {
    stage.twin.account.habits.keepsOpen = true
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.desk.end(ticket, 'abandoned', 'end')
    await stage.desk.end(ticket, 'abandoned', 'end')
    expect(lastTicket().status).toBe(2)
    expect(stage.seen(ticket)).toHaveLength(3)
    expect(stage.seen(ticket).at(-1)).toMatchObject({
      visibility: 'internal',
      text: expect.stringContaining('the customer left'),
    })
  })

  it('is opened again by the customer’s words when it was pending', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('pend', ticket)
    await stage.desk.send(ticket, words('here it is'), 'k')
    expect(lastTicket().status).toBe(2)
    expect(stage.told(ticket)).toEqual([])
  })

  it('was given up by its desk when it is deleted', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('delete', ticket)
    expect(stage.told(ticket)).toMatchObject([{ type: 'desk-declined' }])
  })
})

describe('an agent', () => {
  it('joins at the first word, not when the ticket is given to them', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('assign', ticket, grace)
    expect(stage.told(ticket)).toMatchObject([{ type: 'desk-assigned', agent: { name: grace } }])
    await stage.act('unassign', ticket)
    await stage.act('assign', ticket, grace)
    expect(stage.told(ticket).map(({ type }) => type)).toEqual(['desk-assigned', 'desk-assigned'])
  })

  it('is known to have left when nobody has the ticket any more', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.act('assign', ticket, grace)
    await stage.act('reply', ticket, 'Hello')
    await stage.act('unassign', ticket)
    expect(stage.told(ticket).at(-1)).toMatchObject({ type: 'agent-left', agent: { name: grace } })
  })

  it('is not shown a customer’s words twice where the account takes no contact as author', async () => {
    stage.twin.account.habits.ignoresUserId = true
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    stage.twin.misbehave({ ways: ['resetsAfter'], times: 1, only: /notes/ })
    await expect(stage.desk.send(ticket, words('hello'), 'k')).rejects.toMatchObject({ certain: false })
    expect(await stage.desk.find!('k', ticket)).toBeDefined()
    await stage.twin.delivered()
    expect(stage.told(ticket)).toEqual([])
  })
})

describe('polling', () => {
  it('asks for no ticket twice that did not change', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    await stage.connection.poll!.run()
    stage.host.advance(60_000)
    await stage.connection.poll!.run()
    const calls = stage.twin.calls.length
    await stage.connection.poll!.run()
    expect(stage.twin.calls.slice(calls).map(({ path }) => path)).toEqual([
      expect.stringContaining('/tickets?updated_since'),
    ])
    expect(stage.told(ticket)).toEqual([])
  })
})

describe('choosing an agent', () => {
  const agent = (id: number, over: Partial<Candidate> = {}): Candidate => ({ id, skills: [], isThere: true, ...over })
  const need = { skills: ['billing'], language: 'de' }

  it.for<[string, Candidate[], number | undefined]>([
    ['the skilled one', [agent(1), agent(2, { skills: ['Billing'] })], 2],
    ['nobody whose presence is unknown', [agent(1, { skills: ['billing'], isThere: undefined })], undefined],
    ['nobody who is full', [agent(1, { skills: ['billing'], load: 3, limit: 3 })], undefined],
    [
      'the language before the load',
      [agent(1, { skills: ['billing'], load: 0 }), agent(2, { skills: ['billing'], load: 2, language: 'de' })],
      2,
    ],
    ['the least loaded', [agent(1, { skills: ['billing'], load: 2 }), agent(2, { skills: ['billing'], load: 1 })], 2],
    ['anybody there where skills are unknown', [agent(1, { skills: undefined })], 1],
  ])('takes %s', ([, candidates, chosen]) => {
    expect(chooseAgent(candidates, need)).toBe(chosen)
  })

  it('says nothing of a staffing nobody tells', () => {
    expect(staffingOf([agent(1, { isThere: undefined })], need)).toEqual({})
    expect(staffingOf([agent(1), agent(2, { skills: ['billing'] })], need)).toEqual({ online: 1 })
  })

  it('assigns by group, skill and load, and writes the field that stands for the skill', async () => {
    await stage.close()
    await open({ assign: true, skillGroups: { billing: 501000222333 }, skillField: 'cf_skill', group: 501000111222 })
    const ticket = await stage.desk.offer(aHandoff({ need: { skills: ['billing'], language: 'en' } }), 'key')
    expect(lastTicket()).toMatchObject({
      group_id: 501000222333,
      responder_id: 501007700042,
      custom_fields: { cf_skill: 'billing' },
    })
    await stage.connection.poll!.run()
    expect(stage.told(ticket)).toMatchObject([{ type: 'desk-assigned', agent: { name: grace } }])
  })

  it('leaves it to the account where the plan tells no presence', async () => {
    await stage.close()
    await open({ assign: true })
    stage.twin.account.habits.tellsAvailability = false
    await stage.desk.offer(aHandoff(), 'key')
    expect(lastTicket().responder_id).toBeNull()
    expect(await stage.desk.staffed!({ skills: [] })).toEqual({})
  })
})

describe('limits and credentials', () => {
  it('stops by itself before Freshdesk has to say no', async () => {
    stage.twin.account.habits.total = stage.twin.calls.length + 2
    const failure = await stage.desk.offer(aHandoff(), 'key').catch((thrown) => thrown)
    expect(failure).toMatchObject({ code: 'busy', retryAfterMs: expect.any(Number), certain: true })
    expect(stage.twin.calls.every(({ status }) => status !== 429)).toBe(true)
  })

  it('refuses to open with a wrong key, and says who we are with the right one', async () => {
    expect(await stage.connection.check!()).toBe('Signed in to Freshdesk as Baton')
    stage.twin.misbehave({ ways: ['expired'] })
    const { default: connector } = await import('./index.ts')
    const given = { domain: 'acme', tags: [], ...stage.twin.settings } as never
    await expect(connector.open(given, stage.host)).rejects.toMatchObject({ code: 'refused' })
  })

  it('names the field that was rejected, and neither words nor secrets', async () => {
    const handoff = aHandoff({ fields: { cf_unknown: 'a private word' } })
    const failure = await stage.desk.offer(handoff, 'key').catch((thrown) => thrown)
    expect(failure).toMatchObject({ code: 'invalid', message: expect.stringContaining('cf_unknown: invalid_field') })
    expect(failure.message).not.toContain('private word')
    expect(failure.message).not.toContain(apiKey)
  })
})
