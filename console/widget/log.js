/** The conversation as rows: what the record holds, in its order, then what is still on its way. */
import { drawPart, el } from './parts.js'

export function createLog({ list, base, words, language, greeting, onChoice, onRetry, onSurvey, isAnswered }) {
  /** @type {Map<string, HTMLElement>} */
  const pending = new Map()
  /** Rows whose choices or survey wait for an answer. @type {{entry: any, row: HTMLElement, isFirst: boolean}[]} */
  let waiting = []
  /** @type {any} */
  let last
  // English is the widget's language in London and in New York, which write a time differently.
  const locale = navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' })
  const day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
  clear()

  function clear() {
    pending.clear()
    waiting = []
    last = undefined
    list.replaceChildren(el('li', { class: 'row bot first' }, el('div', { class: 'bubble', dir: 'auto' }, greeting)))
  }

  /** @param {import('./types.ts').Entry} entry */
  function add(entry) {
    if (entry.by === 'customer') close(entry.message.choice)
    const own = entry.client && pending.get(entry.client)
    if (own) {
      pending.delete(entry.client)
      own.remove()
    }
    const row = el('li')
    const isFirst = !last || last.by !== entry.by || last.name !== entry.name || entry.at - last.at > 300_000
    const firstPending = pending.values().next().value ?? null
    if (!last || day.format(last.at) !== day.format(entry.at)) {
      const isToday = day.format(entry.at) === day.format(Date.now())
      if (last || !isToday) list.insertBefore(el('li', { class: 'day' }, day.format(entry.at)), firstPending)
    }
    list.insertBefore(row, firstPending)
    draw(row, entry, isFirst, true)
    if (entry.message.parts.some(({ kind }) => kind === 'choices' || kind === 'survey'))
      waiting.push({ entry, row, isFirst })
    last = entry
    mark(entry)
  }

  /** The customer went on: old questions can be read, not answered. */
  function close(picked) {
    for (const { entry, row, isFirst } of waiting) draw(row, entry, isFirst, false, picked)
    waiting = []
  }

  function draw(row, entry, isFirst, isOpen, picked) {
    const kind = entry.by === 'customer' ? 'own' : entry.by
    row.className = `row ${kind}${isFirst ? ' first' : ''}`
    const isPlain = entry.by !== 'bot'
    const around = { base, words, isPlain, isOpen, picked, onChoice, onSurvey, isAnswered }
    const parts = entry.message.parts.map((part) => drawPart(part, around)).filter(Boolean)
    row.replaceChildren(...speaker(entry, isFirst), ...parts)
  }

  function speaker(entry, isFirst) {
    if (entry.by === 'customer') return [el('span', { class: 'hide' }, `${words('you')}: `)]
    if (entry.by === 'hub' || !isFirst) return []
    const name = entry.name || (entry.by === 'bot' ? words('assistant') : words('aPerson'))
    return [el('div', { class: 'meta' }, el('b', { dir: 'auto' }, name), ` · ${time.format(entry.at)}`)]
  }

  /** "Sent" stands under the last own message only. */
  function mark(entry) {
    for (const old of list.querySelectorAll('.mark.done')) old.remove()
    if (entry.by === 'customer')
      list.lastElementChild?.append(el('div', { class: 'mark done' }, `${words('sent')} · ${time.format(entry.at)}`))
  }

  /** @param {import('./types.ts').Item} item */
  function expect(item) {
    if (!item.failed) close(item.choice)
    for (const old of list.querySelectorAll('.mark.done')) old.remove()
    const known = pending.get(item.id)
    const row = known ?? el('li')
    pending.set(item.id, row)
    row.className = `row own first ${item.failed ? 'failed' : 'pending'}`
    const what = item.file
      ? { kind: 'file', name: item.fileName ?? '', mime: '', bytes: 0, url: '' }
      : { kind: 'text', text: item.text ?? item.choice ?? '' }
    const state = item.failed
      ? el(
          'div',
          { class: 'mark bad' },
          `${words('notSent')} ${item.failed} `,
          el('button', { type: 'button', onclick: () => onRetry(item.id) }, words('retry')),
        )
      : el('div', { class: 'mark' }, words('sending'))
    row.replaceChildren(
      drawPart(what, { base, words, isPlain: true, isOpen: false, onChoice, onSurvey, isAnswered }),
      state,
    )
    if (!known) list.append(row)
  }

  /** Acknowledged: it is safe, even though its place among the others is not known yet. */
  function sent(id) {
    const known = pending.get(id)
    if (!known) return
    known.className = 'row own first'
    known.lastElementChild.textContent = words('sent')
  }

  return { add, expect, sent, clear }
}

/** The words of an entry for those who listen. */
export function spoken(entry) {
  return entry.message.parts
    .map((part) => {
      if (part.kind === 'text') return part.text
      if (part.kind === 'choices') return part.choices.map(({ label }) => label).join(', ')
      if (part.kind === 'articles') return part.articles.map(({ title }) => title).join(', ')
      return part.kind === 'file' ? part.name : part.question
    })
    .join('. ')
}
