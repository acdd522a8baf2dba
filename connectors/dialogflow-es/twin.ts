/** Dialogflow ES on this machine: the services of the library's own protos over gRPC, with an agent to talk to. */
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
import { checkName, type Place } from './twin/checks.ts'
import { openDocuments, type StoredDocument } from './twin/documents.ts'
import { type DetectRequest, openSessions, type Talk } from './twin/sessions.ts'

export interface EsTwin extends Twin {
  /** The next turn is answered with this message, as the proto has it. */
  answerNext(response: object): void
  readonly talks: readonly Talk[]
  readonly documents: readonly StoredDocument[]
}

export interface EsTwinOptions extends TwinOptions {
  /** Whether a quota answer says how long to wait, which is not documented. Default true. */
  readonly advisesWait?: boolean
}

export async function openTwin(options: EsTwinOptions): Promise<EsTwin> {
  const { settings, clock = systemClock } = options
  const here = placeOf(settings)
  const project =
    here.location === 'global' ? `projects/${here.project}` : `projects/${here.project}/locations/${here.location}`
  const language = String(settings.language ?? 'en')
  const troubles = createTroubles()
  const agent = openAgent(`${project}/agent`, language)
  const documents = openDocuments()
  let webhookFails = false
  let next: object | undefined
  const sessions = openSessions({ agent, here, clock, webhookFails: () => webhookFails })
  const detect = (hasKnowledge: boolean) => (request: DetectRequest) => {
    const said = next
    next = undefined
    return sessions.detect(request, hasKnowledge, said)
  }
  const operations = new Set<string>()
  const begin = () => {
    const name = `${project}/operations/${operations.size + 1}`
    operations.add(name)
    return { name, done: false }
  }

  const { grpc, api } = loadProtos()
  const { v2, v2beta1 } = api.google.cloud.dialogflow
  const server = await openGrpcTwinServer({
    grpc,
    troubles,
    advisesWait: options.advisesWait,
    services: [
      { definition: v2.Sessions!.service, methods: { DetectIntent: detect(false) } },
      { definition: v2beta1.Sessions!.service, methods: { DetectIntent: detect(true) } },
      {
        definition: v2.Intents!.service,
        methods: {
          ListIntents(request: Parameters<typeof agent.list>[0] & { parent: string }) {
            checkName(request.parent, here, /^\/agent$/)
            return agent.list(request)
          },
          GetIntent(request: Parameters<typeof agent.get>[0]) {
            checkName(request.name, here, /^\/agent\/intents\/[^/]+$/)
            return agent.get(request)
          },
          UpdateIntent(request: Parameters<typeof agent.update>[0]) {
            checkName(request.intent?.name ?? '', here, /^\/agent\/intents\/[^/]+$/)
            return agent.update(request)
          },
        },
      },
      {
        definition: v2.Agents!.service,
        methods: {
          GetAgent({ parent }: { parent: string }) {
            checkName(parent, here, /^$/)
            return { parent, displayName: 'Shop', defaultLanguageCode: language, timeZone: 'Europe/Berlin' }
          },
          TrainAgent({ parent }: { parent: string }) {
            checkName(parent, here, /^$/)
            agent.train()
            return begin()
          },
        },
      },
      {
        definition: v2.Documents!.service,
        methods: {
          ListDocuments(request: Parameters<typeof documents.list>[0]) {
            checkName(request.parent, here, /^\/knowledgeBases\/[^/]+$/)
            return documents.list(request)
          },
          CreateDocument(request: Parameters<typeof documents.create>[0]) {
            checkName(request.parent, here, /^\/knowledgeBases\/[^/]+$/)
            documents.create(request)
            return begin()
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
      title: 'Dialogflow ES',
      hint: 'Write "hello", "where is my order", "how do returns work", "I want to talk to a person" or "bye" in the chat.',
      facts: [
        { label: 'Agent', value: `${project}/agent` },
        { label: 'Webhook', value: webhookFails ? 'fails' : 'works' },
        { label: 'Drafts', value: documents.stored.map(({ displayName }) => displayName).join(', ') || 'none' },
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
        state: talk.isAskingForOrder ? 'asks for the order number' : 'open',
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
    documents: documents.stored,
  }
}

const placeOf = ({ project, location = 'global', environment }: TwinOptions['settings']): Place => ({
  project: String(project),
  location: String(location),
  ...(environment !== undefined && { environment: String(environment) }),
})

interface Package {
  readonly [service: string]: { readonly service: ServiceDefinition }
}

function loadProtos() {
  const { grpc } = fromLibrary('google-gax') as { grpc: Grpc }
  const loader = fromLibrary('google-gax', '@grpc/proto-loader') as { fromJSON(json: object, how: object): never }
  const json = fromLibrary('./build/protos/protos.json') as object
  const how = { longs: String, enums: String, defaults: false, arrays: true, oneofs: true }
  const api = grpc.loadPackageDefinition(loader.fromJSON(json, how)) as unknown as {
    google: { cloud: { dialogflow: { v2: Package; v2beta1: Package } }; longrunning: Package }
  }
  return { grpc, api }
}
