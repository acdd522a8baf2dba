/** @jsxImportSource preact */
/** The parts of a message. */
import { Component, type ComponentChildren, type ComponentType } from 'preact'
import { safeUrl } from '../marks.ts'
import { type Chat, leaveLine } from './chat.ts'
import { atOurHub, outside, withLinks, withMarks } from './text.tsx'
import type { Part, PartOf } from './types.ts'

const paths = {
  chat: 'M21 11.5a8.4 8.4 0 0 1-12.2 7.5L3.5 20.5 5 15.4A8.4 8.4 0 1 1 21 11.5z',
  close: 'M6 6l12 12M18 6 6 18',
  down: 'M6 9l6 6 6-6',
  send: 'M4.5 12 20 5l-4 15-4.5-6.5zM20 5l-8.5 8.5',
  clip: 'M20 11.5l-8.3 8.3a5 5 0 0 1-7.1-7.1l8.6-8.6a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8',
  file: 'M14 3v5h5M6 3h8l5 5v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z',
}

export const Icon = ({ of }: { of: keyof typeof paths }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[of]} />
  </svg>
)

export const Bubble = ({ children }: { children?: ComponentChildren }) => (
  <div class="bubble" dir="auto">
    {children}
  </div>
)

export interface Around {
  readonly chat: Chat
  /** A person's own words: an asterisk is one. */
  readonly isPlain: boolean
  /** Choices and survey can still be answered. */
  readonly isOpen: boolean
  /** The value of the choice that was picked. */
  readonly picked?: string
}

export function PartView({ part, ...around }: { part: Part } & Around) {
  const { base } = around.chat.options
  switch (part.kind) {
    case 'text':
      return <Bubble>{(around.isPlain ? withLinks : withMarks)(part.text)}</Bubble>
    case 'choices':
      return <Choices part={part} {...around} />
    case 'file':
      return <File part={part} base={base} />
    case 'articles':
      return (
        <div class="articles">
          {part.articles.map(({ title, excerpt, url }) => {
            const href = safeUrl(url, base)
            const Tag = href ? 'a' : 'div'
            return (
              <Tag class="article" {...(href ? { href, ...outside } : {})}>
                <b dir="auto">{title}</b>
                {excerpt && <span dir="auto">{excerpt}</span>}
              </Tag>
            )
          })}
        </div>
      )
    case 'survey':
      return <LaterSurvey part={part} {...around} />
  }
}

function Choices({ part, chat, isOpen, picked }: { part: PartOf<'choices'> } & Around) {
  const has = (wanted: string) => part.choices.some(({ value }) => value === wanted)
  // The ways out of the line are always in sight, above the log.
  if (has(leaveLine) && !has('baton:stay')) return null
  const shown = part.choices.filter(({ value }) => value !== leaveLine)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend; the question stands above
    <div class="choices" role="group">
      {shown.map((choice) => {
        const isPicked = !isOpen && picked === choice.value
        return (
          <button
            type="button"
            class={isPicked ? 'choice picked' : 'choice'}
            aria-disabled={isOpen ? undefined : 'true'}
            aria-pressed={isOpen ? undefined : isPicked}
            dir="auto"
            onClick={() => isOpen && chat.pick(choice)}
          >
            {isPicked && '✓ '}
            {choice.label}
          </button>
        )
      })}
    </div>
  )
}

export type SurveyProps = { part: PartOf<'survey'> } & Around

/** Few visitors ever see one: it is fetched with the first. */
class LaterSurvey extends Component<SurveyProps, { Survey?: ComponentType<SurveyProps> }> {
  override componentDidMount() {
    import('./survey.tsx').then(({ Survey }) => this.setState({ Survey }))
  }

  render() {
    const { Survey } = this.state
    return Survey && <Survey {...this.props} />
  }
}

/** Those of a desk of the hub's own lie beside the chat's: `/hooks/<connection>/files/`. */
const ourFiles = (base: string) => new RegExp(`^${new URL('.', base).pathname}[^/]+/files/`)

/** A page whose policy permits no foreign pictures still shows the name and the link. */
class File extends Component<{ part: PartOf<'file'>; base: string }, { isBroken?: boolean }> {
  render() {
    const { part, base } = this.props
    const href = atOurHub(part.url, base, ourFiles(base))
    const isPicture = href && !this.state.isBroken && /^image\/(png|jpeg|gif|webp)$/.test(part.mime)
    const Tag = href ? 'a' : 'div'
    return (
      <Tag class={isPicture ? 'picture' : 'file'} {...(href ? { href, ...outside } : {})}>
        {isPicture ? (
          <img src={href} alt={part.name} onError={() => this.setState({ isBroken: true })} />
        ) : (
          <>
            <Icon of="file" />
            <span dir="auto">
              {part.name}
              {part.bytes > 0 && <small>{inWords(part.bytes)}</small>}
            </span>
          </>
        )}
      </Tag>
    )
  }
}

const inWords = (bytes: number): string =>
  bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`
