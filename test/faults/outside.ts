/** All that is outside of the hubs in this suite: the twin with its desks, channels and bot. It lives as long as a set-up. */
import { type DeskManners, type Desks, openDesks } from './agents.ts'
import type { Heard } from './customers.ts'
import { openTwin, type Twin, type Vendor } from './twin.ts'
import { wantsHuman } from './words.ts'

/** Whether a second call with the same key is dropped, and whether the hub can ask what a key has made. */
export interface Manners extends DeskManners {
  readonly finds: boolean
  /** Calls at a time. Few, at some: a slow call must not make the next one use a lease that is over. */
  readonly concurrency: number
}

export const deskManners: Readonly<Record<string, Manners>> = {
  people: { dedupes: true, finds: false, concurrency: 32 },
  helpers: { dedupes: false, finds: true, concurrency: 2 },
  crowd: { dedupes: false, finds: false, concurrency: 32 },
}

export const lineManners: Readonly<Record<string, Manners>> = {
  wire: { dedupes: true, finds: false, concurrency: 32 },
  line: { dedupes: false, finds: true, concurrency: 2 },
  pipe: { dedupes: false, finds: false, concurrency: 32 },
}

/** Which desk each channel's conversations go to. Only at `pipe` and `crowd` something may stay doubtful. */
export const deskOf: Readonly<Record<string, string>> = {
  site: 'people',
  wire: 'helpers',
  line: 'people',
  pipe: 'crowd',
}
export const canOnlyDoubt: ReadonlySet<string> = new Set(['pipe', 'crowd'])

export interface Outside {
  readonly twin: Twin
  readonly desks: Desks
  /** What arrived at a customer of a channel twin; empty before the first word. */
  heardAt(connection: string, thread: string): readonly Heard[]
  close(): Promise<void>
}

export async function openOutside(): Promise<Outside> {
  const desks = openDesks(deskManners)
  const heard = new Map<string, Heard[]>()
  const heardAt = (connection: string, thread: string): Heard[] => {
    const name = `${connection} ${thread}`
    const known = heard.get(name) ?? []
    heard.set(name, known)
    return known
  }
  const lineOf = (connection: string, { dedupes }: Manners): Vendor => ({
    dedupes: () => dedupes,
    act({ key, body }) {
      heardAt(connection, body.to).push({ id: key, by: body.by, text: body.text })
      return { ref: key }
    },
  })
  const lines = Object.entries(lineManners).map(([name, manners]) => [name, lineOf(name, manners)] as const)
  const twin = await openTwin({ ...desks.vendors, ...Object.fromEntries(lines), bot })
  return { twin, desks, heardAt, close: () => twin.close() }
}

const bot: Vendor = {
  dedupes: () => true,
  act: ({ key, body }) => ({ ref: key, text: `${body.text} bot`, wantsHuman: wantsHuman(body.text) }),
}
