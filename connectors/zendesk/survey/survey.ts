/** Zendesk asks the customer itself when a ticket is solved; here its answers become feedback (zendesk.md 11.2). */
import { type Host, HubError, type Ref, type Survey, type SurveyEvent } from '#hub/connector.ts'
import type { Client } from '../client.ts'
import type { SurveySettings } from '../settings.ts'
import { timeOf } from '../support/reading.ts'
import type { Records } from '../support/records.ts'
import { feedbackIn, feedbackOf, type Rating, type SurveyResponse, ticketOf } from './reading.ts'

export interface Satisfaction {
  readonly survey: Survey
  /** Reads these survey responses, where that is the kind in use. */
  read(ticket: Ref, responses: readonly string[]): Promise<void>
  /** Fetches ratings that came in since. */
  catchUp(): Promise<void>
}

export interface SatisfactionParts {
  readonly client: Client
  readonly settings: SurveySettings
  readonly locale: string
  readonly host: Host
  readonly records: Records
}

/** Ratings from so long before the last look are read again: the list is not promised to be in order. */
const overlapSeconds = 300
const mostPages = 5

export function createSatisfaction({ client, settings, locale, host, records }: SatisfactionParts): Satisfaction {
  const read = async (ticket: Ref, id: string): Promise<void> => {
    const known = await records.ticket(ticket)
    if (!known?.conversation) return
    const path = `/guide/${encodeURIComponent(locale)}/survey_responses/${id}`
    const answer = await client.get<SurveyResponse>(path, 'answers')
    const about = ticketOf(answer)
    const feedback = feedbackIn(answer, settings.scale, known.handoff)
    if (!feedback || (about !== undefined && about !== ticket)) return
    await report({ conversation: known.conversation, feedback, externalId: `survey:${id}`, at: host.clock.now() })
  }
  const report = (event: Omit<SurveyEvent, 'type'>) => host.receive([{ type: 'feedback', ...event }])
  const take = async (rating: Rating): Promise<void> => {
    const known = rating.ticket_id === undefined ? undefined : await records.ticket(String(rating.ticket_id))
    const feedback = known?.conversation ? feedbackOf(rating, known.handoff) : undefined
    if (!known || !feedback) return
    const at = timeOf(rating.updated_at ?? rating.created_at) || host.clock.now()
    await report({
      conversation: known.conversation,
      feedback,
      externalId: `rating:${rating.id ?? rating.ticket_id}`,
      at,
    })
  }
  return {
    survey: {
      /** Nothing to show: Zendesk’s own automation writes to the customer. Throws where Zendesk cannot know of the handoff. */
      async invite({ conversation, handoff }) {
        if ((await records.ticketOf(conversation, handoff)) === undefined)
          throw new HubError('invalid', 'Zendesk asks only about its own tickets, and this handoff has none here')
        return undefined
      },
    },
    async read(ticket, responses) {
      if (settings.kind === 'surveys') for (const id of responses) await read(ticket, id)
    },
    async catchUp() {
      if (settings.kind !== 'ratings') return
      const now = Math.floor(host.clock.now() / 1_000)
      const since = (await host.memory.get<number>('ratings-since')) ?? now - overlapSeconds
      let after: string | undefined
      for (let page = 0; page < mostPages; page++) {
        const answer = await client.get<{
          satisfaction_ratings: Rating[]
          meta?: { has_more?: boolean; after_cursor?: string | null }
        }>('/satisfaction_ratings', 'satisfaction_ratings', {
          query: { score: 'received', start_time: since, 'page[size]': 100, 'page[after]': after },
        })
        for (const rating of answer.satisfaction_ratings) await take(rating)
        if (!answer.meta?.has_more || !answer.meta.after_cursor) break
        after = answer.meta.after_cursor
      }
      await host.memory.set('ratings-since', now - overlapSeconds)
    },
  }
}
