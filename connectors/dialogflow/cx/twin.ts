/** Dialogflow CX on this machine. */
import { systemClock } from '#hub/clock.ts'
import { grpcCodes, grpcFailure, type TwinOptions } from '#hub/twin.ts'
import { type GetRequest, type ListRequest, openAgent, type UpdateRequest } from '../twin/agent.ts'
import { type DialogflowTwin, type DialogflowTwinOptions, openDialogflowTwin, type Play } from '../twin.ts'
import { checkParent, type Place } from './twin/checks.ts'
import { script } from './twin/script.ts'
import { type DetectRequest, openSessions, type Talk } from './twin/sessions.ts'

export type CxTwin = DialogflowTwin<Talk>

export interface CxTwinOptions extends DialogflowTwinOptions {
  /** Not documented for CX; 256 is the ES limit. */
  readonly textLimit?: number
}

export function openTwin(options: CxTwinOptions): Promise<CxTwin> {
  const { settings, clock = systemClock, textLimit = 256 } = options
  const here = placeOf(settings)
  const path = `projects/${here.project}/locations/${here.location}/agents/${here.agent}`
  return openDialogflowTwin(options, '@google-cloud/dialogflow-cx', (scene): Play<Talk> => {
    const agent = openAgent({
      path,
      language: String(settings.language ?? 'en'),
      script,
      toStored: ({ parts, id, repeatCount }, newId) => ({
        parts: parts.map(({ text, parameterId }) => ({ text, ...(parameterId && { parameterId }) })),
        id: id || newId(),
        repeatCount: repeatCount || 1,
      }),
      fieldsOf: ({ phrases }) => ({
        parameters: phrases.some(({ parts }) => parts.some(({ parameterId }) => parameterId))
          ? [{ id: 'order_no', entityType: 'projects/-/locations/-/agents/-/entityTypes/sys.number-sequence' }]
          : [],
      }),
      // UNSPECIFIED is full here, PARTIAL is 1 (dialogflow.md 14).
      isFull: (view) => view !== 'INTENT_VIEW_PARTIAL',
    })
    const sessions = openSessions({ agent, path, here, clock, textLimit, webhookFails: scene.webhookFails })
    const v3 = scene.api.google!.cloud!.dialogflow!.cx!.v3!
    return {
      title: 'Dialogflow CX',
      hint: 'Write "hello", "where is my order", "how long do refunds take", "I want to talk to a person" or "bye" in the chat.',
      path,
      agent,
      sessions,
      stateOf: (talk) => (talk.isOver ? 'ended' : talk.page),
      services: [
        {
          of: v3.Sessions!,
          methods: {
            DetectIntent: (request: DetectRequest) =>
              sessions.detect(request, scene.said(request.queryInput?.text?.text)),
            MatchIntent: (request: DetectRequest) => sessions.match(request),
          },
        },
        {
          of: v3.Intents!,
          methods: {
            ListIntents(request: ListRequest & { parent: string }) {
              checkParent(request.parent, here)
              return agent.list(request)
            },
            GetIntent(request: GetRequest) {
              checkParent(request.name, here)
              return agent.get(request)
            },
            UpdateIntent(request: UpdateRequest) {
              checkParent(request.intent?.name ?? '', here)
              return agent.update(request)
            },
          },
        },
        {
          of: v3.Flows!,
          methods: {
            TrainFlow({ name }: { name: string }) {
              checkParent(name, here)
              if (!name.endsWith('/flows/00000000-0000-0000-0000-000000000000'))
                throw grpcFailure(grpcCodes.notFound, 'Flow not found.')
              agent.train()
              return scene.begin(path)
            },
          },
        },
      ],
    }
  })
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
