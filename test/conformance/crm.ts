/** The promises of a CRM, written once and run over every connector that plays this role. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Crm, HandoffDigest } from '#hub/connector.ts'

export interface CrmHarness {
  readonly crm: Crm
  /** A customer on file who has all of these, and facts. `id` is absent where the vendor's ids are not the company's. */
  readonly onFile: { readonly id?: string; readonly email: string; readonly phone: string; readonly name: string }
  /** How often the vendor was told of this handoff; absent where nothing can be logged. */
  logged?(handoff: string): Promise<number>
  close?(): Promise<void>
}

export function crmConformance(name: string, open: () => Promise<CrmHarness>): void {
  describe(`${name} keeps the promises of a CRM`, () => {
    let harness: CrmHarness
    beforeAll(async () => {
      harness = await open()
    })
    afterAll(async () => harness?.close?.())

    it('finds a verified visitor by each identifier, with facts for the agent', async () => {
      const { id, email, phone, name } = harness.onFile
      for (const identity of [...(id === undefined ? [] : [{ id }]), { email }, { phone }]) {
        const found = await harness.crm.find({ ...identity, verified: true })
        expect(found?.name, JSON.stringify(Object.keys(identity))).toBe(name)
        expect(Object.keys(found?.facts ?? {}).length).toBeGreaterThan(0)
      }
    })

    it('finds an e-mail address however it is written', async () => {
      const found = await harness.crm.find({ email: harness.onFile.email.toUpperCase(), verified: true })
      expect(found?.name).toBe(harness.onFile.name)
    })

    it('knows nobody it does not know', async () => {
      for (const stranger of [{ id: 'nobody-0' }, { email: 'nobody@example.org' }, { phone: '+99 000 000 000' }, {}])
        expect(await harness.crm.find({ ...stranger, verified: true })).toBeUndefined()
    })

    it('does not take a part of an address or number for the whole', async () => {
      const { email, phone } = harness.onFile
      for (const part of [{ email: email.slice(1) }, { email: '%' }, { phone: phone.replace(/\D/g, '').slice(-4) }])
        expect(await harness.crm.find({ ...part, verified: true })).toBeUndefined()
    })

    it('tells no facts for a visitor who only typed an address', async () => {
      const { email, phone } = harness.onFile
      for (const typed of [{ email }, { phone }, { email, verified: false }]) {
        const found = await harness.crm.find(typed)
        expect(found?.facts ?? {}).toEqual({})
        expect(found?.verified ?? false).toBe(false)
      }
    })

    it('finds nobody by an id that nobody vouches for', async (context) => {
      const { id } = harness.onFile
      if (id === undefined) return context.skip('this vendor has ids of its own only')
      expect(await harness.crm.find({ id })).toBeUndefined()
      expect(await harness.crm.find({ id, verified: false })).toBeUndefined()
    })

    it('logs a handoff once for one key', async (context) => {
      const { logged } = harness
      const log = harness.crm.log?.bind(harness.crm)
      if (!log || !logged) return context.skip('this CRM keeps no log of handoffs')
      const digest: HandoffDigest = {
        handoff: '77-1',
        customer: { email: harness.onFile.email, name: harness.onFile.name },
        outcome: 'resolved',
        reason: 'The customer asked for a person.',
        digest: 'The second charge was taken back.',
        startedAt: 1_700_000_000_000,
        endedAt: 1_700_000_300_000,
      }
      await log(digest, 'log 77-1')
      await log(digest, 'log 77-1')
      expect(await logged('77-1')).toBe(1)
      expect(await logged('78-1')).toBe(0)
    })
  })
}
