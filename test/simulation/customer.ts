/** The customer of a conversation: writes, picks what is offered, closes the window, and comes back after a long silence. */
import type { ChannelEvent } from '../../src/events.ts'
import { type Message, text } from '../../src/message.ts'
import { choices } from '../../src/step/chain.ts'
import type { Thread } from './record.ts'
import { append, type World } from './world.ts'

const corpus = [
  'Where is my parcel?',
  'My order number is 4711',
  'It still does not work',
  'It still does not work',
  'I want to talk to a human',
  'agent please',
  'Can you help me',
  'yes please',
  'Ich möchte mit einem Mitarbeiter sprechen',
  'THIS IS RIDICULOUS, I HATE THIS USELESS BOT!!!',
  'Thanks, that helped',
  'no',
  'Reach me at ana@example.com',
  '+49 30 1234567',
  'ok',
  'I am thinking about hurting myself',
  '👍',
]

const minute = 60_000

/** Acts some times, mostly within a minute, now and then after hours. */
export function beginCustomer(world: World, id: number): void {
  const { random } = world
  const talkative = random.pick([0.1, 0.5])
  let left = random.whole(2, 16)
  let number = 0
  const act = () => {
    if (world.isQuiet) return
    for (const event of someDeed(world, id, `visitor-${id}:${++number}`, talkative)) {
      append(world, id, { ...event, connection: 'site' }, event.externalId)
      // The same delivery once more.
      if (random.chance(0.05)) append(world, id, { ...event, connection: 'site' }, event.externalId)
    }
    if (--left > 0) world.agenda.plan(pauseMs(world), act)
  }
  world.agenda.plan(random.span(0, minute), act)
}

function pauseMs({ random }: World): number {
  const kind = random.draw({ quick: 30, normal: 50, minutes: 12, long: 5, hours: 3 })
  const upTo = { quick: 1_500, normal: minute, minutes: 10 * minute, long: 90 * minute, hours: 9 * 60 * minute }[kind]
  return random.span(0, upTo)
}

function someDeed(world: World, id: number, externalId: string, talkative: number): ChannelEvent[] {
  const { random, agenda, ledger } = world
  const reported = { externalId, at: agenda.now - random.whole(0, 200), thread: `visitor-${id}` }
  const offered = ledger.choices.get(id)
  const kind = random.draw({ pick: offered ? 12 : 0, leave: 1, identified: 0.5, again: 0.5, write: 12 + talkative })
  if (kind === 'leave') return [{ ...reported, type: 'customer-left' }]
  if (kind === 'identified') {
    return [
      {
        ...reported,
        type: 'customer-identified',
        customer: { name: 'Ana', email: 'ana@example.com', timeZone: 'America/Lima' },
      },
    ]
  }
  if (kind === 'again')
    return [{ ...reported, type: 'customer-message', message: { ...text('Start again'), choice: choices.again } }]
  if (kind === 'pick') {
    const { label, value } = random.pick(offered!)
    return [{ ...reported, type: 'customer-message', message: { ...text(label), choice: value } }]
  }
  const language = random.chance(0.05) ? random.pick(['de', 'pt-BR', 'xx', 'en_US']) : undefined
  return [{ ...reported, type: 'customer-message', message: { ...text(random.pick(corpus)), language } }]
}

/** The newest choices stay on the customer's screen, also when they no longer mean anything. */
export function hearChoices(world: World, thread: Thread, message: Message): void {
  for (const part of message.parts)
    if (part.kind === 'choices') world.ledger.choices.set(thread.conversation.id, part.choices)
}
