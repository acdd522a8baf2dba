/** An agent takes a handoff from the queue, at the desk of our own where it lies, and goes on in the inbox. */
import type { QueueRow } from '../../../../src/http/api/queue.ts'
import { Problem, send } from '../../api.ts'
import { useMe } from '../../me.tsx'
import { toast } from '../../parts/toast.tsx'
import { refresh } from '../../read.ts'
import { useGo } from '../../url.ts'
import { chooseDesk } from '../inbox/chosen.ts'

/** Undefined for those who sit at no desk of our own. */
export function useAccept(): ((row: QueueRow) => Promise<void>) | undefined {
  const { worksAt } = useMe()
  const go = useGo()
  if (worksAt.length === 0) return undefined
  return async (row) => {
    const { name, ticket } = row.desk
    if (name === null || ticket === null || !worksAt.includes(name))
      return toast.done('This one is not at a desk of yours.')
    try {
      await send('POST', `/hooks/${encodeURIComponent(name)}/tickets/${encodeURIComponent(ticket)}/accept`)
      chooseDesk(name)
      go(`/inbox/${ticket}`)
    } catch (error) {
      // A colleague was faster: no trouble, only news.
      if (error instanceof Problem && error.status === 409) toast.done(`${error.message}.`)
      else toast.problem('It was not accepted', error)
      void refresh('queue')
    }
  }
}
