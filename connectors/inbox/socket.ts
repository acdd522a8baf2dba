/** The live link of an agent's page: the whole state at first and after each change; nothing is lost with a frame, since all of it is read again. */

import type { FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { Compile } from 'typebox/compile'
import type { WebSocket } from 'ws'
import { HubError } from '#hub/connector.ts'
import { type Agent, seen } from './agents.ts'
import { type Board, boardOf, readBoard } from './board.ts'
import * as bodies from './bodies.ts'
import type { Commands } from './commands.ts'
import type { DraftNews } from './drafts.ts'
import { type Inbox, topics } from './inbox.ts'
import type { Router } from './router.ts'
import type { SignIn } from './signin.ts'

const isHello = Compile(bodies.hello)
const isFrame = Compile(bodies.frame)
const helloWithinMs = 10_000
/** Changes within so short a time are one frame. */
const gatherMs = 40
/** The longest words there may be, each letter written in six, and what the page keeps of their files. */
const longestFrame = 81_920

interface Page {
  readonly agent: Agent
  /** The last state sent, without its clock: the same one is not sent again. */
  last: string
  send(frame: object): void
  close(code: number, reason: string): void
}

/** Somebody looks at a conversation, or (null) at none. Only colleagues hear of it. */
interface HereNews {
  readonly agent: string
  readonly name: string
  readonly ticket: string | null
  readonly writing: boolean
}

export interface Sockets {
  add(page: Page): Promise<void>
  tellHere(agent: Agent, ticket: string | null, writing: boolean): void
  remove(page: Page): void
  close(): void
}

export function createSockets(inbox: Inbox): Sockets {
  const pages = new Set<Page>()
  const touched = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  const tell = async (tickets: readonly string[]) => {
    if (pages.size === 0) return
    const board = await readBoard(inbox)
    for (const page of pages) {
      show(page, board)
      if (tickets.length > 0) page.send({ t: 'touched', tickets })
    }
  }
  const gather = (data: unknown) => {
    for (const ticket of (data as { tickets?: string[] }).tickets ?? []) touched.add(ticket)
    timer ??= setTimeout(() => {
      timer = undefined
      const tickets = [...touched]
      touched.clear()
      tell(tickets).catch((error: unknown) =>
        inbox.host.log.warn({ err: error }, 'Pages of the inbox were not told of a change'),
      )
    }, gatherMs)
  }
  const unsubscribe = [
    inbox.host.signals.subscribe(topics.changed(inbox), gather),
    inbox.host.signals.subscribe(topics.typing(inbox), (data) => {
      for (const page of pages) page.send({ t: 'typing', ...(data as object) })
    }),
    inbox.host.signals.subscribe(topics.here(inbox), (data) => {
      const here = data as HereNews
      for (const page of pages) if (page.agent.id !== here.agent) page.send({ t: 'here', ...here })
    }),
    inbox.host.signals.subscribe(topics.draft(inbox), (data) => {
      const { agent, ticket } = data as DraftNews
      for (const page of pages) if (page.agent.id === agent) page.send({ t: 'draft', ticket })
    }),
  ]
  const tellHere = ({ id, name }: Agent, ticket: string | null, writing: boolean) =>
    inbox.host.signals.publish(topics.here(inbox), { agent: id, name, ticket, writing } satisfies HereNews)
  return {
    add: async (page) => {
      pages.add(page)
      show(page, await readBoard(inbox))
    },
    tellHere,
    remove: (page) => {
      pages.delete(page)
      // Who has another page open tells so again within seconds.
      tellHere(page.agent, null, false)
    },
    close: () => {
      clearTimeout(timer)
      for (const stop of unsubscribe) stop()
      for (const page of pages) page.close(1001, 'The hub is stopping')
    },
  }
}

function show(page: Page, board: Board): void {
  const own = boardOf(board, page.agent.id)
  if (!own) {
    page.close(4401, 'You are not an agent of this inbox any more')
    return
  }
  const { now, ...state } = own
  const text = JSON.stringify(state)
  if (text === page.last) return
  page.last = text
  page.send({ t: 'state', now, ...state })
}

type Said = Extract<Static<typeof bodies.frame>, { t: 'say' }>

interface Parts {
  readonly inbox: Inbox
  readonly router: Router
  readonly commands: Commands
  readonly sockets: Sockets
}

/** The first frame says who it is; the token is never in the URL, where logs would keep it. */
export function serveSocket(
  parts: Parts,
  signIn: (request: FastifyRequest, token: string | undefined) => Promise<SignIn>,
  socket: WebSocket,
  request: FastifyRequest,
): void {
  let page: Page | undefined
  let isGreeting = false
  const send = (frame: object) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(frame))
  const close = (code: number, reason: string) => socket.close(code, reason)
  const late = setTimeout(() => close(4408, 'No hello came'), helloWithinMs)

  const greet = async (data: unknown) => {
    if (isGreeting || !isHello.Check(data)) return close(4400, 'The first frame must be {"t":"hello","token":"…"}')
    isGreeting = true
    clearTimeout(late)
    const result = await signIn(request, data.token)
    if (!('agent' in result))
      return close({ 401: 4401, 403: 4403, 429: 4429 }[result.status], result.message.slice(0, 120))
    const { agent } = result
    const arrival = data.arrives && agent.presence === 'offline' ? 'online' : undefined
    await seen(parts.inbox, agent.id, data.presence ?? arrival)
    page = { agent, last: '', send, close }
    if (socket.readyState !== socket.OPEN) return
    await parts.sockets.add(page)
    parts.inbox.changed()
    parts.router.nudge()
  }
  const hear = async ({ agent }: Page, data: unknown) => {
    if (!isFrame.Check(data))
      return send({ t: 'error', error: 'invalid', message: 'Known frames: ping, sync, typing, seen, here, say' })
    if (data.t === 'sync') {
      page!.last = ''
      return parts.sockets.add(page!)
    }
    if (data.t === 'here') return parts.sockets.tellHere(agent, data.ticket, data.writing)
    if (data.t === 'seen') return parts.commands.saw(agent, data.ticket, data.until)
    if (data.t === 'typing') return parts.commands.typing(agent, data.ticket, data.on)
    if (data.t === 'say') return say(agent, data)
    await seen(parts.inbox, agent.id)
    send({ t: 'pong' })
  }
  /** What cannot be said is refused with the reason, and the page keeps it; what failed here is said again later. */
  const say = async (agent: Agent, { id, ticket, kind, text = '', files }: Said) => {
    try {
      await (kind === 'note' ? parts.commands.note : parts.commands.say)(agent, ticket, id, text, files)
      send({ t: 'ack', id })
    } catch (error) {
      if (!(error instanceof HubError)) throw error
      send({ t: 'error', id, code: error.code, message: error.message })
    }
  }
  socket.on('message', (raw) => {
    const data = parseFrame(raw.toString())
    const handled = page ? hear(page, data) : greet(data)
    Promise.resolve(handled).catch((error: unknown) => {
      parts.inbox.host.log.warn({ err: error }, 'A frame of the inbox failed')
      close(1011, 'Internal error')
    })
  })
  socket.on('close', () => {
    clearTimeout(late)
    if (page) parts.sockets.remove(page)
  })
}

function parseFrame(raw: string): unknown {
  if (raw.length > longestFrame) return undefined
  try {
    return JSON.parse(raw)
  } catch {
    return undefined
  }
}
