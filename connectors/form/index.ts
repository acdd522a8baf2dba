/** Our own survey: one question, a score and some words, on a page of its own or inside the widget. */
import type { Connector, Message } from '#hub/connector.ts'
import { formHooks } from './hooks.ts'
import { migrations, openInvitations } from './invitations.ts'
import { questionIn } from './question.ts'
import { settings } from './settings.ts'
import { languageOf } from './words.ts'

const form: Connector<typeof settings> & { readonly roles: readonly ['survey'] } = {
  name: 'form',
  settings,
  migrations,
  roles: ['survey'],
  async open(given, host) {
    const invitations = await openInvitations(host)
    return {
      survey: {
        async invite(after, _visitor, key): Promise<Message> {
          const token = await invitations.invite(after, key)
          const language = languageOf(after.language)
          // The hub's own address for it, wherever the hub is mounted.
          const url = `${host.url.replace(/\/hooks\/[^/]+$/, '')}/survey/${token}`
          return {
            parts: [{ kind: 'survey', url, question: questionIn(given, language), handoff: after.handoff }],
            language,
          }
        },
      },
      hooks: formHooks(given, invitations, host),
      erase: ({ conversation }) => invitations.erase(conversation),
      poll: { everyMs: 30_000, run: () => invitations.deliverLeft() },
    }
  },
}

export default form
