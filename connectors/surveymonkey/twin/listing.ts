/** Pages and filters of the twin's lists. */
import type { TwinResponse } from './account.ts'
import { Refusal } from './refusal.ts'

type Query = Readonly<Record<string, string>>

export function paged<T>(list: readonly T[], query: Query, href: string, max: number) {
  const page = wholeNumber(query.page ?? '1')
  const perPage = wholeNumber(query.per_page ?? '50')
  if (page < 1 || perPage < 1 || perPage > max) throw new Refusal('parameters')
  const last = Math.max(1, Math.ceil(list.length / perPage))
  const at = (number: number) => `${href}?${new URLSearchParams({ ...query, page: String(number) })}`
  return {
    data: list.slice((page - 1) * perPage, page * perPage),
    page,
    per_page: perPage,
    total: list.length,
    links: {
      self: at(page),
      ...(page < last ? { next: at(page + 1), last: at(last) } : {}),
      ...(page > 1 ? { prev: at(page - 1), first: at(1) } : {}),
    },
  }
}

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new Refusal('parameters')
  return Number(text)
}

export function filtered(responses: readonly TwinResponse[], query: Query): TwinResponse[] {
  const since = timeIn(query.start_modified_at)
  const until = timeIn(query.end_modified_at)
  const statuses = ['completed', 'partial', 'overquota', 'disqualified']
  if (query.status !== undefined && !statuses.includes(query.status)) throw new Refusal('parameters')
  if (query.sort_by !== undefined && query.sort_by !== 'date_modified') throw new Refusal('parameters')
  const list = responses.filter(
    ({ status, modifiedAt }) =>
      (query.status === undefined || status === query.status) &&
      (since === undefined || modifiedAt >= since) &&
      (until === undefined || modifiedAt <= until),
  )
  list.sort((one, two) => one.modifiedAt - two.modifiedAt)
  return query.sort_order === 'DESC' ? list.reverse() : list
}

/** Without an offset it is read as GMT. */
function timeIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d)?$/.test(text)) throw new Refusal('parameters')
  return Date.parse(text.length === 19 ? `${text}Z` : text)
}
