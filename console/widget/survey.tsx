/** @jsxImportSource preact */
/** Two questions: stars, and words if one likes. Gone as soon as the customer goes on talking. */
import { Component } from 'preact'
import { Bubble, type SurveyProps } from './parts.tsx'
import css from './survey.css?inline'
import { atOurHub, outside } from './text.tsx'

interface Filled {
  score?: number
  isBusy?: boolean
  hasFailed?: boolean
}

export class Survey extends Component<SurveyProps, Filled> {
  override componentDidMount() {
    this.props.chat.wear(css)
  }

  render() {
    const { part, chat, isOpen } = this.props
    const { score = 0, isBusy, hasFailed } = this.state
    const { words, options } = chat
    const { base } = options
    const url = atOurHub(part.url, base, /^\/survey\//)
    const was = chat.surveyWas(part)
    if (was === 'answered') return <Bubble>{words('thanks')}</Bubble>
    if (was || !isOpen || !url) return null
    // Another product's survey has a page of its own, and no form of ours can answer it.
    if (!url.startsWith(new URL('/survey/', base).href))
      return (
        <Bubble>
          <a href={url} {...outside}>
            {part.question}
          </a>
        </Bubble>
      )
    return (
      <form class="survey" onSubmit={(event) => this.answer(event, url)}>
        <fieldset>
          <legend dir="auto">{part.question}</legend>
          <div class="stars">
            {[1, 2, 3, 4, 5].map((n) => (
              <label class={n <= score ? 'star on' : 'star'}>
                <input
                  type="radio"
                  name={`score-${part.handoff}`}
                  value={n}
                  aria-label={words('stars', { n })}
                  onChange={() => this.setState({ score: n })}
                />
                <span aria-hidden="true">★</span>
              </label>
            ))}
          </div>
          <div class="ends" aria-hidden="true">
            <span>{words('worst')}</span>
            <span>{words('best')}</span>
          </div>
        </fieldset>
        <label class="words">
          {words('comment')}
          <textarea
            rows={2}
            maxLength={2000}
            name="comment"
            defaultValue={chat.store.word('comment')}
            onInput={({ currentTarget }) => chat.store.keep('comment', currentTarget.value)}
          />
        </label>
        <div class="actions">
          <button type="button" class="plain" onClick={() => chat.surveyDone(part, true)}>
            {words('noThanks')}
          </button>
          <button type="submit" class="primary" aria-disabled={!score || isBusy ? 'true' : undefined}>
            {words('answer')}
          </button>
        </div>
        <p class="mark bad" role="alert">
          {hasFailed && words('notSent')}
        </p>
      </form>
    )
  }

  async answer(event: Event, url: string) {
    event.preventDefault()
    const { score, isBusy } = this.state
    if (!score || isBusy) return
    this.setState({ isBusy: true, hasFailed: false })
    const form = event.currentTarget as HTMLFormElement
    const comment = String(new FormData(form).get('comment')).trim()
    const hasFailed = !(await send(url, { score, ...(comment && { comment }) }))
    this.setState({ isBusy: false, hasFailed })
    if (!hasFailed) this.props.chat.surveyDone(this.props.part)
  }
}

async function send(url: string, answer: object): Promise<boolean> {
  try {
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    const { ok, status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(answer) })
    // An answer that is there already, from another tab, is as good.
    return ok || status === 409
  } catch {
    return false
  }
}
