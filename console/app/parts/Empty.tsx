import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** One sentence, and at most one thing to do about it. */
export const Empty = ({ children, action }: { children: ReactNode; action?: ReactNode }) => (
  <div className="empty">
    <Text c="dimmed">{children}</Text>
    {action}
  </div>
)
