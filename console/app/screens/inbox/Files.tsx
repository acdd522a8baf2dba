import { ActionIcon, Button, Text } from '@mantine/core'
import { IconPaperclip, IconX } from '@tabler/icons-react'
import { type RefObject, useEffect, useRef } from 'react'
import type { Attached } from '../../../../connectors/inbox/files.ts'
import { takeOut, tryAgain, type Uploading } from './attaching.ts'
import { fileSize } from './words.ts'
import './files.css'

export interface ClipProps {
  readonly types: readonly string[]
  /** Why nothing can be attached here; undefined where it can. */
  readonly off?: string
  readonly take: (files: readonly File[]) => void
}

export function Clip({ types, off, take }: ClipProps) {
  const picker = useRef<HTMLInputElement>(null)
  const words = off ?? 'Attach files'
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label="Attach files"
        aria-disabled={off !== undefined}
        data-disabled={off !== undefined || undefined}
        aria-description={off}
        title={words}
        onClick={() => off === undefined && picker.current!.click()}
      >
        <IconPaperclip size={18} stroke={1.5} />
      </ActionIcon>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept={types.join()}
        onChange={({ currentTarget }) => {
          take([...currentTarget.files!])
          currentTarget.value = ''
        }}
      />
    </>
  )
}

export interface FilesProps {
  readonly ticket: string
  readonly attached: readonly Attached[]
  readonly uploads: readonly Uploading[]
  /** A row has gone, and the focus with it. */
  readonly focus: () => void
}

/** What goes with the reply, and how far it is. */
export function Files({ ticket, attached, uploads, focus }: FilesProps) {
  const out = (id: string) => () => {
    takeOut(ticket, id)
    focus()
  }
  return (
    <>
      {attached.length + uploads.length > 0 && (
        <ul className="files" aria-label="Files of this reply">
          {attached.map(({ id, name, bytes }) => (
            <li key={id}>
              <IconPaperclip size={16} stroke={1.5} aria-hidden />
              <Name name={name} bytes={bytes} />
              <Out label={`Take out ${name}`} act={out(id)} />
            </li>
          ))}
          {uploads.map((one) => (
            <Row key={one.id} one={one} out={out(one.id)} />
          ))}
        </ul>
      )}
      <span className="unseen" role="status">
        {newsOf(attached, uploads)}
      </span>
    </>
  )
}

function Row({ one, out }: { one: Uploading; out: () => void }) {
  const { file, done, problem, canRetry } = one
  return (
    <li data-bad={problem !== undefined || undefined}>
      <IconPaperclip size={16} stroke={1.5} aria-hidden />
      <Name name={file.name} bytes={file.size} problem={problem} />
      {problem === undefined && <progress value={done} aria-label={`Upload of ${file.name}`} />}
      {canRetry && (
        <Button size="compact-sm" variant="default" onClick={() => tryAgain(one)}>
          Retry
        </Button>
      )}
      <Out label={`${problem === undefined ? 'Cancel' : 'Take out'} ${file.name}`} act={out} />
    </li>
  )
}

const Name = ({ name, bytes, problem }: { name: string; bytes: number; problem?: string }) => (
  <span className="files-name">
    <bdi>{name}</bdi> <span className="inbox-meta">{fileSize(bytes)}</span>
    {problem !== undefined && (
      <Text size="sm" role="alert" c="var(--mantine-color-error)">
        {problem}
      </Text>
    )}
  </span>
)

const Out = ({ label, act }: { label: string; act: () => void }) => (
  <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={act}>
    <IconX size={16} stroke={1.5} />
  </ActionIcon>
)

function newsOf(attached: readonly Attached[], uploads: readonly Uploading[]): string {
  const going = uploads.filter(({ problem }) => problem === undefined).map(({ file }) => file.name)
  if (going.length > 0) return `Uploading ${going.join(', ')}`
  return attached.length > 0 ? `Attached: ${attached.map(({ name }) => name).join(', ')}` : ''
}

/** Files that are let go anywhere over the inbox: nobody has to hit a box, and none of them takes the place of the page. */
export function useDrop(form: RefObject<HTMLElement | null>, take: (files: readonly File[]) => void): void {
  const last = useRef(take)
  last.current = take
  useEffect(() => {
    const box = form.current!
    const area = box.closest<HTMLElement>('.inbox')!
    const mark = (isOver: boolean) => box.toggleAttribute('data-dropping', isOver)
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      mark(true)
    }
    const leave = ({ relatedTarget }: DragEvent) => {
      if (!area.contains(relatedTarget as Node | null)) mark(false)
    }
    const drop = (event: DragEvent) => {
      mark(false)
      if (!event.dataTransfer?.files.length) return
      event.preventDefault()
      last.current([...event.dataTransfer.files])
    }
    area.addEventListener('dragover', over)
    area.addEventListener('dragleave', leave)
    area.addEventListener('drop', drop)
    return () => {
      area.removeEventListener('dragover', over)
      area.removeEventListener('dragleave', leave)
      area.removeEventListener('drop', drop)
    }
  }, [form])
}

/** Words that were copied with their looks bring a picture of themselves along: then the words are meant. */
export const pastedFiles = ({ files, types }: DataTransfer): readonly File[] =>
  types.includes('text/plain') && types.includes('text/html') ? [] : [...files]
