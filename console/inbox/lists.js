/** The left pane: what rings, what I have, who waits. */
import { h } from './dom.js'
import { drafts, reading } from './store.js'
import { counted, duration, languageName, modes } from './words.js'

/** @param {any} board @param {{ selected?: string, now: number, ringMs: number, choose, accept, decline }} how */
export function listsOf(board, how) {
  return [
    board.offers.length > 0 &&
      h(
        'section',
        { class: 'ringing', 'aria-label': 'Ringing at you' },
        board.offers.map((line) => offer(line, how)),
      ),
    section('Mine', board.mine, how, mineRow, emptyMine(board)),
    section('Queue', board.queue, how, waitingRow, 'Nobody waits.'),
    board.tickets.length > 0 && section('Tickets', board.tickets, how, waitingRow),
  ]
}

/** The lines from top to bottom, as `j` and `k` walk them. */
export const inOrder = (board) => [...board.offers, ...board.mine, ...board.queue, ...board.tickets]

function emptyMine(board) {
  if (board.offers.length > 0) return 'Accept the conversation above, or decline it.'
  if (board.me.presence === 'online') return 'No conversations. You are online; the next handoff comes here.'
  if (board.me.presence === 'away') return 'You are away: nothing new will come. Go online when you are ready.'
  return 'You are offline: nothing will come. Go online to take conversations.'
}

function section(title, lines, how, row, empty) {
  return h(
    'section',
    {},
    h('h2', {}, title, ' ', h('span', { class: 'count' }, String(lines.length))),
    lines.length > 0
      ? h(
          'ul',
          {},
          lines.map((line) => h('li', {}, row(line, how))),
        )
      : h('p', { class: 'empty' }, empty),
  )
}

function offer(line, how) {
  const left = Math.max(0, (line.ringUntil ?? how.now) - how.now)
  return h(
    'article',
    { class: 'offer', 'aria-current': how.selected === line.id ? 'true' : undefined },
    h(
      'button',
      { class: 'open', type: 'button', data: { focus: `open-${line.id}` }, onclick: () => how.choose(line.id) },
      h(
        'span',
        { class: 'row' },
        h('b', {}, line.customer),
        h('span', { class: 'tag' }, modes[line.mode]),
        priority(line),
      ),
      h('span', { class: 'preview' }, line.wants),
      line.otherLanguage && h('span', { class: 'warn' }, `Speaks ${languageName(line.language)}; nobody online does`),
    ),
    h(
      'div',
      { class: 'answer' },
      h(
        'button',
        { class: 'primary', type: 'button', data: { focus: `accept-${line.id}` }, onclick: () => how.accept(line.id) },
        'Accept',
      ),
      h(
        'button',
        { type: 'button', data: { focus: `decline-${line.id}` }, onclick: () => how.decline(line.id) },
        'Decline',
      ),
      h('span', { class: 'left', data: { ringUntil: line.ringUntil } }, `${Math.ceil(left / 1000)} s`),
    ),
    h('progress', {
      max: how.ringMs,
      value: left,
      'aria-label': 'Time left to accept',
      data: { ringUntil: line.ringUntil },
    }),
  )
}

function mineRow(line, how) {
  const unread = reading.unread(line)
  const isWaiting = line.last?.by === 'customer' || line.last === null
  return rowOf(
    line,
    how,
    unread > 0
      ? h('span', { class: 'badge' }, counted(unread, 'new', 'new'))
      : drafts.has(line.id)
        ? h('span', { class: 'tag' }, 'draft')
        : null,
    h(
      'span',
      { class: 'preview' },
      line.last ? `${line.last.by === 'agent' ? 'You: ' : ''}${line.last.text}` : line.wants,
    ),
    h(
      'span',
      { class: 'meta' },
      isWaiting ? 'Waits for you ' : 'Idle ',
      since(line.last?.at ?? line.acceptedAt, how.now),
    ),
  )
}

function waitingRow(line, how) {
  const rings = line.status === 'offered' && line.agent ? `Rings at ${line.agent.name}` : null
  return rowOf(
    line,
    how,
    priority(line),
    h('span', { class: 'preview' }, line.wants),
    h(
      'span',
      { class: 'meta' },
      rings ? `${rings} · ` : line.mode === 'live' ? '' : `${modes[line.mode]} · `,
      'waits ',
      since(line.createdAt, how.now),
      line.skills.length > 0 && ` · needs ${line.skills.join(', ')}`,
    ),
  )
}

function rowOf(line, how, mark, ...rest) {
  const isSelected = how.selected === line.id
  return h(
    'button',
    {
      class: 'line',
      type: 'button',
      'aria-current': isSelected ? 'true' : undefined,
      data: { focus: `open-${line.id}` },
      onclick: () => how.choose(line.id),
    },
    h('span', { class: 'row' }, h('b', {}, line.customer), mark),
    ...rest,
  )
}

const priority = (line) =>
  line.priority === 'normal' ? null : h('span', { class: `tag ${line.priority}` }, `▲ ${line.priority}`)

/** Counts on by itself: the page ticks whatever carries `data-since`. */
export const since = (at, now) => h('span', { class: 'since', data: { since: at } }, duration(now - at))
