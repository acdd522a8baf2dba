/** What the chat knows and does; the view draws it anew whenever something changed. */
import { type Frame, newId, type Outgoing } from '../link.ts'
import { createHub } from './hub.ts'
import type { Store } from './store.ts'
import type { Config, Entry, Item, Options, PartOf, State } from './types.ts'
import type { Uploads } from './uploads.tsx'
import { spokenIn, type Words } from './words.ts'

/** The hub's choice to leave the line. The chat has its own button for it, always in sight: one in each sentence would be in the way. */
export const leaveLine = 'baton:leave'

/** A short break needs no banner. */
const bannerAfterMs = 2500
const typingEveryMs = 3000
/** Long enough to be read aloud once; then gone, so that going through the page never reads it again. */
const spokenMs = 1500

export type Chat = ReturnType<typeof createChat>

export interface Made {
  readonly options: Options
  readonly config: Config
  readonly language: string
  readonly words: Words
}

/** What is on the screen. */
export interface View {
  draw(): void
  focusComposer(): void
  focusLauncher(): void
  /** Looks of a part that was fetched later. */
  wear(css: string): void
}

export function createChat(made: Made, store: Store) {
  const { options, config, words } = made
  const listeners = new Map<string, ((detail?: unknown) => void)[]>()
  const emit = (name: string, detail?: unknown) => {
    for (const listener of listeners.get(name) ?? []) listener(detail)
  }
  let view: View
  let announceAfter = Number.POSITIVE_INFINITY
  let read = 0
  let typingTimer: ReturnType<typeof setTimeout>
  let bannerTimer: ReturnType<typeof setTimeout>
  let typedAt = 0
  let leaving: string | undefined
  let isDue = false

  const chat = {
    ...made,
    store,
    isOpen: false,
    control: 'bot' as State['control'],
    agent: undefined as string | undefined,
    handoff: undefined as State['handoff'],
    entries: [] as Entry[],
    /** Said here and not in `entries` yet, in order. */
    pending: [] as (Item & { isSent?: boolean })[],
    /** Once they are fetched. */
    uploads: undefined as Uploads | undefined,
    /** Grows with each change of what stands in the log. */
    version: 0,
    /** What others said and nobody has seen. */
    unread: 0,
    /** An agent has seen what was said here up to this moment of the record. */
    seenAt: 0,
    typing: undefined as string | undefined,
    isOnline: true,
    isOffline: false,
    isRefused: false,
    note: undefined as { text: string; isCalm?: boolean } | undefined,
    /** For those who listen. */
    spoken: [] as { id: string; text: string }[],
    /** Kept by the log: whether the newest stands in sight. */
    isAtBottom: true,

    begin(its: View) {
      view = its
      chat.pending = unsaid()
      document.addEventListener('visibilitychange', chat.seen)
      window.addEventListener('focus', chat.seen)
      if (options.isPage || options.open !== undefined || store.word('open')) chat.open(false)
      changed()
      hub.resume()
      emit('ready')
    },
    end(forget?: boolean) {
      hub.close()
      chat.uploads?.end()
      document.removeEventListener('visibilitychange', chat.seen)
      window.removeEventListener('focus', chat.seen)
      if (forget) store.forget()
    },
    on(name: string, listener: (detail?: unknown) => void) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener])
      if (name === 'ready') listener()
    },
    identify: (jwt: string): Promise<void> => hub.identify(jwt),
    set: (details: object): Promise<void> => hub.set(details),

    open(takesFocus = true) {
      if (chat.isOpen) return
      chat.isOpen = true
      store.keep('open', 'yes')
      // Before the first file: then there may be no network.
      if (config.files.types.length) files().catch(() => {})
      view.draw()
      if (takesFocus) view.focusComposer()
      chat.seen()
      emit('open')
    },
    close() {
      if (!chat.isOpen || options.isPage) return
      chat.isOpen = false
      store.keep('open', '')
      view.draw()
      view.focusLauncher()
      emit('close')
    },
    say: (text: string) => post({ text }),
    pick({ label, value }: { label: string; value: string }) {
      post({ choice: value, text: label })
      view.focusComposer()
    },
    /** The hub greets anew; what was said stays in sight. */
    again() {
      post({ choice: 'baton:again', text: words('again') })
      view.focusComposer()
    },
    /** Out of the line the customer is back with the bot; an agent is told, and ends it in their own words. */
    leave() {
      if (chat.control === 'waiting') return post({ choice: leaveLine, text: words('leaveLine') })
      leaving = newId()
      hub.send({ id: leaving, t: 'leave', at: Date.now() })
    },
    retry(id: string) {
      chat.pending = chat.pending.map(({ failed, ...item }) => (item.id === id || !failed ? item : { ...item, failed }))
      hub.retry(id)
      changed(true)
    },
    /** Tells that somebody is typing, again while it lasts, and once that it is over. */
    write(text: string) {
      store.keep('draft', text)
      const isTyping = text !== ''
      const isTold = isTyping ? Date.now() - typedAt < typingEveryMs : typedAt === 0
      if (isTold) return
      typedAt = isTyping ? Date.now() : 0
      hub.signal({ t: 'typing', on: isTyping })
    },
    /** The list of an input is emptied behind our back: what is in it is taken at once. */
    attach(list: FileList) {
      const given = [...list]
      files().then(
        (uploads) => uploads.attach(given),
        () => say(words('noUpload', { name: given[0]!.name })),
      )
    },
    tell: say,
    wear: (css: string) => view.wear(css),
    focus: () => view.focusComposer(),
    surveyWas(part: PartOf<'survey'>): 'answered' | 'declined' | undefined {
      const { surveys } = store.load()
      if (surveys.includes(nameOf(part))) return 'answered'
      return surveys.includes(`no ${nameOf(part)}`) ? 'declined' : undefined
    },
    surveyDone(part: PartOf<'survey'>, isDeclined?: boolean) {
      store.change((kept) => {
        kept.surveys = [...kept.surveys.slice(-20), `${isDeclined ? 'no ' : ''}${nameOf(part)}`]
      })
      store.keep('comment', '')
      changed(true)
      view.focusComposer()
    },
    /** The newest message may have come in sight. */
    seen() {
      const newest = chat.entries.at(-1)?.seq ?? 0
      if (!isInSight() || newest <= read) return
      hub.read(newest)
      onRead(newest)
    },
  }

  const hub = createHub(options.base, spokenIn(made.language, config.languages, !!options.lang), store, {
    state: onState,
    event: onEntries,
    other(frame) {
      if (frame.t === 'typing') onTyping(frame)
      else if (frame.t === 'read') onRead(frame.seq)
      else if (frame.t === 'seen') onSeen(frame.at)
    },
    sent(id) {
      if (id === leaving) say(words('told', { name: chat.agent ?? words('aPerson') }), true)
      chat.pending = chat.pending.map((item) => (item.id === id ? { ...item, isSent: true } : item))
      changed(true)
    },
    failed(item: Outgoing) {
      chat.pending = chat.pending.map((other) => (other.id === item.id ? (item as Item) : other))
      changed(true)
    },
    online(isOnline) {
      clearTimeout(bannerTimer)
      chat.isOnline = isOnline
      if (isOnline) chat.isOffline = false
      else
        bannerTimer = setTimeout(() => {
          chat.isOffline = true
          changed()
        }, bannerAfterMs)
      changed()
    },
    refused(problem) {
      if (problem) console.error(`Baton: ${problem.message ?? problem.status}`)
      chat.isRefused = problem !== undefined
      say(problem && words('refused'))
    },
    renewed() {
      Object.assign(chat, {
        control: 'bot',
        agent: undefined,
        handoff: undefined,
        entries: [],
        pending: unsaid(),
        seenAt: 0,
      })
      read = 0
      chat.unread = 0
      changed(true)
    },
  })

  async function files(): Promise<Uploads> {
    const { createUploads } = await import('./uploads.tsx')
    chat.uploads ??= createUploads({
      chat,
      authorization: hub.authorization,
      arrived: ({ id, name }) => post({ file: id, fileName: name }),
      changed,
    })
    return chat.uploads
  }

  function unsaid(): Item[] {
    return store.list().filter(({ t }) => t === 'say')
  }

  /** Draws once for all that changed in this turn. */
  function changed(isInLog = false) {
    if (isInLog) chat.version++
    if (isDue) return
    isDue = true
    queueMicrotask(() => {
      isDue = false
      view.draw()
    })
  }

  function say(text?: string, isCalm?: boolean) {
    if (text === chat.note?.text) return
    chat.note = text ? { text, isCalm } : undefined
    changed()
  }

  function post(said: Partial<Item>) {
    const item: Item = { id: newId(), t: 'say', at: Date.now(), ...said }
    chat.pending = [...chat.pending, item]
    chat.isAtBottom = true
    changed(true)
    hub.send(item)
  }

  function onState(state: State) {
    if (announceAfter === Number.POSITIVE_INFINITY) announceAfter = state.now - 5000
    const { control: before, agent } = chat
    chat.control = state.control
    chat.agent = state.agent
    chat.handoff = state.handoff
    if (state.control !== before || state.agent !== agent) {
      chat.typing = undefined
      if (chat.note?.isCalm) chat.note = undefined
      if (state.control === 'waiting' || state.control === 'agent')
        emit('handoff', { control: state.control, agent: state.agent })
      else if (before === 'waiting' || before === 'agent') emit('ended')
    }
    onRead(state.read)
    onSeen(state.seen)
  }

  function onSeen(at: number) {
    chat.seenAt = at
    changed(true)
  }

  function onEntries({ entries }: Frame) {
    const fresh = entries as Entry[]
    chat.entries = [...chat.entries, ...fresh]
    const known = new Set(fresh.map(({ client }) => client))
    chat.pending = chat.pending.filter(({ id }) => !known.has(id))
    for (const entry of fresh) {
      if (entry.by === 'customer') continue
      if (entry.at > announceAfter) announce(`${entry.name ?? words('assistant')}: ${spoken(entry)}`)
      chat.typing = undefined
    }
    changed(true)
    tellUnread()
    // Only once it is drawn it can be in sight.
    queueMicrotask(chat.seen)
  }

  function announce(text: string) {
    const line = { id: newId(), text }
    chat.spoken = [...chat.spoken, line]
    setTimeout(() => {
      chat.spoken = chat.spoken.filter((other) => other !== line)
      changed()
    }, spokenMs)
  }

  function isInSight() {
    return chat.isOpen && document.visibilityState === 'visible' && chat.isAtBottom
  }

  function onRead(seq: number) {
    if (!(seq > read)) return
    read = seq
    tellUnread()
  }

  function tellUnread() {
    const before = chat.unread
    chat.unread = chat.entries.filter(({ by, seq }) => (by === 'bot' || by === 'agent') && seq > read).length
    if (chat.unread !== before) emit('unread', chat.unread)
    changed()
  }

  function onTyping({ on, by, expiresIn }: Frame) {
    clearTimeout(typingTimer)
    chat.typing = on ? (by === 'agent' ? (chat.agent ?? words('aPerson')) : words('assistant')) : undefined
    if (on)
      typingTimer = setTimeout(() => {
        chat.typing = undefined
        changed()
      }, expiresIn * 1000)
    changed()
  }

  return chat
}

const nameOf = ({ handoff, url }: PartOf<'survey'>): string => `${handoff} ${url}`

/** The words of an entry for those who listen. */
function spoken(entry: Entry): string {
  return entry.message.parts
    .map((part) => {
      if (part.kind === 'text') return part.text
      if (part.kind === 'choices') return part.choices.map(({ label }) => label).join(', ')
      if (part.kind === 'articles') return part.articles.map(({ title }) => title).join(', ')
      return part.kind === 'file' ? part.name : part.question
    })
    .join('. ')
}
