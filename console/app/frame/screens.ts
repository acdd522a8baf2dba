/** The screens of the navigation: who sees them, what is counted beside them, and the key that goes there. */
import {
  IconBulb,
  IconChartBar,
  IconInbox,
  IconListDetails,
  IconMailX,
  IconMessages,
  IconPlug,
  IconRoute,
  IconSettings,
} from '@tabler/icons-react'
import type { Action } from '../../../src/access.ts'
import type { Counts } from '../live.ts'

export interface ScreenEntry {
  readonly name: string
  readonly title: string
  readonly icon: typeof IconInbox
  readonly needs: Action
  /** After `g`. */
  readonly key: string
  readonly count?: (counts: Counts) => number
  /** The count is a trouble. */
  readonly isTrouble?: (counts: Counts) => boolean
  /** What the trouble is, worst first, for who hears it. */
  readonly says?: (counts: Counts) => string
  /** Stays in the bottom bar of a phone. */
  readonly isFirst?: boolean
}

export const screens: readonly ScreenEntry[] = [
  {
    name: 'queue',
    title: 'Queue',
    icon: IconListDetails,
    needs: 'queue.read',
    key: 'q',
    count: ({ waiting }) => waiting,
    isTrouble: ({ over }) => over > 0,
    says: ({ over }) => `${over} over the limit`,
    isFirst: true,
  },
  { name: 'inbox', title: 'Inbox', icon: IconInbox, needs: 'inbox.use', key: 'i', isFirst: true },
  {
    name: 'conversations',
    title: 'Conversations',
    icon: IconMessages,
    needs: 'conversations.read',
    key: 'v',
    isFirst: true,
  },
  {
    name: 'connections',
    title: 'Connections',
    icon: IconPlug,
    needs: 'connections.read',
    key: 'c',
    count: ({ failing }) => failing,
    isTrouble: () => true,
    says: ({ unwell }) => unwell,
  },
  {
    name: 'dead-letters',
    title: 'Dead letters',
    icon: IconMailX,
    needs: 'dead-letters.read',
    key: 'd',
    count: ({ deadLetters }) => deadLetters,
    isTrouble: () => true,
  },
  {
    name: 'suggestions',
    title: 'Suggestions',
    icon: IconBulb,
    needs: 'suggestions.read',
    key: 's',
    count: ({ suggestions }) => suggestions,
  },
  { name: 'reports', title: 'Reports', icon: IconChartBar, needs: 'reports.read', key: 'r', isFirst: true },
  { name: 'mappings', title: 'Mappings', icon: IconRoute, needs: 'mappings.read', key: 'm' },
  { name: 'settings', title: 'Settings', icon: IconSettings, needs: 'me.change', key: ',' },
]
