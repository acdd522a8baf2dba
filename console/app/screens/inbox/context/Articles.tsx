import { Anchor, Button, TextInput } from '@mantine/core'
import { IconExternalLink, IconSearch } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { ArticlesAnswer } from '../../../../../src/http/api/lookups.ts'
import type { Article } from '../../../../../src/message.ts'
import { DataState } from '../../../parts/DataState.tsx'
import { safeUrl } from '../../../parts/links.ts'
import { useRead } from '../../../read.ts'
import { query } from '../../../url.ts'
import type { TicketView } from '../desk.ts'
import { addToReply } from '../drafts.ts'

/** What the company has written about it; begins with what the customer wants. */
export function Articles({ ticket, canInsert }: { ticket: TicketView; canInsert: boolean }) {
  const [words, setWords] = useState(ticket.context.wants)
  const [question, setQuestion] = useState(ticket.context.wants)
  const asks = question.trim() !== ''
  const found = useRead<ArticlesAnswer>(
    asks ? `/conversations/${ticket.conversation}/articles${query({ question: question.trim() })}` : undefined,
  )
  const search = (event: FormEvent) => {
    event.preventDefault()
    setQuestion(words)
  }
  return (
    <>
      <search>
        <form onSubmit={search} className="articles-search">
          <TextInput
            aria-label="Search articles"
            placeholder="Search articles"
            leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
            maxLength={500}
            value={words}
            dir="auto"
            onChange={(event) => setWords(event.currentTarget.value)}
          />
        </form>
      </search>
      {asks ? (
        <DataState query={found} what="Articles could not be searched" rows={3} rowHeight={48} empty={nothing}>
          {({ articles }) => (
            <ul className="articles">
              {articles.map((article) => (
                <Found key={article.ref} article={article} ticket={ticket.id} canInsert={canInsert} />
              ))}
            </ul>
          )}
        </DataState>
      ) : (
        <p className="inbox-meta">Write what you look for, then press Enter.</p>
      )}
    </>
  )
}

function nothing({ knowledge, articles }: ArticlesAnswer) {
  if (knowledge === null) return <p className="inbox-meta">This mapping has no knowledge to search in.</p>
  return articles.length === 0 && <p className="inbox-meta">No article was found. Try other words.</p>
}

function Found({ article, ticket, canInsert }: { article: Article; ticket: string; canInsert: boolean }) {
  const { title, excerpt, url } = article
  const href = url && safeUrl(url)
  return (
    <li>
      {href ? (
        <Anchor href={href} target="_blank" rel="noopener noreferrer" size="sm" dir="auto">
          {title} <IconExternalLink size={14} stroke={1.5} aria-hidden />
        </Anchor>
      ) : (
        <b dir="auto">{title}</b>
      )}
      {excerpt && (
        <p className="articles-excerpt" dir="auto">
          {excerpt}
        </p>
      )}
      {canInsert && (href || excerpt) && (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`${href ? 'Insert the link to' : 'Insert the text of'} ${title}`}
          onClick={() => addToReply(ticket, href ? `${title}: ${href}` : excerpt!)}
        >
          {href ? 'Insert link' : 'Insert text'}
        </Button>
      )}
    </li>
  )
}
