import { ActionIcon, Title, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useShortcuts } from '../frame/shortcuts.ts'

export interface SidePeekProps {
  readonly title: ReactNode
  /** Named for those who do not see it. */
  readonly label: string
  readonly tools?: ReactNode
  readonly close: () => void
  readonly children: ReactNode
}

/** A look at one thing beside its list, which stays usable. `Esc` closes it. */
export function SidePeek({ title, label, tools, close, children }: SidePeekProps) {
  const panel = useRef<HTMLElement>(null)
  const opener = useRef(document.activeElement)
  useShortcuts([{ keys: 'Escape', says: 'Close the peek', run: close }])
  useEffect(() => {
    const from = opener.current
    // What had the focus gets it back, unless the reader has gone elsewhere meanwhile.
    return () => {
      const isLost = document.activeElement === document.body || document.activeElement === null
      if (isLost && from instanceof HTMLElement && from.isConnected) from.focus()
    }
  }, [])
  return (
    <aside ref={panel} className="peek" aria-label={label}>
      <header className="peek-head">
        <Title order={2} size="h3" className="peek-title">
          {title}
        </Title>
        {tools}
        <Tooltip label="Close (Esc)">
          <ActionIcon variant="subtle" color="gray" aria-label="Close" onClick={close}>
            <IconX size={18} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </header>
      <div className="peek-body">{children}</div>
    </aside>
  )
}
