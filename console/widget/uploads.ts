/** Files on their way to the hub: checked before they leave, said once they have arrived. */
import { newId, type Problem } from '../link.ts'
import type { Hub } from './hub.ts'
import type { Config, PostedFile, Upload } from './types.ts'
import type { Words } from './words.ts'

export interface Uploads {
  readonly list: readonly Upload[]
  attach(files: Iterable<File>): void
  retry(upload: Upload): void
  /** Stops it, or takes its problem off the screen. */
  drop(id: string): void
  end(): void
}

interface Needs {
  readonly config: Config
  readonly words: Words
  upload: Hub['upload']
  arrived(file: PostedFile): void
  changed(): void
}

const tooLarge = 413
const wrongType = 415

export function createUploads({ config, words, upload, arrived, changed }: Needs): Uploads {
  const { maxBytes, types } = config.files
  const aborts = new Map<string, AbortController>()
  let list: readonly Upload[] = []

  const set = (next: readonly Upload[]) => {
    list = next
    changed()
  }
  const without = (id: string) => list.filter((one) => one.id !== id)
  const megabytes = maxBytes / 1_048_576
  const say = (word: 'tooLarge' | 'wrongType' | 'noUpload', { name }: File) =>
    words(word, { name, n: megabytes >= 1 ? Math.floor(megabytes) : Number(megabytes.toPrecision(1)) })

  function problemOf(file: File): string | undefined {
    if (file.size > maxBytes) return say('tooLarge', file)
    if (file.type && !types.includes(file.type)) return say('wrongType', file)
  }

  async function send({ id, file }: Upload) {
    const abort = new AbortController()
    aborts.set(id, abort)
    const note = (news: Partial<Upload>) => set(list.map((one) => (one.id === id ? { ...one, ...news } : one)))
    note({ done: 0, problem: undefined })
    try {
      const stored = await upload(file, (done) => note({ done }), abort.signal)
      if (abort.signal.aborted) return
      set(without(id))
      arrived(stored)
    } catch (error) {
      const { status } = error as Problem
      const word = status === tooLarge ? 'tooLarge' : status === wrongType ? 'wrongType' : 'noUpload'
      note({ problem: say(word, file), canRetry: word === 'noUpload' })
    }
  }

  return {
    get list() {
      return list
    },
    attach(files) {
      for (const file of files) {
        const one: Upload = { id: newId(), file, done: 0, problem: problemOf(file) }
        set([...list, one])
        if (!one.problem) void send(one)
      }
    },
    retry: (one) => void send(one),
    drop(id) {
      set(without(id))
      aborts.get(id)?.abort()
    },
    end() {
      for (const abort of aborts.values()) abort.abort()
    },
  }
}
