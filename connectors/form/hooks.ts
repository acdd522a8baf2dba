/** The form's own routes: a page for people, JSON for the widget. The token in the link is the whole right to answer. */
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Host, HubError } from '#hub/connector.ts'
import { maxComment, readAnswer } from './answers.ts'
import { countGuesses } from './guesses.ts'
import type { InvitationRow, Invitations } from './invitations.ts'
import { formPage, notePage, pageHeaders } from './page.ts'
import { questionIn } from './question.ts'
import type { Settings } from './settings.ts'
import { languageOf, preferred, wordsIn } from './words.ts'

/** Room for a comment of 4-byte characters, each escaped by the form. */
const bodyLimit = 32_768
type TokenRequest = FastifyRequest<{ Params: { token: string } }>

export function formHooks(settings: Settings, invitations: Invitations, host: Host): FastifyPluginAsync {
  const guesses = countGuesses()

  return async (app) => {
    if (!app.hasContentTypeParser('application/x-www-form-urlencoded')) {
      app.addContentTypeParser(
        'application/x-www-form-urlencoded',
        { parseAs: 'string', bodyLimit },
        (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
      )
    }

    /** The invitation behind the link; undefined when the refusal was sent already. */
    async function findInvitation(request: TokenRequest, reply: FastifyReply): Promise<InvitationRow | undefined> {
      const now = host.clock.now()
      const words = wordsIn(preferred(request.headers['accept-language']))
      const waitMs = guesses.waitMs(request.ip, now)
      if (waitMs > 0) {
        reply.header('retry-after', Math.ceil(waitMs / 1000))
        await refuse(request, reply, 429, 'busy', words.tooMany)
        return undefined
      }
      const row = await invitations.find(request.params.token)
      if (row) return row
      guesses.miss(request.ip, now)
      await refuse(request, reply, 404, 'unknown', words.unknown)
      return undefined
    }

    app.get('/answers/:token', async (request: TokenRequest, reply) => {
      const row = await findInvitation(request, reply)
      if (!row) return reply
      const language = languageFor(row, request)
      if (await invitations.isAnswered(row)) return sendPage(reply, 200, notePage(language, wordsIn(language).already))
      return sendPage(
        reply,
        200,
        formPage({ language, question: questionIn(settings, language), scale: settings.scale }),
      )
    })

    app.post('/answers/:token', { bodyLimit }, async (request: TokenRequest, reply) => {
      allowWidgets(reply)
      const row = await findInvitation(request, reply)
      if (!row) return reply
      const words = wordsIn(languageFor(row, request))
      const answer = tryAnswer(request.body, settings.scale)
      if (answer instanceof HubError) return refuseAnswer(request, reply, row, answer)
      if (!(await invitations.answer(row, answer, settings.scale)))
        return refuse(request, reply, 409, 'conflict', words.already)
      // The answer is on disk: if the hub cannot take it at this moment, the poll gives it again.
      await invitations
        .deliver(row)
        .catch((error) => host.log.warn({ err: error }, 'answer kept, to be delivered later'))
      if (!isForm(request)) return reply.send({ thanks: words.thanks })
      return sendPage(reply, 200, notePage(languageFor(row, request), words.thanks, words.thanksMore))
    })

    app.options('/answers/:token', async (_request, reply) => {
      allowWidgets(reply)
      return reply.code(204).send()
    })

    function refuseAnswer(request: TokenRequest, reply: FastifyReply, row: InvitationRow, wrong: HubError) {
      if (!isForm(request)) return reply.code(400).send({ error: wrong.code, message: wrong.message })
      const language = languageFor(row, request)
      const { score, comment = '' } = (request.body ?? {}) as Record<string, string>
      const error = comment.trim().length > maxComment ? wordsIn(language).tooLong : wordsIn(language).choose
      const question = questionIn(settings, language)
      return sendPage(
        reply,
        400,
        formPage({ language, question, scale: settings.scale, error, score: Number(score), comment }),
      )
    }
  }
}

function tryAnswer(body: unknown, scale: number) {
  try {
    return readAnswer(body, scale)
  } catch (error) {
    if (error instanceof HubError) return error
    throw error
  }
}

const languageFor = (row: InvitationRow, request: FastifyRequest): string =>
  row.language ? languageOf(row.language) : preferred(request.headers['accept-language'])

/** Whoever speaks JSON gets JSON; a browser gets a page. */
const isForm = (request: FastifyRequest): boolean => !(request.headers['content-type'] ?? '').includes('json')

const sendPage = (reply: FastifyReply, status: number, page: string) =>
  reply.code(status).headers(pageHeaders).send(page)

function refuse(request: FastifyRequest, reply: FastifyReply, status: number, error: string, message: string) {
  if (request.method === 'POST' && !isForm(request)) return reply.code(status).send({ error, message })
  return sendPage(reply, status, notePage(preferred(request.headers['accept-language']), message))
}

/** The widget lives on the company's pages, elsewhere than the hub. No cookie is involved, so any page may hand in an answer. */
function allowWidgets(reply: FastifyReply): void {
  reply.headers({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': '86400',
  })
}
