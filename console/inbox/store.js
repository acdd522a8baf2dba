/** What this browser keeps for the agent: drafts, words on their way, and how far each conversation was read. */
import { session } from './session.js'

let agent = ''
export const keepFor = (id) => {
  agent = id
}

const name = (what) => `baton-inbox:${session.connection}:${agent}:${what}`

export const drafts = {
  read: (ticket, kind) => localStorage.getItem(name(`draft:${ticket}:${kind}`)) ?? '',
  write(ticket, kind, text) {
    if (text) localStorage.setItem(name(`draft:${ticket}:${kind}`), text)
    else localStorage.removeItem(name(`draft:${ticket}:${kind}`))
  },
  has: (ticket) => Boolean(drafts.read(ticket, 'reply') || drafts.read(ticket, 'note')),
}

export const reading = {
  /** Messages of the customer that were on the screen. */
  read: (ticket) => Number(localStorage.getItem(name(`read:${ticket}`)) ?? 0),
  write: (ticket, count) => localStorage.setItem(name(`read:${ticket}`), String(count)),
  unread: (line) => Math.max(0, line.fromCustomer - reading.read(line.id)),
}

/** Words that were sent but not acknowledged: they outlive a reload, and the hub drops a second copy by its id. */
export const outbox = {
  all: () => JSON.parse(localStorage.getItem(name('outbox')) ?? '[]').sort((a, b) => a.at - b.at),
  of: (ticket) => outbox.all().filter((entry) => entry.ticket === ticket),
  put(entry) {
    save([...outbox.all().filter((one) => one.id !== entry.id), entry])
  },
  remove: (id) => save(outbox.all().filter((entry) => entry.id !== id)),
}
const save = (entries) => localStorage.setItem(name('outbox'), JSON.stringify(entries))

/** Everything of tickets that are over is forgotten, but for what was typed and not sent. */
export function forgetRead(openTickets) {
  const prefix = name('read:')
  for (const key of Object.keys(localStorage))
    if (key.startsWith(prefix) && !openTickets.has(key.slice(prefix.length))) localStorage.removeItem(key)
}
