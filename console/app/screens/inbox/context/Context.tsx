import { ActionIcon, Tabs } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { Go } from '../../../parts/Go.tsx'
import type { TicketView } from '../desk.ts'
import { Articles } from './Articles.tsx'
import { Customer } from './Customer.tsx'
import { Earlier } from './Earlier.tsx'
import { Handoff } from './Handoff.tsx'
import './context.css'

export interface ContextProps {
  readonly ticket: TicketView
  /** The agent has this conversation, and may write to the customer. */
  readonly isMine: boolean
  readonly close: () => void
}

const tabs = { handoff: 'Handoff', customer: 'Customer', articles: 'Articles', earlier: 'Earlier' } as const

/** What the agent must know before the first word, and what they may look up. Never in the way of the conversation. */
export function Context({ ticket, isMine, close }: ContextProps) {
  return (
    <aside className="inbox-context" aria-label="Context">
      <ActionIcon
        variant="subtle"
        color="gray"
        className="inbox-context-close"
        aria-label="Close the context"
        onClick={close}
      >
        <IconX size={18} stroke={1.5} />
      </ActionIcon>
      {/* Another conversation begins with its handoff; what is not looked at asks nobody. */}
      <Tabs key={ticket.id} defaultValue="handoff" keepMounted={false}>
        <Tabs.List aria-label="What to know">
          {Object.entries(tabs).map(([value, title]) => (
            <Tabs.Tab key={value} value={value}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="handoff">
          <Handoff ticket={ticket} />
        </Tabs.Panel>
        <Tabs.Panel value="customer">
          <Customer ticket={ticket} />
        </Tabs.Panel>
        <Tabs.Panel value="articles">
          <Articles ticket={ticket} canInsert={isMine} />
        </Tabs.Panel>
        <Tabs.Panel value="earlier">
          <Earlier conversation={ticket.conversation} />
        </Tabs.Panel>
      </Tabs>
      <p>
        <Go to={`/conversations/${ticket.conversation}`}>Open the whole timeline</Go>
      </p>
    </aside>
  )
}
