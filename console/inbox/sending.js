/** Sends an agent's words in the order they were written; what does not get through waits and is sent again, with the same id. */
import { call } from './session.js'
import { outbox } from './store.js'

/** @param {{ changed: (ticket: string) => Promise<void> | void }} how called after each step, so that the page shows it */
export function createSending({ changed }) {
  const pumping = new Map()

  const pump = async (ticket) => {
    for (;;) {
      const next = outbox.of(ticket).find((entry) => !entry.isRefused)
      if (!next) return
      const outcome = await post(next)
      if (outcome === 'waits') return
      if (outcome === 'refused') continue
      // The page shows the stored message before its copy here is dropped: nothing flickers.
      await changed(ticket)
      outbox.remove(next.id)
      await changed(ticket)
    }
  }

  const post = async (entry) => {
    try {
      await call('POST', `/tickets/${entry.ticket}/${entry.kind === 'note' ? 'notes' : 'messages'}`, {
        id: entry.id,
        text: entry.text,
      })
      return 'sent'
    } catch (error) {
      outbox.put({ ...entry, problem: error.message, mayRepeat: error.mayRepeat, isRefused: !error.mayRepeat })
      await changed(entry.ticket)
      // What is refused stays on the screen with its reason, and those behind it go on.
      return error.mayRepeat ? 'waits' : 'refused'
    }
  }

  const run = (ticket) => {
    const running = (pumping.get(ticket) ?? Promise.resolve()).then(() => pump(ticket)).catch(() => {})
    pumping.set(ticket, running)
    return running
  }

  return {
    send(ticket, kind, text) {
      outbox.put({ id: crypto.randomUUID?.() ?? newId(), ticket, kind, text, at: Date.now() })
      changed(ticket)
      run(ticket)
    },
    repeat(id) {
      const entry = outbox.all().find((one) => one.id === id)
      if (!entry) return
      save(entry)
      run(entry.ticket)
    },
    /** After the link came back: everything that waits, in order. */
    resume() {
      for (const ticket of new Set(outbox.all().map((entry) => entry.ticket))) run(ticket)
    },
    discard(id) {
      outbox.remove(id)
    },
  }
}

/** Without its problem: it is on its way again. The place in the order stays, since entries are kept by time. */
function save(entry) {
  outbox.put({ ...entry, problem: undefined, mayRepeat: undefined, isRefused: undefined })
}

/** Pages served without TLS under another name than localhost have no randomUUID. */
const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
