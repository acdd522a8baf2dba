/** One HTTP call over kept-alive connections: bounded in time and size, made once, never again by itself. */
import { Readable } from 'node:stream'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { countdown, systemClock } from './clock.ts'

export interface Call {
  readonly url: URL
  readonly method: string
  readonly headers: Record<string, string | string[]>
  readonly body: Dispatcher.DispatchOptions['body']
  /** From now to the last byte of the answer; for a stream to its first, and then between two pieces. */
  readonly deadlineMs: number
  /** Bytes of the answer at most, also once it is unpacked. */
  readonly maxBytes: number
  readonly signal: AbortSignal | undefined
  readonly asStream: boolean
}

export interface Answer {
  readonly status: number
  readonly statusText: string
  readonly headers: Record<string, string | string[] | undefined>
  readonly body: Buffer | Readable
}

/** No usable answer. `sent` tells whether the other side may have seen any of the call. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure'
  readonly code: string
  sent = false

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** Rejects with a CallFailure; any status is an answer. */
export function make(call: Call, agent: Dispatcher): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (call.deadlineMs <= 0) return reject(tooLate())
    const exchange = new Exchange(call, resolve, reject)
    agent.dispatch(
      {
        origin: call.url.origin,
        path: call.url.pathname + call.url.search,
        method: call.method as Dispatcher.HttpMethod,
        headers: call.headers,
        body: call.body,
        // Ours is one limit over all of it; for a stream the client's own watches the gaps.
        headersTimeout: 0,
        bodyTimeout: call.asStream ? call.deadlineMs : 0,
      },
      exchange,
    )
  })
}

class Exchange implements Dispatcher.DispatchHandler {
  private readonly call: Call
  private readonly resolve: (answer: Answer) => void
  private readonly reject: (failure: CallFailure) => void
  private readonly leftMs: () => number
  private readonly timer: NodeJS.Timeout
  private controller: Dispatcher.DispatchController | undefined
  private failure: CallFailure | undefined
  private over = false
  private sent = false
  private head: Omit<Answer, 'body'> | undefined
  private stream: Readable | undefined
  private readonly chunks: Buffer[] = []
  private bytes = 0

  constructor(call: Call, resolve: (answer: Answer) => void, reject: (failure: CallFailure) => void) {
    this.call = call
    this.resolve = resolve
    this.reject = reject
    this.leftMs = countdown(call.deadlineMs, systemClock)
    this.timer = setTimeout(this.expire, call.deadlineMs)
    call.signal?.addEventListener('abort', this.cancel, { once: true })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    // After a pause of the process a connection may be ready before the timer has its turn.
    if (!this.failure && this.leftMs() <= 0) this.fail(tooLate())
    else if (this.failure) controller.abort(this.failure)
    else if (this.sent) this.fail(new CallFailure('ECONNRESET', 'the connection broke, and the call is not repeated'))
    else this.sent = true
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Answer['headers'],
    statusText = '',
  ): void {
    if (status < 200) return
    this.head = { status, statusText, headers }
    if (this.call.asStream) this.openStream(controller, this.head)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length
    if (this.bytes > this.call.maxBytes) this.fail(tooLarge(this.call.maxBytes))
    else if (!this.stream) this.chunks.push(chunk)
    else if (!this.stream.push(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    if (this.over || !this.head) return
    this.settle()
    if (this.stream) this.stream.push(null)
    else this.deliver(this.head)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error instanceof CallFailure ? error : translate(error))
  }

  private openStream(controller: Dispatcher.DispatchController, head: Omit<Answer, 'body'>): void {
    clearTimeout(this.timer)
    this.stream = new Readable({
      read: () => controller.resume(),
      destroy: (error, done) => {
        if (!this.over) this.fail(new CallFailure('ERR_CANCELED', 'the stream was closed'))
        done(error)
      },
    })
    this.resolve({ ...head, body: this.stream })
  }

  private deliver(head: Omit<Answer, 'body'>): void {
    const packed = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks)
    unpack(packed, head, this.call.maxBytes, (failure, body) => {
      if (failure) this.reject(Object.assign(failure, { sent: true }))
      else this.resolve({ ...head, body })
    })
  }

  private fail(failure: CallFailure): void {
    if (this.over) return
    failure.sent = this.sent
    this.failure = failure
    this.settle()
    if (this.stream) this.stream.destroy(failure)
    else this.reject(failure)
    this.controller?.abort(failure)
  }

  private settle(): void {
    this.over = true
    clearTimeout(this.timer)
    this.call.signal?.removeEventListener('abort', this.cancel)
  }

  private readonly expire = (): void =>
    this.fail(new CallFailure('ETIMEDOUT', `no whole answer within ${this.call.deadlineMs} ms`))

  private readonly cancel = (): void => this.fail(new CallFailure('ERR_CANCELED', 'canceled'))
}

const tooLate = (): CallFailure => new CallFailure('ETIMEDOUT', 'not made: it is too late for it')

const tooLarge = (maxBytes: number): CallFailure =>
  new CallFailure('ERR_BAD_RESPONSE', `the answer is larger than ${maxBytes} bytes`)

/** The client's own words, as the codes of Node that everybody knows. */
function translate(error: Error): CallFailure {
  const code = String((error as NodeJS.ErrnoException).code ?? '')
  return new CallFailure(codes[code] ?? (code || 'ERR_BAD_RESPONSE'), error.message || code, error)
}

const codes: Record<string, string> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  EPIPE: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_BODY_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_INVALID_ARG: 'ERR_BAD_OPTION',
  UND_ERR_NOT_SUPPORTED: 'ERR_BAD_OPTION',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'ERR_BAD_OPTION',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'ECONNRESET',
  UND_ERR_HEADERS_OVERFLOW: 'ERR_BAD_RESPONSE',
  UND_ERR_DESTROYED: 'ERR_CANCELED',
  UND_ERR_CLOSED: 'ERR_CANCELED',
}

/** We ask for no packing, but some servers pack all the same. */
function unpack(
  packed: Buffer,
  head: Omit<Answer, 'body'>,
  maxBytes: number,
  done: (failure: CallFailure | undefined, body: Buffer) => void,
): void {
  const packing = head.headers['content-encoding']
  const unpackOne = packing === undefined ? undefined : unpackers[String(packing).toLowerCase()]
  if (!unpackOne || packed.length === 0) done(undefined, packed)
  else
    unpackOne(packed, { maxOutputLength: maxBytes }, (error, body) =>
      done(error ? unpackFailure(error, maxBytes) : undefined, body),
    )
}

const unpackFailure = (error: NodeJS.ErrnoException, maxBytes: number): CallFailure =>
  error.code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(maxBytes) : translate(error)

type Unpack = (
  packed: Buffer,
  options: { maxOutputLength: number },
  done: (error: NodeJS.ErrnoException | null, body: Buffer) => void,
) => void

const unpackers: Record<string, Unpack> = { gzip: gunzip, 'x-gzip': gunzip, deflate: inflate, br: brotliDecompress }
