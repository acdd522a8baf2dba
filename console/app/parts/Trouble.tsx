import { Alert, Button, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Problem } from '../api.ts'
import { formatClock } from '../format.ts'

export interface TroubleProps {
  /** What failed, as "The queue could not be read". */
  readonly what?: string
  readonly error: unknown
  /** Since when. */
  readonly since?: number
  /** What is still on the screen is of this time. */
  readonly asOf?: number
  readonly retry?: () => void
}

/** What happened, what it means, what one can do. */
export const Trouble = ({ what = 'This could not be read', error, since, asOf, retry }: TroubleProps) => (
  <Alert
    color="red"
    variant="light"
    icon={<IconAlertTriangle size={18} stroke={1.5} aria-hidden />}
    title={what}
    role="alert"
  >
    <Text size="sm">
      {asSentence(wordsOf(error))}
      {since ? ` Since ${formatClock(since)}.` : ''}
      {asOf ? ` What you see is of ${formatClock(asOf)}.` : ''}
    </Text>
    {retry && (
      <Button mt="sm" variant="default" onClick={retry}>
        Try again
      </Button>
    )}
  </Alert>
)

const asSentence = (words: string): string => (/[.!?…]$/.test(words) ? words : `${words}.`)

/** A text is said as it is. */
export function wordsOf(error: unknown): string {
  if (typeof error === 'string') return error
  return error instanceof Problem ? error.message : 'Something on this page did not work.'
}
