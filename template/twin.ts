/** Sample Desk played on this machine. Write yours from the vendor's documentation, never from what the connector sends. */
import { createHmac } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HubError } from '#hub/connector.ts'
import {
  createTroubles,
  openDelivery,
  openTwinServer,
  type Twin,
  type TwinAct,
  type TwinCase,
  type TwinLine,
  type TwinOptions,
} from '#hub/twin.ts'

const token = 'a-token-of-the-twin'
const secret = 'a-secret-of-the-twin'
const ana = { id: 'agent-1', name: 'Ana' }

interface Ticket {
  readonly id: string
  readonly subject: string
  state: 'new' | 'open' | 'closed'
  readonly lines: TwinLine[]
}

export async function openTwin({ hooksUrl, clock = Date }: TwinOptions): Promise<Twin> {
  const troubles = createTroubles()
  const delivery = openDelivery({ troubles, retriesMs: [500, 2_000, 10_000] })
  const tickets = new Map<string, Ticket>()
  const answered = new Map<string, object>()
  let ids = 0
  const nextId = (what: string) => `${what}-${++ids}`

  const server = await openTwinServer({
    troubles,
    answers: {
      limits: () => ({ status: 429, body: { error: 'too many requests' } }),
      errors: () => ({ status: 500, body: { error: 'internal error' } }),
      expired: () => ({ status: 401, body: { error: 'token expired' } }),
    },
    routes(app) {
      app.addHook('onRequest', async (request, reply) => {
        if (request.headers.authorization !== `Bearer ${token}`) await reply.code(401).send({ error: 'unknown token' })
      })
      app.get('/me', () => ({ name: 'Baton at Sample Desk' }))
      ticketRoutes(app)
    },
  })

  const once = (request: FastifyRequest, act: () => object): object => {
    const key = `${request.url} ${request.headers['idempotency-key']}`
    const answer = answered.get(key) ?? act()
    answered.set(key, answer)
    return answer
  }
  const found = (request: FastifyRequest): Ticket => {
    const ticket = tickets.get((request.params as { id: string }).id)
    if (!ticket) throw Object.assign(new Error('no such ticket'), { statusCode: 404 })
    return ticket
  }

  function ticketRoutes(app: FastifyInstance): void {
    app.post('/tickets', (request) =>
      once(request, () => {
        const { subject, note, transcript } = request.body as {
          subject: string
          note: string
          transcript: { at: number; by: string; text: string }[]
        }
        const lines: TwinLine[] = [{ by: 'Baton', text: note, visibility: 'internal' }, ...transcript]
        const ticket: Ticket = { id: nextId('ticket'), subject, state: 'new', lines }
        tickets.set(ticket.id, ticket)
        return { id: ticket.id }
      }),
    )
    app.post('/tickets/:id/messages', (request) => {
      const ticket = found(request)
      return once(request, () => {
        if (ticket.state === 'closed') throw Object.assign(new Error('the ticket is closed'), { statusCode: 409 })
        const { by, text, internal } = request.body as { by: string; text: string; internal: boolean }
        ticket.lines.push({ by, text, visibility: internal ? 'internal' : 'public', at: clock.now() })
        return { id: nextId('message') }
      })
    })
    app.post('/tickets/:id/close', (request) => {
      found(request).state = 'closed'
      return {}
    })
  }

  function tell(ticket: Ticket, type: string, more: object = {}): void {
    const body = JSON.stringify({ id: nextId('event'), type, ticket: ticket.id, at: clock.now(), agent: ana, ...more })
    const signature = createHmac('sha256', secret).update(body).digest('hex')
    const headers = { 'content-type': 'application/json', 'x-signature': signature }
    delivery.send({ name: type, url: hooksUrl, headers, body })
  }

  const say = (ticket: Ticket, text: string, internal: boolean) => {
    ticket.lines.push({ by: ana.name, text, visibility: internal ? 'internal' : 'public', at: clock.now() })
    tell(ticket, 'message', { text, internal })
  }
  const close = (ticket: Ticket, returned: boolean) => {
    ticket.state = 'closed'
    tell(ticket, 'closed', { returned })
  }
  const acts: Record<string, (ticket: Ticket, input: string) => void> = {
    accept: (ticket) => {
      ticket.state = 'open'
      tell(ticket, 'accepted')
    },
    say: (ticket, text) => say(ticket, text, false),
    note: (ticket, text) => say(ticket, text, true),
    resolve: (ticket) => close(ticket, false),
    return: (ticket) => close(ticket, true),
  }

  return {
    settings: { url: server.url, token, webhookSecret: secret },
    calls: server.calls,
    misbehave: troubles.misbehave,
    get misbehaved() {
      return troubles.misbehaved
    },
    delivered: delivery.delivered,
    view: () => ({
      title: 'Sample Desk',
      hint: 'A ticket appears here when a conversation is handed over. Accept it, and answer as Ana.',
      facts: [{ label: 'Tickets', value: String(tickets.size) }],
      buttons: [],
      cases: [...tickets.values()].reverse().map(toCase),
    }),
    async act({ do: name, case: id, input = '' }: TwinAct) {
      const ticket = tickets.get(id ?? '')
      if (!ticket) throw new HubError('unknown', `There is no ticket "${id}"`)
      const act = acts[name]
      if (!act) throw new HubError('invalid', `"${name}" is nothing an agent can do`)
      act(ticket, input)
    },
    async close() {
      await delivery.close()
      await server.close()
    },
  }
}

const toCase = ({ id, subject, state, lines }: Ticket): TwinCase => {
  const accept = { do: 'accept', label: 'Accept' }
  const answer = [
    { do: 'say', label: 'Reply', input: { label: 'To the customer' } },
    { do: 'note', label: 'Add a note', input: { label: 'For colleagues only' } },
    { do: 'resolve', label: 'Resolve' },
    { do: 'return', label: 'Give back to the bot' },
  ]
  return { id, title: subject, state, lines, buttons: state === 'new' ? [accept] : state === 'open' ? answer : [] }
}
