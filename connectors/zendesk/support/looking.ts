/** Reads a ticket’s story at Zendesk: after a webhook that says too little, and for all that no webhook told. */
import type { DeskEvent, Ref } from '#hub/connector.ts'
import type { Client } from '../client.ts'
import { surveyResponseIn } from '../survey/reading.ts'
import { auditsOf } from './finding.ts'
import type { Directory } from './people.ts'
import { commentEvents, historyEvents, isTakenUp, isTheirs } from './reading.ts'
import type { Comment } from './wire.ts'

export interface Looking {
  /** The latest words of agents, with their files; in their order, also when webhooks overtook each other. */
  words(ticket: Ref): Promise<DeskEvent[]>
  whole(ticket: Ref, tags: readonly string[]): Promise<Story>
}

export interface Story {
  readonly events: readonly DeskEvent[]
  /** An agent went on with it after the hub had ended it. */
  readonly isTakenUp: boolean
  /** Ids of satisfaction surveys the customer answered or was offered. */
  readonly surveys: readonly string[]
}

export interface LookingParts {
  readonly client: Client
  readonly people: Directory
  readonly returnTag: string
}

export function createLooking({ client, people, returnTag }: LookingParts): Looking {
  const newest = async (ticket: Ref, count: number): Promise<Comment[]> => {
    const { comments } = await client.get<{ comments: Comment[] }>(`/tickets/${ticket}/comments`, 'comments', {
      query: { 'page[size]': count, sort: '-created_at' },
    })
    return comments.toReversed()
  }
  return {
    async words(ticket) {
      const me = (await client.me()).id
      const comments = (await newest(ticket, 10)).filter((comment) => comment.author_id !== me)
      const authors = await people.of(comments.map((comment) => comment.author_id))
      return comments.flatMap((comment) => commentEvents(ticket, comment, authors))
    },
    async whole(ticket, tags) {
      const audits = (await auditsOf(client, ticket)).audits.toReversed()
      const theirs = audits.filter(isTheirs)
      const hasWords = theirs.some(({ events = [] }) => events.some(({ type }) => type === 'Comment'))
      const me = (await client.me()).id
      const comments = hasWords ? (await newest(ticket, 100)).filter((comment) => comment.author_id !== me) : []
      const named = theirs.flatMap(({ author_id, events = [] }) => [
        author_id,
        ...events
          .filter(({ field_name }) => field_name === 'assignee_id')
          .flatMap((change) => [change.value, change.previous_value]),
      ])
      const who = await people.of([...named, ...comments.map(({ author_id }) => author_id)])
      return {
        events: historyEvents({ ticket, tags, audits, comments, people: who, returnTag }),
        isTakenUp: isTakenUp(audits),
        surveys: [
          ...new Set(audits.flatMap(({ events = [] }) => events.flatMap((event) => surveyResponseIn(event) ?? []))),
        ],
      }
    },
  }
}
