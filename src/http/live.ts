/**
 * The live link of staff: counts, and which topics changed, at most twice in a second. It reads the record only while somebody
 * listens: after something changed, and every few seconds for what nobody tells it, time itself and a notification that was lost
 * between hubs.
 */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import { type Action, reachOf, type Staff } from '../access.ts'
import type { Clock } from '../clock.ts'
import type { Health } from '../gates.ts'
import { conversationTopic, type Hub } from '../hub.ts'
import type { Mapping } from '../mapping.ts'
import { markedTopic } from '../marker.ts'
import { countDeadLetters, countPeople, type Desks, readSign } from '../postgres/counts.ts'
import { Unauthorized } from './auth.ts'
import type { Recognise } from './guard.ts'

export interface Counts {
  readonly waiting: number
  /** Of these, longer than their mapping allows. */
  readonly over: number
  readonly withAgent: number
  readonly deadLetters: number
  /** Connections that are not healthy. */
  readonly failing: number
  /** Their words, worst first: "1 failing, 2 slow". */
  readonly unwell: string
  readonly suggestions: number
}

export type LiveFrame =
  | { readonly t: 'state'; readonly now: number; readonly counts: Counts }
  | { readonly t: 'changed'; readonly topics: readonly string[]; readonly now: number; readonly counts: Counts }
  | { readonly t: 'pong'; readonly now: number }

/** What else is counted, by those who keep it: given the desks a person may see. */
export interface MoreCounts {
  suggestions?(desks: Desks): Promise<number>
  unwell?(): Promise<Unwell>
}

/** Connections that are not healthy, by gate and traffic: the one count of all screens. */
export interface Unwell {
  readonly words: string
  /** Worst first. */
  readonly connections: readonly { readonly name: string; readonly health: Health }[]
}

export interface LiveParts {
  readonly hub: Hub
  readonly clock: Clock
  readonly mappings: readonly Mapping[]
  readonly recognise: Recognise
  readonly more?: MoreCounts
}

const mayListen = 'connections.read'
const gatherMs = 500
/** Limits are passed without anything happening, and signals between hubs may be dropped. */
const lookMs = 5_000
/** Somebody may have signed out elsewhere, or may do less than before. */
const askWhoMs = 10_000
/** The page has to sign in again. */
const goneCode = 4401
const mostWatched = 50

interface Seat {
  readonly socket: WebSocket
  readonly request: FastifyRequest
  staff: Staff
  readonly watched: Map<number, () => void>
  /** Watched conversations that changed since the last frame. */
  readonly changed: Set<number>
  before?: Look
}

interface Look {
  readonly counts: Counts
  readonly print: string
}

export const live =
  (parts: LiveParts): FastifyPluginAsync =>
  async (app) => {
    const { hub, clock, mappings, recognise, more = {} } = parts
    const seats = new Set<Seat>()
    const unheard: (() => void)[] = []
    let isDirty = false
    /** Some conversation changed since pages were told. */
    let hasNews = false
    let sign: string | undefined
    let gathering: NodeJS.Timeout | undefined
    let looking: NodeJS.Timeout | undefined
    let asking: NodeJS.Timeout | undefined

    const stir = () => {
      isDirty = true
      gathering ??= setTimeout(() => void tell(), gatherMs)
    }
    const hear = () => {
      hasNews = true
      stir()
    }
    const look = async () => {
      try {
        const now = await readSign(hub.pool)
        hasNews ||= now !== sign
        sign = now
      } catch (error) {
        app.log.debug({ err: error }, 'the live link could not look')
      }
      if (seats.size > 0) stir()
    }
    const tell = async () => {
      isDirty = false
      const isNews = hasNews
      hasNews = false
      try {
        await tellAll([...seats], (staff) => lookFor(hub, clock, mappings, more, staff), clock, isNews)
      } catch (error) {
        hasNews ||= isNews
        app.log.debug({ err: error }, 'the live link could not look')
      }
      gathering = undefined
      if (isDirty && seats.size > 0) stir()
    }
    const askWho = async (seat: Seat) => {
      try {
        const before = printOf(seat.staff)
        seat.staff = await recognise(seat.request, 'again')
        if (reachOf(seat.staff, mayListen) === undefined) return seat.socket.close(goneCode)
        if (printOf(seat.staff) === before) return
        seat.before = await lookFor(hub, clock, mappings, more, seat.staff)
        say(seat.socket, { t: 'changed', topics: ['session'], now: clock.now(), counts: seat.before.counts })
      } catch (error) {
        if (error instanceof Unauthorized) seat.socket.close(goneCode)
      }
    }
    /** Nobody hears, nothing is asked: a hub without a console pays nothing. */
    const first = () => {
      unheard.push(hub.fanout.subscribe('conversations', hear), hub.fanout.subscribe('gates', stir))
      looking = setInterval(() => void look(), lookMs).unref()
      asking = setInterval(() => seats.forEach((seat) => void askWho(seat)), askWhoMs).unref()
    }
    const last = () => {
      for (const unhear of unheard.splice(0)) unhear()
      clearInterval(looking)
      clearInterval(asking)
      clearTimeout(gathering)
      gathering = undefined
    }
    app.addHook('onClose', async () => {
      last()
      for (const { socket } of seats) socket.close(1001)
    })

    app.get('/live', { websocket: true, schema: { hide: true }, config: { may: mayListen } }, (socket, request) => {
      const seat: Seat = { socket, request, staff: request.staff!, watched: new Map(), changed: new Set() }
      const isOpen = () => socket.readyState === socket.OPEN
      const sit = async () => {
        // Read before the page reads: what changes from here on is told.
        if (seats.size === 0) sign = await readSign(hub.pool)
        seat.before = await lookFor(hub, clock, mappings, more, seat.staff)
        if (!isOpen()) return
        if (!seats.has(seat) && seats.add(seat).size === 1) first()
        say(socket, { t: 'state', now: clock.now(), counts: seat.before.counts })
      }
      socket.on('message', (data) => {
        const frame = readFrame(String(data))
        if (frame?.t === 'ping') say(socket, { t: 'pong', now: clock.now() })
        else if (frame?.t === 'hello' || frame?.t === 'sync') sit().catch(() => socket.close(1011))
        else if (frame?.t === 'watch') watch(hub, seat, frame.conversations, stir)
      })
      socket.on('error', () => socket.terminate())
      socket.on('close', () => {
        for (const unwatch of seat.watched.values()) unwatch()
        if (seats.delete(seat) && seats.size === 0) last()
      })
    })
  }

/** Those who may see the same share one look. */
async function tellAll(
  seats: readonly Seat[],
  look: (staff: Staff) => Promise<Look>,
  clock: Clock,
  isNews: boolean,
): Promise<void> {
  const looks = new Map<string, Promise<Look>>()
  for (const seat of seats) {
    const name = printOf(seat.staff)
    if (!looks.has(name)) looks.set(name, look(seat.staff))
    const now = await looks.get(name)!
    const topics = [
      ...(isNews ? ['conversations'] : []),
      ...topicsOf(seat.before, now),
      ...[...seat.changed].map(conversationTopic),
    ]
    seat.changed.clear()
    seat.before = now
    if (topics.length > 0) say(seat.socket, { t: 'changed', topics, now: clock.now(), counts: now.counts })
  }
}

/** The same for all who may see the same. */
const printOf = ({ role, desks, scopes }: Staff): string => `${role} ${desks.join('\n')} ${scopes?.join() ?? '*'}`

function topicsOf(before: Look | undefined, now: Look): string[] {
  const differs = (name: keyof Counts) => before?.counts[name] !== now.counts[name]
  const topics: string[] = []
  if (before?.print !== now.print || differs('over')) topics.push('queue')
  if (differs('unwell')) topics.push('connections', 'queue')
  if (differs('deadLetters')) topics.push('dead-letters')
  if (differs('suggestions')) topics.push('suggestions')
  return topics
}

async function lookFor(
  hub: Hub,
  clock: Clock,
  mappings: readonly Mapping[],
  more: MoreCounts,
  staff: Staff,
): Promise<Look> {
  const desksFor = (action: Action): Desks => (reachOf(staff, action) === 'own' ? staff.desks : undefined)
  const may = (action: Action) => reachOf(staff, action) !== undefined
  const limits = Object.fromEntries(mappings.map(({ name, limits }) => [name, limits.waitMs]))
  const nobody = { waiting: 0, over: 0, withAgent: 0, print: '' }
  const [{ print, ...people }, deadLetters, suggestions, unwell] = await Promise.all([
    may('queue.read') ? countPeople(hub.pool, desksFor('queue.read'), limits, clock.now()) : nobody,
    may('dead-letters.read') ? countDeadLetters(hub.pool, desksFor('dead-letters.read')) : 0,
    (may('suggestions.read') && more.suggestions?.(desksFor('suggestions.read'))) || 0,
    more.unwell?.(),
  ])
  const { connections = [], words = '' } = unwell ?? {}
  return { print, counts: { ...people, deadLetters, suggestions, failing: connections.length, unwell: words } }
}

function watch(hub: Hub, seat: Seat, asked: unknown, stir: () => void): void {
  const wanted = new Set(Array.isArray(asked) ? asked.filter(Number.isSafeInteger).slice(0, mostWatched) : [])
  for (const [id, unwatch] of seat.watched) {
    if (wanted.has(id)) continue
    unwatch()
    seat.watched.delete(id)
  }
  for (const id of wanted) {
    if (seat.watched.has(id)) continue
    const note = () => {
      seat.changed.add(id)
      stir()
    }
    const unwatch = [
      hub.fanout.subscribe(conversationTopic(id), note),
      hub.fanout.subscribe(markedTopic, (ids) => (ids as number[]).includes(id) && note()),
    ]
    seat.watched.set(id, () => {
      for (const one of unwatch) one()
    })
  }
}

function readFrame(text: string): { t: unknown; conversations?: unknown } | undefined {
  try {
    const frame: unknown = JSON.parse(text)
    return typeof frame === 'object' && frame !== null && 't' in frame ? frame : undefined
  } catch {
    return undefined
  }
}

const say = (socket: WebSocket, frame: LiveFrame): void => {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
}
