/** Conversations: found by who, when and how they went; one with its whole story; and what staff may ask for. */
import { randomUUID } from 'node:crypto'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Clock } from '../../clock.ts'
import type { DeskAgent } from '../../connector.ts'
import { type Conversation, controls, currentAttempt } from '../../conversation.ts'
import { within } from '../../deadline.ts'
import { HubError } from '../../errors.ts'
import { outcomes } from '../../handoff.ts'
import type { Hub } from '../../hub.ts'
import { maskStory } from '../../masked-story.ts'
import { type FoundConversation, findConversations } from '../../postgres/found.ts'
import { isAtDesks, readTimeline, type TimelineEntry } from '../../postgres/timeline.ts'
import { type AuditDetails, audit } from '../../staff/audit.ts'
import { writtenTranscript } from '../../transcript.ts'
import { reach } from '../guard.ts'
import { desksOf } from './queue.ts'
import { line, number } from './words.ts'

const byId = Type.Object({ id: number })
const moment = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000, description }))
const listing = Type.Object(
  {
    search: Type.Optional({
      ...line,
      description:
        'Words of the customer’s name, an e-mail address, a phone number, their id, the number of a ticket or the conversation’s',
    }),
    control: Type.Optional(Type.Union(controls.map((one) => Type.Literal(one)))),
    mapping: Type.Optional(line),
    outcome: Type.Optional(Type.Union(outcomes.map((one) => Type.Literal(one)))),
    criterion: Type.Optional({ ...line, description: 'What its handoff was decided by' }),
    desk: Type.Optional(line),
    from: moment('Epoch milliseconds. With an outcome, criterion or desk: of the handoff, else of the last change'),
    to: moment('Epoch milliseconds, not included'),
    before: Type.Optional(
      Type.String({ pattern: '^\\d{1,18}\\.\\d{1,18}$', description: 'The `cursor` of the last one seen' }),
    ),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  { additionalProperties: false },
)
const closed = { additionalProperties: false } as const
const outcome = Type.Union([Type.Literal('resolved'), Type.Literal('abandoned'), Type.Literal('expired')])
const agent = { ...line, description: 'The `id` of one of its `agents`' } as const
const commanding = Type.Union([
  Type.Object({ do: Type.Literal('assign'), agent }, closed),
  Type.Object({ do: Type.Literal('unassign'), agent }, closed),
  Type.Object({ do: Type.Literal('move') }, closed),
  Type.Object({ do: Type.Literal('escalate') }, closed),
  Type.Object({ do: Type.Literal('end'), outcome }, closed),
])

export interface ConversationsAnswer {
  readonly conversations: readonly FoundConversation[]
}

export interface ConversationAnswer {
  readonly conversation: Conversation
  readonly timeline: readonly TimelineEntry[]
  /** The customer has read what was said to them up to this `seq`; undefined where the channel cannot say. */
  readonly read?: number
}

export interface AgentsAnswer {
  readonly desk: string
  readonly agents: readonly DeskAgent[]
}

const may = { may: 'conversations.read' } as const

export const conversations =
  (hub: Hub, clock: Clock): FastifyPluginAsync =>
  async (app) => {
    const list = { querystring: listing, summary: 'Conversations, newest first' }
    app.get('/conversations', { schema: list, config: may }, async (request): Promise<ConversationsAnswer> => {
      const looked = request.query as Static<typeof listing>
      // Who may not see an address may not try one out either.
      if (reach(request) === 'masked' && looked.search && !/^#?\d+$/.test(looked.search.trim()))
        throw new HubError(
          'refused',
          'Personal data are masked for you, so only a conversation’s number can be searched for',
        )
      return masked(request, {
        conversations: await findConversations(hub.pool, {
          ...looked,
          ticketsOf: ticketsOf(hub),
          desks: desksOf(request),
        }),
      })
    })

    const one = { params: byId, summary: 'One conversation with its timeline' }
    app.get('/conversations/:id', { schema: one, config: may }, async (request): Promise<ConversationAnswer> => {
      const conversation = await theirs(hub, request)
      const [timeline, read] = await Promise.all([
        readTimeline(hub.pool, conversation.id),
        hub.connections.get(conversation.channel)?.channel?.readUpTo?.(conversation.thread),
      ])
      return masked(request, { conversation, timeline, ...(read === undefined ? {} : { read }) })
    })

    const said = { params: byId, summary: 'What was said to the customer, as plain text, without internal notes' }
    const take = { schema: said, config: { may: 'conversations.export' } } as const
    app.get('/conversations/:id/transcript', take, async (request, reply) => {
      const conversation = await theirs(hub, request)
      const entries = await hub.story.transcript(conversation.id)
      await audit(hub.pool, request.staff!, 'conversations.transcript', conversation.id)
      return reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', `attachment; filename="conversation-${conversation.id}.txt"`)
        .send(writtenTranscript(entries, conversation.customer.timeZone))
    })

    const who = { params: byId, summary: 'Who at the desk could be given it by name' }
    app.get(
      '/conversations/:id/agents',
      { schema: who, config: { may: 'conversations.command' } },
      async (request): Promise<AgentsAnswer> => {
        const { attempt, desk } = await deskOf(hub, request)
        const { desk: name, ticket } = attempt
        return { desk: name, agents: await within(callMs, name, () => desk.agents!(ticket)) }
      },
    )

    const asked = {
      params: byId,
      body: commanding,
      summary: 'Escalate, give it to an agent by name, ask the next desk, or end the handoff',
    }
    app.post(
      '/conversations/:id/commands',
      { schema: asked, config: { may: 'conversations.command' } },
      async (request, reply) => {
        const { id } = request.params as Static<typeof byId>
        const command = request.body as Static<typeof commanding>
        if (command.do === 'assign' || command.do === 'unassign') {
          const { attempt, desk } = await deskOf(hub, request)
          await within(callMs, attempt.desk, () => desk[command.do]!(attempt.ticket, command.agent))
          await audit(hub.pool, request.staff!, `conversations.${command.do}`, id, { desk: attempt.desk })
          return reply.code(202).send({ recorded: true })
        }
        await hub.conversation(id)
        const fate = await hub.append({
          connection: 'hub',
          externalId: `command:${id}:${keyOf(request)}`,
          event: {
            type: 'staff-command',
            at: clock.now(),
            command,
            by: request.staff!.name,
          },
          at: id,
        })
        const isNew = fate.is === 'stored'
        if (isNew) await audit(hub.pool, request.staff!, `conversations.${command.do}`, id, outcomeOf(command))
        return reply.code(202).send({ recorded: isNew })
      },
    )
  }

const ticketsOf = (hub: Hub): string[] => [...hub.connections].flatMap(([name, { desk }]) => (desk ? [name] : []))

const masked = <T>(request: FastifyRequest, answer: T): T => (reach(request) === 'masked' ? maskStory(answer) : answer)

const outcomeOf = (command: Static<typeof commanding>): AuditDetails =>
  'outcome' in command ? { outcome: command.outcome } : {}

const callMs = 10_000

/** The desk where it waits. Throws `conflict` where an agent cannot be chosen there. */
async function deskOf(hub: Hub, request: FastifyRequest) {
  const { id } = request.params as Static<typeof byId>
  const attempt = currentAttempt(await hub.conversation(id))
  const desk = attempt && hub.connections.get(attempt.desk)?.desk
  if (!attempt?.ticket || !desk?.assign)
    throw new HubError('conflict', 'It waits at no desk of our own, where an agent could be chosen by name')
  return { attempt: { ...attempt, ticket: attempt.ticket }, desk }
}

/** The conversation that a request names. One that is at none of their desks is not there for them. */
export async function theirs(hub: Hub, request: FastifyRequest): Promise<Conversation> {
  const { id } = request.params as Static<typeof byId>
  const desks = desksOf(request)
  const conversation = await hub.conversation(id)
  if (desks && !(await isAtDesks(hub.pool, id, desks))) throw new HubError('unknown', `There is no conversation ${id}`)
  return conversation
}

/** The same key again is the same command. Without one, each request is a command of its own. */
function keyOf({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key']
  if (key === undefined || key === '') return randomUUID()
  if (typeof key === 'string' && key.length <= 200) return key
  throw new HubError('invalid', `Idempotency-Key: found ${key.length} characters; right is one key of at most 200`)
}
