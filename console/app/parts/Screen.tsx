import { Title } from '@mantine/core'
import { type ReactNode, useEffect } from 'react'

export interface ScreenProps {
  readonly title: string
  /** Right of the title: filters, buttons. */
  readonly tools?: ReactNode
  /** Between head and content: tiles, tabs. */
  readonly summary?: ReactNode
  /** Fills the height; its parts scroll, not the page. */
  readonly isFull?: boolean
  readonly children: ReactNode
}

/** The head of a screen and what is below it. Its title is the page's. */
export function Screen({ title, tools, summary, isFull, children }: ScreenProps) {
  useEffect(() => {
    document.title = `${title} · Baton`
  }, [title])
  return (
    <section className={isFull ? 'screen screen-full' : 'screen'} aria-labelledby="screen-title">
      <header className="screen-head">
        <Title order={1} id="screen-title" size="h2">
          {title}
        </Title>
        {tools && <div className="screen-tools">{tools}</div>}
      </header>
      {summary}
      <div className="screen-body">{children}</div>
    </section>
  )
}
