/** The chat at the hub: a session, the live link, uploads. What is said over them is the concern of the model. */
import { createLink, type Frame, type Link, type Outgoing, type Problem } from '../link.ts'
import type { Store } from './store.ts'
import type { State } from './types.ts'

export interface Heard {
  state(state: State): void
  event(frame: Frame): void
  other(frame: Frame): void
  sent(id: string): void
  failed(item: Outgoing): void
  online(isOnline: boolean): void
  /** The chat cannot be used here, nothing is tried again; undefined: now it can. */
  refused(problem: Problem | undefined): void
  /** Another thread: what was shown is not of this visitor any more. */
  renewed(): void
}

export interface Hub extends Pick<Link, 'send' | 'retry' | 'signal' | 'close'> {
  /** Connects where something was said before. */
  resume(): void
  /** The read mark; by REST where there is no socket. */
  read(seq: number): void
  identify(jwt: string): Promise<void>
  /** What the page knows of the customer; told with the first words where nothing was said yet. */
  set(details: object): Promise<void>
  /** The header that shows the hub whose chat this is. */
  authorization(): Promise<string>
}

/** @param language what the customer is to be spoken to in */
export function createHub(base: string, language: string, store: Store, hear: Heard): Hub {
  let identity: string | undefined
  let details: { facts?: object } | undefined
  const token = () => store.load().token
  const bearer = (): Record<string, string> => (token() ? { authorization: `Bearer ${token()}` } : {})

  // biome-ignore lint/suspicious/noExplicitAny: each caller knows the answer to its own question
  async function call(path: string, body?: object, signal = AbortSignal.timeout(30_000)): Promise<any> {
    const answer = await fetch(base + path, {
      signal,
      ...(body
        ? { method: 'POST', headers: { ...bearer(), 'content-type': 'application/json' }, body: JSON.stringify(body) }
        : { headers: bearer() }),
    })
    const said = answer.status === 204 ? {} : await answer.json().catch(() => ({}))
    if (!answer.ok) throw problemOf(answer.status, said)
    return said
  }

  /** A token; the one we have where it serves. */
  async function begin(): Promise<void> {
    const before = token()
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    const begun = await call('/sessions', { language, timeZone, identity })
    store.change((kept) => {
      kept.token = begun.token
    })
    await describe()
    if (before && before !== begun.token) hear.renewed()
  }

  /** A mistake of the page in them must not cost the customer the chat. */
  async function describe(): Promise<void> {
    if (details && token())
      await call('/details', details).catch(({ message }) => console.error(`Baton.set: ${message ?? 'not sent'}`))
  }

  const link = createLink({
    open: () => new WebSocket(`${base.replace(/^http/, 'ws')}/socket`),
    async hello() {
      if (!token()) await begin()
      return { token: token() }
    },
    async poll(after, seconds, signal) {
      const { entries, ...state } = await call(`/messages?after=${after}&wait=${seconds}`, undefined, signal)
      const seq = entries.at(-1)?.seq
      return [{ t: 'state', ...state }, ...(seq ? [{ t: 'entries', after, seq, entries }] : [])]
    },
    async post({ t, at: _, failed: __, ...said }, signal) {
      await call(t === 'leave' ? '/leave' : '/messages', said, signal)
    },
    outbox: store,
    hear: {
      ...hear,
      state: (frame) => hear.state(frame as unknown as State),
      status: (word) => hear.online(word === 'live'),
      expired() {
        const isKnown = token() !== undefined
        store.change((kept) => {
          delete kept.token
        })
        if (isKnown) hear.renewed()
        return isKnown
      },
    },
  })

  return {
    ...link,
    resume() {
      if (token() || store.list().some(({ failed }) => !failed)) link.connect()
    },
    read(seq) {
      if (!link.signal({ t: 'read', seq }) && link.isLive()) call('/read', { seq }).catch(() => {})
    },
    async identify(jwt) {
      identity = jwt
      await begin()
      hear.refused(undefined)
      link.restart()
    },
    async set(given: { facts?: object }) {
      details = { ...details, ...given, facts: { ...details?.facts, ...given.facts } }
      await describe()
    },
    async authorization() {
      if (!token()) await begin()
      return bearer().authorization!
    },
  }
}

/** A browser says status 0 where it got no answer. */
export const problemOf = (status: number, said: Problem | null): Problem => ({
  ...(status ? { status } : {}),
  message: said?.message,
  retryAfterMs: said?.retryAfterMs,
})
