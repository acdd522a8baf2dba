/** Two boxes with two drafts: words for the customer, and notes for colleagues. They never mix. */
import { h, icon } from './dom.js'
import { drafts } from './store.js'
import { firstName } from './words.js'

/** @param {any} ticket @param {{ send: (kind: 'reply' | 'note', text: string) => void, typing: (on: boolean) => void }} how */
export function composerOf(ticket, how) {
  let kind = 'reply'
  let typedAt = 0
  let quiet

  const box = h('textarea', { id: 'box', rows: 3, maxlength: 10_000 })
  const submit = h('button', { type: 'submit', class: 'primary' })
  const form = h('form', { class: 'composer', 'aria-label': 'Composer' })
  const tab = (name, ...words) =>
    h(
      'button',
      { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': 'box', onclick: () => show(name, true) },
      ...words,
    )
  const tabs = {
    reply: tab('reply', `Reply to ${firstName(ticket.customer)}`),
    note: tab('note', icon('lock'), 'Note'),
  }

  const show = (name, wantsFocus) => {
    kind = name
    form.dataset.kind = name
    box.value = drafts.read(ticket.id, name)
    for (const [key, element] of Object.entries(tabs)) {
      element.setAttribute('aria-selected', String(key === name))
      element.tabIndex = key === name ? 0 : -1
    }
    const words =
      name === 'reply' ? `Write to ${firstName(ticket.customer)}` : 'Note for colleagues; the customer never sees it'
    box.placeholder = words
    box.setAttribute('aria-label', words)
    submit.textContent = name === 'reply' ? `Send to ${firstName(ticket.customer)}` : 'Add note'
    if (wantsFocus) box.focus()
  }
  const stopTyping = () => {
    clearTimeout(quiet)
    if (typedAt > 0) how.typing(false)
    typedAt = 0
  }
  const sendNow = () => {
    const text = box.value.trim()
    if (!text) return
    box.value = ''
    drafts.write(ticket.id, kind, '')
    stopTyping()
    how.send(kind, text)
    box.focus()
  }
  box.addEventListener('input', () => {
    drafts.write(ticket.id, kind, box.value)
    if (kind !== 'reply') return
    if (Date.now() - typedAt > 3000) {
      typedAt = Date.now()
      how.typing(true)
    }
    clearTimeout(quiet)
    quiet = setTimeout(stopTyping, 4000)
  })
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      sendNow()
    } else if (event.key === 'Escape') box.blur()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    sendNow()
  })
  form.addEventListener('keydown', (event) => {
    if (event.target.role !== 'tab' || !['ArrowLeft', 'ArrowRight'].includes(event.key)) return
    show(kind === 'reply' ? 'note' : 'reply')
    tabs[kind].focus()
  })
  form.append(
    h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Who reads it' }, tabs.reply, tabs.note),
    box,
    h('div', { class: 'below' }, h('span', { class: 'hint' }, 'Ctrl Enter sends'), submit),
  )
  show('reply')
  return { element: form, show, refresh: () => show(kind), stop: stopTyping }
}
