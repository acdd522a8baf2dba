import { Skeleton } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Trouble } from './Trouble.tsx'

export interface DataStateProps<T> {
  readonly query: UseQueryResult<T>
  /** What failed, as "The queue could not be read". */
  readonly what?: string
  /** Rows of the right height stand in for what is loading. */
  readonly rows?: number
  readonly rowHeight?: number
  /** Given the data: what to show instead when there is nothing in it. */
  readonly empty?: (data: T) => ReactNode | false | undefined
  readonly children: (data: T) => ReactNode
}

/** Loading, failed, empty, or there. What was read once stays on the screen while the hub cannot answer. */
export function DataState<T>({ query, what, rows = 8, rowHeight, empty, children }: DataStateProps<T>) {
  const { data, error, errorUpdatedAt, dataUpdatedAt, isPending } = query
  const retry = () => void query.refetch()
  if (data === undefined) {
    if (error) return <Trouble what={what} error={error} since={errorUpdatedAt} retry={retry} />
    return isPending ? <Rows count={rows} height={rowHeight} /> : null
  }
  return (
    <>
      {error && <Trouble what={what} error={error} since={errorUpdatedAt} asOf={dataUpdatedAt} retry={retry} />}
      {empty?.(data) || children(data)}
    </>
  )
}

export const Rows = ({ count, height }: { count: number; height?: number }) => (
  <div role="status" aria-label="Loading" aria-busy="true">
    {Array.from({ length: count }, (_, i) => (
      <Skeleton key={i} className="skeleton-row" height={height} radius="sm" />
    ))}
  </div>
)
