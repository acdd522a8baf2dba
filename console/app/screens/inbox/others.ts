/** Colleagues at a conversation, as far as is known. Pure. */
import { formatList } from '../../format.ts'

export interface Other {
  readonly agent: string
  readonly name: string
  readonly ticket: string
  readonly writing: boolean
  /** When it was heard last, by this browser's clock. */
  readonly at: number
}

/** Everybody is at one conversation at most: where they were heard of last. */
export function withNews(
  others: readonly Other[],
  news: Omit<Other, 'ticket'> & { readonly ticket: string | null },
): readonly Other[] {
  const rest = others.filter(({ agent }) => agent !== news.agent)
  if (news.ticket === null) return rest.length === others.length ? others : rest
  return [...rest, { ...news, ticket: news.ticket }]
}

export const listedOthers = (others: readonly Other[], ticket: string): readonly Other[] =>
  others.filter((one) => one.ticket === ticket).sort((a, b) => a.name.localeCompare(b.name))

/** "Ben is writing", else "Ben and Cleo are here"; empty where one is alone. */
export function sayOthers(others: readonly Other[]): string {
  const writing = others.filter((one) => one.writing)
  const shown = (writing.length > 0 ? writing : others).map(({ name }) => name)
  if (shown.length === 0) return ''
  return `${formatList(shown)} ${shown.length === 1 ? 'is' : 'are'} ${writing.length > 0 ? 'writing' : 'here'}`
}
