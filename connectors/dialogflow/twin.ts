/** Dialogflow on this machine: the services of a library's own protos over gRPC, with an agent to talk to. The same for both products. */
import type { ServiceDefinition } from '@grpc/grpc-js'
import { HubError } from '#hub/errors.ts'
import {
  createTroubles,
  type Grpc,
  grpcCodes,
  grpcFailure,
  openGrpcTwinServer,
  type Twin,
  type TwinCase,
  type TwinLine,
  type TwinOptions,
} from '#hub/twin.ts'
import { fromLibrary, type Library } from './library.ts'

export interface DialogflowTwin<T extends Talk = Talk> extends Twin {
  /** The next turn is answered with this message, as the proto has it. */
  answerNext(response: object): void
  /** So is every turn of whose words this makes one; no more without an argument. */
  answerBy(speak?: (words: string) => object | undefined): void
  readonly talks: readonly T[]
}

export interface DialogflowTwinOptions extends TwinOptions {
  /** Whether a quota answer says how long to wait, which is not documented. Default true. */
  readonly advisesWait?: boolean
}

/** A session, as both have it. */
export interface Talk {
  readonly id: string
  /** The hub's name for it. */
  conversation: string
  readonly lines: readonly TwinLine[]
}

/** What each product does in its own way. */
export interface Play<T extends Talk> {
  readonly title: string
  readonly hint: string
  readonly facts?: () => readonly { readonly label: string; readonly value: string }[]
  /** The agent's name at Google. */
  readonly path: string
  readonly agent: { addPhrase(intent: string, text: string): void; train(): void }
  readonly sessions: { talks(): readonly T[]; forget(id?: string): void }
  stateOf(talk: T): string
  /** By their names in the proto; `Operations` is there already. */
  readonly services: readonly { readonly of: Service; readonly methods: Methods }[]
}
type Methods = Parameters<typeof openGrpcTwinServer>[0]['services'][number]['methods']

/** What a play is told of the stage it is on. */
export interface Scene {
  readonly api: Protos
  webhookFails(): boolean
  /** What is to be said to this in place of the agent's own answer. */
  said(words: string | undefined): object | undefined
  /** A long-running operation, named below this path. */
  begin(path: string): object
}

export interface Service {
  readonly service: ServiceDefinition
}
export interface Protos {
  readonly [name: string]: Protos & Service
}

export async function openDialogflowTwin<T extends Talk>(
  { advisesWait }: DialogflowTwinOptions,
  library: Library,
  open: (scene: Scene) => Play<T>,
): Promise<DialogflowTwin<T>> {
  const { grpc, api } = loadProtos(library)
  const operations = new Set<string>()
  let webhookFails = false
  let next: object | undefined
  let speak: ((words: string) => object | undefined) | undefined
  const { title, hint, facts, path, agent, sessions, stateOf, services } = open({
    api,
    webhookFails: () => webhookFails,
    said(words) {
      const said = next ?? speak?.(words ?? '')
      next = undefined
      return said
    },
    begin(below) {
      const name = `${below}/operations/${operations.size + 1}`
      operations.add(name)
      return { name, done: false }
    },
  })
  const troubles = createTroubles()
  const server = await openGrpcTwinServer({
    grpc,
    troubles,
    advisesWait,
    services: [
      ...services.map(({ of, methods }) => ({ definition: of.service, methods })),
      {
        definition: api.google!.longrunning!.Operations!.service,
        methods: {
          GetOperation({ name }: { name: string }) {
            if (!operations.has(name)) throw grpcFailure(grpcCodes.notFound, 'Operation not found.')
            return { name, done: true, response: { type_url: 'type.googleapis.com/google.protobuf.Empty', value: '' } }
          },
        },
      },
    ],
  })

  const acts: Record<string, (input: string, id: string | undefined) => void> = {
    expire: (_input, id) => sessions.forget(id),
    webhook: () => {
      webhookFails = !webhookFails
    },
    phrase: (input) => agent.addPhrase('order.status', input),
    train: () => agent.train(),
  }
  const caseOf = (talk: T): TwinCase => ({
    id: talk.id,
    title: talk.conversation || talk.id,
    state: stateOf(talk),
    lines: talk.lines,
    buttons: [{ do: 'expire', label: 'Let it expire' }],
  })

  return {
    settings: { url: `http://127.0.0.1:${server.port}` },
    misbehave: (how) => troubles.misbehave(how),
    get misbehaved() {
      return troubles.misbehaved
    },
    calls: server.calls,
    delivered: async () => {},
    view: () => ({
      title,
      hint,
      facts: [
        { label: 'Agent', value: path },
        { label: 'Webhook', value: webhookFails ? 'fails' : 'works' },
        ...(facts?.() ?? []),
      ],
      buttons: [
        { do: 'expire', label: 'Let all sessions expire' },
        { do: 'webhook', label: webhookFails ? 'Webhook works again' : 'Webhook fails' },
        { do: 'phrase', label: 'Add a phrase to order.status', input: { label: 'Phrase' } },
        { do: 'train', label: 'Train' },
      ],
      cases: sessions.talks().map(caseOf),
    }),
    async act({ do: what, case: id, input = '' }) {
      const act = acts[what]
      if (!act) throw new HubError('invalid', `Nobody can do "${what}" here`)
      if (what === 'phrase' && !input.trim()) throw new HubError('invalid', 'A phrase has words')
      if (id !== undefined && !sessions.talks().some((talk) => talk.id === id))
        throw new HubError('unknown', 'There is no such session')
      act(input, id)
    },
    close: () => server.close(),
    answerNext(response) {
      next = response
    },
    answerBy(by) {
      speak = by
    },
    get talks() {
      return sessions.talks()
    },
  }
}

function loadProtos(library: Library): { grpc: Grpc; api: Protos } {
  const { grpc } = fromLibrary(library, 'google-gax') as { grpc: Grpc }
  const loader = fromLibrary(library, 'google-gax', '@grpc/proto-loader') as {
    fromJSON(json: object, how: object): never
  }
  const json = fromLibrary(library, './build/protos/protos.json') as object
  const how = { longs: String, enums: String, defaults: false, arrays: true, oneofs: true }
  return { grpc, api: grpc.loadPackageDefinition(loader.fromJSON(json, how)) as unknown as Protos }
}
