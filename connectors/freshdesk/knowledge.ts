/** The role knowledge: published articles that customers may read, and proposals as drafts. */
import { marked } from 'marked'
import type { Article, ArticleDraft, Host, Knowledge } from '#hub/connector.ts'
import type { Client } from './client.ts'
import { fromHtml } from './html.ts'
import type { Settings } from './settings.ts'
import type { Tickets } from './tickets.ts'
import { markerOf } from './translate.ts'
import type { VendorArticle } from './wire.ts'

const draft = 1
const published = 2
const folderMs = 10 * 60_000
const excerptLength = 300

export function createKnowledge(settings: Settings, client: Client, tickets: Tickets, host: Host): Knowledge {
  const folders = new Map<number, { until: number; isPublic: boolean }>()

  /** The key of an agent finds what only agents may read; the folder says who may. */
  async function isPublic(folder: number): Promise<boolean> {
    const known = folders.get(folder)
    if (known && known.until > host.clock.now()) return known.isPublic
    const { visibility } = await client.get<{ visibility?: number }>(`/solutions/folders/${folder}`)
    const answer = visibility !== undefined && settings.folderVisibility.includes(visibility)
    folders.set(folder, { until: host.clock.now() + folderMs, isPublic: answer })
    return answer
  }

  async function search(question: string, limit: number): Promise<Article[]> {
    const term = question.trim()
    if (term === '') return []
    const found = await client.get<VendorArticle[]>('/search/solutions', { term })
    const shown: VendorArticle[] = []
    for (const article of found)
      if (article.status === published && (await isPublic(article.folder_id))) shown.push(article)
    return rank(shown, term)
      .slice(0, limit)
      .map(({ article, score }) => toArticle(article, score, settings.articleUrl))
  }

  const { draftFolder } = settings
  if (draftFolder === undefined) return { search }
  return { search, propose: (proposal, key) => propose(client, tickets, draftFolder, proposal, key) }
}

/** Looks for our mark in the folder first: the crash may have come after Freshdesk said yes. */
function propose(client: Client, tickets: Tickets, folder: number, proposal: ArticleDraft, key: string) {
  return tickets.alone(`draft:${key}`, async () => {
    const known = await tickets.made(key)
    if (known !== undefined) return String(known)
    const path = `/solutions/folders/${folder}/articles`
    const marker = markerOf(key)
    const there = (await client.list<VendorArticle>(path)).find((one) => keywordsOf(one).includes(marker))
    const article = there ?? (await client.post<VendorArticle>(path, toDraft(proposal, marker)))
    await tickets.claim(key, article.id)
    return String(article.id)
  })
}

const keywordsOf = ({ seo_data }: VendorArticle): string => String(seo_data?.meta_keywords ?? '')

/** Tags would need a privilege of the agent; the mark stands among the key words (freshdesk.md 2.8). */
const toDraft = ({ title, body }: ArticleDraft, marker: string): object => ({
  title,
  description: marked.parse(body, { async: false }),
  type: 1,
  status: draft,
  seo_data: { meta_title: title, meta_keywords: marker },
})

/** Freshdesk tells no relevance: the share of the question's words, in the title worth more; else its own order. */
export function rank(
  articles: readonly VendorArticle[],
  question: string,
): { article: VendorArticle; score: number }[] {
  const asked = wordsIn(question)
  return articles.map((article) => ({ article, score: relevance(article, asked) })).sort((a, b) => b.score - a.score)
}

function relevance(article: VendorArticle, asked: ReadonlySet<string>): number {
  const [title, body] = [wordsIn(article.title), wordsIn(textOf(article))]
  let sum = 0
  for (const word of asked) sum += title.has(word) ? 1 : body.has(word) ? 0.6 : 0
  return Math.max(0.05, Math.min(1, asked.size === 0 ? 0 : sum / asked.size))
}

const wordsIn = (text: string): ReadonlySet<string> =>
  new Set((text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 2))
const textOf = (article: VendorArticle): string => article.description_text ?? fromHtml(article.description ?? '')

function toArticle(article: VendorArticle, score: number, url: string | undefined): Article {
  const text = textOf(article).replace(/\s+/g, ' ').trim()
  return {
    ref: String(article.id),
    title: article.title,
    ...(text ? { excerpt: text.length > excerptLength ? `${text.slice(0, excerptLength)}…` : text } : {}),
    ...(url ? { url: url.replaceAll('{id}', String(article.id)) } : {}),
    score,
  }
}
