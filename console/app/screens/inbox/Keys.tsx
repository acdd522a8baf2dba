import { useShortcuts } from '../../frame/shortcuts.ts'
import { useGo } from '../../url.ts'
import { useCommands } from './commands.ts'
import type { OwnBoard } from './desk.ts'
import { inOrder } from './news.ts'
import { useUnread } from './reading.ts'

/** Keys of the inbox as a whole; those of one conversation are beside it. */
export function Keys({ board, selected }: { board: OwnBoard; selected: string | undefined }) {
  const { accept, decline } = useCommands()
  const unread = useUnread()
  const go = useGo()
  const { offers, mine, queue, tickets } = board
  const open = [...offers, ...queue, ...tickets]
  const toAccept = open.find(({ id }) => id === selected) ?? offers[0]
  const toDecline = offers.find(({ id }) => id === selected) ?? offers[0]
  const nextUnread = () => {
    const at = mine.findIndex(({ id }) => id === selected)
    const line = [...mine.slice(at + 1), ...mine.slice(0, at + 1)].find((one) => unread(one) > 0)
    if (line) go(`/inbox/${line.id}`)
  }
  useShortcuts([
    { keys: 'a', says: 'Accept', run: () => (toAccept ? accept(toAccept.id) : false) },
    { keys: 'x', says: 'Decline', run: () => (toDecline ? decline(toDecline.id) : false) },
    { keys: 'u', says: 'Next unread conversation', run: nextUnread },
    ...Array.from({ length: 9 }, (_, i) => ({
      keys: String(i + 1),
      says: `Open conversation ${i + 1} of the list`,
      run: () => {
        const line = inOrder(board)[i]
        if (line) go(`/inbox/${line.id}`)
      },
    })),
    { keys: 'Escape', says: 'Close the conversation', run: () => selected !== undefined && go('/inbox') },
  ])
  return null
}
