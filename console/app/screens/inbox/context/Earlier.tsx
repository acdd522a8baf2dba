import type { EarlierAnswer } from '../../../../../src/http/api/lookups.ts'
import { DataState } from '../../../parts/DataState.tsx'
import { Go } from '../../../parts/Go.tsx'
import { When } from '../../../parts/Time.tsx'
import { useRead } from '../../../read.ts'
import { endingOf } from '../words.ts'

/** What this customer came with before. */
export function Earlier({ conversation }: { conversation: number }) {
  const earlier = useRead<EarlierAnswer>(`/conversations/${conversation}/earlier`)
  return (
    <DataState query={earlier} what="Earlier conversations could not be read" rows={3} rowHeight={48} empty={nothing}>
      {({ conversations, by, isVerified }) => (
        <>
          {!isVerified && (
            <p className="inbox-warn">
              Found by the {by === 'email' ? 'e-mail address' : 'name'} that the visitor gave; nobody has checked it.
            </p>
          )}
          <ul className="articles">
            {conversations.map(({ id, startedAt, handoff }) => (
              <li key={id}>
                <Go to={`/conversations/${id}`}>
                  <When at={startedAt} />
                </Go>
                {handoff && (
                  <p className="articles-excerpt" dir="auto">
                    {handoff.text} {handoff.outcome ? endingOf(handoff.outcome) : 'Not over yet.'}
                  </p>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </DataState>
  )
}

function nothing({ conversations, by }: EarlierAnswer) {
  if (by === null)
    return <p className="inbox-meta">Nothing is known of this visitor by which they could be found again.</p>
  return conversations.length === 0 && <p className="inbox-meta">This is their first conversation at your desk.</p>
}
