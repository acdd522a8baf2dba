/** The Help Center and what customers thought of it all (zendesk.md 11). */
import type { FastifyInstance } from 'fastify'
import { type Account, benId, groupId } from './account.ts'
import type { StoredTicket, TwinArticle } from './objects.ts'
import { forbidden, notFound, Refusal } from './refusal.ts'
import { bodyIn, both, idIn, page, queryIn } from './routes.ts'

export function guideRoutes(app: FastifyInstance, account: Account, base: () => string): void {
  const show = (article: TwinArticle) => ({
    ...article,
    url: `${base()}/api/v2/help_center/${article.locale}/articles/${article.id}.json`,
    html_url: `${base()}/hc/${article.locale}/articles/${article.id}`,
    author_id: benId,
    comments_disabled: true,
    promoted: false,
    position: 0,
    vote_sum: 0,
    vote_count: 0,
    updated_at: article.created_at,
    edited_at: article.created_at,
    name: article.title,
    source_locale: article.locale,
    outdated: false,
    outdated_locales: [],
    content_tag_ids: [],
  })
  app.addHook('preHandler', async ({ url }) => {
    const path = url.split('?')[0]!
    // Seen at one account: without the ending there is an answer of another type.
    if (account.quirks.guideNeedsJson !== false && path.startsWith('/api/v2/help_center/') && !path.endsWith('.json'))
      throw new Refusal(415, 'Unsupported Media Type')
  })

  both(app, 'GET', '/api/v2/help_center/articles/search', async (request) => {
    const { query, category, section, label_names, locale, per_page = '25' } = queryIn(request)
    if (!query && !category && !section && !label_names) throw new Refusal(400, { errors: { query: ['is missing'] } })
    const found = search(account, query ?? '', locale)
    const results = found.slice(0, Math.min(100, Number(per_page)))
    return {
      count: found.length,
      next_page: null,
      page: 1,
      page_count: 1,
      per_page: Number(per_page),
      previous_page: null,
      results: results.map((article) => ({
        ...show(article),
        snippet: snippetOf(article, query ?? ''),
        result_type: 'article',
      })),
    }
  })
  both(app, 'GET', '/api/v2/help_center/:locale/sections/:id/articles', async (request) => {
    const labels = queryIn(request).label_names?.split(',')
    const articles = [...account.articles.values()].filter(
      (article) =>
        article.section_id === Number(idIn(request, 'id')) &&
        (!labels || labels.some((label) => article.label_names.includes(label))),
    )
    return {
      articles: articles.map(show),
      count: articles.length,
      page: 1,
      page_count: 1,
      per_page: 30,
      next_page: null,
      previous_page: null,
    }
  })
  both(app, 'POST', '/api/v2/help_center/:locale/sections/:id/articles', async (request, reply) => {
    const given = bodyIn(request).article as Partial<TwinArticle> | undefined
    const faults = Object.fromEntries(
      (['title', 'locale'] as const).filter((name) => !given?.[name]).map((name) => [name, ['is missing']]),
    )
    if (!given || Object.keys(faults).length > 0) throw new Refusal(400, { errors: faults })
    const section_id = Number(idIn(request, 'id'))
    if (![...account.articles.values()].some((article) => article.section_id === section_id)) throw notFound()
    const id = account.nextId()
    const article: TwinArticle = {
      id,
      section_id,
      locale: given.locale!,
      title: given.title!,
      body: given.body ?? '',
      draft: given.draft === true,
      user_segment_id: given.user_segment_id ?? null,
      permission_group_id: given.permission_group_id ?? 31870042410,
      label_names: given.label_names ?? [],
      created_at: account.now(),
    }
    account.articles.set(id, article)
    void reply.code(201).header('location', show(article).url)
    return { article: show(article) }
  })

  both(app, 'GET', '/api/v2/guide/:locale/survey_responses/:id', async (request) => {
    const response = account.surveys.get(idIn(request, 'id'))
    if (!response) throw notFound()
    return { ...response, expires_at: account.now(), survey: { id: '01J7QSURVEY', version: 1, state: 'ACTIVE' } }
  })
  both(app, 'GET', '/api/v2/satisfaction_ratings', async (request) => {
    if (account.quirks.noAdmin) throw forbidden()
    const { start_time = '0' } = queryIn(request)
    const since = account.ratings.filter((rating) => Date.parse(rating.updated_at) >= Number(start_time) * 1_000)
    const { items, ...paging } = page(since, queryIn(request))
    return {
      satisfaction_ratings: items.map((rating) => ({
        ...rating,
        url: `${base()}/api/v2/satisfaction_ratings/${rating.id}.json`,
      })),
      ...paging,
    }
  })
}

/** Drafts are not found; what only some may read is, since the caller is staff. */
function search(account: Account, query: string, locale: string | undefined): TwinArticle[] {
  const words = wordsOf(query)
  const hits = ({ title, body }: TwinArticle) => {
    const [inTitle, inBody] = [wordsOf(title), wordsOf(body)]
    return words.reduce((sum, word) => sum + (inTitle.includes(word) ? 3 : 0) + (inBody.includes(word) ? 1 : 0), 0)
  }
  return [...account.articles.values()]
    .filter((article) => !article.draft && (!locale || article.locale === locale) && hits(article) > 0)
    .sort((one, other) => hits(other) - hits(one) || one.id - other.id)
}

const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .replaceAll(/<[^>]*>/g, ' ')
    .split(/[^\p{L}\p{N}]+/u)
    .map((word) => word.replace(/s$/, ''))
    .filter((word) => word.length > 2)

const snippetOf = ({ body }: TwinArticle, query: string): string =>
  body
    .replaceAll(/<\/?p>/g, '')
    .replaceAll(/[\p{L}\p{N}]+/gu, (word) =>
      wordsOf(query).includes(wordsOf(word)[0] ?? '') ? `<em>${word}</em>` : word,
    )

/** The customer answers what Zendesk asked: the old way and the new way at once, of which an account shows one. */
export function rate(account: Account, ticket: StoredTicket, score: number, comment: string): { survey: string } {
  const at = account.now()
  const id = account.nextId()
  const good = score > 3 ? 'good' : 'bad'
  ticket.score = comment ? `${good}_with_comment` : good
  account.ratings.push({
    id,
    ticket_id: ticket.id,
    requester_id: ticket.requester_id,
    assignee_id: ticket.assignee_id ?? benId,
    group_id: ticket.group_id ?? groupId,
    score: ticket.score,
    comment,
    created_at: at,
    updated_at: at,
  })
  const survey = `01J7QX${id}`
  account.surveys.set(survey, {
    id: survey,
    responder_id: ticket.requester_id,
    subject_zrns: [`zen:ticket:${ticket.id}`],
    answers: [
      {
        type: 'rating_scale',
        question: { id: '1', type: 'rating_scale_emoji', headline: 'How was it?' },
        rating: score,
        created_at: at,
        updated_at: at,
      },
      ...(comment
        ? [
            {
              type: 'open_ended',
              question: { id: '2', type: 'open_ended' },
              value: comment,
              created_at: at,
              updated_at: at,
            },
          ]
        : []),
    ],
  })
  return { survey }
}
