import { Alert, Button, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useState } from 'react'
import type { SuggestionDetail } from '../../../../src/http/api/suggestions.ts'
import { send } from '../../api.ts'
import { useShortcuts } from '../../frame/shortcuts.ts'
import { useNow } from '../../live.ts'
import { Confirm } from '../../parts/Confirm.tsx'
import { PlainText } from '../../parts/PlainText.tsx'
import { Duration, When } from '../../parts/Time.tsx'
import { toast } from '../../parts/toast.tsx'
import { refresh } from '../../read.ts'
import { fromLines, toLines } from './words.ts'

export interface DecideProps {
  readonly one: SuggestionDetail
  readonly mayCommand: boolean
  readonly reasons: readonly string[]
}

const again = () => refresh('suggestions')

/** How it stands, and what one can do about it. Nothing reaches a vendor without somebody's yes. */
export function Decide({ one, mayCommand, reasons }: DecideProps) {
  const [asked, setAsked] = useState<'edit' | 'reject'>()
  const [isBusy, setBusy] = useState(false)
  const isOpen = one.status === 'open'
  const isClean = one.findings.length === 0
  const command = async (what: string, failed: string, done: string, body?: object) => {
    setBusy(true)
    try {
      await send('POST', `/suggestions/${one.id}/${what}`, body)
      await again()
      toast.done(done)
    } catch (error) {
      toast.problem(failed, error)
    } finally {
      setBusy(false)
    }
  }
  const approve = () =>
    command('approve', 'It was not approved', `Approved: pushed to ${one.connection} in 10 minutes`, {
      revision: one.revision,
    })
  const may = mayCommand && isOpen && !isBusy
  useShortcuts([
    { keys: 'a', says: 'Approve', run: () => may && isClean && void approve() },
    { keys: 'e', says: 'Edit', run: () => may && setAsked('edit') },
    { keys: 'x', says: 'Reject', run: () => may && setAsked('reject') },
  ])
  return (
    <Stack gap="sm">
      {isOpen && (
        <Alert
          color={isClean ? 'baton' : 'red'}
          variant="light"
          icon={isClean ? <IconCircleCheck size={18} stroke={1.5} aria-hidden /> : undefined}
          title={isClean ? 'No personal data was found' : 'It holds personal data'}
        >
          {isClean
            ? `After your yes it is pushed to ${one.connection}; for 10 minutes you can take that back.`
            : `Edit it first: ${[...new Set(one.findings.map(({ what }) => what))].join(', ')}.`}
        </Alert>
      )}
      <Standing one={one} />
      {mayCommand && (
        <Group gap="sm">
          {isOpen && (
            <>
              <Button disabled={!isClean} loading={isBusy} onClick={() => void approve()}>
                Approve
              </Button>
              <Button variant="default" onClick={() => setAsked('edit')}>
                Edit
              </Button>
              <Button variant="default" onClick={() => setAsked('reject')}>
                Reject…
              </Button>
            </>
          )}
          <Undo one={one} undo={() => void command('undo', 'It was not taken back', 'It is open again')} />
          {one.status === 'failed' && (
            <>
              <Button loading={isBusy} onClick={() => void command('push', 'It was not pushed', 'It was tried again')}>
                Push again
              </Button>
              <Button variant="default" onClick={() => setAsked('edit')}>
                Edit
              </Button>
            </>
          )}
        </Group>
      )}
      {asked === 'edit' && <Edit one={one} close={() => setAsked(undefined)} />}
      {asked === 'reject' && <Reject one={one} reasons={reasons} close={() => setAsked(undefined)} />}
    </Stack>
  )
}

const tenMinutes = 600_000

function Undo({ one, undo }: { one: SuggestionDetail; undo: () => void }) {
  const now = useNow()
  const until =
    one.status === 'approved'
      ? one.pushAt
      : one.status === 'rejected' && one.decidedAt
        ? one.decidedAt + tenMinutes
        : null
  if (until === null || until <= now) return null
  return (
    <Button variant="default" onClick={undo}>
      Undo
      <span className="times">
        {' '}
        (<Duration ms={until - now} />)
      </span>
    </Button>
  )
}

function Standing({ one }: { one: SuggestionDetail }) {
  const { status, decidedBy, decidedAt, pushAt, pushedAt, reason, error, connection } = one
  if (status === 'open') return null
  return (
    <Text size="sm" role="status">
      {status === 'approved' && (
        <>
          Approved by {decidedBy}; pushed to {connection} at {pushAt && <When at={pushAt} />}.
        </>
      )}
      {status === 'rejected' && (
        <>
          Rejected by {decidedBy}
          {decidedAt && (
            <>
              , <When at={decidedAt} />
            </>
          )}
          : {reason}.
        </>
      )}
      {status === 'pushed' && (
        <>
          Approved by {decidedBy}; pushed to {connection}
          {pushedAt && (
            <>
              , <When at={pushedAt} />
            </>
          )}
          .
        </>
      )}
      {status === 'failed' && (
        <>
          {connection} did not take it: <PlainText text={error?.text ?? 'no reason is known'} />. Customers do not
          notice. Mend the cause and push again.
        </>
      )}
    </Text>
  )
}

function Edit({ one, close }: { one: SuggestionDetail; close: () => void }) {
  const [lines, setLines] = useState(one.kind === 'phrase-set' ? toLines(one.proposed.phrases) : one.proposed.body)
  const [title, setTitle] = useState(one.title)
  const act = async () => {
    const proposed = one.kind === 'phrase-set' ? { phrases: fromLines(lines) } : { title, body: lines }
    await send('PATCH', `/suggestions/${one.id}`, { revision: one.revision, proposed })
    await again()
    toast.done('Changed, and looked through again')
  }
  return (
    <Confirm
      opened
      title="Edit the suggestion"
      confirm="Save changes"
      act={act}
      close={close}
      isBlocked={!lines.trim() || !title.trim()}
    >
      <Stack gap="sm">
        {one.kind === 'article' && (
          <TextInput
            label="Title"
            maxLength={200}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
        )}
        <Textarea
          label={one.kind === 'article' ? 'Text, as Markdown' : 'Phrases, one a line'}
          autosize
          minRows={6}
          maxRows={18}
          value={lines}
          onChange={(event) => setLines(event.currentTarget.value)}
        />
      </Stack>
    </Confirm>
  )
}

function Reject({ one, reasons, close }: { one: SuggestionDetail; reasons: readonly string[]; close: () => void }) {
  const [why, setWhy] = useState<string | null>(null)
  const act = async () => {
    await send('POST', `/suggestions/${one.id}/reject`, { why })
    await again()
    toast.done('Rejected')
  }
  return (
    <Confirm
      opened
      title="Reject the suggestion"
      confirm="Reject"
      isDangerous
      act={act}
      close={close}
      isBlocked={why === null}
    >
      <Select
        label="Reason"
        description="It teaches what to suggest next time."
        placeholder="Choose a reason"
        data={[...reasons]}
        value={why}
        onChange={setWhy}
        withAsterisk
      />
    </Confirm>
  )
}
