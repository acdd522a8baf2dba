import { Combobox, Text, useCombobox } from '@mantine/core'
import { type ReactElement, type RefObject, useEffect, useState } from 'react'
import type { TicketView } from './desk.ts'
import { useReplies } from './Replies.tsx'
import { fieldsOf, fillIn, openField, slashAt } from './words.ts'

export interface CannedProps {
  readonly ticket: TicketView
  readonly agent: string
  readonly box: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly caret: number
  readonly change: (text: string) => void
  readonly isOn: boolean
  /** While the list is open, its keys are its own. */
  readonly isChoosing: RefObject<boolean>
  readonly children: ReactElement
}

/** Canned replies, found by what is typed after a slash. Their fields are filled; the first that cannot be is selected. */
export function Canned({ ticket, agent, box, text, caret, change, isOn, isChoosing, children }: CannedProps) {
  const [isDismissed, setDismissed] = useState(false)
  const slash = isOn ? slashAt(text, Math.min(caret, text.length)) : undefined
  const { data } = useReplies(isOn)
  const found = slash
    ? (data?.replies ?? []).filter(({ name, text: words }) => `${name} ${words}`.toLowerCase().includes(slash.word))
    : []
  const isOpen = slash !== undefined && !isDismissed && data !== undefined
  isChoosing.current = isOpen
  const combobox = useCombobox({ opened: isOpen, onDropdownClose: () => setDismissed(true) })
  const word = slash?.word
  // What is found begins with its first.
  useEffect(() => {
    if (isOpen) combobox.selectFirstOption()
    if (word === undefined) setDismissed(false)
  }, [isOpen, word, found.length])

  const insert = (id: string) => {
    const reply = data?.replies.find((one) => String(one.id) === id)
    if (!reply || !slash) return
    const filled = fillIn(reply.text, fieldsOf(ticket, agent))
    const next = text.slice(0, slash.from) + filled + text.slice(caret)
    change(next)
    const open = openField(next)
    const end = slash.from + filled.length
    requestAnimationFrame(() => {
      box.current?.focus()
      if (open) box.current?.setSelectionRange(open.at, open.at + open.words.length)
      else box.current?.setSelectionRange(end, end)
    })
  }
  return (
    <Combobox store={combobox} onOptionSubmit={insert} position="top-start" withinPortal middlewares={{ flip: true }}>
      <Combobox.Target withKeyboardNavigation={isOpen}>{children}</Combobox.Target>
      <Combobox.Dropdown hidden={!isOpen}>
        <Combobox.Options aria-label="Canned replies" className="canned">
          {found.map(({ id, name, text: words, shared }) => (
            <Combobox.Option key={id} value={String(id)}>
              <Text size="sm" fw={500}>
                /{name} {shared && <span className="inbox-meta">everybody’s</span>}
              </Text>
              <Text size="xs" c="dimmed" lineClamp={2}>
                {words}
              </Text>
            </Combobox.Option>
          ))}
          {found.length === 0 && <Combobox.Empty>No canned reply is called that.</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}
