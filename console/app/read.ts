/** What the hub knows, read once and kept fresh: a query names its topics, and is read again when one of them changes. */
import { keepPreviousData, QueryClient, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { get, Problem } from './api.ts'
import { type LiveLink, openLive } from './live.ts'

/** `session`, `queue`, `conversations`, `conversation.12`, `connections`, `dead-letters`, `suggestions`. */
export type Topic = string

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      // A refusal stays one however often it is asked.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof Problem && error.status >= 400 && error.status < 500),
    },
    mutations: { retry: false },
  },
})

export interface ReadOptions {
  readonly topics?: readonly Topic[]
  /** The old answer stays on the screen until the new one is there: for filters and pages of one list. */
  readonly keep?: boolean
  /** Read again by itself, for what no topic tells of. */
  readonly everyMs?: number
}

/** Undefined as path: nothing is asked. */
export function useRead<T>(path: string | undefined, { topics, keep, everyMs }: ReadOptions = {}): UseQueryResult<T> {
  return useQuery<T>({
    queryKey: [path],
    queryFn: ({ signal }) => get<T>(path!, signal),
    enabled: path !== undefined,
    meta: { topics },
    refetchInterval: everyMs,
    ...(keep ? { placeholderData: keepPreviousData } : {}),
  }) as UseQueryResult<T>
}

/** Reads again what has this topic, after a command of one's own. */
export const refresh = (...topics: Topic[]): Promise<void> =>
  queries.invalidateQueries({ predicate: ({ meta }) => topicsOf(meta).some((topic) => topics.includes(topic)) })

const topicsOf = (meta: unknown): readonly Topic[] => (meta as { topics?: readonly Topic[] } | undefined)?.topics ?? []

/** Joins the live link and the queries. Returns how to part them. */
export function keepFresh(refused: () => void): () => void {
  const link = openLive({
    changed: (topics) =>
      void (topics
        ? refresh(...topics)
        : queries.invalidateQueries({ predicate: ({ meta }) => topicsOf(meta).length > 0 })),
    refused,
  })
  const unwatch = watchShown(link)
  return () => {
    unwatch()
    link.close()
  }
}

/** Conversations that an active query shows are watched by name. */
function watchShown(link: LiveLink): () => void {
  let known = ''
  const look = () => {
    const shown = queries
      .getQueryCache()
      .getAll()
      .filter((query) => query.isActive())
      .flatMap(({ meta }) => topicsOf(meta))
      .flatMap((topic) => /^conversation\.(\d+)$/.exec(topic)?.[1] ?? [])
    const ids = [...new Set(shown)].sort()
    if (ids.join() === known) return
    known = ids.join()
    link.watch(ids.map(Number))
  }
  return queries.getQueryCache().subscribe(look)
}
