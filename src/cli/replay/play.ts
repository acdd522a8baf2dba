/** Plays one recorded conversation, from the customer's first word to the agent's last. */
import { randomBytes } from 'node:crypto'
import { HubError } from '../../errors.ts'
import { wording } from '../../words.ts'
import type { Agents, Held, TicketView } from './agents.ts'
import type { Contact } from './contact.ts'
import { type Customer, type Entry, openCustomer } from './customer.ts'
import {
  agentWords,
  countOf,
  customerWords,
  endedAt,
  isContextComplete,
  joinedAt,
  type Played,
  textsOf,
} from './ledger.ts'
import type { Recording, Turn } from './recordings.ts'
import type { Route } from './route.ts'

export interface Stage {
  readonly contact: Contact
  readonly agents: Agents
  readonly route: Route
  /** Turns a second at most; undefined: as fast as they arrive. */
  readonly speed?: number
  readonly tell: (line: string) => void
  /** Runs one after the other what several conversations ask for. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

export const wish = 'I would like to talk to a person, please.'

/** Resolves when it has been played, also when it went wrong: the ledger tells. Rejects when contact with the hub is lost. */
export async function play(recording: Recording, stage: Stage): Promise<Played> {
  const { contact, route } = stage
  const startedAt = performance.now()
  const tell = (line: string) => stage.tell(`${recording.id}: ${line}`)
  const key = randomBytes(6).toString('hex')
  const customer = await openCustomer(contact, route.channel, route.mapping.language)
  const scene: Scene = { ...stage, tell, recording, customer, said: [], answered: [], wishes: [], key, agent: '' }
  try {
    const problem = await act(scene).catch((error) => {
      // What the hub refuses is this conversation's own trouble; a lost hub is everybody's.
      if (contact.signal.aborted || !(error instanceof HubError) || error.code === 'unreachable') throw error
      return error.message
    })
    await contact.pause(contact.pace.settleMs)
    const ticket = scene.held && (await scene.held.look())
    const seconds = Math.round((performance.now() - startedAt) / 10) / 100
    const isComplete = scene.contextComplete === true
    tell(problem ? `gave up: ${problem}` : `done in ${seconds} s`)
    return { ...viewOf(scene), recording, wishes: scene.wishes, ticket, contextComplete: isComplete, seconds, problem }
  } finally {
    customer.close()
  }
}

/** A conversation in the middle of being played. */
interface Scene extends Stage {
  readonly recording: Recording
  readonly customer: Customer
  /** The customer's words so far. */
  readonly said: string[]
  /** The agent's. */
  readonly answered: string[]
  readonly wishes: string[]
  /** Begins the ids of this conversation's messages. */
  readonly key: string
  held?: Held
  /** Name of who accepted. */
  agent: string
  contextComplete?: boolean
}

/** What kept it from being played to its end, if anything. */
async function act(scene: Scene): Promise<string | undefined> {
  const { recording, customer, contact, tell } = scene
  const beginning = recording.turns.findIndex((turn) => turn.by === 'agent')
  const isFirst = (turn: Turn, index: number) => turn.by === 'customer' && (beginning < 0 || index < beginning)
  const first = recording.turns.filter(isFirst)
  const rest = recording.turns.filter((turn, index) => !isFirst(turn, index))

  for (const turn of first) await talkToBot(scene, turn.text)
  tell('waiting for a person…')
  if (!isHandingOver(customer)) await wishForPerson(scene)
  if (!(await contact.until(() => isHandingOver(customer)))) return 'no person was asked'
  if (!(await contact.until(async () => (await accept(scene)) !== undefined))) return 'no ticket came to the agents'
  scene.contextComplete = await contact.until(async () => isContextComplete(customer.entries, await look(scene)))
  await contact.until(() => joinedAt(viewOf(scene)) >= 0)
  tell(`${scene.agent} accepted; ${scene.contextComplete ? 'knows' : 'does NOT know'} what was said before`)

  for (const [index, turn] of rest.entries()) {
    const done = first.length + index + 1
    await keepPace(scene, () => pass(scene, turn, done))
    if (done % 5 === 0 || index === rest.length - 1) tell(`${done}/${recording.turns.length}`)
  }
  await scene.held!.resolve()
  if (!(await contact.until(() => endedAt(viewOf(scene)) >= 0))) return 'the customer was not told of the end'
  return undefined
}

const isHandingOver = (customer: Customer): boolean =>
  customer.control() === 'waiting' || customer.control() === 'agent'

async function talkToBot(scene: Scene, words: string): Promise<void> {
  const { customer, contact } = scene
  await keepPace(scene, async () => {
    await say(scene, words)
    const isAnswered = () => isHandingOver(customer) || customer.entries.at(-1)?.by !== 'customer'
    await contact.until(isAnswered, contact.pace.botMs)
  })
}

async function wishForPerson(scene: Scene): Promise<void> {
  scene.wishes.push(wish)
  await say(scene, wish)
}

/** First words are said one conversation at a time, so that no two look alike: by them a ticket is known. */
async function say(scene: Scene, words: string): Promise<void> {
  const { customer, contact, said, key, inTurn } = scene
  const isFirst = said.length === 0
  said.push(words)
  const id = `${key}-${said.length}`
  if (!isFirst) return customer.say(id, words)
  await inTurn(async () => {
    await customer.say(id, words)
    await contact.pause(2)
    await contact.until(() => customer.entries.length > 0)
  })
}

async function accept(scene: Scene): Promise<Held | undefined> {
  const { agents, contact, customer } = scene
  const held = await agents.accept((ticket) => isOf(customer.entries, ticket))
  if (held) {
    scene.held = held
    scene.agent = held.agent
  } else await contact.pause(contact.pace.lookMs)
  return held
}

/** A chat does not tell its customer the conversation's number: the first words, their place and moment tell it as well. */
function isOf(entries: readonly Entry[], ticket: TicketView): boolean {
  const mine = entries.find((entry) => entry.by === 'customer')
  const theirs = ticket.context.transcript.find((entry) => entry.by === 'customer')
  if (!mine || !theirs) return false
  const [words, others] = textsOf([mine, theirs])
  return mine.seq === theirs.seq && mine.at === theirs.at && words === others
}

const look = (scene: Scene): Promise<TicketView> => scene.held!.look()

/** One turn, until the other side has it or patience ends; what arrives later is found by the ledger. */
async function pass(scene: Scene, { by, text }: Turn, place: number): Promise<void> {
  const { customer, contact, held, said, answered, recording, key, tell } = scene
  const id = `${key}-turn-${place}`
  if (by === 'action') return held!.note(id, text)
  if (by === 'customer') await say(scene, text)
  else {
    answered.push(text)
    await held!.say(id, text)
  }
  const isThere =
    by === 'customer'
      ? async () => countOf(customerWords(await look(scene)), text) >= countOf(said, text)
      : () => countOf(agentWords(customer.entries), text) >= countOf(answered, text)
  if (!(await contact.until(isThere))) tell(`${place}/${recording.turns.length} has not reached the other side yet`)
}

async function keepPace({ speed, contact }: Scene, work: () => Promise<void>): Promise<void> {
  const startedAt = performance.now()
  await work()
  if (speed !== undefined) await contact.pause(Math.max(0, 1000 / speed - (performance.now() - startedAt)))
}

function viewOf({ customer, route: { mapping }, agent }: Scene): Pick<Played, 'customerView' | 'joined' | 'ended'> {
  const word = (key: 'joined' | 'ended') => wording(mapping.words, mapping.language, key, { agent })
  return { customerView: customer.entries, joined: word('joined'), ended: word('ended') }
}
