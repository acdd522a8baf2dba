import { SegmentedControl, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { MappingDetail } from '../../../../src/http/api/mappings.ts'
import { formatCount } from '../../format.ts'
import { changedLines, type Line, plainLines } from './diff.ts'

const signs = { same: ' ', added: '+', removed: '−' } as const

/** The YAML line by line, with what is wrong where it is. It is changed in the file, not here. */
export function Yaml({ beside }: { beside: MappingDetail['beside'] }) {
  const [shows, setShows] = useState(beside.differs ? 'changes' : 'running')
  const { running, current, differs, problems, file } = beside
  const isCompared = differs && current !== null && shows === 'changes'
  const lines = isCompared ? changedLines(running, current) : plainLines(running)
  const problemsAt = (line: Line) => (isCompared && line.file ? problems.filter((one) => one.line === line.file) : [])
  return (
    <section aria-label="Configuration" className="yaml">
      <header className="yaml-head">
        <Title order={3} size="h4">
          {file.split('/').at(-1)}
        </Title>
        {differs && current !== null && (
          <SegmentedControl
            size="xs"
            aria-label="What is shown"
            value={shows}
            onChange={setShows}
            data={[
              { value: 'running', label: 'What runs' },
              { value: 'changes', label: 'What the file changes' },
            ]}
          />
        )}
      </header>
      {differs && (
        <div className="differs" role="status">
          <strong>The file differs from what runs.</strong>{' '}
          {current === null
            ? 'The file is no longer there. The hub goes on with what it read, and would not start again.'
            : problems.length > 0
              ? `${formatCount(problems.length, 'problem')} in it: with them the hub would not start. What runs goes on.`
              : 'Nothing is wrong with it. It is read at the next start of the hub.'}
        </div>
      )}
      <ol className="code" aria-label={isCompared ? 'What the file changes' : 'What runs'}>
        {lines.map((line) => {
          const found = problemsAt(line)
          return (
            <li
              key={`${line.running}-${line.file}`}
              className="code-line"
              data-is={line.is}
              data-problem={found.length > 0 || undefined}
            >
              <span className="code-number">{(isCompared ? line.file : line.running) ?? ''}</span>
              <span className="code-sign">{isCompared ? signs[line.is] : ''}</span>
              <CodeText line={line} />
              {found.map(({ message, column }) => (
                <span key={`${column} ${message}`} className="code-problem" role="note">
                  {message}
                </span>
              ))}
            </li>
          )
        })}
      </ol>
      <Text size="xs" c="dimmed">
        Secrets are hidden. The file is the truth: it is changed there, and read at the next start.
      </Text>
    </section>
  )
}

const CodeText = ({ line }: { line: Line }) => {
  if (line.is === 'added') return <ins className="code-text">{line.text}</ins>
  if (line.is === 'removed') return <del className="code-text">{line.text}</del>
  return <span className="code-text">{line.text}</span>
}
