/** The promises of a bot that can be taught, written once and run over every connector that plays this role. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Intent, Training } from '#hub/connector.ts'

export interface TrainingHarness {
  readonly training: Training
  /** The name of an intent that has phrases already. */
  readonly intent: string
  close?(): Promise<void>
}

export function trainingConformance(name: string, open: () => Promise<TrainingHarness>): void {
  describe(`${name} keeps the promises of a bot that can be taught`, () => {
    let harness: TrainingHarness
    beforeAll(async () => {
      harness = await open()
    })
    afterAll(async () => harness?.close?.())

    async function intent(): Promise<Intent> {
      for await (const one of harness.training.intents()) if (one.name === harness.intent) return one
      throw new Error(`intent "${harness.intent}" is not among the intents`)
    }

    it('lists each intent once, with its phrases', async () => {
      const listed: Intent[] = []
      for await (const one of harness.training.intents()) listed.push(one)
      expect(listed.length).toBeGreaterThan(0)
      expect(new Set(listed.map(({ ref }) => ref)).size).toBe(listed.length)
      expect((await intent()).phrases.length).toBeGreaterThan(0)
    })

    it('adds phrases and keeps all it had', async () => {
      const before = await intent()
      await harness.training.addPhrases(before.ref, ['a zebra asked for this', 'and a giraffe for that'], 'two animals')
      const after = await intent()
      expect(after.phrases).toEqual(expect.arrayContaining([...before.phrases]))
      expect(after.phrases).toEqual(expect.arrayContaining(['a zebra asked for this', 'and a giraffe for that']))
      expect(after.phrases.length).toBe(before.phrases.length + 2)
    })

    it('adds the phrases of one key once', async () => {
      const { ref } = await intent()
      await harness.training.addPhrases(ref, ['an okapi came twice'], 'one okapi')
      const once = await intent()
      await harness.training.addPhrases(ref, ['an okapi came twice'], 'one okapi')
      expect((await intent()).phrases).toEqual(once.phrases)
      expect(once.phrases.filter((phrase) => phrase === 'an okapi came twice')).toHaveLength(1)
    })

    it('leaves other intents alone', async () => {
      const others = async () => {
        const listed: Intent[] = []
        for await (const one of harness.training.intents()) if (one.name !== harness.intent) listed.push(one)
        return listed
      }
      const before = await others()
      await harness.training.addPhrases((await intent()).ref, ['a tapir for one intent only'], 'one tapir')
      expect(await others()).toEqual(before)
    })

    it('refuses an intent that does not exist', async () => {
      await expect(harness.training.addPhrases('no-such-intent', ['lost words'], 'lost')).rejects.toMatchObject({
        name: 'HubError',
        code: 'unknown',
      })
    })
  })
}
