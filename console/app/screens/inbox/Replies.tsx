import { ActionIcon, Button, Checkbox, Group, Modal, Stack, Text, Textarea, TextInput, Tooltip } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { CannedReply } from '../../../../connectors/inbox/replies.ts'
import { send } from '../../api.ts'
import { useMay } from '../../me.tsx'
import { DataState } from '../../parts/DataState.tsx'
import { Trouble } from '../../parts/Trouble.tsx'
import { toast } from '../../parts/toast.tsx'
import { refresh, useRead } from '../../read.ts'
import { deskPath } from './desk.ts'

const topic = 'inbox-replies'

export const useReplies = (isWanted: boolean) =>
  useRead<{ readonly replies: readonly CannedReply[] }>(isWanted ? deskPath('/replies') : undefined, {
    topics: [topic],
  })

/** Keeps words for more than one customer, and lets go of those that are kept. */
export function Replies({ words, close }: { words: string; close: () => void }) {
  return (
    <Modal opened onClose={close} title="Canned replies" closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack gap="lg">
        <Keep words={words} />
        <Kept />
      </Stack>
    </Modal>
  )
}

function Keep({ words }: { words: string }) {
  const isAdmin = useMay('replies.change') === 'all'
  const [name, setName] = useState('')
  const [text, setText] = useState(words)
  const [isShared, setShared] = useState(false)
  const [error, setError] = useState<unknown>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setError(undefined)
    try {
      await send('POST', deskPath('/replies'), { name, text, ...(isShared ? { shared: true } : {}) })
      toast.done(`Kept: find it by /${name}.`)
      setName('')
      await refresh(topic)
    } catch (failed) {
      setError(failed)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} aria-label="Keep a reply">
      <Stack gap="sm">
        {error !== undefined && <Trouble what="It was not kept" error={error} />}
        <TextInput
          data-autofocus
          label="Name"
          description="What you type after the slash: letters, digits, - and _"
          leftSection="/"
          pattern="[\p{L}\p{N}_\-]{1,40}"
          maxLength={40}
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label="Words"
          description="{{customer.name}}, {{customer.first}} and {{agent.name}} are filled in; other fields are asked for"
          autosize
          minRows={3}
          maxRows={8}
          maxLength={10_000}
          required
          withAsterisk={false}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {isAdmin && (
          <Checkbox
            label="For everybody at this desk"
            checked={isShared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
        )}
        <Group justify="flex-end">
          <Button type="submit" disabled={name === '' || text.trim() === ''}>
            Keep the reply
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function Kept() {
  const isAdmin = useMay('replies.change') === 'all'
  const drop = async ({ id, name }: CannedReply) => {
    try {
      await send('DELETE', deskPath(`/replies/${id}`))
      await refresh(topic)
    } catch (error) {
      toast.problem(`/${name} was not removed`, error)
    }
  }
  return (
    <DataState
      query={useReplies(true)}
      what="The canned replies could not be read"
      rows={2}
      empty={({ replies }) => replies.length === 0 && <Text size="sm">You have kept none yet.</Text>}
    >
      {({ replies }) => (
        <ul className="kept-replies" aria-label="Kept replies">
          {replies.map((reply) => (
            <li key={reply.id}>
              <div>
                <Text size="sm" fw={500}>
                  /{reply.name} {reply.shared && <span className="inbox-meta">everybody’s</span>}
                </Text>
                <Text size="xs" c="dimmed" lineClamp={2}>
                  {reply.text}
                </Text>
              </div>
              {(isAdmin || !reply.shared) && (
                <Tooltip label={`Remove /${reply.name}`}>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={`Remove /${reply.name}`}
                    onClick={() => void drop(reply)}
                  >
                    <IconTrash size={16} stroke={1.5} />
                  </ActionIcon>
                </Tooltip>
              )}
            </li>
          ))}
        </ul>
      )}
    </DataState>
  )
}
