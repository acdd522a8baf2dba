/** The gRPC side of a twin: the vendor's services on a free port of this machine, with troubles before and after their effect. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type * as GrpcModule from '@grpc/grpc-js'
import type { TwinCall } from './server.ts'
import { isAfter, type Trouble, type Troubles } from './troubles.ts'

export type Grpc = typeof GrpcModule

export interface GrpcTwinOptions {
  /** The copy of grpc-js that the vendor's library uses: objects of two copies do not fit together. */
  readonly grpc: Grpc
  readonly troubles: Troubles
  readonly services: readonly GrpcService[]
  /** Whether `limits` says how long to wait (google.rpc.RetryInfo). Default true. */
  readonly advisesWait?: boolean
}

export interface GrpcService {
  readonly definition: GrpcModule.ServiceDefinition
  /** By the method's name in the proto. What is missing is answered with UNIMPLEMENTED. Failures are thrown: `grpcFailure`. */
  readonly methods: Readonly<Record<string, GrpcMethod>>
}

// biome-ignore lint/suspicious/noExplicitAny: each method knows its own message
export type GrpcMethod = (request: any) => unknown

export interface GrpcTwinServer {
  readonly port: number
  readonly calls: readonly TwinCall[]
  close(): Promise<void>
}

/** Codes of gRPC that vendors answer with. */
export const grpcCodes = {
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  internal: 13,
  unauthenticated: 16,
} as const

export interface GrpcFailure {
  readonly code: number
  readonly details: string
}

export const grpcFailure = (code: number, details: string): Error & GrpcFailure =>
  Object.assign(new Error(details), { code, details })

const keptCalls = 1_000
/** Longer than the hub waits for any answer. */
const hangMs = 30_000
/** Field 1 says it is longer than all there is: no decoder takes it. */
const garbage = Buffer.from([0x0a, 0xff, 0xff, 0xff, 0x7f])
const unreadable = Symbol('an answer that cannot be read')

export async function openGrpcTwinServer(options: GrpcTwinOptions): Promise<GrpcTwinServer> {
  const { grpc, troubles } = options
  const calls: TwinCall[] = []
  const ending = new AbortController()
  const pause = (ms: number) => sleep(ms, undefined, { signal: ending.signal, ref: false }).catch(() => {})
  const server = new grpc.Server()
  const front = await openFront(() => port)

  type Unary = GrpcModule.ServerUnaryCall<unknown, unknown>
  type Done = GrpcModule.sendUnaryData<unknown>

  const failureOf = (way: 'limits' | 'errors' | 'expired') => {
    const { code, details } = failures[way]
    const metadata = new grpc.Metadata()
    if (way === 'limits' && options.advisesWait !== false)
      metadata.set('grpc-status-details-bin', statusWithWait(code, details, troubles.retryAfterSeconds))
    return { code, details, metadata }
  }

  /** Whoever has given up has nothing left to be cut, but others have calls on the same connection. */
  const hang = (call: Unary) =>
    new Promise<void>((resolve) => {
      call.once('cancelled', () => resolve())
      void pause(hangMs).then(resolve)
    })
  const cutOff = (call: Unary) => {
    if (!call.cancelled) front.cut(call.getPeer())
  }

  const goWrong = async (trouble: Trouble, call: Unary, done: Done): Promise<boolean> => {
    if (trouble === 'slow') await pause(troubles.delayMs)
    if (trouble === 'slow') return false
    if (trouble === 'hangs') await hang(call)
    if (trouble === 'hangs' || trouble === 'resets') cutOff(call)
    else done(failureOf(trouble as 'limits' | 'errors' | 'expired'))
    return true
  }
  const goWrongAfter = async (trouble: Trouble, call: Unary, done: Done): Promise<void> => {
    if (trouble === 'errorsAfter') return done(failureOf('errors'))
    if (trouble === 'malformed') return done(null, unreadable)
    if (trouble === 'hangsAfter') await hang(call)
    cutOff(call)
  }

  const serve = (path: string, method: GrpcMethod) => async (call: Unary, done: Done) => {
    const record: TwinCall = { method: 'gRPC', path, headers: headersOf(call.metadata), body: call.request }
    calls.push(record)
    if (calls.length > keptCalls) calls.shift()
    const trouble = troubles.ofCall(path)
    record.trouble = trouble
    if (trouble && !isAfter(trouble) && (await goWrong(trouble, call, done))) return
    try {
      const answer = await method(call.request)
      if (trouble && isAfter(trouble)) return goWrongAfter(trouble, call, done)
      Object.assign(record, { status: 0, answer })
      done(null, answer)
    } catch (thrown) {
      const { code = grpcCodes.internal, details = String(thrown) } = thrown as Partial<GrpcFailure>
      record.status = code
      done({ code, details })
    }
  }

  for (const { definition, methods } of options.services) {
    const served = Object.entries(definition).filter(([name]) => methods[name])
    server.addService(
      Object.fromEntries(Object.entries(definition).map(([name, one]) => [name, mayBeUnreadable(one)])),
      Object.fromEntries(served.map(([name, { path }]) => [name, serve(path, methods[name]!)])),
    )
  }
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  )
  return {
    port: front.port,
    calls,
    async close() {
      ending.abort()
      server.forceShutdown()
      await front.close()
    },
  }
}

const failures = {
  limits: { code: grpcCodes.resourceExhausted, details: 'Quota exceeded for the limit of requests per minute.' },
  errors: { code: grpcCodes.internal, details: 'Internal error encountered.' },
  expired: { code: grpcCodes.unauthenticated, details: 'Request had invalid authentication credentials.' },
} as const

type Definition = GrpcModule.ServiceDefinition[string]

const mayBeUnreadable = (one: Definition): Definition => ({
  ...one,
  responseSerialize: (answer: unknown) => (answer === unreadable ? garbage : one.responseSerialize(answer)),
})

const headersOf = (metadata: GrpcModule.Metadata): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata.getMap()).map(([name, value]) => [name, String(value)]))

interface Front {
  readonly port: number
  cut(peer: string): void
  close(): Promise<void>
}

/** Passes bytes on to the gRPC server, which has no way of its own to cut a connection. */
async function openFront(target: () => number): Promise<Front> {
  const pairs = new Map<number, readonly [Socket, Socket]>()
  const server = createServer((socket) => {
    const inner = connect(target(), '127.0.0.1', () => pairs.set(inner.localPort!, [socket, inner]))
    for (const [one, other] of [
      [socket, inner],
      [inner, socket],
    ] as const) {
      one.on('error', () => {}).on('close', () => other.destroy())
      one.pipe(other)
    }
    inner.on('close', () => pairs.delete(Number(inner.localPort)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = ([socket, inner]: readonly [Socket, Socket]) => {
    socket.resetAndDestroy()
    inner.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut(peer) {
      const pair = pairs.get(Number(peer.slice(peer.lastIndexOf(':') + 1)))
      if (pair) cut(pair)
    },
    async close() {
      for (const pair of pairs.values()) cut(pair)
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** google.rpc.Status with a google.rpc.RetryInfo, in the wire's form: not every vendor's package has the two messages. */
function statusWithWait(code: number, details: string, seconds: number): Buffer {
  const duration = Buffer.concat([Buffer.from([0x08]), varint(seconds)])
  const any = Buffer.concat([
    field(1, Buffer.from('type.googleapis.com/google.rpc.RetryInfo')),
    field(2, field(1, duration)),
  ])
  return Buffer.concat([Buffer.from([0x08]), varint(code), field(2, Buffer.from(details)), field(3, any)])
}

const field = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes])

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push((rest & 127) | 128)
  }
}
