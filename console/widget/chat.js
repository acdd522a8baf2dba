/** Joins link, log and view; holds the little that is neither: open or not, who speaks, what is unread. */
import { createLink } from './link.js'
import { createLog, spoken } from './log.js'
import { leaveLine } from './parts.js'
import { createStore, newId } from './store.js'
import { createView } from './view.js'

const languages = ['en', 'de', 'fr', 'es', 'pt']
const fallback = {
  title: 'Chat',
  color: '#0f766e',
  languages,
  textLength: 4000,
  files: { maxBytes: 0, types: [] },
}
/** A short break needs no banner. */
const bannerAfterMs = 2500
const typingEveryMs = 3000

/** @param {any} options the script tag's data, with `base` (the chat's address) and `isPage` */
export async function start(options) {
  const { base } = options
  const config = await loadConfig(base)
  const language = chooseLanguage(
    [options.lang, options.isPage ? undefined : document.documentElement.lang, navigator.language],
    config.languages,
  )
  const words = await wordsIn(language)
  const store = createStore(base)
  const listeners = new Map()
  const emit = (name, detail) => {
    for (const listener of listeners.get(name) ?? []) listener(detail)
  }

  let isOpen = false
  let control = 'bot'
  let agent
  let read = 0
  let newest = 0
  /** Seqs of what others said and nobody has seen. @type {number[]} */
  let unseen = []
  let announceAfter = Number.POSITIVE_INFINITY
  let typingTimer = 0
  let bannerTimer = 0
  let typedAt = 0

  const view = createView({
    config,
    options,
    words,
    language,
    draft: store.draft(),
    does: { toggle: () => (isOpen ? close() : open()), close, say, write, attach, leave, seen },
  })
  const log = createLog({
    list: view.log,
    base,
    words,
    language,
    greeting: config.greeting || words('greeting'),
    onChoice({ value, label }) {
      post({ choice: value, text: label })
      view.focusComposer()
    },
    onRetry: retry,
    isAnswered: ({ handoff, url }) => store.load().surveys.includes(`${handoff} ${url}`),
    onSurvey({ handoff, url }) {
      store.change((kept) => {
        kept.surveys = [...kept.surveys.slice(-20), `${handoff} ${url}`]
      })
      view.focusComposer()
    },
  })
  const link = createLink({
    base,
    store,
    about: { language: navigator.language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
    hear: {
      state: onState,
      entries: onEntries,
      typing: onTyping,
      read: onRead,
      sent: log.sent,
      failed: log.expect,
      online: onOnline,
      refused: onRefused,
      renewed: onRenewed,
    },
  })

  view.control(control)
  view.unread(0, false)
  for (const item of store.load().outbox) log.expect(item)
  document.addEventListener('visibilitychange', seen)
  window.addEventListener('focus', seen)
  if (options.isPage || options.open !== undefined || store.wasOpen()) open(false)
  emit('ready')

  function open(takesFocus = true) {
    if (isOpen) return
    isOpen = true
    store.keepOpen(true)
    view.open(true, takesFocus)
    seen()
    emit('open')
  }

  function close() {
    if (!isOpen || options.isPage) return
    isOpen = false
    store.keepOpen(false)
    view.open(false, true)
    view.unread(unseen.length, false)
    emit('close')
  }

  /** @param {string} text */
  function say(text) {
    post({ text })
    return true
  }

  function post(said) {
    const item = { id: newId(), at: Date.now(), ...said }
    view.follow(true, () => log.expect(item))
    link.say(item)
  }

  function retry(id) {
    link.retry(id)
    const item = store.load().outbox.find((other) => other.id === id)
    if (item) log.expect(item)
  }

  /** Tells that somebody is typing, again while it lasts, and once that it is over. */
  function write(text) {
    store.keepDraft(text)
    const isTyping = text !== ''
    const isTold = isTyping ? Date.now() - typedAt < typingEveryMs : typedAt === 0
    if (isTold) return
    typedAt = isTyping ? Date.now() : 0
    link.typing(isTyping)
  }

  /** @param {File[]} files */
  async function attach(files) {
    for (const file of files) {
      const { name } = file
      if (file.size > config.files.maxBytes)
        view.say(words('tooLarge', { name, n: Math.floor(config.files.maxBytes / 1_048_576) }))
      else if (file.type && !config.files.types.includes(file.type)) view.say(words('wrongType', { name }))
      else await upload(file)
    }
  }

  async function upload(file) {
    view.say(words('uploading', { name: file.name }), true)
    try {
      const stored = await link.upload(file)
      view.say('')
      post({ file: stored.id, fileName: stored.name })
    } catch (error) {
      view.say(error.status === 415 ? words('wrongType', { name: file.name }) : words('noUpload', { name: file.name }))
    }
  }

  /** Out of the line the customer is back with the bot; an agent is told, and ends it in their own words. */
  async function leave() {
    if (control === 'waiting') return post({ choice: leaveLine, text: words('leaveLine') })
    try {
      await link.leave()
      view.say(words('told', { name: agent || words('aPerson') }), true)
    } catch {
      view.say(words('notSent'))
    }
  }

  function onState(state) {
    if (announceAfter === Number.POSITIVE_INFINITY) announceAfter = state.now - 5000
    if (state.control === control && state.agent === agent) return onRead(state.read)
    const before = control
    control = state.control
    agent = state.agent
    view.control(control, agent)
    view.typing()
    view.say('')
    if (control === 'waiting' || control === 'agent') emit('handoff', { control, agent })
    else if (before === 'waiting' || before === 'agent') emit('ended')
    onRead(state.read)
  }

  function onEntries(entries) {
    const isOwn = entries.some((entry) => entry.by === 'customer')
    view.follow(isOwn, () => entries.forEach(log.add))
    newest = entries[entries.length - 1].seq
    for (const entry of entries) {
      if (entry.by === 'customer') continue
      if (entry.by !== 'hub' && entry.seq > read) unseen.push(entry.seq)
      if (entry.at > announceAfter) view.announce(`${entry.name ?? words('assistant')}: ${spoken(entry)}`)
      view.typing()
    }
    if (isInSight()) seen()
    else tellUnread()
  }

  function isInSight() {
    return isOpen && document.visibilityState === 'visible' && view.isAtBottom()
  }

  function seen() {
    if (!isInSight() || newest <= read) return
    link?.read(newest)
    onRead(newest)
  }

  function onRead(seq) {
    if (!(seq > read)) return
    read = seq
    unseen = unseen.filter((other) => other > read)
    tellUnread()
  }

  function tellUnread() {
    view.unread(unseen.length, isOpen)
    emit('unread', unseen.length)
  }

  function onTyping({ on, by, expiresIn }) {
    clearTimeout(typingTimer)
    if (!on) return view.typing()
    view.typing(by === 'agent' ? agent || words('aPerson') : words('assistant'))
    typingTimer = setTimeout(() => view.typing(), expiresIn * 1000)
  }

  function onOnline(isOnline) {
    clearTimeout(bannerTimer)
    if (isOnline) return view.online(true, '')
    bannerTimer = setTimeout(() => view.online(false, words('offline')), bannerAfterMs)
  }

  function onRefused(message) {
    clearTimeout(bannerTimer)
    if (message) console.error(`Baton: ${message}`)
    view.refuse(message && words('refused'))
  }

  function onRenewed() {
    log.clear()
    control = 'bot'
    agent = undefined
    read = 0
    newest = 0
    unseen = []
    view.control(control)
    tellUnread()
    for (const item of store.load().outbox) log.expect(item)
  }

  return {
    open,
    close,
    identify: (jwt) => link.identify(jwt),
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener])
      if (name === 'ready') listener()
    },
    remove(how) {
      link.close()
      view.remove()
      document.removeEventListener('visibilitychange', seen)
      window.removeEventListener('focus', seen)
      if (how?.forget) store.forget()
    },
  }
}

async function loadConfig(base) {
  try {
    const response = await fetch(`${base}/config`)
    if (!response.ok) throw new Error((await response.json()).message)
    return { ...fallback, ...(await response.json()) }
  } catch (error) {
    console.warn('Baton: the chat’s settings could not be read, it shows its own.', error)
    return fallback
  }
}

/** The first wanted language that is permitted, else the first permitted one. */
function chooseLanguage(wanted, permitted) {
  const known = permitted.filter((language) => languages.includes(language))
  const short = wanted.map((tag) => tag?.toLowerCase().split('-')[0])
  return short.find((language) => known.includes(language)) ?? known[0] ?? 'en'
}

/** The widget's own words. What bots, agents and the hub say comes from the hub. */
async function wordsIn(language) {
  const { default: words } = await import(`./words/${language}.js`)
  return (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''))
}
