/** @jsxImportSource preact */
/** What is on the screen: launcher and panel, in a shadow root on top of everything else of the page. */
import { Component, type ComponentChildren, render } from 'preact'
import type { Chat } from './chat.ts'
import { Composer, takeFiles } from './composer.tsx'
import { Log } from './log.tsx'
import { Icon } from './parts.tsx'
import { sheetOf, sheetsFor } from './sheets.ts'
import { Strip } from './strip.tsx'

const rtl = ['ar']

/** Puts the chat on the page; `draw` shows what it has become. */
export function mount(chat: Chat) {
  const host = document.createElement('div')
  host.dataset.baton = chat.options.connection
  host.dir = getComputedStyle(document.documentElement).direction
  const shadow = host.attachShadow({ mode: 'open' })
  shadow.adoptedStyleSheets = sheetsFor(chat.config.color)
  // Beside the body, not in it: a page that replaces its body does not take the chat with it.
  document.documentElement.append(host)
  // In the top layer nothing of the page lies above it, and no transform of an ancestor moves it.
  if (!chat.options.isPage && host.showPopover) {
    host.popover = 'manual'
    host.showPopover()
  }
  const parts: Parts = {}
  const draw = () => render(<Root chat={chat} parts={parts} />, shadow)
  draw()
  const worn = new Set<string>()
  return {
    draw,
    wear(css: string) {
      if (!worn.has(css)) shadow.adoptedStyleSheets.push(sheetOf(css))
      worn.add(css)
    },
    focusComposer: () => parts.composer?.focus(),
    focusLauncher: () => parts.launcher?.focus(),
    remove() {
      render(null, shadow)
      host.remove()
    },
  }
}

/** What can be given the focus. */
export interface Parts {
  composer?: Composer
  launcher?: HTMLButtonElement | null
}

function Root({ chat, parts }: { chat: Chat; parts: Parts }) {
  const { options, words, language, config, isOpen, unread, typing, spoken, note, isRefused } = chat
  const Files = chat.uploads?.Rows
  const isAgent = chat.control === 'agent' && chat.agent
  const title = isAgent || config.title
  const status = isAgent ? config.title : chat.control === 'bot' && words('bot')
  const label = isOpen ? 'close' : unread === 0 ? 'open' : unread === 1 ? 'openOne' : 'openMany'
  return (
    <div
      class={`root${options.isPage ? ' page' : ''}${isOpen ? ' open' : ''}`}
      lang={language}
      data-side={options.side}
      data-theme={options.theme}
    >
      <Panel chat={chat}>
        <header class="head">
          <div class={chat.isOnline ? 'face' : 'face away'} aria-hidden="true">
            {[...title][0]?.toUpperCase()}
          </div>
          <div class="who">
            <h2 class="title" id="title">
              <bdi>{title}</bdi>
            </h2>
            {status && <p class="status">{status}</p>}
          </div>
          {!options.isPage && (
            <button type="button" class="icon" aria-label={words('close')} onClick={chat.close}>
              <Icon of="down" />
            </button>
          )}
        </header>
        <div class="banner" role="status">
          {chat.isOffline && words('offline')}
        </div>
        <Strip chat={chat} key={chat.control} />
        <Log chat={chat} version={chat.version} isOpen={isOpen} />
        {typing && (
          <div class="typing">
            <span class="dots" aria-hidden="true">
              <i />
              <i />
              <i />
            </span>
            <span>{words('typing', { name: typing })}</span>
          </div>
        )}
        <div class="hide" role="log" aria-live="polite">
          {spoken.map(({ id, text }) => (
            <p key={id}>{text}</p>
          ))}
        </div>
        <p class={note?.isCalm ? 'note' : 'note bad'} role="alert">
          {note?.text}
        </p>
        {Files && <Files />}
        <Composer chat={chat} parts={parts} isRefused={isRefused} />
      </Panel>
      {!options.isPage && options.launcher !== 'none' && (
        <button
          type="button"
          class="launcher"
          aria-expanded={isOpen}
          aria-label={words(label, { n: unread })}
          onClick={() => (isOpen ? chat.close() : chat.open())}
          ref={(launcher) => {
            parts.launcher = launcher
          }}
        >
          <Icon of={isOpen ? 'close' : 'chat'} />
          {unread > 0 && !isOpen && (
            <span class="badge" aria-hidden="true">
              {unread > 99 ? '99+' : unread}
            </span>
          )}
        </button>
      )}
    </div>
  )
}

/** A dialog beside the page; on a phone it is all there is, and the page behind it is inert. */
class Panel extends Component<{ chat: Chat; children: ComponentChildren }> {
  dialog: HTMLDialogElement | null = null
  small = matchMedia('(max-width: 480px)')

  override componentDidMount() {
    this.small.addEventListener('change', this.present)
    const { visualViewport } = window
    visualViewport?.addEventListener('resize', this.measure)
    visualViewport?.addEventListener('scroll', this.measure)
    this.measure()
    this.present()
  }

  override componentDidUpdate() {
    if (this.props.chat.isOpen !== this.dialog?.open) this.present()
  }

  override componentWillUnmount() {
    this.small.removeEventListener('change', this.present)
    visualViewport?.removeEventListener('resize', this.measure)
    visualViewport?.removeEventListener('scroll', this.measure)
  }

  present = () => {
    const { dialog } = this
    const { chat } = this.props
    if (!dialog || chat.options.isPage) return
    dialog.close()
    if (!chat.isOpen) return
    if (this.small.matches) dialog.showModal()
    // Not `show()`: that takes the focus, also where nobody asked for the chat.
    else dialog.open = true
  }

  /** What the keyboard of a phone leaves of the screen. */
  measure = () => {
    if (!this.dialog || !visualViewport) return
    this.dialog.style.setProperty('--height', `${visualViewport.height}px`)
    this.dialog.style.setProperty('--top', `${visualViewport.offsetTop}px`)
  }

  render() {
    const { chat, children } = this.props
    const Tag = chat.options.isPage ? 'main' : 'dialog'
    const { language } = chat
    return (
      <Tag
        class="panel"
        dir={rtl.includes(language) ? 'rtl' : 'ltr'}
        aria-labelledby="title"
        ref={(element: HTMLElement | null) => {
          this.dialog = element as HTMLDialogElement | null
        }}
        onCancel={(event: Event) => {
          event.preventDefault()
          chat.close()
        }}
        onKeyDown={(event: KeyboardEvent) => event.key === 'Escape' && chat.close()}
        onDragOver={(event: DragEvent) => event.dataTransfer?.types.includes('Files') && event.preventDefault()}
        onDrop={(event: DragEvent) => takeFiles(chat, event, event.dataTransfer)}
      >
        {children}
      </Tag>
    )
  }
}
