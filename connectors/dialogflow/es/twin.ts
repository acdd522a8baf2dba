/** Dialogflow ES on this machine. */
import { systemClock } from '#hub/clock.ts'
import type { TwinOptions } from '#hub/twin.ts'
import { type GetRequest, type ListRequest, openAgent, type UpdateRequest } from '../twin/agent.ts'
import { type DialogflowTwin, type DialogflowTwinOptions, openDialogflowTwin, type Play } from '../twin.ts'
import { checkName, type Place } from './twin/checks.ts'
import { openDocuments, type StoredDocument } from './twin/documents.ts'
import { script } from './twin/script.ts'
import { type DetectRequest, openSessions, type Talk } from './twin/sessions.ts'

export interface EsTwin extends DialogflowTwin<Talk> {
  readonly documents: readonly StoredDocument[]
}

export async function openTwin(options: DialogflowTwinOptions): Promise<EsTwin> {
  const { settings, clock = systemClock } = options
  const here = placeOf(settings)
  const project =
    here.location === 'global' ? `projects/${here.project}` : `projects/${here.project}/locations/${here.location}`
  const language = String(settings.language ?? 'en')
  const documents = openDocuments()
  const twin = await openDialogflowTwin(options, '@google-cloud/dialogflow', (scene): Play<Talk> => {
    const agent = openAgent({
      path: `${project}/agent`,
      language,
      script,
      toStored: ({ parts, name, timesAddedCount }, newName) => ({
        parts: parts.map(({ text, entityType, alias, userDefined }) => ({
          text,
          ...(entityType && { entityType, alias, userDefined }),
        })),
        type: 'EXAMPLE',
        name: name || newName(),
        timesAddedCount: timesAddedCount ?? 0,
      }),
      fieldsOf: ({ action, isHandoff, isEnd }) => ({
        action: action ?? '',
        liveAgentHandoff: isHandoff ?? false,
        endInteraction: isEnd ?? false,
      }),
      // UNSPECIFIED is without phrases here (dialogflow.md 12.2).
      isFull: (view) => view === 'INTENT_VIEW_FULL',
    })
    const sessions = openSessions({ agent, here, clock, webhookFails: scene.webhookFails })
    const detect = (hasKnowledge: boolean) => (request: DetectRequest) =>
      sessions.detect(request, hasKnowledge, scene.said(request.queryInput?.text?.text))
    const { v2, v2beta1 } = scene.api.google!.cloud!.dialogflow!
    return {
      title: 'Dialogflow ES',
      hint: 'Write "hello", "where is my order", "how do returns work", "I want to talk to a person" or "bye" in the chat.',
      facts: () => [
        { label: 'Drafts', value: documents.stored.map(({ displayName }) => displayName).join(', ') || 'none' },
      ],
      path: `${project}/agent`,
      agent,
      sessions,
      stateOf: ({ isAskingForOrder }) => (isAskingForOrder ? 'asks for the order number' : 'open'),
      services: [
        { of: v2!.Sessions!, methods: { DetectIntent: detect(false) } },
        { of: v2beta1!.Sessions!, methods: { DetectIntent: detect(true) } },
        {
          of: v2!.Intents!,
          methods: {
            ListIntents(request: ListRequest & { parent: string }) {
              checkName(request.parent, here, /^\/agent$/)
              return agent.list(request)
            },
            GetIntent(request: GetRequest) {
              checkName(request.name, here, /^\/agent\/intents\/[^/]+$/)
              return agent.get(request)
            },
            UpdateIntent(request: UpdateRequest) {
              checkName(request.intent?.name ?? '', here, /^\/agent\/intents\/[^/]+$/)
              return agent.update(request)
            },
          },
        },
        {
          of: v2!.Agents!,
          methods: {
            GetAgent({ parent }: { parent: string }) {
              checkName(parent, here, /^$/)
              return { parent, displayName: 'Shop', defaultLanguageCode: language, timeZone: 'Europe/Berlin' }
            },
            TrainAgent({ parent }: { parent: string }) {
              checkName(parent, here, /^$/)
              agent.train()
              return scene.begin(project)
            },
          },
        },
        {
          of: v2!.Documents!,
          methods: {
            ListDocuments(request: Parameters<typeof documents.list>[0]) {
              checkName(request.parent, here, /^\/knowledgeBases\/[^/]+$/)
              return documents.list(request)
            },
            CreateDocument(request: Parameters<typeof documents.create>[0]) {
              checkName(request.parent, here, /^\/knowledgeBases\/[^/]+$/)
              documents.create(request)
              return scene.begin(project)
            },
          },
        },
      ],
    }
  })
  return Object.assign(twin, { documents: documents.stored })
}

const placeOf = ({ project, location = 'global', environment }: TwinOptions['settings']): Place => ({
  project: String(project),
  location: String(location),
  ...(environment !== undefined && { environment: String(environment) }),
})
