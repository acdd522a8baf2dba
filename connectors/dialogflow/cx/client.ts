/** The few calls to Dialogflow CX that are made. Each has its deadline, none is repeated by the library. */
import { randomUUID } from 'node:crypto'
import type { protos } from '@google-cloud/dialogflow-cx'
import { callOptions, clientOptions, lazily, readable } from '../library.ts'
import type { Settings } from './settings.ts'
import { agentPath, type Request, type Response, sessionPath } from './translate.ts'

export type CxIntent = protos.google.cloud.dialogflow.cx.v3.IIntent

export interface Client {
  detect(request: Request): Promise<Response>
  /** Says what would be understood; the session does not move. */
  match(words: string): Promise<void>
  listIntents(): Promise<readonly CxIntent[]>
  getIntent(name: string): Promise<CxIntent>
  writePhrases(intent: CxIntent): Promise<void>
  /** Begins the training of all flows that use what is learned; Google goes on by itself. */
  train(): Promise<void>
  close(): Promise<void>
}

export function openClient(settings: Settings): Client {
  const options = clientOptions(settings, '@google-cloud/dialogflow-cx')
  const { language: languageCode } = settings
  const sessions = lazily(async () => {
    const { SessionsClient } = await import('@google-cloud/dialogflow-cx/build/src/v3/sessions_client.js')
    return new SessionsClient(options())
  })
  const intents = lazily(async () => {
    const { IntentsClient } = await import('@google-cloud/dialogflow-cx/build/src/v3/intents_client.js')
    return new IntentsClient(options())
  })
  const flows = lazily(async () => {
    const { FlowsClient } = await import('@google-cloud/dialogflow-cx/build/src/v3/flows_client.js')
    return new FlowsClient(options())
  })
  const call = () => callOptions(settings)

  return {
    async detect(request) {
      const [response] = await sessions.call((client) => client.detectIntent(request, call()))
      return readable(response)
    },
    async match(words) {
      const session = sessionPath(settings, randomUUID())
      await sessions.call((client) =>
        client.matchIntent({ session, queryInput: { text: { text: words }, languageCode } }, call()),
      )
    },
    async listIntents() {
      const request = { parent: agentPath(settings), languageCode, intentView: 'INTENT_VIEW_FULL' } as const
      const [listed] = await intents.call((client) => client.listIntents(request, call()))
      return listed
    },
    async getIntent(name) {
      const [intent] = await intents.call((client) => client.getIntent({ name, languageCode }, call()))
      return intent
    },
    async writePhrases(intent) {
      // Without the mask all that was left out is erased; with it the list is still replaced as a whole.
      const request = { intent, languageCode, updateMask: { paths: ['training_phrases'] } }
      await intents.call((client) => client.updateIntent(request, call()))
    },
    async train() {
      for (const flow of settings.flows) {
        const name = flow.includes('/') ? flow : `${agentPath(settings)}/flows/${flow}`
        await flows.call((client) => client.trainFlow({ name }, call()))
      }
    },
    async close() {
      await Promise.all([sessions.close(), intents.close(), flows.close()])
    },
  }
}
