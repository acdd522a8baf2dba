/** The survey: its invitation reaches the customer in the same window; its answer is kept with the handoff. */
import { openHandoff } from '../conversation.ts'
import type { HubEvent, InternalEvent } from '../events.ts'
import { type Draft, decide, sayInvitation } from './draft.ts'

export function invited(d: Draft, event: Extract<InternalEvent, { type: 'survey-ready' }>): void {
  if (!event.message) return
  if (openHandoff(d.conversation)) return decide(d, 'survey', 'no survey: the customer needs a person again')
  sayInvitation(d, event.message)
}

export function rated(d: Draft, event: Extract<HubEvent, { type: 'feedback' }>): void {
  const { score, scale, handoff } = event.feedback
  decide(d, 'survey', `handoff ${handoff} was rated ${score} of ${scale}`)
}
