/* The chat’s one script tag; connectors/webchat/README.md lists its options. Classic, because only then it knows its own address. */
import type { Config, Options } from './types.ts'

;(() => {
  const page = window as { Baton?: object }
  const script = document.currentScript as HTMLScriptElement | null
  if (page.Baton || !script) return
  const { dataset } = script
  const isPage = dataset.page !== undefined
  const connection = dataset.connection || (isPage && location.pathname.split('/').filter(Boolean).pop())
  if (!connection) {
    console.error('Baton: the script tag needs data-connection="…", the name of the connection in baton.yaml')
    return
  }
  const options: Options = { ...dataset, connection, isPage, base: new URL(`/hooks/${connection}`, script.src).href }
  // On its way while the rest is fetched.
  const config: Promise<Config> = fetch(`${options.base}/config`).then((answer) =>
    answer.ok ? answer.json() : Promise.reject(new Error(`HTTP ${answer.status}`)),
  )
  const started = import('./start.ts').then(({ start }) => start(options, config))
  started.catch((error) => console.error('Baton: the chat could not start.', error))

  type Chat = Awaited<typeof started>
  const later =
    <K extends keyof Chat>(name: K) =>
    (...given: unknown[]) =>
      started.then((chat) => (chat[name] as (...given: unknown[]) => unknown)(...given))
  page.Baton = {
    open: later('open'),
    close: later('close'),
    identify: later('identify'),
    set: later('set'),
    on: later('on'),
    remove: (how?: object) =>
      later('remove')(how).then(() => {
        delete page.Baton
      }),
  }
})()
