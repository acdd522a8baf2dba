/** @jsxImportSource preact */
/** Files on their way to the hub: checked before they leave, said once they have arrived. Fetched once the chat is open. */
import { newId, type Problem } from '../link.ts'
import type { Chat } from './chat.ts'
import { problemOf } from './hub.ts'
import { Icon } from './parts.tsx'
import type { PostedFile, Upload } from './types.ts'
import css from './uploads.css?inline'

export interface Uploads {
  attach(files: readonly File[]): void
  end(): void
  /** One row for each file that is not said yet: how far it is, or why not. */
  Rows(): preact.JSX.Element
}

interface Needs {
  readonly chat: Chat
  /** What shows the hub who sends it; begins a session where there is none. */
  authorization(): Promise<string>
  arrived(file: PostedFile): void
  changed(): void
}

const tooLarge = 413
const wrongType = 415
const uploadMs = 600_000

export function createUploads({ chat, authorization, arrived, changed }: Needs): Uploads {
  const { words, config, options } = chat
  const { maxBytes, types } = config.files
  const aborts = new Map<string, AbortController>()
  let list: readonly Upload[] = []
  chat.wear(css)

  const set = (next: readonly Upload[]) => {
    list = next
    changed()
  }
  const without = (id: string) => list.filter((one) => one.id !== id)
  const megabytes = maxBytes / 1_048_576
  const say = (word: 'tooLarge' | 'wrongType' | 'noUpload', { name }: File) =>
    words(word, { name, n: megabytes >= 1 ? Math.floor(megabytes) : Number(megabytes.toPrecision(1)) })

  function refusalOf(file: File): string | undefined {
    if (file.size > maxBytes) return say('tooLarge', file)
    if (file.type && !types.includes(file.type)) return say('wrongType', file)
  }

  async function send({ id, file }: Upload) {
    const abort = new AbortController()
    aborts.set(id, abort)
    const note = (news: Partial<Upload>) => set(list.map((one) => (one.id === id ? { ...one, ...news } : one)))
    note({ done: 0, problem: undefined })
    try {
      const stored = await post(file, (done) => note({ done }), abort.signal)
      if (abort.signal.aborted) return
      set(without(id))
      arrived(stored)
    } catch (error) {
      const { status } = error as Problem
      const word = status === tooLarge ? 'tooLarge' : status === wrongType ? 'wrongType' : 'noUpload'
      note({ problem: say(word, file), canRetry: word === 'noUpload' })
    }
  }

  /** Rejects with a `Problem`; without a status where the connection broke. */
  async function post(file: File, progress: (done: number) => void, signal: AbortSignal): Promise<PostedFile> {
    const bearer = await authorization()
    return new Promise((resolve, reject) => {
      // `fetch` does not tell how far an upload is.
      const request = new XMLHttpRequest()
      request.open('POST', `${options.base}/files`)
      request.setRequestHeader('authorization', bearer)
      request.responseType = 'json'
      request.timeout = uploadMs
      request.upload.onprogress = ({ loaded, total }) => progress(loaded / total)
      request.onloadend = () =>
        request.status === 201 ? resolve(request.response) : reject(problemOf(request.status, request.response))
      signal.onabort = () => request.abort()
      const body = new FormData()
      body.append('file', file, file.name)
      request.send(body)
    })
  }

  function drop(id: string) {
    set(without(id))
    aborts.get(id)?.abort()
    chat.focus()
  }

  return {
    attach(files) {
      for (const file of files) {
        const one: Upload = { id: newId(), file, done: 0, problem: refusalOf(file) }
        set([...list, one])
        if (!one.problem) void send(one)
      }
    },
    end() {
      for (const abort of aborts.values()) abort.abort()
    },
    Rows: () => (
      <>
        {list.map((upload) => {
          const { id, file, done, problem, canRetry } = upload
          const { name } = file
          return (
            <div class={problem ? 'upload bad' : 'upload'} key={id}>
              <span role={problem ? 'alert' : 'status'} dir="auto">
                {problem ?? words('uploading', { name })}
              </span>
              {!problem && <progress value={done} aria-label={words('uploading', { name })} />}
              {canRetry && problem && (
                <button type="button" class="plain" onClick={() => void send(upload)}>
                  {words('retry')}
                </button>
              )}
              <button
                type="button"
                class="icon"
                aria-label={words(problem ? 'dismiss' : 'cancel', { name })}
                onClick={() => drop(id)}
              >
                <Icon of="close" />
              </button>
            </div>
          )
        })}
      </>
    ),
  }
}
