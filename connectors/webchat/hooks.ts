/** The routes under `/hooks/<connection>`. They join what frames.ts, origins.ts and files.ts check with what chat.ts does. */
import multipart from '@fastify/multipart'
import type {} from '@fastify/websocket'
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { HubError } from '#hub/connector.ts'
import { safeHeaders } from '#hub/files.ts'
import { readUpload } from '#hub/upload.ts'
import { type Chat, refuseOften } from './chat.ts'
import { parseDetails } from './details.ts'
import {
  frameBytes,
  parseBegin,
  parseLeave,
  parsePoll,
  parseRead,
  parseSaid,
  parseTyping,
  toVisibleEntry,
  toVisibleState,
} from './frames.ts'
import { nextChange } from './mailbox.ts'
import { allowsOrigin, hostOf } from './origins.ts'
import { isUnforeseen, Refusal, tell } from './refusal.ts'
import type { Session } from './sessions.ts'
import { refuseBusy, serveSocket } from './socket.ts'

export function webchatHooks(chat: Chat): FastifyPluginAsync {
  return async (app) => {
    if (!app.hasContentTypeParser('multipart/form-data')) await app.register(multipart)
    app.setErrorHandler(answerError(chat))
    // Pictures are fetched by <img>, which names no origin; the name of the file is the permission.
    app.get<{ Params: { id: string } }>('/files/:id', async (request, reply) => {
      const file = /^[\w-]{43}$/.test(request.params.id) ? await chat.files.read(request.params.id) : undefined
      if (file === undefined) throw new HubError('unknown', 'No such file')
      return reply.headers(safeHeaders(file.name, file.mime)).send(file.content)
    })
    await app.register(async (site) => {
      site.addHook('onRequest', checkOrigin(chat))
      routes(site, chat)
    })
  }
}

function routes(app: FastifyInstance, chat: Chat): void {
  const { host } = chat
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  const bodyLimit = frameBytes
  const sessionOf = async (request: FastifyRequest): Promise<Session> => {
    const session = await chat.session(bearer(request))
    refuseBusy(chat, session)
    return session
  }

  app.options('/*', async (_request, reply) =>
    reply
      .code(204)
      .headers({
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'authorization, content-type',
        'access-control-max-age': '600',
      })
      .send(),
  )

  app.get('/config', async (_request, reply) => {
    const { title, greeting, color, languages, textLength, files } = chat.settings
    reply.header('cache-control', 'public, max-age=300')
    return { title, greeting, color, languages, textLength, files: { maxBytes: files.maxBytes, types: files.types } }
  })

  app.post('/sessions', { bodyLimit }, async (request, reply) => {
    const { read, resumed, ...begun } = await chat.begin(parseBegin(request.body), bearer(request), request.ip)
    return reply.code(201).send({ ...begun, resume: { known: resumed, read } })
  })

  app.get('/messages', async (request) => {
    const { after, waitMs } = parsePoll(request.query)
    const session = await sessionOf(request)
    const { thread } = session
    const gone = new AbortController()
    request.raw.once('close', () => gone.abort())
    const next = nextChange(host.record, thread, waitMs, [gone.signal, closing.signal, host.signal])
    try {
      let entries = await host.record.read(thread, after, 100)
      if (entries.length === 0 && waitMs > 0) {
        await next.changed
        entries = await host.record.read(thread, after, 100)
      }
      const state = toVisibleState(await host.record.state(thread), session, host.clock.now())
      return { ...state, entries: entries.map((entry) => toVisibleEntry(entry, thread)) }
    } finally {
      next.stop()
    }
  })

  app.post('/messages', { bodyLimit }, async (request) => {
    const session = await sessionOf(request)
    const said = parseSaid(request.body, chat.settings.textLength)
    await chat.say(session, said)
    return { id: said.id }
  })

  app.post('/typing', { bodyLimit }, async (request, reply) => {
    chat.typing(await sessionOf(request), parseTyping(request.body).on)
    return reply.code(204).send()
  })

  app.post('/read', { bodyLimit }, async (request, reply) => {
    await chat.read(await sessionOf(request), parseRead(request.body).seq)
    return reply.code(204).send()
  })

  app.post('/details', { bodyLimit }, async (request, reply) => {
    await chat.describe(await sessionOf(request), parseDetails(request.body))
    return reply.code(204).send()
  })

  app.post('/leave', { bodyLimit }, async (request) => {
    const { id } = parseLeave(request.body)
    await chat.leave(await sessionOf(request), id)
    return { id }
  })

  app.post('/files', async (request, reply) => {
    const session = await sessionOf(request)
    refuseOften(chat.rates.messages, session.thread, 'Too many files in a short time')
    const { name, content } = await readUpload(request, chat.settings.files.maxBytes)
    const { kind: _, ...file } = await chat.files.store(session.thread, name, content)
    return reply.code(201).send(file)
  })

  app.get('/socket', { websocket: true }, (socket) => serveSocket(socket, chat))
}

/** Answers a foreign page with 403, and tells the browser of a permitted one that it may read the answer. */
function checkOrigin(chat: Chat) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { origin } = request.headers
    // An app without a browser names none. A socket must: it is the one thing pages may open across sites unasked.
    if (origin === undefined && !request.ws) return
    if (!allowsOrigin(origin, chat.settings.origins, [request.host, hostOf(chat.host.url)]))
      throw new Refusal(403, 'refused', `Origin ${hostOf(origin) ?? 'unknown'} is not among the origins of this chat`)
    reply.headers({
      'access-control-allow-origin': origin ?? '*',
      'access-control-expose-headers': 'retry-after',
      vary: 'Origin',
    })
  }
}

function bearer(request: FastifyRequest): string | undefined {
  return /^Bearer ([\w-]{43})$/.exec(request.headers.authorization ?? '')?.[1]
}

function answerError(chat: Chat) {
  return (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
    const { status, body } = isUnforeseen(error) && (error.statusCode ?? 500) < 500 ? framework(error) : tell(error)
    if (status === 500) chat.host.log.error({ err: error }, 'webchat: a request failed')
    if (body.retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(body.retryAfterMs / 1000))
    return reply.code(status).send(body)
  }
}

/** Fastify's own refusals: no JSON, too large, unknown content type. Their sentences quote nothing of the body. */
const framework = (error: FastifyError) => ({
  status: error.statusCode ?? 400,
  body: { error: 'invalid' as const, message: error.message, retryAfterMs: undefined },
})
