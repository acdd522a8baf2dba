/**
 * The live link to the hub. What is said goes into an outbox and stays there until the hub acknowledged it; the client id
 * makes a second copy harmless. What is heard is read on from a cursor, so nothing is missed and nothing comes twice.
 * Socket first; long polling beside it after three failures.
 */
import { newId } from './store.js'

const timing = {
  ping: 20_000,
  dead: 40_000,
  wakeSilent: 30_000,
  ack: 15_000,
  backoffMin: 500,
  backoffMax: 30_000,
  poll: 25,
}
const failuresBeforePolling = 3

/** @param {import('./types.ts').LinkMade} made */
export function createLink({ base, store, about, hear }) {
  let socket
  let isReady = false
  let isClosed = false
  let isPolling = false
  let isConnecting = false
  let cursor = 0
  let failures = 0
  let heardAt = 0
  let notBefore = 0
  let inFlight
  let identity
  let retryTimer = 0
  let ackTimer = 0
  let pollAbort = new AbortController()

  const token = () => store.load().token

  /** Throws `{status, message, retryAfterMs}`. @returns {Promise<any>} */
  async function call(path, { method = 'POST', body, signal = AbortSignal.timeout(120_000) } = {}) {
    const isForm = body instanceof FormData
    const headers = {
      ...(token() ? { authorization: `Bearer ${token()}` } : {}),
      ...(body && !isForm ? { 'content-type': 'application/json' } : {}),
    }
    const response = await fetch(base + path, {
      method,
      headers,
      body: isForm ? body : body && JSON.stringify(body),
      signal,
    })
    const answer = response.status === 204 ? {} : await response.json().catch(() => ({}))
    if (!response.ok) throw { status: response.status, message: answer.message, retryAfterMs: answer.retryAfterMs }
    return answer
  }

  /** A token, an old one if it serves. */
  async function begin() {
    const before = token()
    const begun = await call('/sessions', { body: { ...about, ...(identity ? { identity } : {}) } })
    const isOther = before !== undefined && begun.token !== before
    store.change((kept) => {
      kept.token = begun.token
    })
    if (isOther) startOver()
  }

  function startOver() {
    cursor = 0
    hear.renewed()
  }

  async function connect() {
    if (isClosed || isConnecting || socket) return
    clearTimeout(retryTimer)
    isConnecting = true
    try {
      if (!token()) await begin()
      openSocket()
      if (failures >= failuresBeforePolling) void pollOn()
    } catch (error) {
      lost(error)
    } finally {
      isConnecting = false
    }
  }

  function openSocket() {
    if (isClosed) return
    const mine = new WebSocket(`${base.replace(/^http/, 'ws')}/socket`)
    socket = mine
    const giveUp = setTimeout(drop, 12_000)
    mine.onopen = () => mine.send(JSON.stringify({ t: 'hello', token: token(), after: cursor }))
    mine.onmessage = ({ data }) => {
      if (socket !== mine) return
      clearTimeout(giveUp)
      heardAt = Date.now()
      if (isReady) hear.online(true)
      receive(JSON.parse(data))
    }
    mine.onclose = ({ code }) => {
      clearTimeout(giveUp)
      if (socket !== mine) return
      socket = undefined
      if (code === 4401) forgetToken()
      lost(code === 4429 ? { retryAfterMs: 10_000 } : undefined)
    }
  }

  /** Does not wait for the other side to agree: on a dead network that takes minutes. */
  function drop() {
    const dead = socket
    socket = undefined
    dead?.close()
    if (dead) lost()
  }

  function forgetToken() {
    store.change((kept) => {
      delete kept.token
    })
    startOver()
  }

  function lost(error) {
    isReady = false
    inFlight = undefined
    clearTimeout(ackTimer)
    failures++
    if (!isPolling) hear.online(false)
    if (isClosed) return
    if (error?.status === 401 && token()) forgetToken()
    else if (error?.status === 401 || error?.status === 403 || error?.status === 400) {
      isClosed = true
      return hear.refused(error.message ?? '')
    }
    const wait = Math.min(timing.backoffMax, timing.backoffMin * 2 ** Math.min(failures - 1, 6))
    // Jitter: after an outage not everybody comes back in the same moment.
    retryTimer = setTimeout(connect, error?.retryAfterMs ?? wait * (0.5 + Math.random() / 2))
  }

  function receive(frame) {
    if (frame.t === 'state') {
      if (!isReady) ready()
      hear.state(frame)
    } else if (frame.t === 'entries') take(frame.entries)
    else if (frame.t === 'typing') hear.typing(frame)
    else if (frame.t === 'read') hear.read(frame.seq)
    else if (frame.t === 'ack') acknowledged(frame.id)
    else if (frame.t === 'error' && frame.id) rejected(frame.id, frame)
  }

  function ready() {
    isReady = true
    failures = 0
    pollAbort.abort()
    hear.online(true)
    flush()
  }

  function take(entries) {
    const fresh = entries.filter((entry) => entry.seq > cursor)
    if (fresh.length === 0) return
    cursor = fresh[fresh.length - 1].seq
    for (const entry of fresh) if (entry.client) settle(entry.client)
    hear.entries(fresh)
  }

  /** One at a time, oldest first: what was written later must not arrive earlier. */
  function flush() {
    if (inFlight || isClosed || !(isReady || isPolling)) return
    const next = store.load().outbox.find((item) => !item.failed)
    if (!next) return
    const wait = notBefore - Date.now()
    if (wait > 0) return void setTimeout(flush, wait)
    inFlight = next.id
    const { id, text, choice, file } = next
    const said = { id, text, choice, file }
    if (isReady && socket) {
      socket.send(JSON.stringify({ t: 'say', ...said }))
      ackTimer = setTimeout(drop, timing.ack)
    } else {
      call('/messages', { body: said, signal: AbortSignal.timeout(timing.ack) }).then(
        () => acknowledged(id),
        (error) => rejected(id, { ...error, code: error.status === 400 || error.status === 404 ? 'invalid' : 'busy' }),
      )
    }
  }

  function acknowledged(id) {
    settle(id)
    hear.sent(id)
    flush()
  }

  function settle(id) {
    store.drop(id)
    if (inFlight !== id) return
    inFlight = undefined
    clearTimeout(ackTimer)
  }

  /** What may work later stays in the outbox; what cannot is shown with the reason. */
  function rejected(id, { code, message, retryAfterMs }) {
    if (inFlight === id) inFlight = undefined
    clearTimeout(ackTimer)
    const item = store.load().outbox.find((other) => other.id === id)
    if (!item) return flush()
    if (code === 'busy' || code === 'unreachable') {
      notBefore = Date.now() + (retryAfterMs ?? 3000)
    } else {
      item.failed = message || code
      store.put(item)
      hear.failed(item)
    }
    flush()
  }

  async function pollOn() {
    if (isPolling || isReady) return
    pollAbort = new AbortController()
    try {
      let wait = 0
      while (!isReady && !isClosed) {
        const signal = AbortSignal.any([pollAbort.signal, AbortSignal.timeout(timing.dead)])
        const answer = await call(`/messages?after=${cursor}&wait=${wait}`, { method: 'GET', signal })
        if (isReady) break
        if (!isPolling) {
          isPolling = true
          hear.online(true)
        }
        hear.state(answer)
        take(answer.entries)
        flush()
        wait = timing.poll
      }
    } catch {
      // The socket's own retries go on and start the polling again.
    } finally {
      if (isPolling && !isReady) hear.online(false)
      isPolling = false
    }
  }

  const beat = setInterval(() => {
    if (!isReady || !socket) return
    if (Date.now() - heardAt > timing.dead) drop()
    else socket.send('{"t":"ping"}')
  }, timing.ping)

  /** The page came back: from sleep, from another tab, from a place without a network. */
  function wake(event) {
    if (isClosed || document.visibilityState === 'hidden' || !(token() || store.load().outbox.length)) return
    if (!socket) {
      failures = Math.min(failures, failuresBeforePolling)
      return void connect()
    }
    if (!isReady || (event.type !== 'online' && Date.now() - heardAt < timing.wakeSilent)) return
    const asked = Date.now()
    socket.send('{"t":"ping"}')
    setTimeout(() => heardAt < asked && drop(), 5000)
  }
  const wakers = [
    [window, 'online'],
    [window, 'focus'],
    [window, 'pageshow'],
    [document, 'visibilitychange'],
  ]
  for (const [target, name] of wakers) target.addEventListener(name, wake)
  const offline = () => hear.online(false)
  window.addEventListener('offline', offline)
  if (token() || store.load().outbox.some((item) => !item.failed)) void connect()

  /** Signals that may be lost: only over a socket that is there. */
  const signal = (frame) => isReady && socket?.send(JSON.stringify(frame))

  return {
    say(item) {
      store.put(item)
      if (isReady || isPolling) flush()
      else void connect()
    },
    retry(id) {
      const item = store.load().outbox.find((other) => other.id === id)
      if (!item) return
      delete item.failed
      store.put(item)
      isReady || isPolling ? flush() : void connect()
    },
    typing: (on) => signal({ t: 'typing', on }),
    read(seq) {
      if (isReady) signal({ t: 'read', seq })
      else if (isPolling) call('/read', { body: { seq } }).catch(() => {})
    },
    leave: () => call('/leave', { body: { id: newId() } }),
    async upload(file) {
      if (!token()) await begin()
      const body = new FormData()
      body.append('file', file, file.name)
      return call('/files', { body })
    },
    async identify(jwt) {
      identity = jwt
      isClosed = false
      await begin()
      hear.refused('')
      drop()
      void connect()
    },
    close() {
      isClosed = true
      clearInterval(beat)
      clearTimeout(retryTimer)
      pollAbort.abort()
      for (const [target, name] of wakers) target.removeEventListener(name, wake)
      window.removeEventListener('offline', offline)
      socket?.close()
    },
  }
}
