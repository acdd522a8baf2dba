/** SurveyMonkey as the survey: a link for the customer, an answer for the hub. */
import type { Connector, Host, HubError } from '#hub/connector.ts'
import { openAnswers } from './answers.ts'
import { type Client, checkAccess, createClient } from './client.ts'
import { surveyHooks } from './hooks.ts'
import { openInvitations } from './invitations.ts'
import { openQuota } from './quota.ts'
import { openRegistration } from './registration.ts'
import { settings } from './settings.ts'
import { chooseQuestions, openStructures } from './structure.ts'
import { toInvitation, toLink, toQuestion } from './translate.ts'
import { openUpkeep } from './upkeep.ts'

const surveymonkey: Connector<typeof settings> & { readonly roles: readonly ['survey'] } = {
  name: 'surveymonkey',
  settings,
  roles: ['survey'],
  async open(given, host) {
    const quota = openQuota(host)
    const client = createClient(given, host, quota)
    await signIn(client, host)
    const structures = openStructures(given, client, host)
    const invitations = openInvitations(given, host)
    const registration = openRegistration(given, client, structures, host)
    const restMs = () => quota.waitMs('catch-up')
    const answers = openAnswers({ settings: given, client, structures, invitations, registration, restMs, host })
    return {
      limits: { callsPerMinute: 120, concurrency: 4 },
      survey: {
        async invite(after, _visitor, key) {
          const { url } = await registration.collector()
          const chosen = chooseQuestions(await structures.get(), given)
          const token = await invitations.invite(after, key)
          return toInvitation(toLink(url, given.variable, token), toQuestion(given, chosen, after.language), after)
        },
      },
      hooks: surveyHooks(given, answers, structures),
      poll: openUpkeep(registration, answers, host),
      check: () => checkAccess(client),
      erase: ({ conversation }) => invitations.erase(conversation),
    }
  },
  twin: async (options) => (await import('./twin.ts')).openTwin(options),
}

/** Only a plain no keeps us from opening: a vendor that is away may be back when it is needed. */
async function signIn(client: Client, { log }: Host): Promise<void> {
  await client.me(4_000).catch((error: HubError) => {
    if (error.code === 'refused') throw error
    log.warn({ code: error.code }, 'SurveyMonkey could not be asked who we are')
  })
}

export default surveymonkey
