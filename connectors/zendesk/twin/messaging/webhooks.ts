/** Webhooks of messaging: the secret goes along as it is, and who is not active hears only what it may (zendesk.md 4). */
import type { Delivery } from '#hub/twin.ts'
import { type App, type SunMessage, showMessage, showShort, showUser, type Talk } from './app.ts'

export interface Hook {
  readonly id: string
  readonly version: 'v2'
  readonly target: string
  readonly triggers: readonly string[]
  readonly secret: string
  readonly includeFullUser: boolean
  readonly includeFullSource: boolean
}

export interface Hooks {
  all(): readonly Hook[]
  add(target: string, triggers: readonly string[], secret: string, includeFullUser: boolean): Hook
  told(type: string, talk: Talk, payload: object): void
}

export function createHooks(app: App, delivery: Delivery): Hooks {
  const hooks: Hook[] = []

  const hears = (type: string, { active, pending }: Talk): boolean =>
    type.startsWith('switchboard:') ||
    active === undefined ||
    active === app.own ||
    pending === app.own ||
    app.own.deliverStandbyEvents
  const send = (hook: Hook, type: string, talk: Talk, payload: object): void => {
    const event = {
      id: app.newId(),
      createdAt: app.now(),
      type,
      payload: { conversation: showShort(talk), ...payload },
    }
    delivery.send({
      name: type,
      url: hook.target,
      headers: { 'content-type': 'application/json', 'x-api-key': hook.secret },
      body: JSON.stringify({ app: { id: app.id }, webhook: { id: hook.id, version: 'v2' }, events: [event] }),
    })
  }
  const personOf = (hook: Hook, talk: Talk) => {
    const { profile, identities: _, metadata: __, ...person } = showUser(talk.user)
    return { ...person, ...(hook.includeFullUser && { profile }) }
  }
  const inWebhook = (hook: Hook, talk: Talk, message: SunMessage) => {
    const { author, activity, ...shown } = showMessage(message)
    const { subtypes, ...rest } = author as Record<string, unknown>
    return {
      ...shown,
      ...(activity && !app.account.quirks.hidesActivity && { activity }),
      author: {
        ...rest,
        ...(app.account.quirks.tellsSubtypes && subtypes !== undefined && { subtypes }),
        ...(rest.type === 'user' && { user: personOf(hook, talk) }),
      },
    }
  }

  return {
    all: () => hooks,
    add(target, triggers, secret, includeFullUser) {
      const hook = {
        id: app.newId(),
        version: 'v2',
        target,
        triggers,
        secret,
        includeFullUser,
        includeFullSource: false,
      } as const
      hooks.push(hook)
      return hook
    },
    told(type, talk, payload) {
      if (!hears(type, talk)) return
      for (const hook of hooks.filter(({ triggers }) => triggers.includes(type))) {
        const { message, user } = payload as { message?: SunMessage; user?: boolean }
        send(hook, type, talk, {
          ...payload,
          ...(message && { message: inWebhook(hook, talk, message) }),
          ...(user && { user: personOf(hook, talk) }),
        })
      }
    },
  }
}
