/** What was said, as a text to read or to send: nothing internal is in a transcript to begin with. */
import type { TranscriptEntry } from './handoff.ts'
import { plainText } from './message.ts'

const who: Record<TranscriptEntry['by'], string> = {
  customer: 'Customer',
  bot: 'Assistant',
  agent: 'Agent',
  hub: 'Notice',
}

/** Times are the customer's, or UTC where their zone is not known. */
export function writtenTranscript(entries: readonly TranscriptEntry[], timeZone = 'UTC'): string {
  const format = formatIn(timeZone)
  return entries
    .map(({ at, by, name, message }) => `${format(at)}  ${name ?? who[by]}:\n${plainText(message)}\n`)
    .join('\n')
}

/** A zone comes from the customer's browser and may be any text. */
function formatIn(timeZone: string): (at: number) => string {
  const options = { dateStyle: 'medium', timeStyle: 'long' } as const
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone }).format
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' }).format
  }
}
