import { formatDuration } from '../../../format.ts'
import { Duration } from '../../../parts/Time.tsx'
import type { TicketView } from '../desk.ts'
import { factsInShort } from '../words.ts'
import { Fact, Items } from './Fact.tsx'

/** Why a person is needed: on the screen without scrolling. */
export function Handoff({ ticket }: { ticket: TicketView }) {
  const { context, acceptedAt, createdAt, customerFacts } = ticket
  const { passedOn } = context
  const known = factsInShort(customerFacts)
  return (
    <>
      <dl className="facts">
        {passedOn && <Fact name={passedOn.by ?? 'Agent'}>{passedOn.note}</Fact>}
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
        {known !== '' && <Fact name="Known">{known}</Fact>}
      </dl>
      <h3 className="inbox-section">Summary</h3>
      <p className="plain-text facts-summary">{context.summary}</p>
    </>
  )
}

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
