/*
 * The one script tag of the chat:
 *   <script src="https://hub.example/widget.js" data-connection="site" async></script>
 * Optional: data-lang, data-side="start", data-theme="light|dark", data-launcher="none", data-open.
 * A classic script, so that `document.currentScript` tells where the hub is; the rest are modules beside it.
 */
;(() => {
  const script = document.currentScript
  if (window.Baton || !script) return
  const hub = new URL(script.src)
  const isPage = script.dataset.page !== undefined
  const connection = script.dataset.connection || (isPage ? location.pathname.split('/').filter(Boolean).pop() : '')
  if (!connection) {
    console.error('Baton: the script tag needs data-connection="…", the name of the connection in baton.yaml')
    return
  }
  const options = { ...script.dataset, connection, isPage, base: new URL(`/hooks/${connection}`, hub).href }
  const started = import(new URL('/widget/chat.js', hub).href).then((chat) => chat.start(options))
  started.catch((error) => console.error('Baton: the chat could not start.', error))

  const later = (name) => (argument, other) => started.then((chat) => chat[name](argument, other))
  window.Baton = {
    open: later('open'),
    close: later('close'),
    /** A token (JWT) signed by your backend says who the visitor is. */
    identify: later('identify'),
    /** `ready`, `open`, `close`, `unread` (count), `handoff` ({control, agent}), `ended`. */
    on: later('on'),
    /** Takes the chat off the page; with `{forget: true}` also what the browser kept of it. */
    remove: (how) => later('remove')(how).then(() => delete window.Baton),
  }
})()
