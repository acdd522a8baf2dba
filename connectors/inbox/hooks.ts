/** The page's routes, relative to `/hooks/<connection>`: who asks is checked, the body is checked, a command is called. */
import multipart from '@fastify/multipart'
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { HubError } from '#hub/connector.ts'
import { FileRefused, safeHeaders } from '#hub/files.ts'
import { readUpload } from '#hub/upload.ts'
import { type Agent, agentsOf, presenceOf, seen } from './agents.ts'
import { boardOf, readBoard, readTicket } from './board.ts'
import * as bodies from './bodies.ts'
import type { Commands } from './commands.ts'
import { keepDraft } from './drafts.ts'
import { attach, detach, readFile } from './files.ts'
import type { Inbox } from './inbox.ts'
import { addReply, changeReply, dropReply, repliesOf } from './replies.ts'
import type { Router } from './router.ts'
import type { AgentSettings } from './settings.ts'
import { bearer, createSignIn, isOnThisMachine } from './signin.ts'
import { type Sockets, serveSocket } from './socket.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; set by the sign-in of the inbox. */
    inboxAgent?: Agent
    /** Of a user who may change what belongs to everybody: their id. */
    inboxAdmin?: string
  }
}

export interface Doors {
  readonly inbox: Inbox
  readonly router: Router
  readonly commands: Commands
  readonly sockets: Sockets
  /** Agents whom the page may sign in without a token. */
  readonly demo: readonly AgentSettings[]
}

export function createHooks(doors: Doors): FastifyPluginAsync {
  const signIn = createSignIn(doors.inbox)
  return async (app) => {
    if (!app.hasContentTypeParser('multipart/form-data')) await app.register(multipart)
    app.setErrorHandler(sayError)
    app.addHook('onSend', async (_request, reply) => {
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    })
    demoRoutes(app, doors)
    // A customer's page fetches it, who has no seat here: the name of the file is the permission.
    app.get<{ Params: { file: string } }>('/files/:file', async (request, reply) => {
      const { name, mime, content } = await readFile(doors.inbox, request.params.file)
      return reply.headers(safeHeaders(name, mime)).send(content)
    })
    app.get('/socket', { websocket: true }, (socket, request) => serveSocket(doors, signIn, socket, request))
    await app.register(async (inner) => {
      inner.addHook('onRequest', async (request, reply) => {
        const result = await signIn(request, bearer(request.headers.authorization))
        if ('agent' in result) {
          request.inboxAgent = result.agent
          request.inboxAdmin = result.admin
          await seen(doors.inbox, result.agent.id)
          return
        }
        if (result.retryAfterS) reply.header('retry-after', result.retryAfterS)
        return reply.code(result.status).send({ error: result.error, message: result.message })
      })
      readingRoutes(inner, doors)
      commandRoutes(inner, doors)
      paperRoutes(inner, doors)
    })
  }
}

function demoRoutes(app: FastifyInstance, { demo }: Doors): void {
  app.get('/welcome', async (request) => ({ demo: isOnThisMachine(request) ? demo.map((agent) => agent.name) : [] }))
  app.post<{ Body: { name: string } }>('/demo', { schema: { body: bodies.demoBody } }, async (request, reply) => {
    const agent = demo.find((one) => one.name === request.body.name)
    if (agent && isOnThisMachine(request)) return { token: agent.token }
    return reply.code(403).send({
      error: 'refused',
      message: 'Demo agents sign in only on the machine the hub runs on, when the setting demo is on',
    })
  })
}

function readingRoutes(app: FastifyInstance, { inbox }: Doors): void {
  app.get('/me', async (request) => {
    const me = who(request)
    const fresh = (await agentsOf(inbox)).find((agent) => agent.id === me.id) ?? me
    const { id, name, skills, languages, capacity } = fresh
    return { id, name, skills, languages, capacity, presence: presenceOf(inbox, fresh) }
  })
  app.get('/tickets', async (request) => boardOf(await readBoard(inbox), who(request).id))
  app.get<Ticket>('/tickets/:id', one, async (request) => readTicket(inbox, request.params.id, who(request).id))
}

type Ticket = { Params: { id: string } }
const one = { schema: { params: bodies.ticketParams } }
const withBody = (body: unknown) => ({ schema: { params: bodies.ticketParams, body } })

function commandRoutes(app: FastifyInstance, { inbox, router, commands }: Doors): void {
  app.post<{ Body: Static<typeof bodies.presenceBody> }>(
    '/presence',
    { schema: { body: bodies.presenceBody } },
    async (request, reply) => {
      await seen(inbox, who(request).id, request.body.presence)
      inbox.changed()
      router.nudge()
      return done(reply)
    },
  )
  app.post<Ticket>('/tickets/:id/accept', one, async (request, reply) => {
    await commands.accept(who(request), request.params.id)
    return done(reply)
  })
  app.post<Ticket>('/tickets/:id/decline', one, async (request, reply) => {
    await commands.decline(who(request), request.params.id)
    return done(reply)
  })
  app.post<Ticket>('/tickets/:id/take-over', one, async (request, reply) => {
    await commands.takeOver(who(request), request.params.id)
    return done(reply)
  })
  for (const [verb, write] of [
    ['messages', commands.say],
    ['notes', commands.note],
  ] as const)
    app.post<Ticket & { Body: bodies.SayBody }>(`/tickets/:id/${verb}`, withBody(bodies.sayBody), async (request) => {
      const { id, text = '', files } = request.body
      return write(who(request), request.params.id, id, text, files)
    })
  app.post<Ticket & { Body: bodies.TransferBody }>(
    '/tickets/:id/transfer',
    withBody(bodies.transferBody),
    async (request, reply) => {
      await commands.transfer(who(request), request.params.id, request.body)
      return done(reply)
    },
  )
  app.post<Ticket & { Body: Static<typeof bodies.resolveBody> }>(
    '/tickets/:id/resolve',
    withBody(bodies.resolveBody),
    async (request, reply) => {
      await commands.end(who(request), request.params.id, 'resolved', request.body)
      return done(reply)
    },
  )
  app.post<Ticket & { Body: Static<typeof bodies.returnBody> }>(
    '/tickets/:id/return',
    withBody(bodies.returnBody),
    async (request, reply) => {
      await commands.end(who(request), request.params.id, 'returned', request.body)
      return done(reply)
    },
  )
  app.post<Ticket & { Body: Static<typeof bodies.typingBody> }>(
    '/tickets/:id/typing',
    withBody(bodies.typingBody),
    async (request, reply) => {
      await commands.typing(who(request), request.params.id, request.body.on)
      return done(reply)
    },
  )
}

/** What an agent writes before anybody reads it. */
function paperRoutes(app: FastifyInstance, { inbox }: Doors): void {
  type Reply = { Params: { id: number }; Body: bodies.ReplyBody }
  const author = (request: FastifyRequest) => ({ agent: who(request), admin: request.inboxAdmin })
  app.put<Ticket & { Body: bodies.DraftBody }>(
    '/tickets/:id/drafts',
    withBody(bodies.draftBody),
    async (request, reply) => {
      await keepDraft(inbox, who(request), request.params.id, request.body)
      return done(reply)
    },
  )
  type File = { Params: Static<typeof bodies.fileParams> }
  const file = { schema: { params: bodies.fileParams } }
  app.put<File>('/tickets/:id/files/:file', file, async (request) => {
    const { id, file } = request.params
    const { name, content } = await readUpload(request, inbox.files.maxBytes)
    return attach(inbox, who(request), id, { id: file, name, content })
  })
  app.delete<File>('/tickets/:id/files/:file', file, async (request, reply) => {
    await detach(inbox, who(request), request.params.id, request.params.file)
    return done(reply)
  })
  app.get('/replies', async (request) => ({ replies: await repliesOf(inbox, who(request)) }))
  app.post<Reply>('/replies', { schema: { body: bodies.replyBody } }, async (request, reply) =>
    reply.code(201).send(await addReply(inbox, author(request), request.body)),
  )
  const named = { params: bodies.replyParams }
  app.put<Reply>('/replies/:id', { schema: { ...named, body: bodies.replyBody } }, async (request, reply) => {
    await changeReply(inbox, author(request), request.params.id, request.body)
    return done(reply)
  })
  app.delete<Reply>('/replies/:id', { schema: named }, async (request, reply) => {
    await dropReply(inbox, author(request), request.params.id)
    return done(reply)
  })
}

const who = (request: FastifyRequest): Agent => request.inboxAgent!
const done = (reply: FastifyReply) => reply.code(204).send()

const statuses: Record<HubError['code'], number> = {
  invalid: 400,
  refused: 403,
  unknown: 404,
  conflict: 409,
  busy: 503,
  unreachable: 503,
}

function sayError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  if (error instanceof HubError)
    return reply
      .code(error instanceof FileRefused ? error.status : statuses[error.code])
      .send({ error: error.code, message: error.message })
  if (error.statusCode && error.statusCode < 500)
    return reply.code(error.statusCode).send({ error: 'invalid', message: error.message })
  request.log.error({ err: error }, 'The inbox failed')
  return reply.code(500).send({ error: 'internal', message: 'Internal error' })
}
