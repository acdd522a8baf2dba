/** What one browser keeps of one chat: the token, what is not acknowledged yet, surveys done. */

/** @param {string} base the chat's address: two chats on one page's origin do not mix */
export function createStore(base) {
  const key = `baton:${base}`
  const openKey = `${key}:open`
  /** @type {import('./types.ts').Kept} */
  let memory = { outbox: [], surveys: [] }

  /** Always from the disk: another tab may have written since. Where storage is forbidden, this tab remembers for itself. */
  const load = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? 'null')
      if (kept) memory = { outbox: [], surveys: [], ...kept }
    } catch {}
    return memory
  }
  const change = (edit) => {
    const kept = load()
    edit(kept)
    memory = kept
    try {
      localStorage.setItem(key, JSON.stringify(kept))
    } catch {}
  }

  return {
    load,
    change,
    put: (item) =>
      change((kept) => {
        kept.outbox = [...kept.outbox.filter((other) => other.id !== item.id), item].sort((a, b) => a.at - b.at)
      }),
    drop: (id) =>
      change((kept) => {
        kept.outbox = kept.outbox.filter((item) => item.id !== id)
      }),
    forget() {
      memory = { outbox: [], surveys: [] }
      try {
        localStorage.removeItem(key)
      } catch {}
      keep(key, '')
      keep(openKey, '')
    },
    draft: () => kept(key),
    keepDraft: (text) => keep(key, text),
    /** The window stays as it was when the visitor goes to another page of the site. */
    wasOpen: () => kept(openKey) !== '',
    keepOpen: (isOpen) => keep(openKey, isOpen ? 'yes' : ''),
  }
}

/** What this tab keeps; nothing where storage is forbidden. */
function kept(name) {
  try {
    return sessionStorage.getItem(name) ?? ''
  } catch {
    return ''
  }
}

function keep(name, value) {
  try {
    value ? sessionStorage.setItem(name, value) : sessionStorage.removeItem(name)
  } catch {}
}

/** Works on plain http too, where `crypto.randomUUID` is missing. */
export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
