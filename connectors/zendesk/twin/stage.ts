/** The vendor’s side for a person, and for tests: an agent takes, answers, notes, solves; a customer rates. */
import { HubError } from '#hub/errors.ts'
import type { TwinAct, TwinButton, TwinCase, TwinView } from '#hub/twin.ts'
import { toHtml } from '../html.ts'
import { type Account, anaId, type Change, change, meId } from './account.ts'
import { rate } from './guide.ts'
import type { Attachment, StoredTicket } from './objects.ts'

export interface StageParts {
  readonly account: Account
  readonly returnTag: string
  /** Things that are told but leave no audit. */
  tell(name: string, ticket: StoredTicket, actor: number, event: object): void
}

export function createStage({ account, returnTag, tell }: StageParts) {
  const agents = () => [...account.users.values()].filter(({ role }) => role === 'agent')
  const named = (name: string | undefined, otherwise: number): number =>
    (name ? agents().find((agent) => agent.name === name)?.id : undefined) ?? otherwise
  const by = (ticket: StoredTicket, actor: number, how: Change) =>
    void change(account, ticket, actor, how, 'web_service')
  const agentOf = (ticket: StoredTicket) => ticket.assignee_id ?? anaId
  const words = (author_id: number, text: string, isPublic: boolean, attachments: readonly Attachment[] = []) => ({
    author_id,
    body: text,
    html_body: `<div class="zd-comment" dir="auto"><p>${toHtml(text)}</p></div>`,
    public: isPublic,
    attachments,
  })

  const acts: Record<string, (ticket: StoredTicket, input: string) => void> = {
    take: (ticket, input) => {
      const agent = named(input, anaId)
      by(ticket, agent, { assignee_id: agent, status: 'open' })
    },
    assign: (ticket, input) => by(ticket, meId, { assignee_id: named(input, anaId) }),
    unassign: (ticket) => by(ticket, agentOf(ticket), { assignee_id: null }),
    reply: (ticket, input) =>
      by(ticket, agentOf(ticket), { comment: words(agentOf(ticket), input, true), status: 'open' }),
    note: (ticket, input) => by(ticket, agentOf(ticket), { comment: words(agentOf(ticket), input, false) }),
    file: (ticket, input) =>
      by(ticket, agentOf(ticket), {
        comment: words(agentOf(ticket), 'Here it is.', true, [attachment(account, input || 'label.pdf')]),
      }),
    pending: (ticket) => by(ticket, agentOf(ticket), { status: 'pending' }),
    open: (ticket) => by(ticket, agentOf(ticket), { status: 'open' }),
    solve: (ticket, input) =>
      by(ticket, agentOf(ticket), { status: 'solved', ...(input && { comment: words(agentOf(ticket), input, true) }) }),
    return: (ticket) => by(ticket, agentOf(ticket), { status: 'solved', tags: [...ticket.tags, returnTag] }),
    close: (ticket) => by(ticket, -1, { status: 'closed' }),
    merge: (ticket, input) => {
      const agent = agentOf(ticket)
      const text = `This request was closed and merged into request #${input}.`
      const tags = [...ticket.tags, 'closed_by_merge']
      by(ticket, agent, { status: 'closed', tags, comment: words(agent, text, false) })
      tell('ticket.merged', ticket, agent, {})
    },
    delete: (ticket) => {
      Object.assign(ticket, { status: 'deleted', changedMs: account.clock.now() })
      tell('ticket.soft_deleted', ticket, agentOf(ticket), {})
    },
    customer: (ticket, input) => by(ticket, ticket.requester_id, { comment: words(ticket.requester_id, input, true) }),
    rate: (ticket, input) => {
      const [score = '5', ...comment] = input.split(' ')
      const { survey } = rate(account, ticket, Number(score), comment.join(' '))
      const name = account.quirks.surveyEvent ?? 'survey_response_id'
      ticket.audits.push({
        id: account.nextId(),
        ticket_id: ticket.id,
        created_at: account.now(),
        author_id: ticket.requester_id,
        metadata: { system: {}, custom: {} },
        events: [
          {
            id: account.nextId(),
            type: 'SurveyResponseSubmitted',
            [name]: name === 'survey_response' ? { id: survey } : survey,
          },
        ],
        via: { channel: 'web', source: {} },
      })
      ticket.changedMs = account.clock.now()
    },
  }

  return {
    async act({ do: what, case: id, input = '' }: TwinAct): Promise<void> {
      if (what === 'online' || what === 'offline') {
        const agent = account.users.get(named(input, anaId))!
        agent.online = what === 'online'
        return
      }
      const ticket = account.tickets.get(Number(id))
      if (!ticket || ticket.status === 'deleted') throw new HubError('unknown', 'There is no such ticket')
      const run = acts[what]
      if (!run) throw new HubError('invalid', 'There is no such button')
      if (ticket.status === 'closed' && what !== 'rate') throw new HubError('invalid', 'This ticket is closed')
      const needsWords = ['reply', 'note', 'customer', 'merge'].includes(what)
      if (needsWords && input.trim() === '') throw new HubError('invalid', 'Some words are needed')
      run(ticket, input)
    },
    view(): TwinView {
      const names = agents().map(({ name }) => name)
      return {
        title: 'Zendesk Support',
        hint: 'Each handoff is a ticket here. Take one, answer, and solve it; the customer reads the answer where they wrote.',
        facts: [
          ...agents().map(({ name, online }) => ({ label: name, value: online ? 'online' : 'offline' })),
          { label: 'Drafts', value: String([...account.articles.values()].filter(({ draft }) => draft).length) },
        ],
        buttons: [
          { do: 'online', label: 'Agent online', input: { label: 'Who', choices: names } },
          { do: 'offline', label: 'Agent offline', input: { label: 'Who', choices: names } },
        ],
        cases: [...account.tickets.values()].toReversed().map((ticket) => toCase(account, ticket, names)),
      }
    },
  }
}

const attachment = (account: Account, file_name: string): Attachment => ({
  id: account.nextId(),
  file_name,
  content_type: 'application/pdf',
  content_url: `https://${account.subdomain}.zendesk.com/attachments/token/abc/?name=${encodeURIComponent(file_name)}`,
  size: 4_211,
  inline: false,
})

function toCase(account: Account, ticket: StoredTicket, names: readonly string[]): TwinCase {
  const assignee = ticket.assignee_id === null ? 'nobody yet' : account.users.get(ticket.assignee_id)?.name
  return {
    id: String(ticket.id),
    title: `#${ticket.id} ${ticket.subject} (${assignee}; ${ticket.tags.join(' ')})`,
    state: ticket.status,
    lines: ticket.comments.map(({ author_id, body, public: isPublic, created_at }) => ({
      by: account.users.get(author_id)?.name ?? 'System',
      text: body,
      visibility: isPublic ? 'public' : 'internal',
      at: Date.parse(created_at),
    })),
    buttons: buttonsOf(ticket, names),
  }
}

function buttonsOf({ status }: StoredTicket, names: readonly string[]): TwinButton[] {
  if (status === 'deleted') return []
  const rating: TwinButton = { do: 'rate', label: 'Customer rates', input: { label: '1 to 5, and words if you like' } }
  if (status === 'closed') return [rating]
  const write = (what: string, label: string): TwinButton => ({ do: what, label, input: { label: 'Words' } })
  return [
    { do: 'take', label: 'Take it', input: { label: 'As', choices: names } },
    { do: 'assign', label: 'Give it to', input: { label: 'Whom', choices: names } },
    { do: 'unassign', label: 'Give it up' },
    write('reply', 'Public reply'),
    write('note', 'Internal note'),
    { do: 'file', label: 'Send a file', input: { label: 'Name of the file' } },
    { do: 'pending', label: 'Submit as pending' },
    write('solve', 'Submit as solved'),
    { do: 'return', label: 'Give back to the bot' },
    { do: 'open', label: 'Open it again' },
    { do: 'close', label: 'Close (as the automation does)' },
    { do: 'merge', label: 'Merge into another', input: { label: 'Number of the other ticket' } },
    write('customer', 'Customer answers the mail'),
    rating,
    { do: 'delete', label: 'Delete' },
  ]
}
