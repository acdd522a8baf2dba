import { Badge, NativeSelect, Text, Title } from '@mantine/core'
import { useRef } from 'react'
import type { Suggestions as Answer, SuggestionDetail } from '../../../../src/http/api/suggestions.ts'
import { formatCount } from '../../format.ts'
import { useMay } from '../../me.tsx'
import { DataState } from '../../parts/DataState.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Go } from '../../parts/Go.tsx'
import { PlainText } from '../../parts/PlainText.tsx'
import { useRowKeys } from '../../parts/rowKeys.ts'
import { Screen } from '../../parts/Screen.tsx'
import { useRead } from '../../read.ts'
import { query, useId, useUrl } from '../../url.ts'
import { Content, Sources } from './Content.tsx'
import { Decide } from './Decide.tsx'
import { handoffsOf, titleOf } from './words.ts'
import './suggestions.css'

const topics = ['suggestions']
const states = ['open', 'approved', 'pushed', 'failed', 'rejected'] as const

/** What the bot and the articles lack. */
export default function Suggestions() {
  const id = useId()
  const [search, change] = useUrl()
  const list = useRef<HTMLUListElement>(null)
  const mayCommand = useMay('suggestions.command') !== undefined
  const status = search.status ?? 'open'
  const all = useRead<Answer>(
    `/suggestions${query({ status: status === 'all' ? undefined : status, kind: search.kind, limit: 200 })}`,
    { topics, keep: true, everyMs: 30_000 },
  )
  const one = useRead<SuggestionDetail>(id && /^\d+$/.test(id) ? `/suggestions/${id}` : undefined, {
    topics,
    everyMs: 30_000,
  })
  useRowKeys(list)
  const open = (kind: string) =>
    all.data?.counts
      .filter((one) => one.kind === kind && one.status === 'open')
      .reduce((sum, { count }) => sum + count, 0) ?? 0
  return (
    <Screen
      title="Suggestions"
      isFull
      tools={
        <>
          <NativeSelect
            size="xs"
            aria-label="Kind"
            data={[
              { value: '', label: 'All kinds' },
              { value: 'phrase-set', label: `Training phrases ${open('phrase-set')}` },
              { value: 'article', label: `Articles ${open('article')}` },
            ]}
            value={search.kind ?? ''}
            onChange={(event) => change({ kind: event.currentTarget.value })}
          />
          <NativeSelect
            size="xs"
            aria-label="Status"
            data={[...states, 'all']}
            value={status}
            onChange={(event) =>
              change({ status: event.currentTarget.value === 'open' ? undefined : event.currentTarget.value })
            }
          />
        </>
      }
    >
      <div className="suggestions" data-open={id !== undefined || undefined}>
        <div className="suggestion-pane">
          <DataState
            query={all}
            what="The suggestions could not be read"
            rowHeight={56}
            empty={({ suggestions }) =>
              suggestions.length === 0 && (
                <Empty action={<Go to="/conversations">See the conversations</Go>}>
                  {status === 'open' && !search.kind
                    ? 'Nothing is suggested right now.'
                    : 'No suggestion fits these filters.'}
                </Empty>
              )
            }
          >
            {({ suggestions }) => (
              <ul ref={list} className="suggestion-list" aria-label="Suggestions">
                {suggestions.map((row) => (
                  <li key={row.id} className="suggestion" data-open={String(row.id) === id || undefined}>
                    <Go
                      to={`/suggestions/${row.id}`}
                      search={search}
                      className="suggestion-link"
                      {...{ 'data-row': true, 'aria-current': String(row.id) === id ? 'true' : undefined }}
                    >
                      <PlainText text={titleOf(row)} />
                      {row.kind === 'phrase-set' && ` +${row.proposed.phrases.length}`}
                    </Go>
                    <div className="suggestion-facts">
                      {row.connection} · {formatCount(handoffsOf(row), 'handoff')}
                      {row.findings.length > 0 && ' · personal data'} <Badge color="gray">{row.status}</Badge>
                    </div>
                  </li>
                ))}
              </ul>
            )}
          </DataState>
        </div>
        <div className="suggestion-detail">
          {id ? (
            <>
              <span className="back">
                <Go to="/suggestions" search={search}>
                  All suggestions
                </Go>
              </span>
              <DataState query={one} what="The suggestion could not be read" rows={4} rowHeight={80}>
                {(found) => (
                  <section key={found.id} className="suggestion-body" aria-label={titleOf(found)}>
                    <Title order={2} size="h3">
                      <PlainText text={titleOf(found)} />
                    </Title>
                    <Text size="sm" c="dimmed">
                      {found.kind === 'phrase-set' ? `Intent ${found.intent ?? found.title}` : 'Article'} at{' '}
                      {found.connection}, from {formatCount(handoffsOf(found), 'handoff')}
                      {found.estimate !== null &&
                        `; about ${Math.round(found.estimate)} fewer handoffs a month, estimated`}
                    </Text>
                    <Content one={found} />
                    <Decide one={found} mayCommand={mayCommand} reasons={all.data?.rejections ?? []} />
                    <Sources one={found} />
                  </section>
                )}
              </DataState>
            </>
          ) : (
            <Text c="dimmed" size="sm" p="lg">
              Choose a suggestion to see what it changes.
            </Text>
          )}
        </div>
      </div>
    </Screen>
  )
}
