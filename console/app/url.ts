/** What a view is made of stands in its address, so that it can be sent to a colleague. All values are strings. */
import { useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export type Search = Readonly<Record<string, string | undefined>>

/** Reads `?desk=x`, and changes it: what is undefined or empty is left out; what is not named stays. */
export function useUrl(): [Search, (change: Search, how?: { push?: boolean }) => void] {
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const change = useCallback(
    (next: Search, { push = false } = {}) =>
      void navigate({
        to: '.',
        search: ((before: Search) => tidy({ ...before, ...next })) as never,
        replace: !push,
        hash: true as never,
      }),
    [navigate],
  )
  return [search, change]
}

/** `12` at `/conversations/12`; undefined at `/conversations`. */
export const useId = (): string | undefined => (useParams({ strict: false }) as { id?: string }).id

export const useHash = (): string => useLocation().hash

/** Goes to a screen: `go('/conversations/12')`, `go('/queue', { search: { desk: 'x' } })`. */
export function useGo(): (to: string, more?: { search?: Search; hash?: string; replace?: boolean }) => void {
  const navigate = useNavigate()
  return useCallback(
    (to, { search, hash, replace } = {}) =>
      void navigate({ to, search: tidy(search ?? {}) as never, hash: hash ?? '', replace }),
    [navigate],
  )
}

/** `?a=1&b=2` for the API: what is undefined or empty is left out. */
export function query(values: Readonly<Record<string, string | number | undefined>>): string {
  const pairs = Object.entries(values).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''
}

export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text))
export const stringifySearch = (search: Search): string => query(search)

const tidy = (search: Search): Search =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined && value !== ''))
