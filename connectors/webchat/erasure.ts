import type { Ref } from '#hub/connector.ts'
import { type Chat, type News, topicOf } from './chat.ts'
import { tablesOf } from './tables.ts'

/** Files, tokens and what is known of the person go; open screens are told to begin anew, as a new visitor. */
export async function eraseThread({ host }: Chat, thread: Ref): Promise<void> {
  await tablesOf(host)
    .transaction()
    .execute(async (tx) => {
      for (const table of ['webchat_files', 'webchat_sessions', 'webchat_threads'] as const) {
        await tx.deleteFrom(table).where('connection', '=', host.name).where('thread', '=', thread).execute()
      }
    })
  host.signals.publish(topicOf(host, thread), { over: true } satisfies News)
}
