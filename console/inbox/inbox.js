/** The agent's page: signs in, keeps the live link, and joins the three panes. */
import { createConversation } from './conversation.js'
import { askResolve, askReturn, askTransfer, showKeys } from './dialogs.js'
import { announce, fill, h } from './dom.js'
import { factsOf } from './facts.js'
import { listenToKeys } from './keys.js'
import { openLink } from './link.js'
import { inOrder, listsOf } from './lists.js'
import { createSending } from './sending.js'
import { call, session } from './session.js'
import { signIn } from './signin.js'
import { drafts, forgetRead, keepFor, outbox, reading } from './store.js'
import { counted, duration, exactTime, presences } from './words.js'

const root = document.getElementById('app')
start()

async function start(reason) {
  const me = session.token ? await call('GET', '/me').catch(() => undefined) : undefined
  work(me ?? (await signIn(root, reason)))
}

/** The page of one signed-in agent, until they sign out or are refused. */
function work(me) {
  keepFor(me.id)
  let board
  let selected
  let clockShift = 0
  /** Tickets that leave by this agent's own hand: their going is no news. */
  const leaving = new Set()
  const now = () => Date.now() + clockShift

  const lists = h('nav', { class: 'lists', 'aria-label': 'Conversations' })
  const facts = h('aside', { class: 'facts', 'aria-label': 'Context' })
  const notice = h('p', { class: 'notice', role: 'alert', hidden: true })
  const linkWord = h('span', { class: 'link-word', role: 'status' }, 'Connecting')
  const capacity = h('span', { class: 'capacity' })
  const presence = h(
    'select',
    { id: 'presence', 'aria-label': 'Presence', onchange: () => choosePresence(presence.value) },
    Object.entries(presences).map(([value, words]) => h('option', { value }, words)),
  )

  const commands = {
    accept: (id) => {
      conversation.accepting(id)
      return act(id, 'accept')
    },
    decline: (id) => act(id, 'decline'),
    transfer: () => held((ticket) => askTransfer(ticket, board, (body) => give(ticket, 'transfer', body))),
    giveBack: () => held((ticket) => askReturn(ticket, lastWords(ticket), (body) => give(ticket, 'return', body))),
    resolve: () => held((ticket) => askResolve(ticket, lastWords(ticket), (body) => give(ticket, 'resolve', body))),
    details: () => facts.classList.toggle('is-open'),
    backToBox,
  }
  const sending = createSending({
    changed: async (ticket) => {
      if (ticket !== selected) return
      conversation.refresh()
      await load()
    },
  })
  const conversation = createConversation({
    me: () => me.id,
    now,
    ringMs: () => board.ringMs,
    commands,
    sending,
    typing: (ticket, on) => link.send({ t: 'typing', ticket, on }),
  })

  const link = openLink({
    url: session.socketUrl,
    token: () => session.token,
    presence: () => session.presence,
    heard,
    changed: (word, asOf) => {
      linkWord.textContent = word === 'Reconnecting' ? `Reconnecting (as of ${exactTime(asOf)})` : word
      linkWord.dataset.word = word
      root.classList.toggle('is-stale', word !== 'Live')
      if (word === 'Live') sending.resume()
    },
    refused: (reason) => leave(reason || 'You were signed out.'),
  })

  function heard(frame) {
    if (frame.t === 'state') showBoard(frame)
    else if (frame.t === 'touched' && frame.tickets.includes(selected)) load()
    else if (frame.t === 'typing') conversation.heardTyping(frame.ticket, frame.on)
  }

  function showBoard(next) {
    const before = board
    board = next
    clockShift = next.now - Date.now()
    tellNews(before, next)
    if (!before) forgetRead(new Set(inOrder(next).map((line) => line.id)))
    if (before && !document.hidden && next.offers.length > 0 && !selected) choose(next.offers[0].id)
    showLists()
    presence.value = next.me.presence === 'away' && session.presence === 'online' ? 'online' : next.me.presence
    capacity.textContent = `${next.me.load} of ${next.me.capacity}`
    capacity.title = `${counted(next.me.load, 'live conversation')}, room for ${next.me.capacity}`
    if (selected) load()
  }

  function showLists() {
    fill(
      lists,
      listsOf(board, {
        selected,
        now: now(),
        ringMs: board.ringMs,
        choose,
        accept: commands.accept,
        decline: commands.decline,
      }),
    )
    const count = board.offers.length + board.mine.filter((line) => reading.unread(line) > 0).length
    document.title = count > 0 ? `(${count}) Inbox` : 'Inbox'
  }

  function tellNews(before, next) {
    const known = new Set(before?.offers.map((line) => line.id))
    for (const line of next.offers) if (!known.has(line.id)) announce(`${line.customer} rings: ${line.wants}`)
    if (!before) return
    const waiting = new Set([...next.queue, ...next.tickets].map((line) => line.id))
    const lost = before.mine.filter((line) => waiting.has(line.id) && !leaving.has(line.id))
    if (lost.length > 0)
      say(
        `${lost.map((line) => line.customer).join(', ')} went back to the queue, because your page was not seen for a while. Take it from there if you can go on.`,
      )
  }

  function choose(id) {
    selected = id
    facts.classList.remove('is-open')
    showLists()
    return load()
  }

  /** The answer to an older question is dropped: the agent has gone on to another conversation. */
  async function load() {
    const id = selected
    try {
      const ticket = await call('GET', `/tickets/${encodeURIComponent(id)}`)
      if (id !== selected) return
      conversation.show(ticket)
      fill(facts, factsOf(ticket, now()))
      if (board) showLists()
    } catch (error) {
      if (error.status === 401) leave(error.message)
      else if (id === selected) say(error.message)
    }
  }

  async function act(id, verb) {
    try {
      await call('POST', `/tickets/${encodeURIComponent(id)}/${verb}`)
      if (verb === 'accept') await choose(id)
      else if (selected === id) closeConversation()
    } catch (error) {
      say(error.message)
      if (selected === id) load()
    }
  }

  /** From a dialog: a failure is shown there. */
  async function give(ticket, verb, body) {
    leaving.add(ticket.id)
    try {
      await call('POST', `/tickets/${encodeURIComponent(ticket.id)}/${verb}`, body)
    } catch (error) {
      leaving.delete(ticket.id)
      throw error
    }
    if (selected === ticket.id) closeConversation()
    announce(`${ticket.customer} is off your hands.`)
  }

  function closeConversation() {
    selected = undefined
    conversation.show(undefined)
    facts.replaceChildren()
    if (board) showLists()
    lists.querySelector('button')?.focus()
  }

  function held(run) {
    const { ticket } = conversation
    if (ticket?.status === 'accepted' && ticket.agent?.id === me.id) run(ticket)
  }

  /** Words that were refused return to where they were typed, before what is there now. */
  function backToBox(id) {
    const entry = outbox.all().find((one) => one.id === id)
    if (!entry) return
    sending.discard(id)
    const typed = drafts.read(entry.ticket, entry.kind)
    drafts.write(entry.ticket, entry.kind, typed ? `${entry.text}\n${typed}` : entry.text)
    conversation.refresh()
    conversation.focus(entry.kind)
  }

  async function choosePresence(value) {
    session.presence = value
    try {
      await call('POST', '/presence', { presence: value })
    } catch (error) {
      say(error.message)
    }
  }

  let noticeTimer
  function say(words) {
    notice.textContent = words
    notice.hidden = false
    clearTimeout(noticeTimer)
    noticeTimer = setTimeout(() => {
      notice.hidden = true
    }, 12_000)
  }

  function leave(reason) {
    link.stop()
    clearInterval(ticking)
    stopKeys()
    session.token = undefined
    document.title = 'Inbox'
    start(reason)
  }

  async function signOut() {
    await call('POST', '/presence', { presence: 'offline' }).catch(() => {})
    sessionStorage.removeItem(`baton-inbox:${session.connection}:presence`)
    leave('')
  }

  const ticking = setInterval(() => {
    for (const element of root.querySelectorAll('[data-since]'))
      element.textContent = duration(now() - Number(element.dataset.since))
    for (const element of root.querySelectorAll('[data-ring-until]')) {
      const left = Math.max(0, Number(element.dataset.ringUntil) - now())
      if (element.tagName === 'PROGRESS') element.value = left
      else element.textContent = `${Math.ceil(left / 1000)} s`
    }
  }, 1000)

  const stopKeys = listenToKeys({
    move: (step) => {
      const lines = board ? inOrder(board) : []
      if (lines.length === 0) return
      const place = lines.findIndex((line) => line.id === selected)
      choose(lines[place < 0 ? 0 : Math.min(lines.length - 1, Math.max(0, place + step))].id)
    },
    accept: () => {
      const open = board ? [...board.offers, ...board.queue, ...board.tickets] : []
      const line = open.find((one) => one.id === selected) ?? board?.offers[0]
      if (line) commands.accept(line.id)
    },
    reply: () => conversation.focus('reply'),
    note: () => conversation.focus('note'),
    transfer: commands.transfer,
    giveBack: commands.giveBack,
    resolve: commands.resolve,
    help: showKeys,
  })

  const bar = h(
    'header',
    { class: 'top' },
    h('b', { class: 'brand' }, 'Inbox'),
    linkWord,
    notice,
    h('button', { type: 'button', class: 'quiet-button', 'aria-label': 'Keys', onclick: showKeys }, '?'),
    h('span', { class: 'name' }, me.name),
    h('span', { class: 'presence' }, presence, capacity),
    h('button', { type: 'button', onclick: signOut }, 'Sign out'),
  )
  conversation.show(undefined)
  fill(root, bar, h('div', { class: 'panes' }, lists, conversation.element, facts))
}

function lastWords(ticket) {
  const own = ticket.messages.filter((said) => said.by === 'agent' && said.visibility === 'public')
  return own[own.length - 1]?.message.parts.find((part) => part.kind === 'text')?.text ?? ''
}
