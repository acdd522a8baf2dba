/** What did not arrive in time, told to whoever holds the conversation now: as a note that the customer never sees. */
import { currentAttempt } from '../conversation.ts'
import { HubError } from '../errors.ts'
import type { Hub } from '../hub.ts'
import { plainText, text } from '../message.ts'
import type { LetterRow } from '../postgres/dead-letter-groups.ts'
import { noteDeadLetter } from '../postgres/dead-letters.ts'

/** The desk that would get it; undefined where nobody was asked, or the desk has not opened yet. */
export async function noteDeskOf(hub: Hub, conversation: number): Promise<string | undefined> {
  const attempt = currentAttempt(await hub.conversation(conversation))
  return attempt?.ticket === undefined ? undefined : attempt.desk
}

/** False when the letter has been dealt with meanwhile. Throws `conflict` when there is nobody to tell. */
export async function tellByNote(hub: Hub, letter: LetterRow, by: string, now: number): Promise<boolean> {
  const conversation = await hub.conversation(letter.conversation)
  const attempt = currentAttempt(conversation)
  if (attempt?.ticket === undefined || !conversation.handoff)
    throw new HubError('conflict', 'Nobody holds or waits for this conversation, so there is no agent to tell')
  const { by: speaker = 'hub', name, message, at } = letter.body
  const words = message ? plainText(message).slice(0, 4_000) : '(nothing was said)'
  const when = new Date(at ?? letter.createdAt).toISOString().slice(0, 16).replace('T', ' ')
  const who = name ?? (speaker === 'customer' ? (conversation.customer.name ?? 'customer') : speaker)
  const body = {
    handoff: conversation.handoff.number,
    attempt: attempt.number,
    ticket: attempt.ticket,
    by: 'hub',
    visibility: 'internal',
    message: text(`Not delivered at the time (${when} UTC). ${who}: ${words}`),
    at: now,
  }
  const noted = await noteDeadLetter(hub.pool, letter, `desk:${attempt.desk}`, body, by, hub.installation)
  if (noted) hub.wake([{ conversation: letter.conversation, lane: `desk:${attempt.desk}` }])
  return noted !== undefined
}
