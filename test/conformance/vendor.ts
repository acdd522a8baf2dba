/** What every connector to a vendor promises when the vendor goes wrong: run over each one's twin, on real sockets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HubEvent, Ref } from '#hub/connector.ts'
import { HubError } from '#hub/errors.ts'
import type { Misbehaviour, Trouble, Twin } from '#hub/twin.ts'

export interface VendorHarness {
  readonly twin: Twin
  /** A call that changes something at the vendor, as the hub makes it under this key: `send`, `addPhrases`, `turn`… */
  write(key: string): Promise<unknown>
  /** What this key made at the vendor, counted: nobody may see it twice. */
  timesSeen(key: string): Promise<number>
  /** Of the role that `write` belongs to; absent where the vendor drops a second call with the same key by itself. */
  find?(key: string): Promise<Ref | undefined>
  /** The vendor's people do something that the hub is told of; resolves when the twin has nothing more to send. Absent where nothing is told. */
  cause?(): Promise<void>
  /** Catches up on what was not told (`connection.poll.run`). Absent where nothing can be missed. */
  catchUp?(): Promise<void>
  /** What the hub was told so far, each external id once. */
  events(): readonly HubEvent[]
  /** No error may contain one of these. */
  readonly secrets: readonly string[]
  close(): Promise<void>
}

export interface VendorDeviations {
  /** Troubles that this vendor's protocol cannot show, each with the reason: they are skipped with it. */
  readonly without?: Partial<Record<Trouble, string>>
  /** Where the vendor neither drops a second call nor can be asked: why an unclear write may be seen twice. */
  readonly mayDouble?: string
  /** Where expired credentials are renewed without a word: `write` succeeds. */
  readonly renews?: boolean
}

/** The stage's calls must be given up after at most two seconds (`deadlineMs`), else silence takes long. */
export function vendorConformance(
  name: string,
  open: () => Promise<VendorHarness>,
  deviations: VendorDeviations = {},
): void {
  describe(`${name} keeps its promises when the vendor goes wrong`, () => {
    let harness: VendorHarness
    let keys = 0
    beforeAll(async () => {
      harness = await open()
    })
    afterAll(async () => harness?.close())

    const key = () => `trouble-${++keys}`
    const goWrong = (way: Misbehaviour['ways'][number], over: Partial<Misbehaviour> = {}) =>
      harness.twin.misbehave({ ways: [way], times: 1, retryAfterSeconds: 7, ...over })
    const failureOf = async (made: string): Promise<HubError> => {
      const failure = await harness.write(made).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      harness.twin.misbehave()
      expect(failure, 'a failure in the hub’s own words').toBeInstanceOf(HubError)
      for (const secret of harness.secrets) expect((failure as HubError).message).not.toContain(secret)
      return failure as HubError
    }
    /** As a lane does after an unclear failure: look, and only then try again. */
    const tryAgain = async (made: string) => {
      if (!(await harness.find?.(made))) await harness.write(made)
    }
    const reasonNot = (way: Trouble) => deviations.without?.[way]

    it('waits as long as the vendor asks when it is too fast', async (context) => {
      if (reasonNot('limits')) return context.skip(reasonNot('limits')!)
      const made = key()
      goWrong('limits')
      const failure = await failureOf(made)
      expect(failure).toMatchObject({ code: 'busy', retryAfterMs: 7_000 })
      await harness.write(made)
      expect(await harness.timesSeen(made)).toBe(1)
    })

    it.for(['errors', 'resets'] as const)('may try again after %s, and is seen once', async (way) => {
      const made = key()
      goWrong(way)
      expect(await failureOf(made)).toMatchObject({ code: 'unreachable' })
      await tryAgain(made)
      expect(await harness.timesSeen(made)).toBe(1)
    })

    it.for(['errorsAfter', 'resetsAfter', 'malformed', 'hangsAfter'] as const)(
      'is not sure after %s, looks before it tries again, and is seen once',
      async (way, context) => {
        if (reasonNot(way)) return context.skip(reasonNot(way)!)
        const made = key()
        goWrong(way)
        expect(await failureOf(made)).toMatchObject({ code: 'unreachable', certain: false })
        await tryAgain(made)
        if (!deviations.mayDouble) expect(await harness.timesSeen(made)).toBe(1)
      },
    )

    it('says so when the vendor does not answer', async () => {
      const made = key()
      goWrong('hangs')
      expect(await failureOf(made)).toMatchObject({ code: 'unreachable', certain: false })
      await tryAgain(made)
      expect(await harness.timesSeen(made)).toBe(1)
    })

    it('deals with credentials that are no longer accepted', async (context) => {
      if (reasonNot('expired')) return context.skip(reasonNot('expired')!)
      const made = key()
      if (deviations.renews) {
        goWrong('expired')
        await harness.write(made)
        expect(await harness.timesSeen(made)).toBe(1)
      }
      goWrong('expired', { times: 10 })
      expect(await failureOf(key())).toMatchObject({ code: 'refused' })
    })

    it('waits for a slow answer', async () => {
      const made = key()
      goWrong('slow', { delayMs: 300 })
      await harness.write(made)
      expect(await harness.timesSeen(made)).toBe(1)
    })

    it('takes a webhook that comes three times once', async (context) => {
      if (!harness.cause) return context.skip('this vendor tells nothing')
      const before = harness.events().length
      await harness.cause()
      const once = harness.events().length - before
      expect(once).toBeGreaterThan(0)
      goWrong('duplicates', { times: 20 })
      await harness.cause()
      harness.twin.misbehave()
      expect(harness.events().length - before - once).toBe(once)
    })

    it('catches up on webhooks that never came', async (context) => {
      if (!harness.cause) return context.skip('this vendor tells nothing')
      if (!harness.catchUp) return context.skip('this vendor cannot be asked what happened')
      await harness.catchUp()
      const before = harness.events().length
      goWrong('lost', { times: 20 })
      await harness.cause()
      harness.twin.misbehave()
      await harness.catchUp()
      const caught = harness.events().length
      expect(caught).toBeGreaterThan(before)
      await harness.catchUp()
      expect(harness.events().length).toBe(caught)
    })
  })
}
