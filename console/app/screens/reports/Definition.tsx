import { ActionIcon, Popover, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import type { Chart } from '../../../../src/reports/answers.ts'

type Words = Pick<Chart['columns'][number], 'key' | 'title' | 'unit' | 'counts' | 'among' | 'note' | 'source'>

/** What is counted, among what, and from what it is made. */
export const Definition = ({ title, of }: { title: string; of: readonly Words[] }) => (
  <Popover width={340} position="bottom-start" shadow="md" trapFocus returnFocus>
    <Popover.Target>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`How "${title}" is counted`}>
        <IconInfoCircle size={16} stroke={1.5} />
      </ActionIcon>
    </Popover.Target>
    <Popover.Dropdown aria-label={`How "${title}" is counted`}>
      {of.map(({ key, title: name, unit, counts, among, note, source }) => (
        <div key={key} className="definition">
          {of.length > 1 && <Text fw={600}>{name}</Text>}
          <Text size="sm">{unit === 'count' && counts === among ? counts : `${counts} ÷ ${among}`}</Text>
          {note && <Text size="sm">{note}</Text>}
          {source !== 'none' && (
            <Text size="xs" c="dimmed">
              Made from: {source}
            </Text>
          )}
        </div>
      ))}
    </Popover.Dropdown>
  </Popover>
)
