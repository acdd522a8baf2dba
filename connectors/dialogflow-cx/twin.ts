/** Dialogflow CX on this machine: the services of the library's own protos over gRPC, with an agent to talk to. */
import type { ServiceDefinition } from '@grpc/grpc-js'
import { systemClock } from '#hub/clock.ts'
import { HubError } from '#hub/errors.ts'
import {
  createTroubles,
  type Grpc,
  grpcCodes,
  grpcFailure,
  openGrpcTwinServer,
  type Twin,
  type TwinOptions,
} from '#hub/twin.ts'
import { fromLibrary } from './library.ts'
import { openAgent } from './twin/agent.ts'
import { checkParent, type Place } from './twin/checks.ts'
import { type DetectRequest, openSessions, type Talk } from './twin/sessions.ts'

export interface CxTwin extends Twin {
  /** The next turn is answered with this message, as the proto has it. */
  answerNext(response: object): void
  readonly talks: readonly Talk[]
}

export interface CxTwinOptions extends TwinOptions {
  /** Not documented for CX; 256 is the ES limit. */
  readonly textLimit?: number
  /** Whether a quota answer says how long to wait, which is not documented either. Default true. */
  readonly advisesWait?: boolean
}

export async function openTwin(options: CxTwinOptions): Promise<CxTwin> {
  const { settings, clock = systemClock } = options
  const here = placeOf(settings)
  const path = `projects/${here.project}/locations/${here.location}/agents/${here.agent}`
  const troubles = createTroubles()
  const agent = openAgent(path, String(settings.language ?? 'en'))
  let webhookFails = false
  let next: object | undefined
  const sessions = openSessions({
    agent,
    path,
    here,
    clock,
    textLimit: options.textLimit ?? 256,
    webhookFails: () => webhookFails,
  })

  const { grpc, api } = loadProtos()
  const v3 = api.google.cloud.dialogflow.cx.v3
  const operations = new Set<string>()
  const server = await openGrpcTwinServer({
    grpc,
    troubles,
    advisesWait: options.advisesWait,
    services: [
      {
        definition: v3.Sessions!.service,
        methods: {
          DetectIntent(request: DetectRequest) {
            const said = next
            next = undefined
            return sessions.detect(request, said)
          },
          MatchIntent: (request: DetectRequest) => sessions.match(request),
        },
      },
      {
        definition: v3.Intents!.service,
        methods: {
          ListIntents(request: Parameters<typeof agent.list>[0] & { parent: string }) {
            checkParent(request.parent, here)
            return agent.list(request)
          },
          GetIntent(request: { name: string }) {
            checkParent(request.name, here)
            return agent.get(request)
          },
          UpdateIntent(request: Parameters<typeof agent.update>[0]) {
            checkParent(request.intent?.name ?? '', here)
            return agent.update(request)
          },
        },
      },
      {
        definition: v3.Flows!.service,
        methods: {
          TrainFlow({ name }: { name: string }) {
            checkParent(name, here)
            if (!name.endsWith('/flows/00000000-0000-0000-0000-000000000000'))
              throw grpcFailure(grpcCodes.notFound, 'Flow not found.')
            agent.train()
            const operation = `${path}/operations/${operations.size + 1}`
            operations.add(operation)
            return { name: operation, done: false }
          },
        },
      },
      {
        definition: api.google.longrunning.Operations!.service,
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

  return {
    settings: { url: `http://127.0.0.1:${server.port}` },
    misbehave: (how) => troubles.misbehave(how),
    get misbehaved() {
      return troubles.misbehaved
    },
    calls: server.calls,
    delivered: async () => {},
    view: () => ({
      title: 'Dialogflow CX',
      hint: 'Write "hello", "where is my order", "how long do refunds take", "I want to talk to a person" or "bye" in the chat.',
      facts: [
        { label: 'Agent', value: path },
        { label: 'Webhook', value: webhookFails ? 'fails' : 'works' },
      ],
      buttons: [
        { do: 'expire', label: 'Let all sessions expire' },
        { do: 'webhook', label: webhookFails ? 'Webhook works again' : 'Webhook fails' },
        { do: 'phrase', label: 'Add a phrase to order.status', input: { label: 'Phrase' } },
        { do: 'train', label: 'Train' },
      ],
      cases: sessions.talks().map((talk) => ({
        id: talk.id,
        title: talk.conversation || talk.id,
        state: talk.isOver ? 'ended' : talk.page,
        lines: talk.lines,
        buttons: [{ do: 'expire', label: 'Let it expire' }],
      })),
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
    get talks() {
      return sessions.talks()
    },
  }
}

function placeOf(settings: TwinOptions['settings']): Place {
  const { project, location = 'global', agent, environment } = settings
  return {
    project: String(project),
    location: String(location),
    agent: String(agent),
    ...(environment !== undefined && { environment: String(environment) }),
  }
}

interface Package {
  readonly [service: string]: { readonly service: ServiceDefinition }
}

function loadProtos() {
  const { grpc } = fromLibrary('google-gax') as { grpc: Grpc }
  const loader = fromLibrary('google-gax', '@grpc/proto-loader') as { fromJSON(json: object, how: object): never }
  const json = fromLibrary('./build/protos/protos.json') as object
  const how = { longs: String, enums: String, defaults: false, arrays: true, oneofs: true }
  const api = grpc.loadPackageDefinition(loader.fromJSON(json, how)) as unknown as {
    google: { cloud: { dialogflow: { cx: { v3: Package } } }; longrunning: Package }
  }
  return { grpc, api }
}
