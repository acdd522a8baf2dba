/** Messaging for a person, and for tests: the customer writes and picks; an agent takes, answers, notes, closes. */
import { HubError } from '#hub/errors.ts'
import type { TwinAct, TwinButton, TwinCase } from '#hub/twin.ts'
import { anaId, benId } from '../account.ts'
import {
  type App,
  addMessage,
  addTalk,
  addUser,
  close,
  customerSource,
  openCase,
  pass,
  release,
  type SunMessage,
  type Talk,
} from './app.ts'

export interface MessagingStage {
  /** Whether this is about messaging. */
  knows(act: TwinAct): boolean
  act(act: TwinAct): void
  readonly button: TwinButton
  cases(): TwinCase[]
}

const agents: Readonly<Record<string, string>> = { Ana: String(anaId), Ben: String(benId) }

export function createMessagingStage(app: App): MessagingStage {
  const customerSays = (talk: Talk, content: Readonly<Record<string, unknown>>) =>
    addMessage(app, talk, {
      author: { type: 'user', userId: talk.user.id, displayName: String(talk.user.profile.givenName ?? 'Visitor') },
      content,
      source: customerSource,
    })
  const agentSays = (talk: Talk, content: Readonly<Record<string, unknown>>) => {
    const agent = openCase(talk)?.agent ?? { id: agents.Ana!, name: 'Ana' }
    addMessage(app, talk, {
      author: { type: 'business', subtypes: ['agent'], displayName: agent.name },
      content,
      source: { type: 'zd:agentWorkspace' },
      metadata: { '__zendesk_msg.agent.id': agent.id },
    })
  }
  const ticketOf = (talk: Talk) => {
    const ticket = openCase(talk)
    if (!ticket || talk.active !== app.workspace)
      throw new HubError('invalid', 'The agents do not have this conversation')
    return ticket
  }
  const begin = (words: string) => {
    const user = addUser(app, {
      externalId: `crm-${app.users.size + 1}`,
      authenticated: true,
      profile: { givenName: 'Lena', surname: 'Fischer', email: 'lena@example.com', locale: 'en' },
    })
    const talk = addTalk(app, user)
    talk.active = app.own
    app.told?.('conversation:create', talk, { creationReason: 'message', source: customerSource, user: true })
    customerSays(talk, { type: 'text', text: words })
  }

  const acts: Record<string, (talk: Talk, input: string) => void> = {
    write: (talk, input) => void customerSays(talk, { type: 'text', text: input }),
    send: (talk, input) =>
      void customerSays(talk, {
        type: 'image',
        mediaUrl: `https://${app.account.subdomain}.zendesk.com/sc/attachments/v2/${app.id}/${talk.id}/${input || 'receipt.png'}`,
        mediaType: 'image/png',
        mediaSize: 4_211,
        altText: input || 'receipt.png',
      }),
    pick: (talk, input) => {
      const action = actionsIn(talk).find(({ text, payload }) => text === input || payload === input)
      if (!action) throw new HubError('invalid', 'There is no such button in the conversation')
      customerSays(talk, { type: 'text', text: action.text, payload: action.payload })
    },
    postback: (talk, input) =>
      app.told?.('conversation:postback', talk, { postback: { payload: input }, source: customerSource, user: true }),
    type: (talk) =>
      app.told?.('conversation:typing', talk, {
        activity: { type: 'typing:start', author: { type: 'user', userId: talk.user.id }, source: customerSource },
      }),
    leave: (talk) => {
      if (openCase(talk)) return close(app, talk, 'conversation:endedByUser', '')
      addMessage(app, talk, {
        author: { type: 'business', subtypes: ['activity'] },
        activity: { type: 'conversation:endedByUser', data: {} },
        content: { type: 'text', text: 'The customer ended the conversation.' },
        source: { type: 'web' },
      })
    },
    take: (talk, input) => {
      const name = agents[input] ? input : 'Ana'
      if (!openCase(talk)) throw new HubError('invalid', 'There is no ticket yet: the customer has to write first')
      ticketOf(talk).agent = { id: agents[name]!, name }
    },
    reply: (talk, input) => {
      ticketOf(talk)
      agentSays(talk, { type: 'text', text: input })
    },
    file: (talk, input) => {
      ticketOf(talk)
      const name = input || 'label.pdf'
      const mediaUrl = `https://${app.account.subdomain}.zendesk.com/sc/attachments/v2/${app.id}/${talk.id}/${name}`
      agentSays(talk, { type: 'file', mediaUrl, mediaType: 'application/pdf', mediaSize: 4_211, altText: name })
    },
    note: (talk, input) => {
      ticketOf(talk).notes.push({ by: ticketOf(talk).agent?.name ?? 'Ana', text: input, at: app.now() })
    },
    robot: (talk, input) => {
      addMessage(app, talk, {
        author: { type: 'business', displayName: 'Automated Response' },
        content: { type: 'text', text: input },
        source: { type: 'zd:agentWorkspace' },
        metadata: { '__zendesk_msg.agent.id': '__trigger' },
      })
    },
    solve: (talk) => {
      ticketOf(talk).state = 'solved'
    },
    close: (talk) => {
      ticketOf(talk)
      close(app, talk, 'ticket:closed', 'ticketClosed')
    },
    email: (talk) => {
      ticketOf(talk)
      close(app, talk, 'ticket:transfer:email', 'transferToEmail')
    },
    return: (talk) => {
      ticketOf(talk).state = 'closed'
      pass(app, talk, app.own, {})
    },
    offer: (talk) => {
      ticketOf(talk)
      talk.pending = app.own
      app.told?.('switchboard:offerControl', talk, {})
    },
    release: (talk) => {
      ticketOf(talk).state = 'closed'
      release(app, talk)
    },
  }

  return {
    knows: ({ do: what, case: id }) => what === 'begin' || (id !== undefined && app.talks.has(id)),
    act({ do: what, case: id, input = '' }) {
      if (wordy.has(what) && input.trim() === '') throw new HubError('invalid', 'Some words are needed')
      if (what === 'begin') return begin(input)
      const run = acts[what]
      if (!run) throw new HubError('invalid', 'There is no such button')
      run(app.talks.get(id!)!, input)
    },
    button: { do: 'begin', label: 'A customer writes', input: { label: 'Words' } },
    cases: () => [...app.talks.values()].toReversed().map((talk) => toCase(app, talk)),
  }
}

const wordy = new Set(['begin', 'write', 'postback', 'reply', 'note', 'robot'])

interface Action {
  readonly text: string
  readonly payload?: string
  readonly uri?: string
}
const actionsIn = ({ messages }: Talk): Action[] =>
  messages.flatMap(({ content }) => (content.actions ?? []) as Action[]).filter(({ payload }) => payload !== undefined)

/** As the customer’s screen or the agents’ shows it. */
export function wordsOf({ content }: SunMessage): string {
  const actions = ((content.actions ?? []) as Action[]).map(({ text, uri }) => (uri ? `[${text}] ${uri}` : `[${text}]`))
  const items = ((content.items ?? []) as { title: string }[]).map(({ title }) => title)
  return [content.text, content.altText, content.mediaUrl, ...items, ...actions].filter(Boolean).join('\n')
}

function toCase(app: App, talk: Talk): TwinCase {
  const ticket = openCase(talk)
  const notes = talk.cases.flatMap((one) => one.notes)
  return {
    id: talk.id,
    title: `Messaging: ${String(talk.user.profile.givenName ?? 'Visitor')}${ticket ? ` (#${ticket.number}; ${ticket.agent?.name ?? 'nobody yet'})` : ''}`,
    state: talk.active?.name ?? 'nobody has it',
    lines: [
      ...talk.messages.map((message) => ({
        by: String(message.author.displayName ?? message.author.type),
        text: wordsOf(message),
        visibility: message.isSilent ? ('internal' as const) : ('public' as const),
        at: Date.parse(message.received),
      })),
      ...notes.map(({ by, text, at }) => ({ by, text, visibility: 'internal' as const, at: Date.parse(at) })),
    ].toSorted((one, other) => one.at - other.at),
    buttons: buttonsOf(app, talk),
  }
}

function buttonsOf(app: App, talk: Talk): TwinButton[] {
  const words = (what: string, label: string): TwinButton => ({ do: what, label, input: { label: 'Words' } })
  const picks = actionsIn(talk).map(({ text }) => text)
  const customer: TwinButton[] = [
    words('write', 'Customer writes'),
    { do: 'send', label: 'Customer sends a picture', input: { label: 'Name of the file' } },
    ...(picks.length > 0 ? [{ do: 'pick', label: 'Customer picks', input: { label: 'Which', choices: picks } }] : []),
    { do: 'type', label: 'Customer is typing' },
    { do: 'leave', label: 'Customer ends the conversation' },
  ]
  if (talk.active !== app.workspace) return customer
  return [
    ...customer,
    { do: 'take', label: 'Take it', input: { label: 'As', choices: Object.keys(agents) } },
    words('reply', 'Reply'),
    words('note', 'Internal note'),
    { do: 'file', label: 'Send a file', input: { label: 'Name of the file' } },
    words('robot', 'A trigger writes'),
    { do: 'solve', label: 'Submit as solved' },
    { do: 'close', label: 'Close (ends the handoff)' },
    { do: 'email', label: 'Go on by e-mail' },
    { do: 'return', label: 'Give back to the bot' },
    { do: 'offer', label: 'Offer it to the bot' },
    { do: 'release', label: 'Release control' },
  ]
}
