/** Files that the hub has not got yet, kept over a reload. Where the browser keeps nothing (a private window), a reload loses them. */
export interface KeptFile {
  readonly id: string
  readonly ticket: string
  readonly file: File
}

export interface KeptFiles {
  keep(file: KeptFile): Promise<void>
  forget(id: string): Promise<void>
  of(ticket: string): Promise<readonly KeptFile[]>
}

interface Row extends KeptFile {
  readonly owner: string
  readonly at: number
}

const storeName = 'files'
const dayMs = 86_400_000

export function filesKeptFor(owner: string): KeptFiles {
  const run = async <T>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | undefined> => {
    try {
      const store = (await open()).transaction(storeName, mode).objectStore(storeName)
      return await answerOf(ask(store))
    } catch {
      return undefined
    }
  }
  return {
    async keep(file) {
      await run('readwrite', (store) => store.put({ ...file, owner, at: Date.now() } satisfies Row))
    },
    async forget(id) {
      await run('readwrite', (store) => store.delete(id))
    },
    async of(ticket) {
      const rows = (await run<Row[]>('readonly', (store) => store.getAll())) ?? []
      for (const { id, at } of rows) if (at < Date.now() - dayMs) void this.forget(id)
      return rows.filter((row) => row.owner === owner && row.ticket === ticket && row.at >= Date.now() - dayMs)
    },
  }
}

let opened: Promise<IDBDatabase> | undefined
function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open('baton-inbox', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath: 'id' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  return opened
}

const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
