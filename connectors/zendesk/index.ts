/** Zendesk: tickets of Support as a desk, messaging as a channel and as a desk, the Help Center as knowledge, its own satisfaction surveys. */
import { type Connection, type Connector, type Host, HubError } from '#hub/connector.ts'
import { openClient } from './client.ts'
import { createHooks } from './hooks.ts'
import { createKnowledge } from './knowledge/knowledge.ts'
import { openMessaging } from './messaging/messaging.ts'
import { textLength } from './messaging/translate.ts'
import { type Settings, settings } from './settings.ts'
import { createDesk } from './support/desk.ts'
import { fileBytes } from './support/files.ts'
import { createLooking } from './support/looking.ts'
import { createDirectory } from './support/people.ts'
import { openRecords } from './support/records.ts'
import { createReporting } from './support/reporting.ts'
import { testSecret } from './support/signature.ts'
import { createSkills } from './support/skills.ts'
import { commentLength } from './support/translate.ts'
import { openWebhook } from './support/webhook.ts'
import { createSatisfaction } from './survey/survey.ts'

const zendesk: Connector<typeof settings> = {
  name: 'zendesk',
  settings,
  roles: ['channel', 'desk', 'knowledge', 'survey'],
  // A customer's screen shows choices, articles and surveys with their buttons; a ticket has text and files. No customer sends
  // more than files, so what messaging shows holds also where handoffs are tickets. Of typing only customers' is told.
  carriesWith: ({ messaging }) =>
    messaging
      ? { shows: ['choices', 'file', 'articles', 'survey'], sends: ['file'], textLength }
      : { shows: ['file'], sends: ['file'], textLength: commentLength / 2 },
  open: async (given, host) => openZendesk(given, host),
  twin: async (options) => (await import('./twin.ts')).openTwin(options),
}

export default zendesk

/**
 * Each role is played where its section is there; without any section it is a desk of tickets. Messaging is a channel, and
 * the desk as well unless handoffs are tickets.
 */
function openZendesk(given: Settings, host: Host): Connection {
  const messaging = given.messaging && openMessaging(given, given.messaging, host)
  const isSupport = Boolean(given.tickets ?? given.knowledge ?? given.survey) || !given.messaging
  const support = isSupport ? openSupport(given, host) : undefined
  const limits = [
    support && { textLength: commentLength / 2, fileBytes, callsPerMinute: given.callsPerMinute },
    messaging && { textLength, fileBytes, callsPerMinute: given.messaging?.callsPerMinute ?? 600 },
  ].filter((one) => one !== undefined)
  return {
    ...(messaging && { channel: messaging.channel, desk: messaging.desk }),
    ...support?.roles,
    ...((support?.hooks || messaging) && {
      hooks: createHooks({ host, support: support?.hooks, messaging }),
      poll: {
        everyMs: 60_000,
        run: () =>
          inTurn([
            ...(messaging ? [messaging.webhook.ensure, messaging.reporting.catchUp] : []),
            ...(support?.tasks ?? []),
          ]),
      },
    }),
    limits: {
      textLength: Math.min(...limits.map((one) => one.textLength)),
      fileBytes,
      callsPerMinute: Math.min(...limits.map((one) => one.callsPerMinute)),
      ...(!messaging && { downgrade: ['choices', 'articles', 'survey'] as const }),
    },
    async check() {
      const found = [await support?.check(), await messaging?.check()].filter((one) => one !== undefined)
      return `${found.join('; ')} at ${given.subdomain}`
    },
    async erase({ thread }) {
      await support?.forget(thread)
      await messaging?.forget(thread)
    },
  }
}

/** Tickets, Help Center and ratings: all that Support’s own credentials are for. */
function openSupport(given: Settings, host: Host) {
  const isDesk = given.tickets !== undefined || (!given.knowledge && !given.survey)
  if (given.survey && !isDesk)
    throw new HubError(
      'invalid',
      'The survey is about tickets of the same connection: add the section tickets, "tickets: {}"',
    )
  const tickets = given.tickets ?? {}
  if (tickets.webhookSecret === testSecret)
    throw new HubError(
      'invalid',
      'tickets.webhookSecret is the public secret of test webhooks, which anybody can sign with',
    )
  const client = openClient(given, host)
  const records = openRecords(host)
  const skills = createSkills(client, tickets, host)
  const people = createDirectory(client, host.clock)
  const looking = createLooking({ client, people, returnTag: tickets.returnTag ?? 'back_to_bot' })
  const locale = given.knowledge?.locale ?? 'en-us'
  const satisfaction = given.survey && createSatisfaction({ client, settings: given.survey, locale, host, records })
  const reporting = createReporting({ client, host, records, people, looking, satisfaction })
  const webhook = openWebhook(client, tickets, host)
  return {
    roles: {
      ...(isDesk && { desk: createDesk({ client, settings: tickets, host, records, skills }) }),
      ...(given.knowledge && { knowledge: createKnowledge(client, given.knowledge, host) }),
      ...(satisfaction && { survey: satisfaction.survey }),
    },
    hooks: isDesk ? { client, webhook, reporting } : undefined,
    tasks: isDesk ? [webhook.ensure, reporting.catchUp, async () => satisfaction?.catchUp()] : [],
    async check() {
      const { name, role } = await client.tryMe()
      return `${name} (${role})`
    },
    forget: records.forgetTicket,
  }
}

/** One that fails does not keep the next from its turn. */
async function inTurn(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const task of tasks) await task().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
