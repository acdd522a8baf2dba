/* The chat’s one script tag; connectors/webchat/README.md lists its options. Classic, because only then it knows its own address. */
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
    identify: later('identify'),
    on: later('on'),
    remove: (how) => later('remove')(how).then(() => delete window.Baton),
  }
})()
