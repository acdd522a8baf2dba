/** @jsxImportSource preact */
/** The conversation as rows: what the record holds, in its order, then what is still on its way. */
import { Component } from 'preact'
import type { Chat } from './chat.ts'
import { Bubble, PartView } from './parts.tsx'
import type { Entry, Item, Part } from './types.ts'

/** The same speaker begins anew after so long. */
const pauseMs = 300_000
const nearPixels = 60
const offersPerson = (part: Part): boolean =>
  part.kind === 'choices' && part.choices.some(({ value }) => value === 'baton:person')

type Props = { chat: Chat; version: number; isOpen: boolean }

/** Follows the newest message unless the reader scrolled away; also when a picture arrives late or the space shrinks. */
export class Log extends Component<Props, { isBehind?: boolean }> {
  list: HTMLOListElement | null = null
  top = 0
  resized = new ResizeObserver(() => this.settle())
  grown = new MutationObserver(() => this.settle())

  override componentDidMount() {
    this.list!.addEventListener('load', this.settle, true)
    this.resized.observe(this.list!)
    this.grown.observe(this.list!, { childList: true, subtree: true })
    this.toBottom()
  }

  override componentWillUnmount() {
    this.resized.disconnect()
    this.grown.disconnect()
  }

  override shouldComponentUpdate(next: Props, state: { isBehind?: boolean }) {
    const { version, isOpen } = this.props
    return next.version !== version || next.isOpen !== isOpen || state.isBehind !== this.state.isBehind
  }

  override componentDidUpdate(before: Props) {
    if (this.props.chat.isAtBottom || (this.props.isOpen && !before.isOpen)) this.toBottom()
    else if (this.props.chat.entries.length > this.drawn) this.setState({ isBehind: true })
    this.drawn = this.props.chat.entries.length
  }
  drawn = 0

  settle = () => {
    if (this.props.chat.isAtBottom) this.toBottom()
  }

  toBottom = () => {
    this.props.chat.isAtBottom = true
    this.list!.scrollTop = this.list!.scrollHeight
    this.setState({ isBehind: false })
  }

  scrolled = () => {
    const { scrollHeight, scrollTop, clientHeight } = this.list!
    const { chat } = this.props
    const isNear = scrollHeight - scrollTop - clientHeight < nearPixels
    // Far from the end without having gone up: the log has shrunk, and is about to follow.
    if (isNear || scrollTop < this.top) chat.isAtBottom = isNear
    this.top = scrollTop
    if (!isNear) return
    this.setState({ isBehind: false })
    chat.seen()
  }

  render() {
    const { chat } = this.props
    return (
      <div class="body">
        <ol
          class="log"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
          tabIndex={0}
          aria-labelledby="title"
          onScroll={this.scrolled}
          ref={(list) => {
            this.list = list
          }}
        >
          {rowsOf(chat)}
        </ol>
        {this.state.isBehind && (
          <button type="button" class="below" onClick={this.toBottom}>
            ↓ {chat.words('newMessages')}
          </button>
        )}
      </div>
    )
  }
}

/** From the newest to the oldest, since a question is open as long as nothing was said after it. */
function rowsOf(chat: Chat) {
  const { entries, pending, words, language, config } = chat
  // English is the widget's language in London and in New York, which write a time differently.
  const locale = navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' })
  const day = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })
  const today = day.format(Date.now())
  const said = pending.filter(({ failed }) => !failed)
  let isOpen = said.length === 0
  // The hub's offer of a person stands until it is answered or runs out, whatever else is said.
  let isOffered = chat.handoff?.stage === 'offered' && !said.some(({ choice }) => choice)
  let picked = said[0]?.choice
  const rows = pending.map((item) => <Pending key={item.id} item={item} chat={chat} />).reverse()
  for (let at = entries.length - 1; at >= 0; at--) {
    const entry = entries[at]!
    const before = entries[at - 1]
    const date = day.format(entry.at)
    const isOwn = entry.by === 'customer'
    const isFirst = before?.by !== entry.by || before.name !== entry.name || entry.at - before.at > pauseMs
    const isOffer = entry.by === 'hub' && entry.message.parts.some(offersPerson)
    const isNewest = at === entries.length - 1 && pending.length === 0
    rows.push(
      <Row
        key={entry.client ?? entry.id}
        {...{ entry, chat, isFirst, isOffer, picked }}
        isOpen={isOffer ? isOffered : isOpen}
        at={time.format(entry.at)}
        mark={isOwn && isNewest ? words(entry.at > chat.seenAt ? 'sent' : 'read') : undefined}
        // Answered or waved away: not to be seen from the entry.
        survey={entry.message.parts.map((part) => part.kind === 'survey' && chat.surveyWas(part)).join()}
      />,
    )
    if (before ? day.format(before.at) !== date : date !== today)
      rows.push(
        <li class="day" key={`day ${entry.id}`}>
          {date}
        </li>,
      )
    if (isOffer) isOffered = false
    if (!isOwn) continue
    isOpen = false
    picked = entry.message.choice
  }
  return [
    <li class="row bot first" key="greeting">
      <Bubble>{config.greeting || words('greeting')}</Bubble>
    </li>,
    ...rows.reverse(),
  ]
}

interface RowProps {
  entry: Entry
  chat: Chat
  isFirst: boolean
  isOpen: boolean
  isOffer: boolean
  picked?: string
  at: string
  mark?: string
  survey: string
}

class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps) {
    return (Object.keys(next) as (keyof RowProps)[]).some((name) => next[name] !== this.props[name])
  }

  render() {
    const { entry, chat, isFirst, isOpen, isOffer, picked, at, mark } = this.props
    const { words } = chat
    const { by, name, message } = entry
    const kind = by === 'customer' ? 'own' : by
    return (
      <li class={`row ${kind}${isFirst ? ' first' : ''}${isOffer && isOpen ? ' offer' : ''}`}>
        {by === 'customer' ? (
          <span class="hide">{words('you')}: </span>
        ) : (
          by !== 'hub' &&
          isFirst && (
            <div class="meta">
              <b dir="auto">{name || words(by === 'bot' ? 'assistant' : 'aPerson')}</b> · {at}
            </div>
          )
        )}
        {message.parts.map((part) => (
          <PartView {...{ part, chat, isOpen, picked }} isPlain={by !== 'bot'} />
        ))}
        {mark && (
          <div class="mark">
            {mark} · {at}
          </div>
        )}
      </li>
    )
  }
}

function Pending({ item, chat }: { item: Item & { isSent?: boolean }; chat: Chat }) {
  const { id, text, choice, file, fileName, failed, isSent } = item
  const { words } = chat
  const part = file
    ? ({ kind: 'file', name: fileName ?? '', mime: '', bytes: 0, url: '' } as const)
    : ({ kind: 'text', text: text ?? choice ?? '' } as const)
  return (
    <li class={`row own first ${failed ? 'failed' : isSent ? '' : 'pending'}`}>
      <span class="hide">{words('you')}: </span>
      <PartView {...{ part, chat }} isPlain isOpen={false} />
      {failed ? (
        <div class="mark bad">
          {words('notSent')} {failed}{' '}
          <button type="button" onClick={() => chat.retry(id)}>
            {words('retry')}
          </button>
        </div>
      ) : (
        <div class="mark">{words(isSent ? 'sent' : 'sending')}</div>
      )}
    </li>
  )
}
