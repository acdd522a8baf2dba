import { ActionIcon, Alert, Anchor } from '@mantine/core'
import { IconExternalLink, IconLanguage, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { formatDuration, formatLanguage, formatShare } from '../../format.ts'
import { Go } from '../../parts/Go.tsx'
import { safeUrl } from '../../parts/links.ts'
import { Duration } from '../../parts/Time.tsx'
import type { TicketView } from './desk.ts'

/** What the agent must know before the first word. Read only, and never in the way of the conversation. */
export function Context({ ticket, close }: { ticket: TicketView; close: () => void }) {
  const { context, acceptedAt, createdAt } = ticket
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
      <h3 className="inbox-section">Handoff</h3>
      <dl className="facts">
        <Fact name="Wants">{context.wants}</Fact>
        <Fact name="Why">
          {context.reason.text}
          <Signals ticket={ticket} />
        </Fact>
        <Fact name="Tried">
          {context.tried.length === 0 ? 'The bot tried nothing.' : <Items items={context.tried} />}
        </Fact>
        <Fact name="Asked">
          <Asked asked={context.asked} />
        </Fact>
        <Fact name="Waited">
          {acceptedAt === null ? <Duration since={createdAt} /> : formatDuration(acceptedAt - createdAt)}
        </Fact>
      </dl>
      <h3 className="inbox-section">Summary</h3>
      <p className="plain-text facts-summary">{context.summary}</p>
      <Customer ticket={ticket} />
      <p>
        <Go to={`/conversations/${ticket.conversation}`}>Open the whole timeline</Go>
      </p>
    </aside>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd dir="auto">{children}</dd>
  </>
)

const Items = ({ items }: { items: readonly string[] }) => (
  <ul>
    {items.map((item) => (
      <li key={item} dir="auto">
        {item}
      </li>
    ))}
  </ul>
)

/** What counted, where it says more than the reason does. */
function Signals({ ticket: { context } }: { ticket: TicketView }) {
  const more = context.signals.filter((signal) => signal !== context.reason.text)
  const felt = context.sentiment.at(-1)
  return (
    <>
      {more.length > 0 && <Items items={more} />}
      {felt !== undefined && felt < -0.3 && <div className="inbox-meta">Mood of the last words: {felt.toFixed(2)}</div>}
    </>
  )
}

function Asked({ asked }: { asked: Readonly<Record<string, string>> }) {
  const entries = Object.entries(asked)
  if (entries.length === 0) return 'Nothing.'
  return (
    <ul>
      {entries.map(([slot, value]) => (
        <li key={slot}>
          {slot}: <b>{value}</b>
        </li>
      ))}
    </ul>
  )
}

function Customer({ ticket }: { ticket: TicketView }) {
  const { customerFacts: who, context, channel } = ticket
  const language = ticket.language ?? who.language
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Name', who.name],
    ['E-mail', who.email],
    ['Phone', who.phone],
    ['Known as', who.id],
    ['Identity', identityOf(ticket)],
    ['Language', language && formatLanguage(language)],
    ['Segment', who.segment],
    ['Channel', channel],
    ['Intent', intentOf(context)],
    ...Object.entries(who.facts ?? {}),
  ]
  const crm = who.url && safeUrl(who.url)
  return (
    <>
      <h3 className="inbox-section">Customer</h3>
      <dl className="facts">
        {rows.map(
          ([name, value]) =>
            value && (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ),
        )}
      </dl>
      {crm && (
        <p>
          <Anchor href={crm} target="_blank" rel="noopener noreferrer" size="sm">
            Open in the CRM <IconExternalLink size={14} stroke={1.5} aria-hidden />
          </Anchor>
        </p>
      )}
      {ticket.otherLanguage && (
        <Alert color="yellow" variant="light" icon={<IconLanguage size={18} stroke={1.5} aria-hidden />}>
          Nobody online speaks this language.
        </Alert>
      )}
    </>
  )
}

function identityOf({ customerFacts: who }: TicketView): string {
  if (who.verified) return 'Verified'
  return who.id || who.name || who.email || who.phone ? 'Not verified: the visitor said so' : 'Unknown visitor'
}

function intentOf({ intent, confidence }: TicketView['context']): string | undefined {
  if (intent === undefined || confidence === undefined) return intent
  return `${intent} (${formatShare(confidence)})`
}
