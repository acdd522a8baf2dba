/** The roles `knowledge` and `training`: what is found in the articles, and what people's answers add to the bot. */
import { type Host, HubError, type Intent, type Knowledge, type Training } from '#hub/connector.ts'
import type { Content } from './content.ts'
import type { Model } from './model.ts'
import type { Settings } from './settings.ts'
import type { Store } from './store.ts'

export function openKnowledge(model: Model, settings: Settings, store: Store): Knowledge {
  return {
    search: async (question, limit) => model.current().library.search(question, limit, settings.articleThreshold),
    propose: (draft, key) => store.addArticle(draft, key),
  }
}

/** `read` gives the content as it is now: what was added a moment ago is listed before the classifier has learned it. */
export function openTraining(model: Model, read: () => Promise<Content>, store: Store, host: Host): Training {
  return {
    async *intents(): AsyncIterable<Intent> {
      for (const { name, phrases } of (await read()).intents) yield { ref: name, name, phrases }
    },

    async addPhrases(intent, phrases, key) {
      const known = (await read()).intents.some(({ name }) => name === intent)
      if (!known) throw new HubError('unknown', `This bot has no intent "${intent}"`)
      await store.addPhrases(intent, phrases, key)
      host.signals.publish(changedTopic(host), true)
      void model.refresh()
    },
  }
}

/** Tells the other hubs to learn at once; one that misses it notices by itself within seconds of use. */
export const changedTopic = (host: Host): string => `faq:${host.name}:changed`
