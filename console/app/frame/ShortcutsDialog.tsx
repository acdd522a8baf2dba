import { Modal, Table, Text } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { useMe } from '../me.tsx'
import { Keys } from '../parts/Keys.tsx'
import { useActiveShortcuts, useShortcuts } from './shortcuts.ts'

let isOpen = false
const watchers = new Set<() => void>()
const set = (open: boolean) => {
  isOpen = open
  for (const watcher of watchers) watcher()
}
export const openShortcuts = (): void => set(true)

/** Every key that works on this screen. */
export function ShortcutsDialog() {
  const { preferences } = useMe()
  const opened = useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => isOpen,
  )
  useShortcuts([{ keys: '?', says: 'Show the shortcuts', run: openShortcuts }])
  const shortcuts = useActiveShortcuts()
  return (
    <Modal
      opened={opened}
      onClose={() => set(false)}
      title="Keyboard shortcuts"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {preferences.shortcuts === false && (
        <Text size="sm" mb="sm">
          Single keys are switched off in your settings.
        </Text>
      )}
      <Table verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Keys</Table.Th>
            <Table.Th>What they do</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shortcuts.map(({ keys, says }) => (
            <Table.Tr key={`${keys} ${says}`}>
              <Table.Td>
                <Keys keys={keys} />
              </Table.Td>
              <Table.Td>{says}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
