/** The middle pane's words: what was said before, then what is said now. */

import { h, icon, link } from './dom.js'
import { withLinks, withMarks } from './text.js'
import { counted, duration, fullTime, timeOf } from './words.js'

/** The bot's part, shown before anything the agent may write. */
export function historyOf(ticket) {
  const before = ticket.context.transcript
  if (before.length === 0) return h('p', { class: 'divider' }, 'Nothing was said before.')
  const [from, to] = [before[0].at, before[before.length - 1].at]
  const words = `Before you: ${counted(before.length, 'message')}${to - from >= 60_000 ? ` in ${duration(to - from)}` : ''}`
  return h(
    'details',
    { class: 'history', open: true },
    h('summary', {}, words),
    before.map((entry) => bubble(entry, {})),
  )
}

/** @param {any} said @param {{ repeat?: (id: string) => void, discard?: (id: string) => void }} how */
export function bubble(said, how) {
  const kind = said.visibility === 'internal' ? 'note' : said.by
  return h(
    'article',
    { class: `said ${kind}`, 'aria-label': `${speaker(said)}, ${timeOf(said.at)}` },
    h(
      'header',
      {},
      kind === 'note' && h('span', { class: 'lock' }, icon('lock'), 'Note'),
      h('b', { dir: 'auto' }, speaker(said)),
      h('time', { datetime: new Date(said.at).toISOString(), title: fullTime(said.at) }, timeOf(said.at)),
    ),
    h(
      'div',
      { class: 'body' },
      said.message.parts.map((part) => partOf(part, said.by === 'bot')),
      said.message.choice && said.message.parts.length === 0 && `Chose: ${said.message.choice}`,
    ),
    stateOf(said, how),
  )
}

const roles = { customer: 'Customer', bot: 'Bot', agent: 'Agent', hub: 'Baton' }
const speaker = (said) => said.name ?? roles[said.by]

function partOf(part, hasMarks) {
  switch (part.kind) {
    case 'text':
      return h('p', { dir: 'auto' }, (hasMarks ? withMarks : withLinks)(part.text))
    case 'choices':
      return h(
        'p',
        { class: 'choices' },
        part.choices.map((choice) => h('span', { class: 'tag' }, choice.label)),
      )
    case 'file':
      return h('p', { class: 'file' }, icon('clip'), ' ', link(part.url, part.name), ` (${size(part.bytes)})`)
    case 'articles':
      return h(
        'ul',
        { class: 'articles' },
        part.articles.map((article) => h('li', {}, article.url ? link(article.url, article.title) : article.title)),
      )
    case 'survey':
      return h('p', {}, `Survey: ${part.question}`)
    default:
      return h('p', {}, `[${part.kind}]`)
  }
}

const size = (bytes) =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

function stateOf(said, how) {
  if (said.problem)
    return h(
      'p',
      { class: 'problem', role: 'alert' },
      `Not sent. ${said.problem} `,
      said.mayRepeat &&
        h('button', { type: 'button', class: 'link', onclick: () => how.repeat(said.id) }, 'Send again'),
      h('button', { type: 'button', class: 'link', onclick: () => how.discard(said.id) }, 'Back to the box'),
    )
  if (said.by !== 'agent' || said.state === undefined) return null
  return h(
    'p',
    { class: 'state' },
    said.state === 'sent' ? (said.visibility === 'internal' ? 'Saved' : 'Sent') : 'Sending…',
  )
}
