import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { formatTime } from '../../format.ts'
import { wordsOf } from '../../parts/Trouble.tsx'
import { Refused } from './doors.ts'

/** What happened, and from when on one may try again. */
export function Refusal({ what, error }: { what: string; error: unknown }) {
  const retryAt = error instanceof Refused ? error.retryAt : undefined
  const words = retryAt && error instanceof Refused && error.status === 429 ? tooMany(retryAt) : wordsOf(error)
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      title={what}
      icon={<IconAlertTriangle size={18} stroke={1.5} aria-hidden />}
    >
      <Text size="sm">{words}</Text>
    </Alert>
  )
}

const tooMany = (retryAt: number): string =>
  `There were too many tries. You can try again at ${formatTime(retryAt)}. If you have forgotten the password, an admin can give you a link for a new one.`
