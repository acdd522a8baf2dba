/** What is on the screen: launcher, panel, composer. It shows what it is told and reports what the person does. */
import { el, icon } from './parts.js'
import { sheetsFor } from './style.js'

/** @param {import('./types.ts').Made} made */
export function createView({ config, options, words, language, draft, does }) {
  const host = document.createElement('div')
  host.dataset.baton = options.connection
  const shadow = host.attachShadow({ mode: 'open' })
  shadow.adoptedStyleSheets = sheetsFor(config.color)

  const badge = el('span', { class: 'badge', 'aria-hidden': 'true', hidden: true })
  const launcher = el(
    'button',
    { type: 'button', class: 'launcher', 'aria-expanded': 'false', onclick: does.toggle },
    icon('chat'),
    badge,
  )
  launcher.hidden = options.launcher === 'none'

  const face = el('div', { class: 'face', 'aria-hidden': 'true' })
  const title = el('h2', { class: 'title', id: 'title' })
  const status = el('p', { class: 'status' })
  const shut = el(
    'button',
    { type: 'button', class: 'icon shut', 'aria-label': words('close'), onclick: does.close },
    icon('down'),
  )
  const strip = el('div', { class: 'strip', hidden: true })
  const banner = el('div', { class: 'banner', role: 'status' })
  banner.hidden = true

  const log = el('ol', { class: 'log', tabindex: '0', 'aria-labelledby': 'title', onscroll: onScroll })
  const below = el(
    'button',
    { type: 'button', class: 'below', hidden: true, onclick: () => toBottom() },
    `↓ ${words('newMessages')}`,
  )
  const typing = el('div', { class: 'typing', hidden: true })
  const live = el('div', { class: 'hide', role: 'log', 'aria-live': 'polite' })
  const note = el('p', { class: 'note', role: 'alert' })
  note.hidden = true

  const picker = el('input', {
    type: 'file',
    class: 'hide',
    tabindex: '-1',
    'aria-hidden': 'true',
    accept: config.files.types.join(','),
    multiple: true,
  })
  picker.onchange = () => {
    does.attach([...picker.files])
    picker.value = ''
  }
  const clip = el(
    'button',
    { type: 'button', class: 'icon', 'aria-label': words('attach'), onclick: () => picker.click() },
    icon('clip'),
  )
  clip.hidden = config.files.types.length === 0
  const input = el('textarea', {
    rows: 1,
    'aria-label': words('placeholder'),
    placeholder: words('placeholder'),
    maxlength: config.textLength,
    dir: 'auto',
    oninput: onInput,
    onkeydown: onKey,
    onpaste: onFiles('clipboardData'),
  })
  input.value = draft
  const send = el('button', { type: 'submit', class: 'icon send', 'aria-label': words('send') }, icon('send'))
  const composer = el('form', { class: 'composer', onsubmit: onSubmit }, clip, picker, input, send)

  const panel = el(
    'section',
    {
      class: 'panel',
      role: options.isPage ? 'main' : 'dialog',
      'aria-labelledby': 'title',
      onkeydown: (event) => event.key === 'Escape' && !options.isPage && does.close(),
      ondragover: onDrag,
      ondragleave: () => panel.classList.remove('drop'),
      ondrop: onFiles('dataTransfer'),
    },
    el('header', { class: 'head' }, face, el('div', { class: 'who' }, title, status), shut),
    banner,
    strip,
    el('div', { class: 'body' }, log, below),
    typing,
    live,
    note,
    composer,
  )
  panel.hidden = true
  const root = el(
    'div',
    {
      class: options.isPage ? 'root page' : 'root',
      lang: language,
      'data-side': options.side,
      'data-theme': options.theme,
    },
    panel,
    launcher,
  )
  root.dir = options.dir || getComputedStyle(document.documentElement).direction
  shadow.append(root)
  // Beside the body, not in it: a page that transforms or replaces its body does not take the chat with it.
  document.documentElement.append(host)
  fitInput()

  function onInput() {
    fitInput()
    does.write(input.value)
  }

  function fitInput() {
    input.style.setProperty('height', '38px')
    input.style.setProperty('height', `${Math.min(132, input.scrollHeight)}px`)
    const isEmpty = input.value.trim() === ''
    isEmpty ? send.setAttribute('aria-disabled', 'true') : send.removeAttribute('aria-disabled')
    say(input.value.length >= config.textLength ? words('tooLong', { n: config.textLength }) : '')
  }

  function onKey(event) {
    // During composition (Japanese, Chinese…) Enter picks a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    onSubmit(event)
  }

  function onSubmit(event) {
    event.preventDefault()
    if (input.value.trim() === '' || !does.say(input.value.trim())) return
    input.value = ''
    onInput()
    input.focus()
  }

  function onDrag(event) {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    panel.classList.add('drop')
  }

  function onFiles(where) {
    return (event) => {
      panel?.classList.remove('drop')
      const files = event[where]?.files
      if (!files?.length || !config.files.types.length) return
      event.preventDefault()
      does.attach([...files])
    }
  }

  // Follows the newest message unless the reader scrolled away; also when a picture arrives late or the space shrinks.
  let follows = true
  const isAtBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60
  const settle = () => follows && toBottom()
  log.addEventListener('load', settle, true)
  new ResizeObserver(settle).observe(log)
  let top = 0
  function onScroll() {
    // Far from the end without having gone up: the log has shrunk, and is about to follow.
    if (isAtBottom() || log.scrollTop < top) follows = isAtBottom()
    top = log.scrollTop
    if (!isAtBottom()) return
    below.hidden = true
    does.seen()
  }
  function toBottom() {
    follows = true
    log.scrollTop = log.scrollHeight
    below.hidden = true
  }

  function say(text, isCalm = false) {
    note.hidden = text === ''
    note.className = isCalm ? 'note calm' : 'note'
    if (note.textContent !== text) note.textContent = text
  }

  return {
    log,
    say,
    isAtBottom,
    toBottom,
    focusComposer: () => input.focus(),
    /** Does `change` to the log and stays at the bottom if that is where the reader was. */
    follow(isOwn, change) {
      const stays = isOwn || panel.hidden || follows
      change()
      if (stays) toBottom()
      else below.hidden = false
    },
    open(isOpen, takesFocus) {
      panel.hidden = !isOpen
      root.classList.toggle('open', isOpen)
      launcher.setAttribute('aria-expanded', String(isOpen))
      launcher.replaceChildren(icon(isOpen ? 'close' : 'chat'), badge)
      if (isOpen) {
        fitInput()
        toBottom()
      }
      if (takesFocus) (isOpen ? input : launcher).focus()
    },
    unread(count, isOpen) {
      badge.hidden = count === 0 || isOpen
      badge.textContent = count > 99 ? '99+' : String(count)
      const label = isOpen ? 'close' : count === 0 ? 'open' : count === 1 ? 'openOne' : 'openMany'
      launcher.setAttribute('aria-label', words(label, { n: count }))
    },
    online(isOnline, text) {
      root.dataset.online = isOnline ? 'yes' : 'no'
      banner.hidden = isOnline
      banner.textContent = isOnline ? '' : text
    },
    /** Honest words for who holds control. */
    control(control, agent) {
      const isAgent = control === 'agent'
      title.textContent = isAgent && agent ? agent : config.title
      face.textContent = [...title.textContent][0]?.toUpperCase() ?? ''
      status.textContent = isAgent && agent ? config.title : control === 'bot' ? words('bot') : ''
      status.hidden = status.textContent === ''
      strip.hidden = control === 'bot'
      strip.className = control === 'waiting' ? 'strip wait' : 'strip'
      const text = {
        waiting: words('waiting'),
        agent: words('agent', { name: agent || words('aPerson') }),
        closed: words('closed'),
      }
      strip.replaceChildren(
        ...(control === 'waiting' ? [el('i', { class: 'dot', 'aria-hidden': 'true' })] : []),
        el('span', { role: 'status' }, text[control] ?? ''),
        ...(control === 'waiting' || isAgent ? [leaveButton(words(isAgent ? 'end' : 'leaveLine'))] : []),
      )
    },
    /** Nobody: hides it. */
    typing(who) {
      typing.hidden = who === undefined
      typing.replaceChildren(
        ...(who === undefined
          ? []
          : [
              el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')),
              el('span', {}, words('typing', { name: who })),
            ]),
      )
    },
    /** Read aloud once; dropped soon, so that going through the page never reads it again. */
    announce(text) {
      const line = el('p', {}, text)
      live.append(line)
      setTimeout(() => line.remove(), 1500)
    },
    /** Nothing: the chat can be used again. */
    refuse(text) {
      say(text)
      input.disabled = text !== ''
      clip.hidden = input.disabled || !config.files.types.length
    },
    remove: () => host.remove(),
  }

  /** Asks once more in place: a slip of the finger must not cost the place in line. */
  function leaveButton(label) {
    const button = el('button', {
      type: 'button',
      onclick() {
        if (button.textContent !== label) return does.leave()
        button.textContent = words('sure')
        setTimeout(() => {
          button.textContent = label
        }, 5000)
      },
    })
    button.textContent = label
    return button
  }
}
