import { Badge, Button, Text } from '@mantine/core'
import { IconCheck, IconChecks, IconClock, IconLock, IconPaperclip } from '@tabler/icons-react'
import type { Part } from '../../../../src/message.ts'
import { formatTime } from '../../format.ts'
import { safeUrl, withLinks } from '../../parts/links.ts'
import { Marked } from '../../parts/Marked.tsx'
import { Out } from '../../parts/Out.tsx'
import { When } from '../../parts/Time.tsx'
import type { Said as Stored } from './desk.ts'
import { fileSize, speakerOf } from './words.ts'

export interface Trouble {
  readonly says: string
  readonly acts: readonly { readonly label: string; run(): void }[]
}

export interface SaidProps {
  readonly said: Pick<Stored, 'message' | 'at'> & {
    readonly by: 'customer' | 'bot' | 'agent' | 'hub'
    readonly visibility?: string
    readonly name?: string | null
  }
  /** What became of it, where that is known. */
  readonly state?: string
  /** It did not get where it should, and why; with what one can do about it. */
  readonly trouble?: Trouble
}

/** One message: who, when, the words, and what became of it. A note looks like nothing that goes to the customer. */
export function Said({ said, state, trouble }: SaidProps) {
  const kind = said.visibility === 'internal' ? 'note' : said.by
  const who = speakerOf(said)
  return (
    <article className={`said ${kind}`} aria-label={`${kind === 'note' ? 'Note, ' : ''}${who}, ${formatTime(said.at)}`}>
      <header className="said-head">
        {kind === 'note' && (
          <span className="said-lock">
            <IconLock size={14} stroke={1.5} aria-hidden /> Note
          </span>
        )}
        <b dir="auto">{who}</b>
        <span className="said-time">
          <When at={said.at} />
        </span>
      </header>
      <div className="body">
        {said.message.parts.map((part, i) => (
          // What was said does not change.
          <PartView key={i} part={part} isMarked={said.by === 'bot'} />
        ))}
        {said.message.parts.length === 0 && said.message.choice && <Text size="sm">Chose: {said.message.choice}</Text>}
      </div>
      {trouble ? (
        <div className="said-trouble" role="alert">
          <Text size="sm" c="var(--mantine-color-error)">
            {trouble.says}
          </Text>
          {trouble.acts.map(({ label, run }) => (
            <Button key={label} variant="default" onClick={run}>
              {label}
            </Button>
          ))}
        </div>
      ) : (
        state && <State words={state} />
      )}
    </article>
  )
}

const State = ({ words }: { words: string }) => {
  const Icon = /^(Sending|Waits)/.test(words) ? IconClock : words === 'Read' ? IconChecks : IconCheck
  return (
    <p className="said-state">
      <Icon size={14} stroke={1.5} aria-hidden /> {words}
    </p>
  )
}

/** `isMarked`: a person's own words are shown as they are. */
function PartView({ part, isMarked }: { part: Part; isMarked: boolean }) {
  switch (part.kind) {
    case 'text':
      return (
        <p dir="auto" className="plain-text">
          {isMarked ? (
            <Marked text={part.text} />
          ) : (
            withLinks(part.text).map(({ at, words, href }) =>
              href ? <Out key={at} href={href} words={words} /> : words,
            )
          )}
        </p>
      )
    case 'choices':
      return (
        <div className="said-choices">
          {part.choices.map(({ value, label }) => (
            <Badge key={value} color="gray">
              {label}
            </Badge>
          ))}
        </div>
      )
    case 'file':
      return (
        <p className="file">
          <IconPaperclip size={16} stroke={1.5} aria-hidden /> <Leading href={part.url} words={part.name} /> (
          {fileSize(part.bytes)})
        </p>
      )
    case 'articles':
      return (
        <ul>
          {part.articles.map(({ ref, title, url }) => (
            <li key={ref}>
              <Leading href={url} words={title} />
            </li>
          ))}
        </ul>
      )
    case 'survey':
      return <p>Survey: {part.question}</p>
  }
}

/** Only what leads to a page is a link. */
export function Leading({ href, words }: { href: string | undefined; words: string }) {
  const safe = href && safeUrl(new URL(href, location.href).href)
  return safe ? <Out href={safe} words={words} /> : <span dir="auto">{words}</span>
}
