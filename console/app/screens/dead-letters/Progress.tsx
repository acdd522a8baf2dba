import { Progress as Bar, Button, Group as Row, Text } from '@mantine/core'
import type { Replay } from '../../../../src/postgres/replays.ts'
import { send } from '../../api.ts'
import { toast } from '../../parts/toast.tsx'
import { refresh } from '../../read.ts'

export interface ProgressProps {
  readonly replay: Replay
  readonly mayCommand: boolean
}

/** A job on the hub: it goes on when this page is closed. */
export function Progress({ replay, mayCommand }: ProgressProps) {
  const { id, status, total, delivered, failed, leftOut, why, connection } = replay
  const handled = delivered + failed + leftOut
  const stop = async () => {
    try {
      await send('POST', `/dead-letters/replays/${id}/stop`)
      await refresh('dead-letters')
    } catch (error) {
      toast.problem('The replay was not stopped', error)
    }
  }
  return (
    <section className="replay" aria-label={`Replay at ${connection}`}>
      <Row justify="space-between">
        <Text size="sm" role="status">
          {status === 'running' ? 'Replaying' : status === 'done' ? 'Replayed' : 'Stopped'}: {delivered} of {total}{' '}
          delivered
          {failed > 0 && `, ${failed} failed again`}
          {leftOut > 0 && `, ${leftOut} left out`}
          {why && `. ${why}`}
        </Text>
        {status === 'running' && mayCommand && (
          <Button variant="default" onClick={() => void stop()}>
            Stop
          </Button>
        )}
      </Row>
      <Bar value={total === 0 ? 100 : (handled / total) * 100} aria-label={`${handled} of ${total} dealt with`} />
    </section>
  )
}
