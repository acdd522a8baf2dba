/** Zendesk messaging on this machine: Sunshine Conversations with its switchboard, on the account of Support. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Delivery, TwinAct, TwinView, VendorAnswer } from '#hub/twin.ts'
import type { Account } from './account.ts'
import { type App, createApp } from './messaging/app.ts'
import { messagingRoutes } from './messaging/routes.ts'
import { createMessagingStage } from './messaging/stage.ts'
import { createHooks, type Hooks } from './messaging/webhooks.ts'

export interface MessagingTwin {
  readonly app: App
  readonly hooks: Hooks
  routes(app: FastifyInstance): void
  knows(act: TwinAct): boolean
  act(act: TwinAct): void
  /** With the conversations beside what the account shows. */
  view(of: TwinView, isAlone: boolean): TwinView
}

interface Given {
  readonly app?: string
  readonly keyId?: string
  readonly keySecret?: string
  readonly control?: string
  readonly workspace?: string
  readonly integration?: string
  readonly webhookSecret?: string
}

export function openMessagingTwin(account: Account, given: Given, hooksUrl: string, delivery: Delivery): MessagingTwin {
  const app = createApp(account, given)
  const hooks = createHooks(app, delivery)
  app.told = hooks.told
  if (given.webhookSecret) hooks.add(`${hooksUrl}/messaging`, allTriggers, given.webhookSecret, true)
  const stage = createMessagingStage(app)
  return {
    app,
    hooks,
    routes: (server) => messagingRoutes(server, app, given, hooks),
    knows: stage.knows,
    act: stage.act,
    view: (of, isAlone) => ({
      ...of,
      ...(isAlone && {
        title: 'Zendesk messaging',
        hint: 'A customer writes here, and the bot answers. When agents get a conversation, answer in it, and close it or give it back.',
      }),
      buttons: [stage.button, ...of.buttons],
      cases: [...stage.cases(), ...of.cases],
    }),
  }
}

const allTriggers = [
  'conversation:create',
  'conversation:message',
  'conversation:postback',
  'conversation:typing',
  'switchboard:passControl',
  'switchboard:passControl:failure',
  'switchboard:offerControl',
  'switchboard:acceptControl',
  'switchboard:releaseControl',
]

export const isMessaging = ({ url }: FastifyRequest): boolean => url.startsWith('/sc/')

/** In the shape of Sunshine Conversations (zendesk.md 2.3). */
export const messagingAnswers: Readonly<Record<'limits' | 'errors' | 'expired', VendorAnswer>> = {
  limits: { status: 429, body: { errors: [{ code: 'too_many_requests', title: 'Too many requests' }] } },
  errors: { status: 500, body: { errors: [{ code: 'internal_error', title: 'Something went wrong' }] } },
  expired: { status: 401, body: { errors: [{ code: 'unauthorized', title: 'Authorization is required' }] } },
}
