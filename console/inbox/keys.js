/** Single keys, dead while typing and while a dialog is open. */

const verbs = { a: 'accept', r: 'reply', n: 'note', t: 'transfer', b: 'giveBack', e: 'resolve', '?': 'help' }

/** Returns the way to stop. */
export function listenToKeys(how) {
  const listen = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (
      event.target.closest('input, textarea, select, dialog, [contenteditable]') ||
      document.querySelector('dialog[open]')
    )
      return
    const run = { j: () => how.move(1), k: () => how.move(-1) }[event.key] ?? how[verbs[event.key]]
    if (!run) return
    event.preventDefault()
    run()
  }
  addEventListener('keydown', listen)
  return () => removeEventListener('keydown', listen)
}
