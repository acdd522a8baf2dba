import { Button, Code, Group as Row, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import type { Letter } from '../../../../src/http/api/dead-letters.ts'
import { formatCount } from '../../format.ts'
import { Go } from '../../parts/Go.tsx'
import { PlainText } from '../../parts/PlainText.tsx'
import { Age, When } from '../../parts/Time.tsx'

export interface LetterViewProps {
  readonly letter: Letter
  readonly mayCommand: boolean
  readonly replay: (letter: Letter) => void
  readonly note: (letter: Letter) => void
  readonly dismiss: (letter: Letter) => void
}

/** One letter: what happened, what it means for the customer, what one can do. */
export function LetterView({ letter, mayCommand, replay, note, dismiss }: LetterViewProps) {
  const [isRaw, setRaw] = useState(false)
  const { error, safety, staleness } = letter
  const canReplay = safety.is !== 'cannot be replayed'
  return (
    <article className="letter" aria-label={`Letter of ${letter.customer}, conversation ${letter.conversation}`}>
      {letter.words && (
        <blockquote className="letter-words">
          <PlainText text={letter.words} />
        </blockquote>
      )}
      <dl className="letter-facts">
        <dt>What happened</dt>
        <dd>
          {error ? <PlainText text={error.vendor ? `${error.text}: ${error.vendor}` : error.text} /> : 'It failed.'}{' '}
          {formatCount(letter.attempts, 'attempt')}, given up <Age at={letter.deadSince} />, said{' '}
          <When at={letter.saidAt} />
        </dd>
        <dt>For the customer</dt>
        <dd>
          <PlainText text={letter.means} />{' '}
          <Go to={`/conversations/${letter.conversation}`}>Conversation {letter.conversation}</Go>
        </dd>
        <dt>You can</dt>
        <dd>
          <PlainText text={letter.remedy} />
        </dd>
        {letter.dismissedWhy && (
          <>
            <dt>Dismissed</dt>
            <dd>
              by {letter.dismissedBy}: {letter.dismissedWhy}
            </dd>
          </>
        )}
      </dl>
      {!letter.dismissedWhy && (
        <div className="letter-safety" data-safe={safety.is === 'safe' || undefined}>
          {safety.is === 'safe' ? (
            <IconCircleCheck size={18} stroke={1.5} aria-hidden />
          ) : (
            <IconAlertTriangle size={18} stroke={1.5} aria-hidden />
          )}
          <Text size="sm">
            <strong>
              {safety.is === 'safe'
                ? 'Replay is safe'
                : safety.is === 'may appear twice'
                  ? 'It may appear twice'
                  : 'It cannot be replayed'}
              .
            </strong>{' '}
            {safety.why}
          </Text>
        </div>
      )}
      {staleness.isStale && !letter.dismissedWhy && canReplay && (
        <div className="letter-late">
          <IconLock size={18} stroke={1.5} aria-hidden />
          <Text size="sm">
            <strong>It comes late.</strong> {staleness.why} As a note to the agent it confuses nobody: the customer does
            not see it.
          </Text>
        </div>
      )}
      <Row gap="sm">
        {mayCommand && !letter.dismissedWhy && (
          <>
            {canReplay && (
              <Button variant={staleness.isStale ? 'default' : 'filled'} onClick={() => replay(letter)}>
                Replay 1
              </Button>
            )}
            {canReplay && (
              <Button variant={staleness.isStale ? 'filled' : 'default'} onClick={() => note(letter)}>
                Tell the agent by note
              </Button>
            )}
            <Button variant="default" onClick={() => dismiss(letter)}>
              Dismiss…
            </Button>
          </>
        )}
        <Button variant="subtle" aria-expanded={isRaw} onClick={() => setRaw(!isRaw)}>
          {isRaw ? 'Hide payload' : 'Payload'}
        </Button>
      </Row>
      {isRaw && (
        <Code block className="letter-raw" tabIndex={0}>
          {JSON.stringify(letter.body, null, 2)}
        </Code>
      )}
    </article>
  )
}
