/**
 * `host.http`: the face is axios, which everybody knows; the calls go through undici, which is more than twice as fast.
 * Of axios's settings those of its own Node adapter (agents, proxies, redirects, progress) have no effect here.
 */
import { Readable } from 'node:stream'
import axios, {
  AxiosError,
  type AxiosHeaders,
  type AxiosInstance,
  type AxiosResponse,
  CanceledError,
  type InternalAxiosRequestConfig,
} from 'axios'
import type { Logger } from 'pino'
import { Agent, type Dispatcher } from 'undici'
import { leftMs } from './deadline.ts'
import type { CallSeen } from './traffic.ts'
import { type Answer, type Call, CallFailure, make } from './vendor-call.ts'
import type { CallRecord } from './vendor-errors.ts'

export { retryAfterMs, toHubError } from './vendor-errors.ts'

export interface VendorClientOptions {
  /** The connection's name, for the log. */
  readonly name: string
  readonly log: Pick<Logger, 'debug' | 'info'>
  /**
   * The longest a call may take, answer included. Default 10 s. A call's own `timeout` can only shorten it, and so does what is
   * left of the effect in whose name it is made.
   */
  readonly deadlineMs?: number
  /** Calls to one host at a time; more wait, within their deadline. Default 32. */
  readonly concurrency?: number
  /** Bytes of an answer. Default 10 MiB. A call's own `maxContentLength` replaces it. */
  readonly maxAnswerBytes?: number
  /** Closes the connections once the calls under way have ended. */
  readonly signal?: AbortSignal
  /** Told of every call that was made. */
  readonly seen?: (call: Omit<CallSeen, 'at'>) => void
}

/** Follows no redirect and repeats nothing. A failure is an AxiosError; `toHubError` says it in the hub's words. */
export function createVendorClient(options: VendorClientOptions): AxiosInstance {
  const limits = {
    deadlineMs: options.deadlineMs ?? 10_000,
    maxAnswerBytes: options.maxAnswerBytes ?? 10 * 1024 * 1024,
  }
  const agent = new Agent({
    connections: options.concurrency ?? 32,
    pipelining: 1,
    // Over HTTP/2 the client may send a call anew after the other side closed.
    allowH2: false,
    connect: { timeout: limits.deadlineMs },
  })
  options.signal?.addEventListener('abort', () => void agent.close().catch(() => {}), { once: true })
  return axios.create({
    headers: { 'User-Agent': 'Baton' },
    adapter: (config) => converse(config, agent, limits, options),
  })
}

interface CallLimits {
  deadlineMs: number
  maxAnswerBytes: number
}

async function converse(
  config: InternalAxiosRequestConfig,
  agent: Dispatcher,
  limits: CallLimits,
  { name, log, seen }: VendorClientOptions,
): Promise<AxiosResponse> {
  const began = performance.now()
  const url = urlOf(config)
  const call = await callOf(config, url, limits)
  const said = { connection: name, method: call.method, host: url.host, path: discreetPath(url.pathname) }
  try {
    const answer = await make(call, agent)
    const fine = answer.status < 400
    const ms = msSince(began)
    seen?.({ method: said.method, path: said.path, status: answer.status, ms })
    log[fine ? 'debug' : 'info']({ ...said, status: answer.status, ms }, 'vendor call')
    return settle(config, answer, { method: call.method, path: said.path, sent: true })
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    const ms = msSince(began)
    seen?.({ method: said.method, path: said.path, status: error.code, ms })
    log.info({ ...said, code: error.code, sent: error.sent, ms }, 'vendor call failed')
    throw failed(config, error, { method: call.method, path: said.path, sent: error.sent })
  }
}

const msSince = (began: number): number => Math.round(performance.now() - began)

async function callOf(config: InternalAxiosRequestConfig, url: URL, limits: CallLimits): Promise<Call> {
  const body = await bodyOf(config)
  if (body === undefined) config.headers.setContentType(null)
  const auth = config.auth ?? credentialsOf(url)
  if (auth)
    config.headers.set('Authorization', `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`)
  const asStream = config.responseType === 'stream'
  const ownMaxBytes =
    config.maxContentLength !== undefined && config.maxContentLength >= 0 ? config.maxContentLength : undefined
  return {
    url,
    method: (config.method ?? 'get').toUpperCase(),
    headers: plainHeaders(config.headers),
    body: body ?? null,
    deadlineMs: Math.min(config.timeout || limits.deadlineMs, limits.deadlineMs, leftMs()),
    maxBytes: ownMaxBytes ?? (asStream ? Number.POSITIVE_INFINITY : limits.maxAnswerBytes),
    signal: config.signal as AbortSignal | undefined,
    asStream,
  }
}

/** Most calls need no more than a join; the rest is axios's own, which costs as much as the whole call. */
function urlOf(config: InternalAxiosRequestConfig): URL {
  const { baseURL, url = '', params, allowAbsoluteUrls } = config
  const isAbsolute = /^https?:\/\//i.test(url)
  const isSimple = !params && allowAbsoluteUrls !== false && (isAbsolute || baseURL)
  const whole = !isSimple ? axios.getUri(config) : isAbsolute ? url : joined(baseURL!, url)
  try {
    return new URL(whole)
  } catch (cause) {
    throw discreet(new AxiosError('the address is not a whole URL', 'ERR_INVALID_URL', config), cause)
  }
}

const joined = (base: string, path: string): string =>
  path ? `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}` : base

function credentialsOf(url: URL): { username: string; password: string } | undefined {
  if (!url.username) return undefined
  return { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
}

async function bodyOf(config: InternalAxiosRequestConfig): Promise<Call['body'] | undefined> {
  const { data, headers } = config
  if (data === undefined || data === null) return undefined
  if (data instanceof FormData || data instanceof Blob) return encoded(data, headers)
  if (data instanceof ArrayBuffer) return Buffer.from(data)
  // The package form-data: a stream that knows its own headers.
  if (data instanceof Readable && 'getHeaders' in data) headers.set((data.getHeaders as () => Record<string, string>)())
  return data as Call['body']
}

/** Whole in memory, so that its length is known: several vendors refuse chunked uploads. */
async function encoded(data: FormData | Blob, headers: AxiosHeaders): Promise<Buffer> {
  const response = new Response(data)
  const type = response.headers.get('content-type')
  if (type) headers.setContentType(type)
  return Buffer.from(await response.arrayBuffer())
}

function plainHeaders(headers: AxiosHeaders): Record<string, string | string[]> {
  const plain: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && value !== null && value !== false)
      plain[name] = Array.isArray(value) ? value : String(value)
  }
  return plain
}

function settle(config: InternalAxiosRequestConfig, answer: Answer, request: CallRecord): AxiosResponse {
  const response: AxiosResponse = {
    status: answer.status,
    statusText: answer.statusText,
    headers: answer.headers as AxiosResponse['headers'],
    data: dataOf(config, answer.body),
    config,
    request,
  }
  if (!config.validateStatus || config.validateStatus(answer.status)) return response
  const code = answer.status >= 400 && answer.status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE
  throw discreet(new AxiosError(`Request failed with status code ${answer.status}`, code, config, request, response))
}

function dataOf(config: InternalAxiosRequestConfig, body: Answer['body']): unknown {
  if (body instanceof Readable || config.responseType === 'arraybuffer') return body
  const text = body.toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

function failed(config: InternalAxiosRequestConfig, failure: CallFailure, request: CallRecord): AxiosError {
  if (failure.code === 'ERR_CANCELED') return discreet(new CanceledError(failure.message, config, request), failure)
  return discreet(new AxiosError(failure.message, failure.code, config, request), failure)
}

/** Loggers write what they can enumerate, and these three hold tokens and customers' words. */
function discreet(error: AxiosError, cause?: unknown): AxiosError {
  for (const name of ['config', 'request', 'response'] as const) {
    Object.defineProperty(error, name, { value: error[name], enumerable: false, writable: true, configurable: true })
  }
  const toJSON = () => ({ name: error.name, message: error.message, code: error.code, status: error.status })
  Object.defineProperty(error, 'toJSON', { value: toJSON, enumerable: false })
  if (cause !== undefined) Object.defineProperty(error, 'cause', { value: cause, enumerable: false })
  return error
}

/** Some vendors put a token, a mail address or a phone number into the path: such a piece is shown as `*`. */
export function discreetPath(path: string): string {
  return path
    .split('/')
    .map((piece) => (isPrivate(piece) ? '*' : piece))
    .join('/')
}

function isPrivate(piece: string): boolean {
  if (/[@:+]|%40|%3a|%2b/i.test(piece) || /^\d{9,}$/.test(piece)) return true
  const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(piece)
  return !isUuid && piece.length >= 20 && /\d/.test(piece) && /[a-z]/i.test(piece)
}
