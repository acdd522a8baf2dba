/** Our own bot: intents and articles from a folder and from the hub's database. */
import type { Connector, Host } from '#hub/connector.ts'
import { openBot } from './bot.ts'
import { type Content, joinIntents } from './content.ts'
import { readFolder, stampOf } from './folder.ts'
import { changedTopic, openKnowledge, openTraining } from './learning.ts'
import { openModel } from './model.ts'
import { forgetSession } from './session.ts'
import { settings } from './settings.ts'
import { smallTalk } from './smalltalk.ts'
import { migrations, openStore, type Tables } from './store.ts'

const nothing: Content = { intents: [], articles: [] }

export const faq: Connector<typeof settings> = {
  name: 'faq',
  roles: ['bot', 'knowledge', 'training'],
  settings,
  carries: { shows: [], sends: ['choices', 'articles'] },
  migrations,
  async open(chosen, host) {
    const store = openStore(host.database.withTables<Tables>(), host.name)
    const { folder } = chosen

    const read = async (): Promise<Content> => {
      const [files, rows] = await Promise.all([folder ? readFolder(folder) : nothing, store.read()])
      const talk = chosen.smallTalk ? smallTalk : []
      return {
        intents: joinIntents(talk, files.intents, rows.intents),
        articles: [...files.articles, ...rows.articles],
      }
    }
    const stamp = async () => [folder ? await stampOf(folder) : '', await store.stamp()].join('\n')

    const model = await openModel({ read, stamp }, host.clock, (error) => warn(host, error))
    const stop = host.signals.subscribe(changedTopic(host), () => void model.refresh())
    return {
      bot: openBot(model, chosen, host),
      knowledge: openKnowledge(model, chosen, store),
      training: openTraining(model, read, store, host),
      erase: ({ thread }) => forgetSession(host.memory, thread),
      close: async () => stop(),
    }
  },
}

function warn(host: Host, error: unknown): void {
  host.log.warn({ err: error }, 'the bot keeps what it knew: the new content could not be read')
}

export default faq
