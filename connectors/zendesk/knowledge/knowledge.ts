/** The Help Center: searched for customers, who see public articles only; drafts are proposed and never published (zendesk.md 11.1). */
import { createHash } from 'node:crypto'
import { type Article, type ArticleDraft, type Host, HubError, type Knowledge, type Ref } from '#hub/connector.ts'
import type { Client } from '../client.ts'
import { fromHtml } from '../html.ts'
import type { KnowledgeSettings } from '../settings.ts'
import { toArticleHtml } from './markdown.ts'

interface Found {
  readonly id: number
  readonly title?: string
  readonly draft?: boolean
  readonly html_url?: string
  readonly snippet?: string | null
  readonly user_segment_id?: number | null
  readonly user_segment_ids?: readonly number[] | null
  readonly label_names?: readonly string[]
}

export function createKnowledge(client: Client, settings: KnowledgeSettings, host: Host): Knowledge {
  const underWay = new Map<string, Promise<Ref>>()
  const { section } = settings
  return {
    async search(question, limit) {
      if (question.trim() === '' || limit < 1) return []
      const { results } = await client.get<{ results: readonly Found[] }>(
        '/help_center/articles/search.json',
        'results',
        {
          query: {
            query: question,
            locale: settings.locale,
            brand_id: settings.brand,
            per_page: Math.min(100, limit * 3),
          },
        },
      )
      return results.filter(isForEverybody).slice(0, limit).map(toArticle)
    },
    ...(section !== undefined && {
      propose(draft: ArticleDraft, key: string): Promise<Ref> {
        const running = underWay.get(key) ?? propose(section, draft, key).finally(() => underWay.delete(key))
        underWay.set(key, running)
        return running
      },
    }),
  }

  /** Zendesk drops no second call; the label finds what an earlier one made. */
  async function propose(section: number, draft: ArticleDraft, key: string): Promise<Ref> {
    const label = `baton-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`
    const memoryKey = `draft:${label}`
    const known = (await host.memory.get<Ref>(memoryKey)) ?? (await findDraft(section, label))
    const ref = known ?? (await makeDraft(section, draft, label))
    await host.memory.set(memoryKey, ref)
    return ref
  }

  async function findDraft(section: number, label: string): Promise<Ref | undefined> {
    const { articles } = await client.get<{ articles: readonly Found[] }>(
      `${sectionPath(section)}/articles.json`,
      'articles',
      {
        query: { label_names: label },
      },
    )
    const made = articles.find((article) => article.label_names?.includes(label))
    return made && String(made.id)
  }

  async function makeDraft(section: number, draft: ArticleDraft, label: string): Promise<Ref> {
    const { article } = await client.post<{ article: Found }>(`${sectionPath(section)}/articles.json`, 'article', {
      body: {
        article: {
          title: draft.title,
          body: await toArticleHtml(draft.body),
          locale: settings.locale,
          draft: true,
          label_names: ['baton', label],
          ...(settings.permissionGroup !== undefined && { permission_group_id: settings.permissionGroup }),
          ...(settings.userSegment !== undefined && { user_segment_id: settings.userSegment }),
        },
        // Otherwise followers of the section get mail.
        notify_subscribers: false,
      },
    })
    if (article.draft === false)
      throw new HubError('invalid', 'Zendesk published what was meant as a draft: look at the section')
    return String(article.id)
  }

  function sectionPath(section: number): string {
    return `/help_center/${encodeURIComponent(settings.locale)}/sections/${section}`
  }
}

/** These credentials see more than a customer may. */
const isForEverybody = ({ draft, user_segment_id, user_segment_ids }: Found): boolean =>
  draft !== true && (user_segment_id ?? null) === null && (user_segment_ids ?? []).length === 0

/** Zendesk gives an order and no number: the first counts fully, each further one a little less. */
const toArticle = ({ id, title, snippet, html_url }: Found, place: number): Article => ({
  ref: String(id),
  title: title ?? '',
  ...(snippet && { excerpt: fromHtml(snippet) }),
  ...(html_url && { url: html_url }),
  score: 0.9 ** (place + 1),
})
