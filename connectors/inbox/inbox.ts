/** One open inbox: what every part of it shares. */
import type { Kysely, Transaction } from 'kysely'
import type { Host } from '#hub/connector.ts'
import { type FileType, fileTypes } from '#hub/files.ts'
import type { InboxSettings } from './settings.ts'
import type { InboxTables } from './tables.ts'

export interface Times {
  readonly ringMs: number
  /** Unseen for so long, an agent counts as away. */
  readonly awayMs: number
  readonly returnMs: number
}

/** What agents may attach. */
export interface FileLimits {
  readonly maxBytes: number
  /** All files of one conversation together. */
  readonly ticketBytes: number
  readonly types: readonly FileType[]
}

export interface Inbox {
  readonly host: Host
  readonly name: string
  readonly db: Kysely<InboxTables>
  readonly times: Times
  readonly files: FileLimits
  /** Something changed: boards are read again, here and on the other hubs. `tickets` are those with something new to read. */
  changed(...tickets: string[]): void
}

export type Tx = Transaction<InboxTables>

export const topics = {
  changed: (inbox: { name: string }) => `inbox:${inbox.name}:changed`,
  typing: (inbox: { name: string }) => `inbox:${inbox.name}:typing`,
  here: (inbox: { name: string }) => `inbox:${inbox.name}:here`,
  draft: (inbox: { name: string }) => `inbox:${inbox.name}:draft`,
}

export function createInbox(settings: InboxSettings, host: Host): Inbox {
  const inbox: Inbox = {
    host,
    name: host.name,
    db: host.database as Kysely<InboxTables>,
    times: {
      ringMs: (settings.ringSeconds ?? 30) * 1000,
      awayMs: 60_000,
      returnMs: (settings.returnAfterSeconds ?? 90) * 1000,
    },
    files: {
      maxBytes: settings.files?.maxBytes ?? 10_485_760,
      ticketBytes: settings.files?.ticketBytes ?? 104_857_600,
      types: settings.files?.types ?? fileTypes,
    },
    changed: (...tickets) => host.signals.publish(topics.changed(inbox), { tickets }),
  }
  return inbox
}
