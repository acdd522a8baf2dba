/** What both agents do with phrases that people taught. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Intent, Training } from '#hub/connector.ts'
import { text } from '#hub/message.ts'
import type { VendorStage } from '../../../test/vendor-stage.ts'
import type { DialogflowTwin } from '../twin.ts'

export interface TaughtOptions {
  stage(settings?: object): Promise<VendorStage<DialogflowTwin>>
  readonly environment: string
  /** The second phrase of `order.status` as it must reach Google again, annotations included. */
  readonly annotated: object
}

export function taughtConformance(name: string, { stage, environment, annotated }: TaughtOptions): void {
  describe(`what ${name} is taught`, () => {
    let on: VendorStage<DialogflowTwin>
    let training: Training
    beforeAll(async () => {
      on = await stage()
      training = on.connection.training!
    })
    afterAll(async () => on?.close())

    interface Written {
      intent: { trainingPhrases: object[] }
      updateMask: object
    }
    const written = () => on.twin.calls.findLast(({ path }) => path.endsWith('UpdateIntent'))!.body as Written

    it('counts once it is trained', async () => {
      const words = text('did the courier lose it')
      const turn = (key: string) => on.connection.bot!.turn(words, `taught-${key}`, key)
      expect((await turn('a')).noMatch).toBe(true)
      await training.addPhrases((await orderIntent(training)).ref, ['Did the courier lose it?'], 'k')
      expect(await turn('b')).toMatchObject({ intent: 'order.status', noMatch: false })
    })

    it('keeps annotations as they were', async () => {
      const { ref } = await orderIntent(training)
      await training.addPhrases(ref, ['a phrase of today'], 'k2')
      expect(written().updateMask).toMatchObject({ paths: ['training_phrases'] })
      expect(written().intent.trainingPhrases[1]).toMatchObject(annotated)
    })

    it('keeps what somebody else adds while it reads', async () => {
      const { ref } = await orderIntent(training)
      const reads = () => on.twin.calls.filter(({ path }) => path.endsWith('GetIntent')).length
      const before = reads()
      on.twin.misbehave({ ways: ['slow'], delayMs: 300, only: /GetIntent/, times: 2 })
      const adding = training.addPhrases(ref, ['said by the hub'], 'k3')
      // The first read is answered, the second on its way.
      await vi.waitFor(() => expect(reads()).toBe(before + 2), { interval: 5, timeout: 20_000 })
      await on.twin.act({ do: 'phrase', input: 'said in the console' })
      await adding
      expect((await orderIntent(training)).phrases).toEqual(
        expect.arrayContaining(['said by the hub', 'said in the console']),
      )
    })

    it('is the draft’s only: an environment waits for a person to publish', async () => {
      const live = await stage({ environment })
      const { ref } = await orderIntent(live.connection.training!)
      await live.connection.training!.addPhrases(ref, ['did the courier lose it'], 'k')
      const answer = await live.connection.bot!.turn(text('did the courier lose it'), 'live', 'k')
      expect(answer.noMatch).toBe(true)
      await live.close()
    })
  })
}

export async function orderIntent(training: Training): Promise<Intent> {
  for await (const intent of training.intents()) if (intent.name === 'order.status') return intent
  throw new Error('no intent')
}
