/** The promises of a desk and of a vendor's connector, run against the twin; then what only this desk does. */
import { describe, expect, it } from 'vitest'
import { deskConformance } from '../test/conformance/desk.ts'
import { aHandoff } from '../test/conformance/handoff.ts'
import { vendorConformance } from '../test/conformance/vendor.ts'
import { aVendorStage } from '../test/vendor-stage.ts'
import { parse, signatureOf, verify } from './hooks.ts'
import sample from './index.ts'

const given = { url: 'https://desk.example.com/api', token: 'token', webhookSecret: 'secret' }
const words = (text: string) => ({
  by: 'customer' as const,
  visibility: 'public' as const,
  message: { parts: [{ kind: 'text' as const, text }] },
  at: 1_700_000_000_000,
})

async function aDesk() {
  const stage = await aVendorStage(sample, given, { deadlineMs: 1_000 })
  const { twin } = stage
  const act = async (ticket: string, name: string, input?: string) => {
    await twin.act({ do: name, case: ticket, input })
    await twin.delivered()
  }
  const linesOf = (ticket: string) => twin.view().cases.find(({ id }) => id === ticket)?.lines ?? []
  return { ...stage, desk: stage.connection.desk!, act, linesOf }
}

deskConformance('sample', async () => {
  const { desk, act, linesOf, host, close } = await aDesk()
  return {
    desk,
    handoff: aHandoff,
    events: () => host.received,
    close,
    seenByVendor: async (ticket) => linesOf(ticket).map((line) => ({ visibility: 'public', ...line })),
    actAsAgent: {
      accept: (ticket) => act(ticket, 'accept'),
      say: (ticket, text) => act(ticket, 'say', text),
      note: (ticket, text) => act(ticket, 'note', text),
      resolve: (ticket) => act(ticket, 'resolve'),
      return: (ticket) => act(ticket, 'return'),
    },
  }
})

vendorConformance('sample', async () => {
  const { desk, act, linesOf, host, twin, close } = await aDesk()
  const ticket = await desk.offer(aHandoff(), 'the only offer')
  await act(ticket, 'accept')
  return {
    twin,
    write: (key) => desk.send(ticket, words(`words of ${key}.`), key),
    timesSeen: async (key) => linesOf(ticket).filter(({ text }) => text === `words of ${key}.`).length,
    cause: () => act(ticket, 'say', 'One moment'),
    events: () => host.received,
    secrets: [String(twin.settings.token), String(twin.settings.webhookSecret)],
    close,
  }
})

describe('webhooks', () => {
  const body = JSON.stringify({ id: 'e1', type: 'message', ticket: 't1', at: 1, text: 'Hello', internal: false })

  it('are taken from the desk alone', () => {
    const right = signatureOf(body, 'secret')
    expect(verify(body, right, 'secret')).toBe(true)
    for (const wrong of [undefined, '', right.slice(1), signatureOf(body, 'other'), signatureOf(`${body} `, 'secret')])
      expect(verify(body, wrong, 'secret')).toBe(false)
  })

  it('are refused without a right signature, and nothing is received', async () => {
    const { hooksUrl, host, close } = await aDesk()
    const answer = await fetch(hooksUrl, { method: 'POST', body, headers: { 'x-signature': 'wrong' } })
    expect(answer.status).toBe(403)
    expect(host.received).toEqual([])
    await close()
  })

  it.each([
    ['no JSON', '{', 'is no JSON'],
    ['null', 'null', 'no text as "id"'],
    ['no ticket', '{"id":"e1","type":"message"}', 'no text as "ticket"'],
    ['no time', '{"id":"e1","type":"message","ticket":"t1"}', 'no number as "at"'],
  ])('say what is wrong with them: %s', (_what, wrong, message) => {
    expect(() => parse(wrong)).toThrow(message)
  })
})
