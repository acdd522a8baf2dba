/** Asks the hub. What it refuses is a `Problem` with the hub's own words. */
export class Problem extends Error {
  override readonly name = 'Problem'
  /** 0 when the hub could not be reached at all. */
  readonly status: number
  /** The hub's code: `invalid`, `unknown`, `forbidden`, `unreachable`… */
  readonly error: string

  constructor(status: number, error: string, message: string) {
    super(message)
    this.status = status
    this.error = error
  }
}

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** `get('/queue')` asks `/api/v1/queue`; a whole address of the hub is asked as it is. */
export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => call<T>(path, { signal })

export interface Sending {
  /** The same key again is the same command. Left out: each call is a command of its own. */
  readonly key?: string
  readonly signal?: AbortSignal
}

export function send<T = void>(
  method: Method,
  path: string,
  body?: unknown,
  { key, signal }: Sending = {},
): Promise<T> {
  return call<T>(path, {
    method,
    signal,
    headers: {
      'idempotency-key': key ?? crypto.randomUUID(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
}

const signedOut = new Set<() => void>()
/** Told when the hub no longer knows who asks. */
export function onSignedOut(heard: () => void): () => void {
  signedOut.add(heard)
  return () => signedOut.delete(heard)
}

async function call<T>(path: string, init: RequestInit): Promise<T> {
  const answer = await fetch(/^\/(api|hooks)\//.test(path) ? path : `/api/v1${path}`, {
    ...init,
    credentials: 'same-origin',
  }).catch((error: Error) => {
    if (error.name === 'AbortError') throw error
    throw new Problem(0, 'unreachable', 'The hub cannot be reached from this browser.')
  })
  if (answer.ok) return (answer.status === 204 ? undefined : await read(answer)) as T
  const { error = 'internal', message = `The hub answered ${answer.status}.` } = await problemOf(answer)
  if (answer.status === 401) for (const heard of signedOut) heard()
  throw new Problem(answer.status, error, message)
}

/** Sends one file as a form, and tells how far it is, from 0 to 1. */
export function upload<T>(path: string, file: File, progress: (done: number) => void, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    // `fetch` does not tell how far an upload is.
    const request = new XMLHttpRequest()
    request.open('PUT', path)
    request.responseType = 'json'
    request.timeout = 600_000
    request.upload.onprogress = ({ loaded, total }) => progress(loaded / total)
    request.onloadend = () => {
      const { status, response } = request
      if (status >= 200 && status < 300) return resolve(response)
      if (status === 401) for (const heard of signedOut) heard()
      const { error = 'unreachable', message = 'The hub cannot be reached from this browser.' } = response ?? {}
      reject(new Problem(status, error, message))
    }
    signal.onabort = () => request.abort()
    const body = new FormData()
    body.append('file', file, file.name)
    request.send(body)
  })
}

const read = (answer: Response): Promise<unknown> =>
  answer.headers.get('content-type')?.includes('json') ? answer.json() : answer.text()

async function problemOf(answer: Response): Promise<{ error?: string; message?: string }> {
  try {
    return (await answer.json()) as { error?: string; message?: string }
  } catch {
    return {}
  }
}
