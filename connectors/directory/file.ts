/** The directory in a CSV file, read again when it was written. */
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Host, HubError } from '#hub/connector.ts'
import { parseCustomers } from './csv.ts'
import { type Directory, type Entry, foldEmail, foldPhone } from './customers.ts'
import type { Columns } from './settings.ts'

/** A new file counts at most this much later. Milliseconds. */
const lookEveryMs = 5_000

interface Index {
  readonly ids: Map<string, Entry[]>
  readonly emails: Map<string, Entry[]>
  readonly phones: Map<string, Entry[]>
}

/** Throws `invalid` when the file is missing or wrong at start. A mistake made later is logged, and the last good file counts. */
export async function openFile(path: string, columns: Columns, host: Pick<Host, 'clock' | 'log'>): Promise<Directory> {
  let stamp = await stampOf(path)
  let index = await read(path, columns)
  let lookedAt = host.clock.now()

  async function current(): Promise<Index> {
    if (host.clock.now() - lookedAt < lookEveryMs) return index
    lookedAt = host.clock.now()
    try {
      const found = await stampOf(path)
      if (found === stamp) return index
      stamp = found
      index = await read(path, columns)
    } catch (error) {
      host.log.warn({ err: error }, 'the directory keeps what it knew: its file could not be read')
    }
    return index
  }

  return {
    byId: async (id) => (await current()).ids.get(id) ?? [],
    byEmail: async (email) => (await current()).emails.get(email) ?? [],
    byPhone: async (phone) => (await current()).phones.get(phone) ?? [],
  }
}

async function stampOf(path: string): Promise<string> {
  const { mtimeMs, size } = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause
    throw new HubError('invalid', `file "${path}" does not exist; it must be a CSV file with a line of headings`, {
      cause,
    })
  })
  return `${mtimeMs} ${size}`
}

async function read(path: string, columns: Columns): Promise<Index> {
  const index: Index = { ids: new Map(), emails: new Map(), phones: new Map() }
  for (const entry of parseCustomers(await readFile(path, 'utf8'), basename(path), columns)) {
    if (entry.id) put(index.ids, entry.id, entry)
    if (entry.email) put(index.emails, foldEmail(entry.email), entry)
    if (entry.phone) put(index.phones, foldPhone(entry.phone), entry)
  }
  return index
}

function put(entries: Map<string, Entry[]>, key: string, entry: Entry): void {
  const there = entries.get(key)
  if (there) there.push(entry)
  else entries.set(key, [entry])
}
