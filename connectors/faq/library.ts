/** Finds articles. MiniSearch ranks; the relevance we report is our own, since its scores have no upper end. */
import MiniSearch, { type SearchResult } from 'minisearch'
import type { Article } from '#hub/connector.ts'
import type { FaqArticle } from './content.ts'
import { wordsOf } from './features.ts'
import { isSmallWord } from './language.ts'

export interface Library {
  /** Best first, at least `least` relevant, at most `limit`. Empty when nothing fits: an honest answer. */
  search(question: string, limit: number, least: number): Article[]
}

const fields = ['title', 'tags', 'body']
/** How well one word of the question was met: whole, by its beginning or with a typing mistake; in the title or only in the text. */
const inexact = 0.75
const onlyInBody = 0.7
const excerptLength = 200

export function openLibrary(articles: readonly FaqArticle[]): Library {
  const byId = new Map(articles.map((article) => [article.id, article]))
  const index = new MiniSearch<FaqArticle>({
    fields,
    tokenize: wordsOf,
    processTerm: (word) => (isSmallWord(word) ? null : word),
    extractField: (article, field) =>
      field === 'tags' ? article.tags.join(' ') : String(article[field as keyof FaqArticle]),
    searchOptions: {
      boost: { title: 3, tags: 2 },
      prefix: (word) => word.length > 3,
      fuzzy: (word) => (word.length > 4 ? 0.2 : false),
    },
  })
  index.addAll([...byId.values()])

  return {
    search(question, limit, least) {
      const words = [...new Set(wordsOf(question).filter((word) => !isSmallWord(word)))]
      if (words.length === 0) return []
      const results = index.search(question)
      const weight = rarityAmong(results, words, articles.length)
      return results
        .map((result) => toArticle(byId.get(result.id as string)!, words, relevanceOf(result, words, weight)))
        .filter((article) => article.score >= least)
        .sort((a, b) => b.score - a.score)
        .slice(0, Math.max(0, limit))
    },
  }
}

/** A word that few articles have says more about what is asked. A word in none of them counts fully: it is what we cannot answer. */
function rarityAmong(
  results: readonly SearchResult[],
  words: readonly string[],
  total: number,
): (word: string) => number {
  const weights = new Map(
    words.map((word) => {
      const having = results.filter((result) => result.queryTerms.includes(word)).length
      return [word, Math.log((1 + total) / (1 + having)) + 1]
    }),
  )
  return (word) => weights.get(word)!
}

/** The share of the question's words that the article meets, rare words counting more; 0 to 1. */
function relevanceOf(result: SearchResult, words: readonly string[], weight: (word: string) => number): number {
  let met = 0
  let all = 0
  for (const word of words) {
    all += weight(word)
    if (result.queryTerms.includes(word)) met += weight(word) * qualityOf(result, word)
  }
  return met / all
}

function qualityOf(result: SearchResult, word: string): number {
  const inTitle = (found: string) => result.match[found]!.some((field) => field !== 'body')
  const candidates = Object.keys(result.match).filter((found) => found === word || isNear(found, word))
  const qualities = candidates.map((found) => (found === word ? 1 : inexact) * (inTitle(found) ? 1 : onlyInBody))
  return Math.max(0, ...qualities)
}

/** MiniSearch does not say which word of the question found which of the article; the same beginning is what its two ways share. */
const isNear = (found: string, word: string): boolean => found[0] === word[0] && found.slice(1, 3) === word.slice(1, 3)

function toArticle(article: FaqArticle, words: readonly string[], score: number): Article {
  const excerpt = excerptOf(article.body, words)
  return { ref: article.id, title: article.title, excerpt, score, ...(article.url && { url: article.url }) }
}

/** The first paragraph with most of the words, without Markdown's marks, cut at a word. */
function excerptOf(body: string, words: readonly string[]): string {
  const paragraphs = body.split(/\n\s*\n/).filter((paragraph) => !/^#/.test(paragraph.trim()))
  const hits = (paragraph: string) => wordsOf(paragraph).filter((word) => words.includes(word)).length
  const best = paragraphs.reduce(
    (kept, paragraph) => (hits(paragraph) > hits(kept) ? paragraph : kept),
    paragraphs[0] ?? body,
  )
  const plain = best
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_`>#]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  if (plain.length <= excerptLength) return plain
  return `${plain.slice(0, excerptLength).replace(/\s+\S*$/, '')}…`
}
