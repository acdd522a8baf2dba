import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { wordsOf } from './Trouble.tsx'

/** Said once, in a corner, to eyes and to screen readers. */
export const toast = {
  done(message: string, undo?: () => void): void {
    const id = crypto.randomUUID()
    const pressed = () => {
      notifications.hide(id)
      undo!()
    }
    notifications.show({
      id,
      role: 'status',
      autoClose: undo ? 8_000 : 4_000,
      withCloseButton: true,
      closeButtonProps: { 'aria-label': 'Close' },
      message: undo ? (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">{message}</Text>
          <Button variant="subtle" onClick={pressed}>
            Undo
          </Button>
        </Group>
      ) : (
        message
      ),
    })
  },
  /** `what`: "The handoff was not ended". Stays until it is closed. */
  problem(what: string, error: unknown): void {
    notifications.show({
      role: 'alert',
      color: 'red',
      autoClose: false,
      title: what,
      message: wordsOf(error),
      closeButtonProps: { 'aria-label': 'Close' },
    })
  },
}
