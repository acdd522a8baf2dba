/** Begins the chat on a page: its settings, its language, its place on the screen. */
import { createChat } from './chat.ts'
import { createStore } from './store.ts'
import type { Config, Options } from './types.ts'
import { mount } from './view.tsx'
import { chooseLanguage, wordsIn } from './words.ts'

const fallback: Config = {
  title: 'Chat',
  color: '#0f766e',
  languages: ['en', 'de', 'fr', 'es', 'pt', 'ar'],
  textLength: 4000,
  files: { maxBytes: 0, types: [] },
}
export async function start(options: Options, configured: Promise<Config>) {
  const config: Config = {
    ...fallback,
    ...(await configured.catch((error) => {
      console.warn('Baton: the chat’s settings could not be read, it shows its own.', error)
    })),
  }
  const wanted = [options.lang, options.isPage ? undefined : document.documentElement.lang, navigator.language]
  const language = chooseLanguage(wanted, config.languages)
  const chat = createChat({ options, config, language, words: await wordsIn(language) }, createStore(options.base))
  const view = mount(chat)
  chat.begin(view)
  const { open, close, identify, set, on } = chat
  return {
    open: () => open(),
    close,
    identify,
    set,
    on,
    remove(how?: { forget?: boolean }) {
      chat.end(how?.forget)
      view.remove()
    },
  }
}
