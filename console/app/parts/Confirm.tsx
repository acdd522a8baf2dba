import { Button, Group, Modal, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Trouble } from './Trouble.tsx'

export interface ConfirmProps {
  readonly opened: boolean
  readonly title: string
  /** What it means for the customer. */
  readonly children?: ReactNode
  /** A verb with its object: "End handoff". */
  readonly confirm: string
  readonly isDangerous?: boolean
  readonly isBlocked?: boolean
  /** Closes when it resolves; what it throws is shown. */
  readonly act: () => Promise<unknown>
  readonly close: () => void
}

/** Asks once more before something that cannot be taken back. */
export function Confirm({ opened, title, children, confirm, isDangerous, isBlocked, act, close }: ConfirmProps) {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const end = () => {
    setError(undefined)
    close()
  }
  const go = async () => {
    setBusy(true)
    setError(undefined)
    try {
      await act()
      end()
    } catch (failed) {
      setError(failed)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal opened={opened} onClose={end} title={title} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      {typeof children === 'string' ? <Text size="sm">{children}</Text> : children}
      {error !== undefined && <Trouble what="This was not done" error={error} />}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={end}>
          Cancel
        </Button>
        <Button
          color={isDangerous ? 'red.9' : undefined}
          loading={isBusy}
          disabled={isBlocked}
          onClick={() => void go()}
        >
          {confirm}
        </Button>
      </Group>
    </Modal>
  )
}
