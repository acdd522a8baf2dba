/** Suggestions: what the bot and the articles lack, for a person to approve, edit or reject. */
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { type Static, Type } from 'typebox'
import type { Clock } from '../../clock.ts'
import { HubError } from '../../errors.ts'
import type { Hub } from '../../hub.ts'
import { hiddenWords } from '../../masking.ts'
import { plainText } from '../../message.ts'
import {
  approveSuggestion,
  countSuggestions,
  editSuggestion,
  listSuggestions,
  readQuotes,
  readSuggestion,
  rejectSuggestion,
  retrySuggestion,
  undoSuggestion,
} from '../../postgres/suggestions.ts'
import { audit } from '../../staff/audit.ts'
import { openPushing } from '../../suggestions/pushing.ts'
import {
  rejections,
  type Suggestion,
  type SuggestionContent,
  suggestionStates,
  textsOf,
} from '../../suggestions/suggestion.ts'
import { reach } from '../guard.ts'
import { number } from './words.ts'

const closed = { additionalProperties: false } as const
const byId = Type.Object({ id: number })
const listing = Type.Object(
  {
    status: Type.Optional(Type.Union(suggestionStates.map((one) => Type.Literal(one)))),
    kind: Type.Optional(Type.Union([Type.Literal('phrase-set'), Type.Literal('article')])),
    before: Type.Optional(Type.Integer({ minimum: 1, description: 'The id of the last one seen' })),
    limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  },
  closed,
)
const phrase = Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' })
const proposedPhrases = Type.Object({ phrases: Type.Array(phrase, { minItems: 1, maxItems: 200 }) }, closed)
const proposedText = Type.Object(
  { title: Type.String({ minLength: 1, maxLength: 200 }), body: Type.String({ minLength: 1, maxLength: 50_000 }) },
  closed,
)
const edit = Type.Object(
  {
    revision: Type.Integer({
      minimum: 1,
      description: 'The one that was read: another means that somebody else was quicker',
    }),
    proposed: Type.Union([proposedPhrases, proposedText]),
  },
  closed,
)
const decision = Type.Object({ revision: Type.Integer({ minimum: 1 }) }, closed)
const rejection = Type.Object(
  {
    why: Type.Union(
      rejections.map((one) => Type.Literal(one)),
      { description: 'It trains the grouping' },
    ),
  },
  closed,
)

export interface Quote {
  readonly conversation: number
  readonly seq: number
  readonly at: number
  /** The phrase or sentence that was made of it. */
  readonly of: string | null
  readonly words: string
}

export type SuggestionDetail = Suggestion & { readonly quotes: readonly Quote[] }

export interface Suggestions {
  readonly suggestions: readonly Suggestion[]
  readonly counts: Awaited<ReturnType<typeof countSuggestions>>
  readonly rejections: readonly string[]
  readonly at: number
}

export const suggestions =
  (hub: Hub, clock: Clock, log: Pick<Logger, 'warn'>): FastifyPluginAsync =>
  async (app) => {
    const pushing = openPushing(hub, log)
    app.addHook('onClose', () => pushing.close())
    const read = { may: 'suggestions.read' } as const
    const act = { may: 'suggestions.command' } as const
    const idOf = (request: FastifyRequest) => (request.params as Static<typeof byId>).id

    app.get(
      '/suggestions',
      { schema: { querystring: listing, summary: 'Suggestions, newest first' }, config: read },
      async (request): Promise<Suggestions> => {
        const filter = request.query as Static<typeof listing>
        const list = await listSuggestions(hub.pool, { ...filter, desks: desksOf(request) })
        return {
          suggestions: list.map((one) => masked(request, one)),
          counts: await countSuggestions(hub.pool),
          rejections,
          at: clock.now(),
        }
      },
    )

    app.get(
      '/suggestions/:id',
      { schema: { params: byId, summary: 'One suggestion with the words it was made of' }, config: read },
      async (request): Promise<SuggestionDetail> =>
        detail(request, await readSuggestion(hub.pool, idOf(request), desksOf(request))),
    )

    /** What has changed is on the screens of all others too. */
    const changed = async (request: FastifyRequest, one: Suggestion, what: string, details = {}) => {
      await audit(hub.pool, request.staff!, `suggestions.${what}`, one.id, { kind: one.kind, ...details })
      return detail(request, one)
    }

    const detail = async (request: FastifyRequest, one: Suggestion): Promise<SuggestionDetail> => {
      const quotes = await readQuotes(hub.pool, one.sources)
      return {
        ...masked(request, one),
        quotes: quotes.map(({ conversation, seq, at, message }) => ({
          conversation,
          seq,
          at,
          of: one.sources.find((source) => source.conversation === conversation && source.seq === seq)?.of ?? null,
          words: reach(request) === 'masked' ? hiddenWords : plainText(message).slice(0, 500),
        })),
      }
    }

    app.patch(
      '/suggestions/:id',
      {
        schema: { params: byId, body: edit, summary: 'Change what is proposed; it is looked through again' },
        config: act,
      },
      async (request) => {
        const { revision, proposed } = request.body as Static<typeof edit>
        const one = await readSuggestion(hub.pool, idOf(request))
        const content = contentOf(one, proposed)
        const title = content.kind === 'article' ? content.proposed.title : one.title
        return changed(request, await editSuggestion(hub.pool, { ...one, revision }, { title, content }), 'edit')
      },
    )

    app.post(
      '/suggestions/:id/approve',
      {
        schema: { params: byId, body: decision, summary: 'Push it in ten minutes, unless that is taken back' },
        config: act,
      },
      async (request) => {
        const { revision } = request.body as Static<typeof decision>
        const one = await readSuggestion(hub.pool, idOf(request))
        const approved = await approveSuggestion(hub.pool, { ...one, revision }, request.staff!.name)
        return changed(request, approved, 'approve', { revision })
      },
    )

    app.post(
      '/suggestions/:id/reject',
      { schema: { params: byId, body: rejection, summary: 'Do not use it' }, config: act },
      async (request) => {
        const { why } = request.body as Static<typeof rejection>
        return changed(request, await rejectSuggestion(hub.pool, idOf(request), request.staff!.name, why), 'reject', {
          why,
        })
      },
    )

    app.post(
      '/suggestions/:id/undo',
      {
        schema: { params: byId, summary: 'Take back an approval or a rejection of the last ten minutes' },
        config: act,
      },
      async (request) => changed(request, await undoSuggestion(hub.pool, idOf(request)), 'undo'),
    )

    app.post(
      '/suggestions/:id/push',
      { schema: { params: byId, summary: 'Push one that failed again, now' }, config: act },
      async (request) => {
        const one = await retrySuggestion(hub.pool, idOf(request), request.staff!.name)
        await pushing.look()
        return changed(request, await readSuggestion(hub.pool, one.id), 'push')
      },
    )
  }

const desksOf = (request: FastifyRequest): readonly string[] | undefined =>
  reach(request) === 'own' ? request.staff!.desks : undefined

function contentOf(one: Suggestion, proposed: Static<typeof edit>['proposed']): SuggestionContent {
  if (one.kind === 'phrase-set' && 'phrases' in proposed)
    return {
      kind: one.kind,
      present: one.present,
      proposed: { phrases: [...new Set(proposed.phrases.map((said) => said.trim()))] },
    }
  if (one.kind === 'article' && 'body' in proposed) return { kind: one.kind, present: one.present, proposed }
  throw new HubError(
    'invalid',
    `proposed: suggestion ${one.id} is ${one.kind === 'article' ? 'an article: right is { title, body }' : 'a phrase set: right is { phrases }'}`,
  )
}

/** What was found in it is what may not be seen. */
function masked(request: FastifyRequest, one: Suggestion): Suggestion {
  if (reach(request) !== 'masked' || one.findings.length === 0) return one
  const clean = textsOf(one).map((text, at) => {
    const here = one.findings.filter((finding) => finding.at === at).sort((a, b) => b.from - a.from)
    return here.reduce((all, { from, to }) => all.slice(0, from) + hiddenWords + all.slice(to), text)
  })
  if (one.kind === 'phrase-set') return { ...one, proposed: { phrases: clean } }
  return { ...one, title: clean[0]!, proposed: { title: clean[0]!, body: clean[1]! } }
}
