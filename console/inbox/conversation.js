/** The middle pane: one conversation, its history first, then what is said now, then the composer or the reason why there is none. */
import { composerOf } from './composer.js'
import { fill, h } from './dom.js'
import { since } from './lists.js'
import { outbox, reading } from './store.js'
import { bubble, historyOf } from './transcript.js'
import { endingOf, firstName, modes, timeOf } from './words.js'

/** @param {{ me: () => string, now: () => number, ringMs: () => number, commands: any, sending: any, typing: (ticket: string, on: boolean) => void }} how */
export function createConversation(how) {
  let ticket
  let composer
  let drawn = []
  let typingTimer
  let heard = 0
  let accepting
  const head = h('header', { class: 'head' })
  const talk = h('div', { class: 'talk', role: 'log', 'aria-label': 'Conversation', tabindex: 0 })
  const typing = h('p', { class: 'typing', 'aria-live': 'polite' })
  const foot = h('footer', { class: 'foot' })
  const element = h('main', { class: 'conversation', 'aria-label': 'Conversation' }, head, talk, typing, foot)

  // Follows the newest words unless the reader scrolled away; also when the composer takes its place.
  let follows = true
  let top = 0
  const settle = () => follows && talk.scrollTo(0, talk.scrollHeight)
  talk.addEventListener('scroll', () => {
    const isAtEnd = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80
    // Far from the end without having gone up: the pane has shrunk, and is about to follow.
    if (isAtEnd || talk.scrollTop < top) follows = isAtEnd
    top = talk.scrollTop
  })
  new ResizeObserver(settle).observe(talk)

  const show = (fresh) => {
    const isOther = fresh?.id !== ticket?.id
    ticket = fresh
    if (!ticket) return showNothing()
    if (isOther) leave()
    fill(head, headOf(ticket, how))
    showWords()
    showFoot(isOther)
  }

  const leave = () => {
    composer?.stop()
    composer = undefined
    drawn = []
    heard = 0
    follows = true
    typing.textContent = ''
    talk.replaceChildren(historyOf(ticket))
  }

  const showNothing = () => {
    composer?.stop()
    composer = undefined
    drawn = []
    head.replaceChildren()
    typing.textContent = ''
    talk.replaceChildren(
      h(
        'p',
        { class: 'empty large' },
        'Choose a conversation on the left, or wait: the next one opens here by itself.',
      ),
    )
    foot.replaceChildren()
  }

  /** Redraws only what changed: a selection of text, the scroll position and the reader's place stay. */
  const showWords = () => {
    const next = wordsOf(ticket, how.me())
    drawn = draw(talk, drawn, next, how)
    // What they were writing has come.
    if (ticket.fromCustomer > heard) typing.replaceChildren()
    heard = ticket.fromCustomer
    settle()
    if (document.visibilityState === 'visible') reading.write(ticket.id, ticket.fromCustomer)
  }

  const showFoot = (isOther) => {
    const isMine = ticket.status === 'accepted' && ticket.agent?.id === how.me()
    if (!isMine) {
      composer?.stop()
      composer = undefined
      fill(foot, insteadOfComposer(ticket, how))
    } else if (!composer || isOther) {
      const id = ticket.id
      composer = composerOf(ticket, {
        send: (kind, text) => how.sending.send(id, kind, text),
        typing: (on) => how.typing(id, on),
      })
      foot.replaceChildren(composer.element)
      if (accepting === id) composer.show('reply', true)
      accepting = undefined
    }
  }

  return {
    element,
    show,
    get ticket() {
      return ticket
    },
    /** Who accepts begins to type at once: the box has the focus from the moment it is there. */
    accepting: (id) => {
      accepting = id
    },
    /** After something was sent, failed or was taken back. */
    refresh: () => ticket && showWords(),
    focus: (kind) => composer?.show(kind, true),
    refreshDraft: () => composer?.refresh(),
    heardTyping(id, on) {
      if (id !== ticket?.id) return
      clearTimeout(typingTimer)
      typing.textContent = on ? `${firstName(ticket.customer)} is writing…` : ''
      // A lost "stopped" must not leave the words standing.
      if (on) typingTimer = setTimeout(() => typing.replaceChildren(), 6000)
    },
  }
}

function headOf(ticket, { me, commands, now }) {
  const isMine = ticket.status === 'accepted' && ticket.agent?.id === me()
  return [
    h(
      'div',
      { class: 'who' },
      h('h1', {}, ticket.customer),
      h('p', { class: 'meta' }, ...holderOf(ticket, me(), now())),
    ),
    h('button', { type: 'button', class: 'details', data: { focus: 'details' }, onclick: commands.details }, 'Details'),
    isMine &&
      h(
        'div',
        { class: 'buttons' },
        h('button', { type: 'button', data: { focus: 'transfer' }, onclick: commands.transfer }, 'Transfer'),
        h('button', { type: 'button', data: { focus: 'return' }, onclick: commands.giveBack }, 'Back to bot'),
        h('button', { type: 'button', data: { focus: 'resolve' }, onclick: commands.resolve }, 'Resolve'),
      ),
  ]
}

function holderOf(ticket, me, now) {
  if (ticket.status === 'ended') return [endingOf(ticket.outcome)]
  const held = { accepted: `${ticket.agent?.id === me ? 'You' : ticket.agent?.name} · ${modes[ticket.mode]}` }[
    ticket.status
  ]
  if (held) return [h('span', { class: 'dot agent' }), held]
  const rings = ticket.status === 'offered' ? `Rings at ${ticket.agent?.id === me ? 'you' : ticket.agent?.name} · ` : ''
  return [h('span', { class: 'dot waiting' }), `${rings}${modes[ticket.mode]} · waits `, since(ticket.createdAt, now)]
}

/** Messages of the record, the moment of joining, then what this page has not got through yet. */
function wordsOf(ticket, me) {
  const stored = ticket.messages.map((said) => ({ key: said.id ?? `n${said.n}`, said }))
  const known = new Set(stored.map((one) => one.key))
  const waiting = outbox.of(ticket.id).filter((entry) => !known.has(entry.id))
  const own = waiting.map((entry) => ({
    key: entry.id,
    said: {
      ...entry,
      by: 'agent',
      name: 'You',
      visibility: entry.kind === 'note' ? 'internal' : 'public',
      message: { parts: [{ kind: 'text', text: entry.text }] },
      state: 'sending',
    },
  }))
  return [...withJoined(stored, ticket, me), ...own]
}

function withJoined(stored, ticket, me) {
  if (ticket.acceptedAt === null) return stored
  const at = stored.findIndex(({ said }) => said.by === 'agent' || said.at > ticket.acceptedAt)
  const place = at < 0 ? stored.length : at
  const isOnlyMe = ticket.agent?.id === me
  return [
    ...stored.slice(0, place),
    { key: 'joined', joined: `${isOnlyMe ? 'You' : 'An agent'} joined ${timeOf(ticket.acceptedAt)}` },
    ...stored.slice(place),
  ]
}

function draw(talk, drawn, next, { sending, commands }) {
  const isGrowth = drawn.every((one, index) => one.key === next[index]?.key)
  if (!isGrowth) for (const one of drawn) one.element.remove()
  const before = isGrowth ? drawn : []
  return next.map((one, index) => {
    const signature = JSON.stringify(one)
    const old = before[index]
    if (old?.signature === signature) return old
    const element = one.joined
      ? h('p', { class: 'divider' }, one.joined)
      : bubble(one.said, { repeat: sending.repeat, discard: commands.backToBox })
    if (old) old.element.replaceWith(element)
    else talk.append(element)
    return { key: one.key, signature, element }
  })
}

function insteadOfComposer(ticket, { me, commands, now, ringMs }) {
  if (ticket.status === 'ended') {
    return [
      h('p', { class: 'over' }, endingOf(ticket.outcome), ' Nothing more can be said here.'),
      ticket.digest && h('p', { class: 'meta' }, ticket.digest),
    ]
  }
  if (ticket.status === 'accepted')
    return [h('p', { class: 'over' }, `${ticket.agent?.name} has this conversation. You can read along.`)]
  if (ticket.status === 'offered' && ticket.agent?.id !== me())
    return [h('p', { class: 'over' }, `It is ringing at ${ticket.agent?.name} now.`)]
  const isOffer = ticket.status === 'offered'
  const left = (ticket.ringUntil ?? 0) - now()
  return [
    h(
      'div',
      { class: 'bar' },
      h(
        'button',
        { type: 'button', class: 'primary', data: { focus: 'accept' }, onclick: () => commands.accept(ticket.id) },
        isOffer ? `Accept ${firstName(ticket.customer)}` : 'Take it',
      ),
      isOffer &&
        h(
          'button',
          { type: 'button', data: { focus: 'decline' }, onclick: () => commands.decline(ticket.id) },
          'Decline',
        ),
      isOffer &&
        h('span', { class: 'left', data: { ringUntil: ticket.ringUntil } }, `${Math.max(0, Math.ceil(left / 1000))} s`),
      isOffer &&
        h('progress', {
          max: ringMs(),
          value: Math.max(0, left),
          'aria-label': 'Time left to accept',
          data: { ringUntil: ticket.ringUntil },
        }),
    ),
  ]
}
