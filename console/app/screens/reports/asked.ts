/** What the address asks for: period and filters, and the conversations that are open beside the report. */
import { query, type Search, useUrl } from '../../url.ts'
import { dayAgo } from './say.ts'

export const filterNames = ['mapping', 'channel', 'desk', 'language', 'reason'] as const
export const usualDays = '14'

/** For the API, in the reader's own zone. */
export function filterOf(url: Search): Record<string, string | undefined> {
  const days = Number(url.days ?? usualDays)
  const isOwn = url.from !== undefined || url.to !== undefined
  return {
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    from: isOwn ? url.from : dayAgo(days - 1),
    to: isOwn ? url.to : undefined,
    ...Object.fromEntries(filterNames.map((name) => [name, url[name]])),
  }
}

/** What a number or a bar adds to the filter. An empty value is one: those that have none. */
export interface Opening {
  readonly number: string
  readonly title: string
  readonly cut: Readonly<Record<string, string | number>>
}

/** Opens the conversations behind something; the address says which. */
export function useOpening(): { opened: Opening | undefined; open: (opening: Opening) => void; close: () => void } {
  const [url, setUrl] = useUrl()
  return {
    opened: readOpening(url.open),
    open: (opening) => setUrl({ open: writeOpening(opening) }),
    close: () => setUrl({ open: undefined }),
  }
}

export const writeOpening = ({ number, title, cut }: Opening): string =>
  new URLSearchParams([
    ['number', number],
    ['title', title],
    ...Object.entries(cut).map(([name, value]) => [name, String(value)]),
  ]).toString()

export function readOpening(text: string | undefined): Opening | undefined {
  const { number, title = '', ...cut } = Object.fromEntries(new URLSearchParams(text ?? ''))
  return number === undefined ? undefined : { number, title, cut }
}

/** A value of a cut may be empty and is still said, where a filter that is empty is none. */
export function behindPath(tab: string, url: Search, { number, cut }: Opening, after?: string): string {
  const asked = query({ ...filterOf(url), number, limit: 50, after })
  const narrowed = new URLSearchParams(asked)
  for (const [name, value] of Object.entries(cut)) narrowed.set(name, String(value))
  return `/reports/${tab}/conversations?${narrowed}`
}
