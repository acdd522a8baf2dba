/** The promises of a desk, written once and run over every connector that plays this role. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Desk, DeskMessage, Handoff, HubEvent, Ref } from '#hub/connector.ts'
import { HubError } from '#hub/errors.ts'

/** One thing an agent can read at the vendor, in the order they read it. */
export interface Seen {
  readonly by: string
  readonly text: string
  readonly visibility: 'public' | 'internal'
  readonly key?: string
}

export interface DeskHarness {
  readonly desk: Desk
  /** A handoff of a fresh conversation, each time; with `conversation`, the next one of that conversation. */
  handoff(over?: Partial<Handoff>): Handoff
  /** What an agent sees of this ticket, context included, oldest first. */
  seenByVendor(ticket: Ref): Promise<readonly Seen[]>
  /** What the hub was told so far, each external id once. */
  events(): readonly HubEvent[]
  /** Absent at a desk without agents: the suite then skips what only an agent can cause, and says so. */
  readonly actAsAgent?: {
    accept(ticket: Ref): Promise<void>
    say(ticket: Ref, text: string): Promise<void>
    note(ticket: Ref, text: string): Promise<void>
    resolve(ticket: Ref): Promise<void>
    return(ticket: Ref): Promise<void>
  }
  close(): Promise<void>
}

type DeskEvent = Extract<HubEvent, { ticket: Ref }>

export function deskConformance(name: string, open: () => Promise<DeskHarness>): void {
  describe(`${name} keeps the promises of a desk`, () => {
    let at = 1_700_000_100_000
    let keys = 0
    let harness: DeskHarness
    beforeAll(async () => {
      harness = await open()
    })
    afterAll(async () => harness?.close())

    const key = () => `key-${++keys}`
    const offer = (handoff = harness.handoff()) => harness.desk.offer(handoff, key())
    const words = (text: string, over: Partial<DeskMessage> = {}): DeskMessage => ({
      by: 'customer',
      visibility: 'public',
      message: { parts: [{ kind: 'text', text }] },
      at: ++at,
      ...over,
    })
    const told = (ticket: Ref) =>
      harness.events().filter((event): event is DeskEvent => 'ticket' in event && event.ticket === ticket)
    const timesSeen = async (ticket: Ref, text: string) =>
      (await harness.seenByVendor(ticket)).filter((seen) => seen.text.includes(text)).length

    describe('offer', () => {
      it('makes one ticket of one key, however often it is asked', async () => {
        const handoff = harness.handoff()
        const first = await harness.desk.offer(handoff, 'offer-twice')
        const again = await harness.desk.offer(handoff, 'offer-twice')
        expect(again).toBe(first)
      })

      it('makes one ticket of one key, asked twice at once', async () => {
        const handoff = harness.handoff()
        const [one, two] = await Promise.all([
          harness.desk.offer(handoff, 'offer-at-once'),
          harness.desk.offer(handoff, 'offer-at-once'),
        ])
        expect(two).toBe(one)
      })

      it('keeps two handoffs of one conversation apart', async () => {
        const first = harness.handoff()
        const ticket = await offer(first)
        await harness.desk.send(ticket, words('said in the first handoff'), key())
        await harness.desk.end(ticket, 'resolved', key())
        const second = await offer(harness.handoff({ conversation: first.conversation, number: 2 }))
        await harness.desk.send(second, words('said in the second handoff'), key())
        expect(second).not.toBe(ticket)
        expect(await timesSeen(second, 'said in the first handoff')).toBe(0)
        expect(await timesSeen(second, 'said in the second handoff')).toBe(1)
        expect(await timesSeen(ticket, 'said in the second handoff')).toBe(0)
      })

      it('shows the reason and the transcript once, before any other word', async () => {
        const handoff = harness.handoff()
        const ticket = await offer(handoff)
        await harness.desk.send(ticket, words('first word after the handoff'), key())
        const seen = await harness.seenByVendor(ticket)
        const first = seen.findIndex((one) => one.text.includes('first word after the handoff'))
        expect(first).toBeGreaterThan(0)
        for (const expected of [handoff.context.reason.text, ...handoff.context.transcript.map(firstText)]) {
          const places = seen.flatMap((one, place) => (one.text.includes(expected) ? [place] : []))
          expect(places, `"${expected}" is to be seen once, before the first word`).toHaveLength(1)
          expect(places[0]).toBeLessThan(first)
        }
      })

      it('takes a handoff in every mode it names', async () => {
        for (const mode of harness.desk.modes ?? ['live']) {
          const ticket = await offer(harness.handoff({ mode }))
          expect(await timesSeen(ticket, 'Sentiment'), `mode ${mode}`).toBe(1)
        }
      })
    })

    describe('send', () => {
      it('is seen once by its key, and the hub can be sure of that: the desk dedupes, or it can be asked', () => {
        expect(harness.desk.dedupes === true || harness.desk.find !== undefined).toBe(true)
      })

      it('keeps the order', async () => {
        const ticket = await offer()
        const said = ['one of four', 'two of four', 'three of four', 'four of four']
        for (const text of said) await harness.desk.send(ticket, words(text), key())
        const seen = (await harness.seenByVendor(ticket)).map((one) => one.text)
        expect(seen.filter((text) => text.includes(' of four'))).toEqual(
          said.map((text) => expect.stringContaining(text)),
        )
      })

      it('is seen once for one key', async () => {
        const ticket = await offer()
        const message = words('said once, sent three times')
        const same = key()
        const first = await harness.desk.send(ticket, message, same)
        expect(await harness.desk.send(ticket, message, same)).toEqual(first)
        await harness.desk.send(ticket, message, same)
        expect(await timesSeen(ticket, 'said once, sent three times')).toBe(1)
      })

      it('shows the same words twice when they were said twice', async () => {
        const ticket = await offer()
        await harness.desk.send(ticket, words('hello?'), key())
        await harness.desk.send(ticket, words('hello?'), key())
        expect(await timesSeen(ticket, 'hello?')).toBe(2)
      })

      it('keeps a note of the hub internal', async () => {
        const ticket = await offer()
        await harness.desk.send(ticket, words('for the agent only', { by: 'hub', visibility: 'internal' }), key())
        const note = (await harness.seenByVendor(ticket)).find((one) => one.text.includes('for the agent only'))
        expect(note?.visibility).toBe('internal')
      })

      it('refuses a ticket that nobody made', async () => {
        await expect(harness.desk.send('no-such-ticket', words('lost'), key())).rejects.toMatchObject({
          name: 'HubError',
          code: 'unknown',
        })
      })

      it('refuses an ended ticket', async () => {
        const ticket = await offer()
        await harness.desk.end(ticket, 'ended', key())
        const failure = await harness.desk.send(ticket, words('too late'), key()).catch((thrown: unknown) => thrown)
        expect(failure).toBeInstanceOf(HubError)
        expect(['conflict', 'unknown']).toContain((failure as HubError).code)
      })

      it('reports none of it back as an event', async () => {
        const ticket = await offer()
        await harness.desk.send(ticket, words('ours, not the agent’s'), key())
        await harness.desk.send(ticket, words('our note', { by: 'hub', visibility: 'internal' }), key())
        expect(told(ticket).filter((event) => event.type === 'agent-message')).toEqual([])
      })
    })

    describe('end', () => {
      it('is quiet the second time', async () => {
        const ticket = await offer()
        await harness.desk.end(ticket, 'abandoned', key())
        await expect(harness.desk.end(ticket, 'abandoned', key())).resolves.toBeUndefined()
      })

      it('is not reported back: the hub did it', async () => {
        const ticket = await offer()
        await harness.desk.end(ticket, 'moved', key())
        expect(told(ticket).filter((event) => event.type === 'desk-ended')).toEqual([])
      })
    })

    describe('find', () => {
      it('finds the ticket a key made, and nothing for a key that made none', async (context) => {
        const find = harness.desk.find?.bind(harness.desk)
        if (!find) return context.skip('this desk deduplicates by itself and cannot be asked')
        const made = key()
        const ticket = await harness.desk.offer(harness.handoff(), made)
        expect(await find(made)).toBe(ticket)
        expect(await find('a key that was never used')).toBeUndefined()
      })

      it('finds the message a key made, inside its ticket only', async (context) => {
        const find = harness.desk.find?.bind(harness.desk)
        if (!find) return context.skip('this desk deduplicates by itself and cannot be asked')
        const [ticket, other, made] = [await offer(), await offer(), key()]
        const sent = await harness.desk.send(ticket, words('find me'), made)
        expect(await find(made, ticket)).toBe(sent.ref)
        expect(await find('a key that was never used', ticket)).toBeUndefined()
        expect(await find(made, other)).toBeUndefined()
      })
    })

    it('says of its staffing only what it knows', async (context) => {
      if (!harness.desk.staffed) return context.skip('this desk does not know its people')
      const staffing = await harness.desk.staffed({ skills: [] })
      for (const count of [staffing.online, staffing.waiting, staffing.etaMs])
        if (count !== undefined) expect(count).toBeGreaterThanOrEqual(0)
    })

    it('takes typing in both directions of the switch', async (context) => {
      if (!harness.desk.typing) return context.skip('this desk cannot show typing')
      const ticket = await offer()
      await harness.desk.typing(ticket, true)
      await harness.desk.typing(ticket, false)
    })

    describe('agents', () => {
      it('reports acceptance before the first word, and each word once', async (context) => {
        const agent = harness.actAsAgent
        if (!agent) return context.skip('this desk has no agents to act')
        const ticket = await offer()
        await agent.accept(ticket)
        await agent.say(ticket, 'Hello, I can see both charges')
        await agent.say(ticket, 'One goes back today')
        const types = told(ticket).map((event) => event.type)
        expect(types).toContain('desk-accepted')
        expect(types.indexOf('desk-accepted')).toBeLessThan(types.indexOf('agent-message'))
        const said = told(ticket).filter((event) => event.type === 'agent-message')
        expect(said.map(firstText)).toEqual(['Hello, I can see both charges', 'One goes back today'])
        expect(said.map((event) => event.visibility)).toEqual(['public', 'public'])
        expect(new Set(told(ticket).map((event) => event.externalId)).size).toBe(told(ticket).length)
      })

      it('never reports a note as public', async (context) => {
        const agent = harness.actAsAgent
        if (!agent) return context.skip('this desk has no agents to act')
        const ticket = await offer()
        await agent.accept(ticket)
        await agent.note(ticket, 'a known late payer')
        const notes = told(ticket).filter((event) => event.type === 'agent-message')
        expect(notes.filter((event) => event.visibility !== 'internal')).toEqual([])
        const seen = (await harness.seenByVendor(ticket)).find((one) => one.text.includes('a known late payer'))
        expect(seen?.visibility).toBe('internal')
      })

      it('reports a resolved ticket as resolved, once', async (context) => {
        const agent = harness.actAsAgent
        if (!agent) return context.skip('this desk has no agents to act')
        const ticket = await offer()
        await agent.accept(ticket)
        await agent.resolve(ticket)
        expect(told(ticket).filter((event) => event.type === 'desk-ended')).toMatchObject([{ outcome: 'resolved' }])
      })

      it('reports a ticket given back to the bot as returned, once', async (context) => {
        const agent = harness.actAsAgent
        if (!agent) return context.skip('this desk has no agents to act')
        const ticket = await offer()
        await agent.accept(ticket)
        await agent.return(ticket)
        expect(told(ticket).filter((event) => event.type === 'desk-ended')).toMatchObject([{ outcome: 'returned' }])
        await expect(harness.desk.end(ticket, 'returned', key())).resolves.toBeUndefined()
      })

      it('hands off the same conversation twice, and the second agent’s words belong to the second ticket', async (context) => {
        const agent = harness.actAsAgent
        if (!agent) return context.skip('this desk has no agents to act')
        const first = harness.handoff()
        const one = await offer(first)
        await agent.accept(one)
        await agent.return(one)
        const two = await offer(harness.handoff({ conversation: first.conversation, number: 2 }))
        await agent.accept(two)
        await agent.say(two, 'back again')
        expect(told(one).filter((event) => event.type === 'agent-message')).toEqual([])
        expect(told(two).filter((event) => event.type === 'agent-message')).toHaveLength(1)
      })
    })
  })
}

function firstText(said: object): string {
  const message = (said as { message?: { parts: readonly { kind: string; text?: string }[] } }).message
  return message?.parts.find((part) => part.kind === 'text')?.text ?? ''
}
