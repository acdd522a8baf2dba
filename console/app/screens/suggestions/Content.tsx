import { Anchor, Text, Title } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import Markdown from 'react-markdown'
import type { SuggestionDetail } from '../../../../src/http/api/suggestions.ts'
import { Go } from '../../parts/Go.tsx'
import { PlainText } from '../../parts/PlainText.tsx'
import { Diff } from './Diff.tsx'
import { phraseRows, wordDiff } from './words.ts'

/** What is, beside what is proposed. */
export const Content = ({ one }: { one: SuggestionDetail }) =>
  one.kind === 'phrase-set' ? <Phrases one={one} /> : <Article one={one} />

function Phrases({ one }: { one: Extract<SuggestionDetail, { kind: 'phrase-set' }> }) {
  const rows = phraseRows(one)
  const added = rows.filter(({ isNew }) => isNew)
  return (
    <div className="sides">
      <section aria-label="Now">
        <Title order={3} size="h4">
          Now
        </Title>
        <ul className="phrases">
          {rows
            .filter(({ isNew }) => !isNew)
            .map(({ text }) => (
              <li key={text}>
                <PlainText text={text} />
              </li>
            ))}
        </ul>
        {one.present.phrases.length === 0 && (
          <Text size="sm" c="dimmed">
            It has no phrases yet.
          </Text>
        )}
      </section>
      <section aria-label="Proposed">
        <Title order={3} size="h4">
          Proposed
        </Title>
        <ul className="phrases">
          {added.map(({ text, times }, at) => {
            const found = one.findings.filter((finding) => finding.at === at)
            return (
              <li key={text}>
                <ins>
                  <span className="sign">+</span>
                  <PlainText text={text} />
                </ins>
                {times > 0 && <span className="times"> ×{times}</span>}
                {found.length > 0 && (
                  <span className="personal">
                    <IconAlertTriangle size={14} stroke={1.5} aria-hidden /> {found.map(({ what }) => what).join(', ')}
                  </span>
                )}
              </li>
            )
          })}
        </ul>
      </section>
    </div>
  )
}

function Article({ one }: { one: Extract<SuggestionDetail, { kind: 'article' }> }) {
  return (
    <div className="sides">
      <section aria-label="As it will read">
        <Title order={3} size="h4">
          As it will read
        </Title>
        <div className="rendered">
          <Text fw={600}>{one.proposed.title}</Text>
          <Markdown
            components={{ a: Outside, img: ({ alt }) => <em>{alt}</em>, h1: Heading, h2: Heading, h3: Heading }}
          >
            {one.proposed.body}
          </Markdown>
        </div>
      </section>
      <section aria-label="What changes">
        <Title order={3} size="h4">
          What changes
        </Title>
        <Diff pieces={wordDiff(one.present?.body ?? '', one.proposed.body)} />
      </section>
    </div>
  )
}

/** The page has its own headings. */
const Heading = ({ children }: { children?: React.ReactNode }) => <p className="rendered-heading">{children}</p>

const Outside = ({ href, children }: { href?: string; children?: React.ReactNode }) =>
  href && /^https?:/i.test(href) ? (
    <Anchor href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </Anchor>
  ) : (
    <span>{children}</span>
  )

/** The words it was made of, each with where it was said. */
export const Sources = ({ one }: { one: SuggestionDetail }) => (
  <section aria-label="Sources">
    <Title order={3} size="h4">
      Said by customers
    </Title>
    {one.quotes.length === 0 ? (
      <Text size="sm" c="dimmed">
        {one.sources.length === 0 ? 'No conversation is named as its source.' : 'Their words are no longer on record.'}
      </Text>
    ) : (
      <ul className="phrases">
        {one.quotes.map(({ conversation, seq, words, of }) => (
          <li key={`${conversation} ${seq}`}>
            “<PlainText text={words} />” <Go to={`/conversations/${conversation}`}>conversation {conversation}</Go>
            {of && <span className="times"> for “{of}”</span>}
          </li>
        ))}
      </ul>
    )}
  </section>
)
