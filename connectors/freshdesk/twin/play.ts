/** The agents' side of the twin, for a person or a test to play. */
import { HubError } from '#hub/errors.ts'
import type { TwinAct, TwinButton, TwinCase, TwinLine, TwinView } from '#hub/twin.ts'
import {
  type Account,
  type AccountAgent,
  type AccountAttachment,
  type AccountEntry,
  type AccountTicket,
  textOf,
} from './account.ts'
import { update } from './tickets.ts'

const states: Record<number, string> = { 2: 'Open', 3: 'Pending', 4: 'Resolved', 5: 'Closed' }

export function viewOf(account: Account): TwinView {
  const people = account.agents.slice(1)
  const open = [...account.tickets.values()].filter(({ status }) => status < 4)
  return {
    title: 'Freshdesk',
    hint:
      account.tickets.size === 0
        ? 'No ticket yet. Ask for a person in the chat: the ticket appears here.'
        : 'Be the agent: assign a ticket, reply, resolve it, or give it back to the bot.',
    facts: [
      ...people.map(({ name, online }) => ({ label: name, value: online ? 'online' : 'offline' })),
      { label: 'Open tickets', value: String(open.length) },
      { label: 'Draft articles', value: String(account.articles.filter(({ status }) => status === 1).length) },
    ],
    buttons: people.map((agent) => ({
      do: `presence ${agent.id}`,
      label: `${agent.name}: go ${agent.online ? 'offline' : 'online'}`,
    })),
    cases: [...account.tickets.values()].reverse().map((ticket) => caseOf(account, ticket)),
  }
}

function caseOf(account: Account, ticket: AccountTicket): TwinCase {
  const nameOf = (id: number) =>
    account.agents.find((one) => one.id === id)?.name ??
    account.contacts.find((one) => one.id === id)?.name ??
    'Somebody'
  const entries = account.entries.filter(({ ticket_id }) => ticket_id === ticket.id)
  const lines: TwinLine[] = [
    {
      by: nameOf(ticket.requester_id),
      text: textOf(ticket.description),
      visibility: 'public',
      at: Date.parse(ticket.created_at),
    },
    ...entries.map(
      (entry): TwinLine => ({
        by: nameOf(entry.user_id),
        text: [entry.body_text, ...entry.attachments.map(({ name }) => `[${name}]`)].join(' '),
        visibility: entry.private ? 'internal' : 'public',
        at: Date.parse(entry.created_at),
      }),
    ),
  ]
  const state = ticket.deleted ? 'Deleted' : (states[ticket.status] ?? `Status ${ticket.status}`)
  const agent = ticket.responder_id === null ? '' : `, ${nameOf(ticket.responder_id)}`
  return { id: String(ticket.id), title: ticket.subject, state: `${state}${agent}`, lines, buttons: buttonsOf(account) }
}

const buttonsOf = (account: Account): TwinButton[] => [
  {
    do: 'assign',
    label: 'Assign',
    input: { label: 'Agent', choices: account.agents.slice(1).map(({ name }) => name) },
  },
  { do: 'reply', label: 'Reply', input: { label: 'Reply, mailed to the requester' } },
  { do: 'file', label: 'Reply with a file', input: { label: 'Reply, with a file attached' } },
  { do: 'note', label: 'Private note', input: { label: 'Note for agents' } },
  { do: 'public-note', label: 'Public note', input: { label: 'Note for the requester' } },
  { do: 'resolve', label: 'Resolve' },
  { do: 'return', label: 'Back to the bot' },
  { do: 'reopen', label: 'Reopen' },
  { do: 'unassign', label: 'Unassign' },
  { do: 'pend', label: 'Pending' },
  { do: 'delete', label: 'Delete' },
]

export function play(account: Account, act: TwinAct, returnTag: string): void {
  if (act.case === undefined) return presence(account, act.do)
  const ticket = account.tickets.get(Number(act.case))
  if (!ticket) throw new HubError('unknown', `There is no ticket ${act.case}`)
  const deed = deeds[act.do]
  if (!deed) throw new HubError('invalid', `A ticket has no button "${act.do}"`)
  deed({ account, ticket, input: act.input ?? '', returnTag })
}

function presence(account: Account, what: string): void {
  const agent = account.agents.find(({ id }) => what === `presence ${id}`)
  if (!agent) throw new HubError('invalid', `There is no button "${what}"`)
  agent.online = !agent.online
}

interface Deed {
  readonly account: Account
  readonly ticket: AccountTicket
  readonly input: string
  readonly returnTag: string
}

const deeds: Record<string, (deed: Deed) => void> = {
  assign: ({ account, ticket, input }) => {
    const agent = account.agents.find(({ name }) => name === input)
    if (!agent) throw new HubError('invalid', `There is no agent "${input}"`)
    update(account, ticket, { responder_id: agent.id })
  },
  unassign: ({ account, ticket }) => update(account, ticket, { responder_id: null }),
  reply: (deed) => write(deed, { private: false, source: 0 }, 'reply_sent'),
  file: (deed) => write(deed, { private: false, source: 0, attachments: [aFile(deed.account)] }, 'reply_sent'),
  note: (deed) => write(deed, { private: true, source: 2 }),
  'public-note': (deed) => write(deed, { private: false, source: 2 }, 'note_added'),
  resolve: ({ account, ticket }) => update(account, ticket, { status: 4 }),
  reopen: ({ account, ticket }) => update(account, ticket, { status: 2 }),
  pend: ({ account, ticket }) => update(account, ticket, { status: 3 }),
  return: ({ account, ticket, returnTag }) => update(account, ticket, { tags: [...ticket.tags, returnTag], status: 4 }),
  delete: ({ account, ticket }) => {
    ticket.deleted = true
    account.changed(ticket, 'ticket_deleted')
  },
}

function write(
  { account, ticket, input }: Deed,
  how: Pick<AccountEntry, 'private' | 'source'> & Partial<AccountEntry>,
  rule?: string,
): void {
  if (input.trim() === '') throw new HubError('invalid', 'There are no words to write')
  account.add({
    ticket_id: ticket.id,
    body: asHtml(input),
    incoming: false,
    user_id: agentOf(account, ticket).id,
    ...how,
  })
  if (rule) account.changed(ticket, rule)
}

function aFile(account: Account): AccountAttachment {
  const id = account.nextId()
  const attachment_url = `https://storage.example.net/data/helpdesk/attachments/${id}/original/credit-note.pdf?Expires=1772620000&Signature=abc`
  return { id, name: 'credit-note.pdf', content_type: 'application/pdf', size: 48213, attachment_url }
}

const agentOf = (account: Account, ticket: AccountTicket): AccountAgent =>
  account.agents.find(({ id }) => id === ticket.responder_id && id !== account.me) ?? account.agents[1]!

/** As the editor of the vendor makes it of what is typed. */
const asHtml = (typed: string): string =>
  typed
    .split('\n')
    .map((line) => `<p>${line.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}</p>`)
    .join('')
