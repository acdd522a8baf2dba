/** The promises of a source of articles, written once and run over every connector that plays this role. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Knowledge } from '#hub/connector.ts'

export interface KnowledgeHarness {
  readonly knowledge: Knowledge
  /** A question with at least two fitting articles, and the title of the best. */
  readonly question: string
  readonly best: string
  /** Words that are in no article. */
  readonly nonsense: string
  /** Drafts the vendor keeps; absent where nothing can be proposed. */
  drafts?(): Promise<number>
  close?(): Promise<void>
}

export function knowledgeConformance(name: string, open: () => Promise<KnowledgeHarness>): void {
  describe(`${name} keeps the promises of a source of articles`, () => {
    let harness: KnowledgeHarness
    beforeAll(async () => {
      harness = await open()
    })
    afterAll(async () => harness?.close?.())

    it('finds the fitting article first, each with a title and a relevance from 0 to 1, sorted', async () => {
      const found = await harness.knowledge.search(harness.question, 10)
      expect(found[0]?.title).toBe(harness.best)
      expect(found.length).toBeGreaterThan(1)
      for (const { ref, title, score } of found) {
        expect(ref).not.toBe('')
        expect(title).not.toBe('')
        expect(score).toBeGreaterThan(0)
        expect(score).toBeLessThanOrEqual(1)
      }
      const scores = found.map(({ score }) => score)
      expect(scores).toEqual([...scores].sort((a, b) => b - a))
      expect(new Set(found.map(({ ref }) => ref)).size).toBe(found.length)
    })

    it('keeps the limit', async () => {
      const found = await harness.knowledge.search(harness.question, 1)
      expect(found.map(({ title }) => title)).toEqual([harness.best])
    })

    it('finds nothing rather than anything', async () => {
      expect(await harness.knowledge.search(harness.nonsense, 10)).toEqual([])
      expect(await harness.knowledge.search('', 10)).toEqual([])
    })

    it('keeps one draft for one key', async (context) => {
      const { drafts } = harness
      const propose = harness.knowledge.propose?.bind(harness.knowledge)
      if (!propose || !drafts) return context.skip('nothing can be proposed here')
      const before = await drafts()
      const draft = { title: 'Quarantined zebras', body: 'Zebras stay in **quarantine** for three weeks.' }
      const first = await propose(draft, 'a draft')
      expect(await propose(draft, 'a draft')).toBe(first)
      expect(await drafts()).toBe(before + 1)
      expect(await propose(draft, 'another draft')).not.toBe(first)
    })

    it('shows no draft to customers', async (context) => {
      if (!harness.knowledge.propose) return context.skip('nothing can be proposed here')
      await harness.knowledge.propose(
        { title: 'Unicorn insurance', body: 'Unicorns are insured.' },
        'not for customers',
      )
      const found = await harness.knowledge.search('unicorn insurance', 10)
      expect(found.map(({ title }) => title)).not.toContain('Unicorn insurance')
    })
  })
}
