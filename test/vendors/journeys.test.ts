/** Conversations handed to a vendor that goes wrong in each named way: nothing lost, nothing twice, in order, and the customer told. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Trouble, troubles, type WebhookTrouble, webhookTroubles } from '../../src/twin.ts'
import { seeded } from '../simulation/random.ts'
import { desks, type PlayedDesk, peopleOf } from './desks.ts'
import { aVendorHub, caseWith, until, type VendorHub } from './stage.ts'

const real = join(
  process.env.BATON_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url)),
  'abcd-sample.jsonl',
)
if (!existsSync(real)) console.warn(`skipped: no conversations at ${real}; set BATON_DATA to their folder`)

interface Turn {
  readonly by: 'customer' | 'agent'
  readonly text: string
}

/** The customers' and agents' words of the first conversation, as many as a test has time for. */
async function turnsOf(file: string, most: number): Promise<Turn[]> {
  const [line] = (await readFile(file, 'utf8')).split('\n')
  const { turns } = JSON.parse(line!) as { turns: { by: string; text: string }[] }
  return turns.filter((turn): turn is Turn => turn.by !== 'action').slice(0, most)
}

/** Which share of what is left goes wrong, and how often: silence costs ten seconds each time. */
const doses: Partial<Record<Trouble | WebhookTrouble, number>> = { hangs: 1, hangsAfter: 1, expired: 1 }

describe.skipIf(!existsSync(real)).each(desks)('$name', (desk) => {
  let hub: VendorHub
  let turns: Turn[]
  beforeAll(async () => {
    turns = await turnsOf(real, 10)
    hub = await aVendorHub(peopleOf(desk))
  })
  afterAll(() => hub?.stop())

  it.for([...troubles, ...webhookTroubles])(
    'keeps every word while it goes wrong: %s',
    { timeout: 240_000 },
    async (way, context) => {
      const reason = desk.without?.[way]
      if (reason) return context.skip(reason)
      const random = seeded(7)
      const heard = await play(hub, desk, turns, `${way}`, () =>
        hub.twin.misbehave({
          ways: [way],
          share: 0.5,
          times: doses[way] ?? 4,
          delayMs: 300,
          random: () => random.float(),
        }),
      )
      expect(hub.twin.misbehaved).toBeGreaterThan(0)
      expect(heard.byAgents).toEqual(heard.said)
      expect(heard.byCustomer).toEqual(heard.answered)
      expect((await hub.staff('/api/v1/dead-letters')).json).toEqual({ deadLetters: [] })
    },
  )
})

/** Each text is marked with the play and its place, so that a repeated text is not taken for a doubled one. */
async function play(hub: VendorHub, desk: PlayedDesk, turns: readonly Turn[], play: string, goWrong: () => void) {
  const { twin } = hub
  const visitor = await hub.visitor()
  const mark = (index: number) => `#${play}-${index}#`
  const marked = turns.map(({ by, text }, index) => ({ by, text: `${text} ${mark(index)}` }))
  const said = marked.flatMap(({ by }, index) => (by === 'customer' ? [mark(index)] : []))
  const answered = marked.flatMap(({ by }, index) => (by === 'agent' ? [mark(index)] : []))

  await visitor.say(`I have a question about ${play}`)
  await until('the bot’s answer', async () => (await visitor.entries()).some(({ by }) => by === 'bot'))
  await visitor.say(`I would like to talk to a person about ${play}, please`)
  const { id } = await until('a ticket', () => caseWith(twin, `question about ${play}`))
  for (const { do: name, input } of desk.accept) await twin.act({ do: name, case: id, input })
  // What a desk does before it has the ticket is another matter: after four tries the next one is asked.
  await until('the desk to have it', async () => (await hub.pending()) === 0)
  goWrong()
  for (const { by, text } of marked) {
    if (by === 'customer') await visitor.say(text)
    else await twin.act({ do: desk.say.do, case: id, input: text })
  }
  const textsOfAgent = () =>
    twin
      .view()
      .cases.find((one) => one.id === id)
      ?.lines.map(({ text }) => text) ?? []
  const textsOfCustomer = async () => (await visitor.entries()).map(({ message }) => JSON.stringify(message))
  await until('all words at the desk', () => said.every((one) => textsOfAgent().some((text) => text.includes(one))))
  twin.misbehave()
  // Copies may still be on their way; some vendors try again only after half an hour.
  await Promise.race([twin.delivered(), sleep(2_000)])
  await until('all words at the customer', async () => {
    const texts = await textsOfCustomer()
    return answered.every((one) => texts.some((text) => text.includes(one)))
  })
  const toldByHub = async () => (await visitor.entries()).filter(({ by }) => by === 'hub').length
  const toldBefore = await toldByHub()
  await twin.act({ do: desk.resolve.do, case: id, input: desk.resolve.input })
  await until('the end', async () => (await toldByHub()) > toldBefore)
  return {
    said,
    answered,
    byAgents: marksIn(textsOfAgent(), said),
    byCustomer: marksIn(await textsOfCustomer(), answered),
  }
}

/** In the order of reading, as often as they are read. */
const marksIn = (texts: readonly string[], marks: readonly string[]): string[] =>
  texts.flatMap((text) => marks.filter((mark) => text.includes(mark)))
