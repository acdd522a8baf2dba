/** What every channel promises, whoever's it is. A connector brings a harness of some ten lines. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Channel,
  type ChannelMessage,
  HubError,
  type Limits,
  type Message,
  type Part,
  type Ref,
} from '../../src/connector.ts'
import { plainText, text } from '../../src/message.ts'

export interface ChannelHarness {
  readonly channel: Channel
  readonly limits?: Limits
  /** Somebody the vendor knows, with nothing said to them yet. */
  readonly visitor: Ref
  /** Written like a visitor, but nobody. */
  readonly stranger: Ref
  /** What the visitor's screen shows, oldest first, from the vendor's side of the wire. */
  seenByVendor(): Promise<readonly Seen[]>
  /** The vendor does its work for the next call and then cuts the connection before it answers. */
  loseNextAnswer?(): void
  close?(): Promise<void>
}

export interface Seen {
  readonly text: string
  /** The effect's key, where the vendor keeps it. */
  readonly key?: string
}

export interface ChannelOptions {
  /** Promises that cannot be kept here, each with the reason that is printed. */
  readonly skip?: Partial<Record<'stranger' | 'lostAnswer', string>>
}

type Kind = Part['kind']

const article = { ref: 'a1', title: 'Returns take 14 days', url: 'https://help.example/returns', score: 0.9 }
const samples: Record<Kind, { part: Part; words: string }> = {
  text: {
    part: { kind: 'text', text: 'Plain words, “quoted” & <kept>, zwölf 😀' },
    words: '“quoted” & <kept>, zwölf 😀',
  },
  choices: { part: { kind: 'choices', choices: [{ label: 'Order 4471', value: 'o-4471' }] }, words: 'Order 4471' },
  file: {
    part: {
      kind: 'file',
      name: 'label.pdf',
      mime: 'application/pdf',
      bytes: 9,
      url: 'https://files.example/label.pdf',
    },
    words: 'label.pdf',
  },
  articles: { part: { kind: 'articles', articles: [article] }, words: 'Returns take 14 days' },
  survey: {
    part: { kind: 'survey', url: 'https://hub.example/s/1', question: 'How was this conversation?', handoff: 1 },
    words: 'How was this conversation?',
  },
}

export function channelConformance(
  name: string,
  aHarness: () => Promise<ChannelHarness>,
  options: ChannelOptions = {},
): void {
  describe(`${name} keeps the promises of a channel`, () => {
    let harness: ChannelHarness
    beforeEach(async () => {
      harness = await aHarness()
    })
    afterEach(() => harness.close?.())

    const send = (body: string, key: string, to = harness.visitor) => harness.channel.send(to, said(body), key)
    const texts = async () => (await harness.seenByVendor()).map((seen) => seen.text)

    it('shows a message once, however often its key is sent', async () => {
      await send('Your parcel left today', 'key-1')
      await send('Your parcel left today', 'key-1')
      await send('It comes tomorrow', 'key-2')
      expect(await texts()).toEqual(['Your parcel left today', 'It comes tomorrow'])
    })

    it('says how the hub can be sure of that: it dedupes, or it can be asked', () => {
      expect(harness.channel.dedupes === true || harness.channel.find !== undefined).toBe(true)
    })

    it('shows two messages with the same words twice: the key tells them apart', async () => {
      await send('Yes', 'key-1')
      await send('Yes', 'key-2')
      expect(await texts()).toEqual(['Yes', 'Yes'])
    })

    it('keeps the order in which it was sent', async () => {
      const bodies = Array.from({ length: 12 }, (_, n) => `Line ${n + 1}`)
      for (const [n, body] of bodies.entries()) await send(body, `key-${n}`)
      expect(await texts()).toEqual(bodies)
    })

    it.each(Object.keys(samples) as Kind[])('lets no %s part be lost', async (kind) => {
      const { part, words } = samples[kind]
      const whole: Message = { parts: [part] }
      // What a channel cannot show the hub turns into text before it asks.
      const isDowngraded = (harness.limits?.downgrade as readonly string[] | undefined)?.includes(kind)
      const message = isDowngraded ? text(plainText(whole)) : whole
      await harness.channel.send(harness.visitor, { by: 'bot', message }, `key-${kind}`)
      const seen = await texts()
      expect(seen).toHaveLength(1)
      expect(seen[0]).toContain(words)
    })

    it('carries the words of bot, agent and hub', async () => {
      for (const by of ['bot', 'agent', 'hub'] as const)
        await harness.channel.send(harness.visitor, { by, name: 'Ana', message: text(`from ${by}`) }, `key-${by}`)
      const seen = await texts()
      expect(seen).toHaveLength(3)
      for (const [n, by] of ['bot', 'agent', 'hub'].entries()) expect(seen[n]).toContain(`from ${by}`)
    })

    it('never shows what is marked internal, even if it is asked to by mistake', async () => {
      const note = { ...said('CANARY: customer is on the fraud list'), visibility: 'internal' } as ChannelMessage
      await harness.channel.send(harness.visitor, note, 'key-note').catch(() => {})
      await send('Hello', 'key-1')
      expect(await texts()).toEqual(['Hello'])
    })

    it('takes typing on and off where it has typing, and shows no message for it', async () => {
      await harness.channel.typing?.(harness.visitor, true)
      await harness.channel.typing?.(harness.visitor, false)
      await send('Hello', 'key-1')
      expect(await texts()).toEqual(['Hello'])
    })

    it('finds by key what was sent, and nothing else, where it can be asked', async () => {
      await send('Hello', 'key-1')
      const { find } = harness.channel
      if (find === undefined) return
      expect(await harness.channel.find!('key-1', harness.visitor)).toBeTruthy()
      expect(await harness.channel.find!('key-2', harness.visitor)).toBeUndefined()
    })

    it.skipIf(options.skip?.stranger)(
      `says "unknown" for a visitor nobody knows${why(options.skip?.stranger)}`,
      async () => {
        const error = await send('Hello', 'key-1', harness.stranger).catch((thrown) => thrown)
        expect(error).toBeInstanceOf(HubError)
        expect(error.code).toBe('unknown')
        expect(await texts()).toEqual([])
      },
    )

    it.skipIf(options.skip?.lostAnswer)(
      `is uncertain after a lost answer, and then nobody sees the message twice${why(options.skip?.lostAnswer)}`,
      async () => {
        expect(harness.loseNextAnswer, 'the harness needs loseNextAnswer, or a reason to skip').toBeDefined()
        harness.loseNextAnswer!()
        const error = await send('Hello', 'key-1').catch((thrown) => thrown)
        expect(error).toBeInstanceOf(HubError)
        expect(error.certain).toBe(false)
        const there = await harness.channel.find?.('key-1', harness.visitor)
        if (there === undefined) await send('Hello', 'key-1')
        expect(await texts()).toEqual(['Hello'])
      },
    )
  })
}

const said = (body: string): ChannelMessage => ({ by: 'agent', name: 'Ana', message: text(body) })
const why = (reason: string | undefined): string => (reason === undefined ? '' : ` (skipped: ${reason})`)
