/** What the agent does with a conversation as a whole; what cannot be done says why. */
import { Problem, send } from '../../api.ts'
import { toast } from '../../parts/toast.tsx'
import { refresh } from '../../read.ts'
import { useGo, useId } from '../../url.ts'
import { ticketPath, ticketTopic } from './desk.ts'
import { given } from './giving.ts'

export interface Commands {
  accept(ticket: string): Promise<void>
  decline(ticket: string): Promise<void>
  takeOver(ticket: string): Promise<void>
}

export function useCommands(): Commands {
  const go = useGo()
  const shown = useId()
  const run = async (ticket: string, verb: string, what: string): Promise<boolean> => {
    try {
      await send('POST', ticketPath(ticket, verb))
      return true
    } catch (error) {
      // A colleague was faster: no trouble, only news.
      if (error instanceof Problem && error.status === 409) toast.done(`${error.message}.`)
      else toast.problem(what, error)
      return false
    } finally {
      void refresh(ticketTopic(ticket))
    }
  }
  return {
    async accept(ticket) {
      wanted = ticket
      const isTaken = await run(ticket, 'accept', 'It was not accepted')
      if (!isTaken) wanted = undefined
      else if (shown !== ticket) go(`/inbox/${ticket}`)
    },
    async decline(ticket) {
      if ((await run(ticket, 'decline', 'It was not declined')) && shown === ticket) go('/inbox')
    },
    async takeOver(ticket) {
      wanted = ticket
      if (!(await run(ticket, 'take-over', 'It was not taken over'))) wanted = undefined
    },
  }
}

/** Gives it out of the agent's hands; throws what keeps it there, for the dialog to say. */
export async function give(ticket: string, verb: 'transfer' | 'return' | 'resolve', body: object): Promise<void> {
  given.add(ticket)
  try {
    await send('POST', ticketPath(ticket, verb), body)
  } catch (error) {
    given.delete(ticket)
    throw error
  }
}

let wanted: string | undefined
/** Who accepts begins to type at once: the box has the focus from the moment it is there, which may be before the hub's answer is. */
export function takeFocus(ticket: string): boolean {
  if (wanted !== ticket) return false
  wanted = undefined
  return true
}
