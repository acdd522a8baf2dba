/** Who is signed in, and calls to the hub. The token stays in this tab and goes out in a header only. */

const connection = document.querySelector('meta[name="baton-connection"]').content
const base = `/hooks/${encodeURIComponent(connection)}`
const tokenKey = `baton-inbox:${connection}:token`
const presenceKey = `baton-inbox:${connection}:presence`

export const session = {
  connection,
  socketUrl: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${base}/socket`,
  get token() {
    return sessionStorage.getItem(tokenKey)
  },
  set token(token) {
    if (token) sessionStorage.setItem(tokenKey, token)
    else sessionStorage.removeItem(tokenKey)
  },
  /** What the agent chose in this tab. */
  get presence() {
    return sessionStorage.getItem(presenceKey) ?? 'online'
  },
  set presence(presence) {
    sessionStorage.setItem(presenceKey, presence)
  },
}

/** What failed, in a sentence for the agent. `mayRepeat`: the same call may be made again later. */
export class CallError extends Error {
  constructor(message, status) {
    super(message)
    this.status = status
    this.mayRepeat = status === 0 || status === 429 || status >= 500
  }
}

/** @returns the answer's JSON, or undefined where there is none. Throws CallError. */
export async function call(method, path, body, token = session.token) {
  let answer
  try {
    answer = await fetch(base + path, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.timeout(15_000),
    })
  } catch {
    throw new CallError('The hub did not answer. Check your connection; this page goes on trying.', 0)
  }
  if (answer.status === 204) return undefined
  const said = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new CallError(said.message ?? `The hub answered ${answer.status}.`, answer.status)
  return said
}
