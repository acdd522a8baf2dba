import { Button, Group, Stack, Text, Textarea, type TextareaProps } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useShortcuts } from '../../frame/shortcuts.ts'
import { Trouble } from '../../parts/Trouble.tsx'
import type { TicketView } from './desk.ts'

/** What every form before a conversation leaves the agent's hands is given. */
export interface GivingProps {
  readonly ticket: TicketView
  readonly run: (body: object) => Promise<void>
  readonly close: () => void
}

interface AskProps extends Omit<GivingProps, 'ticket'> {
  readonly intro: string
  readonly button: string
  readonly isReady?: boolean
  readonly body: () => object
  readonly children: ReactNode
}

/** What keeps it from being done is said here, and the dialog stays. */
export function Ask({ intro, button, isReady = true, body, run, close, children }: AskProps) {
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const submit = async (event?: FormEvent) => {
    event?.preventDefault()
    if (!isReady || isBusy) return
    setBusy(true)
    setError(undefined)
    try {
      await run(body())
    } catch (failed) {
      setError(failed)
      setBusy(false)
    }
  }
  useShortcuts([{ keys: '$mod+Enter', says: button, run: () => void submit() }])
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <Text size="sm">{intro}</Text>
        {children}
        {error !== undefined && <Trouble what="This was not done" error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy} disabled={!isReady}>
            {button}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

export const filled = (text: string): string | undefined => text.trim() || undefined

/** A few lines that somebody else will read. */
export const Words = (props: TextareaProps) => (
  <Textarea autosize minRows={3} maxRows={8} maxLength={10_000} {...props} />
)
