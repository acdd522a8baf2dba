import { Alert, Anchor } from '@mantine/core'
import { IconExternalLink, IconLanguage } from '@tabler/icons-react'
import type { CrmAnswer } from '../../../../../src/http/api/lookups.ts'
import { formatAgo, formatLanguage, formatShare } from '../../../format.ts'
import { useNow } from '../../../live.ts'
import { Rows } from '../../../parts/DataState.tsx'
import { safeUrl } from '../../../parts/links.ts'
import { Moment } from '../../../parts/Time.tsx'
import { Trouble } from '../../../parts/Trouble.tsx'
import { useRead } from '../../../read.ts'
import type { TicketView } from '../desk.ts'
import { Fact } from './Fact.tsx'

/** Who it is: what was known at the handoff, and what the CRM says now. */
export function Customer({ ticket }: { ticket: TicketView }) {
  const { customerFacts: who, context, channel } = ticket
  const language = ticket.language ?? who.language
  const rows: Known = [
    ['Name', who.name],
    ['E-mail', who.email],
    ['Phone', who.phone],
    ['Known as', who.id],
    ['Identity', identityOf(ticket)],
    ['Language', language && formatLanguage(language)],
    ['Channel', channel],
    ['Intent', intentOf(context)],
  ]
  return (
    <>
      {ticket.otherLanguage && (
        <Alert color="yellow" variant="light" icon={<IconLanguage size={18} stroke={1.5} aria-hidden />}>
          Nobody online speaks this language.
        </Alert>
      )}
      <Facts rows={rows} />
      <Crm ticket={ticket} />
    </>
  )
}

type Known = readonly (readonly [string, string | undefined])[]
const Facts = ({ rows }: { rows: Known }) => (
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
)

/** While the CRM is slow or away, what was known at the handoff stays. */
function Crm({ ticket }: { ticket: TicketView }) {
  const asked = useRead<CrmAnswer>(`/conversations/${ticket.conversation}/crm`)
  const now = useNow()
  if (asked.data?.crm === null) return <Found customer={ticket.customerFacts} />
  const fresh = asked.data?.customer
  return (
    <>
      <h3 className="inbox-section">
        CRM {fresh && <Moment at={asked.dataUpdatedAt} text={`as of ${formatAgo(asked.dataUpdatedAt, now)}`} />}
      </h3>
      {asked.isPending && <Rows count={2} height={18} />}
      {asked.error && (
        <>
          <Trouble what="The CRM does not answer" error={asked.error} retry={() => void asked.refetch()} />
          <p className="inbox-meta">What was known when the conversation came here stays in sight.</p>
        </>
      )}
      {asked.data && !fresh && <p className="inbox-meta">Nobody like that is known there.</p>}
      <Found customer={fresh ?? ticket.customerFacts} />
    </>
  )
}

function Found({ customer }: { customer: TicketView['customerFacts'] }) {
  const { segment, facts = {}, url } = customer
  const address = url && safeUrl(url)
  return (
    <>
      <Facts rows={[['Segment', segment], ...Object.entries(facts)]} />
      {address && (
        <p>
          <Anchor href={address} target="_blank" rel="noopener noreferrer" size="sm">
            Open in the CRM <IconExternalLink size={14} stroke={1.5} aria-hidden />
          </Anchor>
        </p>
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
