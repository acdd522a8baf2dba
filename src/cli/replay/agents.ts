/** The demo agents of an inbox, as their pages would act: sign in, look, accept, write, resolve. */
import { HubError } from '../../errors.ts'
import type { TranscriptEntry } from '../../handoff.ts'
import type { Message } from '../../message.ts'
import type { Contact } from './contact.ts'

/** What an agent can read of a ticket. */
export interface TicketView {
  readonly id: string
  readonly conversation: number
  readonly status: string
  readonly outcome: string | null
  readonly agent: { readonly id: string; readonly name: string } | null
  /** Its transcript is what was said before the ticket's own messages. */
  readonly context: { readonly transcript: readonly TranscriptEntry[] }
  readonly messages: readonly TicketMessage[]
}

export interface TicketMessage {
  readonly by: 'customer' | 'agent' | 'hub'
  readonly visibility: 'public' | 'internal'
  readonly message: Message
}

export interface Agents {
  /** Accepts the ticket that `isOurs` knows; undefined while there is none. */
  accept(isOurs: (ticket: TicketView) => boolean): Promise<Held | undefined>
  /** Stops working, and leaves the agents as they were found. */
  close(): Promise<void>
}

/** A ticket that one of our agents has accepted. Every `id` is the page's own: the same one is written once. */
export interface Held {
  readonly agent: string
  /** Reads the ticket again, at most once in `lookMs`. */
  look(): Promise<TicketView>
  say(id: string, text: string): Promise<void>
  note(id: string, text: string): Promise<void>
  resolve(): Promise<void>
}

interface Agent {
  readonly id: string
  readonly name: string
  readonly token: string
  readonly presence: string
}

/** Unseen for a minute, an agent counts as away. */
const signOfLifeMs = 15_000

export async function openAgents(contact: Contact, desk: string): Promise<Agents> {
  const path = `/hooks/${desk}`
  const agents = await signIn(contact, path)
  const present = (presence: string, agent: Agent) =>
    contact.call('POST', `${path}/presence`, { token: agent.token, body: { presence } })
  await Promise.all(agents.map((agent) => present('online', agent)))
  const alive = setInterval(() => {
    for (const agent of agents) present('online', agent).catch((error) => contact.fail(error))
  }, signOfLifeMs)

  const views = new Map<string, TicketView>()
  const taken = new Set<string>()
  const read = (id: string, agent: Agent) =>
    contact.call<TicketView>('GET', `${path}/tickets/${id}`, { token: agent.token })

  /** First as the one it rings at; undefined when none of ours can have it now. */
  const take = async (id: string, ringsAt?: string): Promise<Agent | undefined> => {
    for (const agent of agents.toSorted((a, b) => Number(b.id === ringsAt) - Number(a.id === ringsAt))) {
      const isAccepted = await contact
        .call('POST', `${path}/tickets/${id}/accept`, { token: agent.token })
        .then(() => true, refusedBy('conflict', false))
      if (isAccepted) return agent
    }
  }

  return {
    async accept(isOurs) {
      const board = await contact.call<Board>('GET', `${path}/tickets`, { token: agents[0]!.token })
      for (const { id, mode, agent } of [...board.offers, ...board.mine, ...board.queue]) {
        if (mode !== 'live' || taken.has(id)) continue
        const view = views.get(id) ?? (await read(id, agents[0]!))
        views.set(id, view)
        if (taken.has(id) || !isOurs(view)) continue
        taken.add(id)
        const holder = await take(id, agent?.id)
        if (holder) return hold(contact, path, id, holder, { read, take })
        taken.delete(id)
      }
    },

    async close() {
      clearInterval(alive)
      if (!contact.signal.aborted) await Promise.all(agents.map((agent) => present(agent.presence, agent)))
    },
  }
}

interface Board {
  readonly offers: readonly Line[]
  readonly mine: readonly Line[]
  readonly queue: readonly Line[]
}
interface Line {
  readonly id: string
  readonly mode: string
  readonly agent: { readonly id: string } | null
}

async function signIn(contact: Contact, path: string): Promise<Agent[]> {
  const { demo } = await contact.call<{ demo: string[] }>('GET', `${path}/welcome`)
  if (demo.length === 0)
    throw new HubError(
      'refused',
      `The inbox at ${contact.url}${path} lets no demo agents in. They sign in only on the machine the hub runs on (http://127.0.0.1:…), when its setting demo is on.`,
    )
  return Promise.all(
    demo.map(async (name) => {
      const { token } = await contact.call<{ token: string }>('POST', `${path}/demo`, { body: { name } })
      return { ...(await contact.call<Omit<Agent, 'token'>>('GET', `${path}/me`, { token })), token }
    }),
  )
}

interface Desk {
  read(id: string, agent: Agent): Promise<TicketView>
  take(id: string): Promise<Agent | undefined>
}

function hold(contact: Contact, path: string, id: string, first: Agent, { read, take }: Desk): Held {
  let holder = first
  let view: TicketView | undefined
  let readAt = 0
  /** A hub that was away for long has given the ticket back to the line: then it is accepted again. */
  const act = async (verb: string, body: object): Promise<void> => {
    const attempt = () => contact.call('POST', `${path}/tickets/${id}/${verb}`, { token: holder.token, body })
    try {
      await attempt()
    } catch (error) {
      if (!(error instanceof HubError) || error.code !== 'conflict') throw error
      const again = await take(id)
      if (!again) throw error
      holder = again
      await attempt()
    }
  }
  return {
    get agent() {
      return holder.name
    },
    async look() {
      if (view && performance.now() - readAt < contact.pace.lookMs) return view
      view = await read(id, holder)
      readAt = performance.now()
      return view
    },
    say: (own, text) => act('messages', { id: own, text }),
    note: (own, text) => act('notes', { id: own, text }),
    resolve: () => act('resolve', {}),
  }
}

/** The fallback when the hub refuses for this reason; every other failure is thrown on. */
const refusedBy =
  <T>(code: HubError['code'], fallback: T) =>
  (error: unknown): T => {
    if (error instanceof HubError && error.code === code) return fallback
    throw error
  }
