import { Code, Modal } from '@mantine/core'
import type { Line } from './lines.ts'

/** The event as it is on record. */
export const Raw = ({ line, close }: { line: Line | undefined; close: () => void }) => (
  <Modal
    opened={line !== undefined}
    onClose={close}
    size="xl"
    title={line ? `Event ${line.seq}: ${line.entry.type}` : ''}
    closeButtonProps={{ 'aria-label': 'Close' }}
  >
    <Code block tabIndex={0}>
      {JSON.stringify(line?.entry, undefined, 2)}
    </Code>
  </Modal>
)
