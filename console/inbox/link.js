/** The live link: a socket that comes back by itself, and always begins with the whole state. */

const pingMs = 20_000
const deadMs = 40_000
const silentMs = 30_000

/**
 * @param {{ url: string, token: () => string, presence: () => string, heard: (frame: any) => void,
 *   changed: (word: 'Live' | 'Reconnecting' | 'Offline', asOf: number) => void, refused: (reason: string) => void }} options
 */
export function openLink({ url, token, presence, heard, changed, refused }) {
  let socket
  let tries = 0
  let lastHeard = Date.now()
  let isStopped = false
  let retry

  const connect = () => {
    clearTimeout(retry)
    if (isStopped) return
    socket = new WebSocket(url)
    const mine = socket
    mine.addEventListener('open', () => send({ t: 'hello', token: token(), presence: presence() }))
    mine.addEventListener('message', ({ data }) => {
      if (mine !== socket) return
      lastHeard = Date.now()
      const frame = JSON.parse(data)
      if (frame.t === 'state') {
        tries = 0
        changed('Live', lastHeard)
      }
      heard(frame)
    })
    mine.addEventListener('close', ({ code, reason }) => {
      if (mine !== socket || isStopped) return
      if (code === 4401) {
        stop()
        refused(reason)
        return
      }
      changed(navigator.onLine ? 'Reconnecting' : 'Offline', lastHeard)
      const wait = Math.min(30_000, 500 * 2 ** tries++)
      retry = setTimeout(connect, wait * (0.7 + Math.random() * 0.6))
    })
  }

  const send = (frame) => {
    if (socket?.readyState !== WebSocket.OPEN) return false
    socket.send(JSON.stringify(frame))
    return true
  }

  /** A socket that sleep or a lost network left half open says nothing: it is replaced, not waited for. */
  const wake = () => {
    if (isStopped || document.visibilityState === 'hidden') return
    if (socket?.readyState === WebSocket.CONNECTING) return
    if (socket?.readyState !== WebSocket.OPEN) {
      tries = 0
      connect()
    } else if (Date.now() - lastHeard > deadMs) replace()
    else if (Date.now() - lastHeard > silentMs) send({ t: 'ping' })
  }
  const replace = () => {
    const old = socket
    connect()
    old.close()
  }
  const heart = setInterval(() => {
    if (socket?.readyState === WebSocket.OPEN && Date.now() - lastHeard > deadMs) replace()
    else send({ t: 'ping' })
  }, pingMs)
  const lost = () => changed('Offline', lastHeard)

  const stop = () => {
    isStopped = true
    clearInterval(heart)
    clearTimeout(retry)
    for (const name of ['online', 'focus', 'pageshow']) removeEventListener(name, wake)
    removeEventListener('offline', lost)
    document.removeEventListener('visibilitychange', wake)
    socket?.close()
  }

  for (const name of ['online', 'focus', 'pageshow']) addEventListener(name, wake)
  addEventListener('offline', lost)
  document.addEventListener('visibilitychange', wake)
  connect()
  return { send, stop }
}
