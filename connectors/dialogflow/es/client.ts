/** The few calls to Dialogflow ES that are made. Each has its deadline, none is repeated by the library. */
import type { protos } from '@google-cloud/dialogflow'
import { callOptions, clientOptions, lazily, readable } from '../library.ts'
import type { Pace } from './pace.ts'
import type { Settings } from './settings.ts'
import { agentPath, projectPath, type Request, type Response } from './translate.ts'

export type EsIntent = protos.google.cloud.dialogflow.v2.IIntent
export type EsDocument = protos.google.cloud.dialogflow.v2.IDocument

export interface Client {
  detect(request: Request): Promise<Response>
  agentName(): Promise<string>
  listIntents(): Promise<readonly EsIntent[]>
  getIntent(name: string): Promise<EsIntent>
  writePhrases(intent: EsIntent): Promise<void>
  /** Begins the training; Google goes on by itself. */
  train(): Promise<void>
  listDocuments(knowledgeBase: string): Promise<readonly EsDocument[]>
  /** Begins to take it in. */
  createDocument(knowledgeBase: string, document: EsDocument): Promise<void>
  close(): Promise<void>
}

/** `pace` is asked before every call that is no conversation. */
export function openClient(settings: Settings, pace: Pace): Client {
  const options = clientOptions(settings, '@google-cloud/dialogflow')
  const { language: languageCode } = settings
  const sessions = lazily(async () => {
    const { SessionsClient } = await import('@google-cloud/dialogflow/build/src/v2/sessions_client.js')
    return new SessionsClient(options())
  })
  // v2 drops the names of knowledge bases without a word (dialogflow.md 6).
  const betaSessions = lazily(async () => {
    const { SessionsClient } = await import('@google-cloud/dialogflow/build/src/v2beta1/sessions_client.js')
    return new SessionsClient(options())
  })
  const intents = lazily(async () => {
    const { IntentsClient } = await import('@google-cloud/dialogflow/build/src/v2/intents_client.js')
    return new IntentsClient(options())
  })
  const agents = lazily(async () => {
    const { AgentsClient } = await import('@google-cloud/dialogflow/build/src/v2/agents_client.js')
    return new AgentsClient(options())
  })
  const documents = lazily(async () => {
    const { DocumentsClient } = await import('@google-cloud/dialogflow/build/src/v2/documents_client.js')
    return new DocumentsClient(options())
  })
  const call = () => callOptions(settings)
  // Here UNSPECIFIED is without phrases (dialogflow.md 14).
  const full = { languageCode, intentView: 'INTENT_VIEW_FULL' } as const

  return {
    async detect(request) {
      const needsBeta = Boolean(request.queryParams?.knowledgeBaseNames?.length)
      const [response] = needsBeta
        ? await betaSessions.call((client) => client.detectIntent(request, call()))
        : await sessions.call((client) => client.detectIntent(request as never, call()))
      return readable(response as Response)
    },
    async agentName() {
      pace()
      const [agent] = await agents.call((client) => client.getAgent({ parent: projectPath(settings) }, call()))
      return agent.displayName ?? ''
    },
    async listIntents() {
      pace()
      const request = { parent: agentPath(settings), ...full }
      const [listed] = await intents.call((client) => client.listIntents(request, call()))
      return listed
    },
    async getIntent(name) {
      pace()
      const [intent] = await intents.call((client) => client.getIntent({ name, ...full }, call()))
      return intent
    },
    async writePhrases(intent) {
      pace()
      // Without the mask all that was left out is erased; with it the list is still replaced as a whole.
      const request = { intent, ...full, updateMask: { paths: ['training_phrases'] } }
      await intents.call((client) => client.updateIntent(request, call()))
    },
    async train() {
      pace()
      await agents.call((client) => client.trainAgent({ parent: projectPath(settings) }, call()))
    },
    async listDocuments(parent) {
      pace()
      const [listed] = await documents.call((client) => client.listDocuments({ parent }, call()))
      return listed
    },
    async createDocument(parent, document) {
      pace()
      await documents.call((client) => client.createDocument({ parent, document }, call()))
    },
    async close() {
      await Promise.all([sessions, betaSessions, intents, agents, documents].map((client) => client.close()))
    },
  }
}
