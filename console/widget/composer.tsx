/** @jsxImportSource preact */
/** The box to write in. The text lives in the box itself and in storage: nothing drawn can take it away. */
import { Component } from 'preact'
import type { Chat } from './chat.ts'
import { Icon } from './parts.tsx'
import type { Parts } from './view.tsx'

const lowest = 38
const highest = 132

export class Composer extends Component<{ chat: Chat; parts: Parts; isRefused: boolean }> {
  input: HTMLTextAreaElement | null = null
  send: HTMLButtonElement | null = null
  picker: HTMLInputElement | null = null

  override componentDidMount() {
    this.props.parts.composer = this
    this.input!.value = this.props.chat.store.word('draft')
    this.fit()
  }

  focus() {
    this.fit()
    this.input!.focus()
  }

  fit() {
    const { style, value } = this.input!
    style.height = `${lowest}px`
    style.height = `${Math.min(highest, Math.max(lowest, this.input!.scrollHeight))}px`
    this.send!.setAttribute('aria-disabled', String(value.trim() === ''))
  }

  typed = () => {
    const { chat } = this.props
    const { value } = this.input!
    const n = chat.config.textLength
    this.fit()
    chat.tell(value.length >= n ? chat.words('tooLong', { n }) : undefined)
    chat.write(value)
  }

  submit = (event: Event) => {
    event.preventDefault()
    const input = this.input!
    const text = input.value.trim()
    if (!text || this.props.isRefused) return
    // Into the outbox first: then the box may forget it.
    this.props.chat.say(text)
    input.value = ''
    this.typed()
    input.focus()
  }

  key = (event: KeyboardEvent) => {
    // During composition (Japanese, Chinese…) Enter picks a word.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.submit(event)
  }

  render() {
    const { chat, isRefused } = this.props
    const { words, config } = chat
    return (
      <form class="composer" onSubmit={this.submit}>
        {config.files.types.length > 0 && (
          <>
            <button
              type="button"
              class="icon"
              aria-label={words('attach')}
              disabled={isRefused}
              onClick={() => this.picker!.click()}
            >
              <Icon of="clip" />
            </button>
            <input
              type="file"
              class="hide"
              tabIndex={-1}
              aria-hidden="true"
              multiple
              accept={config.files.types.join()}
              ref={(picker) => {
                this.picker = picker
              }}
              onChange={({ currentTarget }) => {
                chat.attach(currentTarget.files!)
                currentTarget.value = ''
              }}
            />
          </>
        )}
        <textarea
          rows={1}
          dir="auto"
          aria-label={words('placeholder')}
          placeholder={words('placeholder')}
          maxLength={config.textLength}
          disabled={isRefused}
          ref={(input) => {
            this.input = input
          }}
          onInput={this.typed}
          onKeyDown={this.key}
          onPaste={(event) => takeFiles(chat, event, event.clipboardData)}
        />
        <button
          type="submit"
          class="icon send"
          aria-label={words('send')}
          ref={(send) => {
            this.send = send
          }}
        >
          <Icon of="send" />
        </button>
      </form>
    )
  }
}

/** Files that were pasted or dropped; anything else is left to the browser. */
export function takeFiles(chat: Chat, event: Event, data: DataTransfer | null): void {
  if (!data?.files.length || !chat.config.files.types.length || chat.isRefused) return
  event.preventDefault()
  chat.attach(data.files)
}
