import { SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { ConversationAnswer } from '../../../../src/http/api/conversations.ts'
import { formatClock } from '../../format.ts'
import { useShortcuts } from '../../frame/shortcuts.ts'
import { DataState } from '../../parts/DataState.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Why } from '../../parts/Why.tsx'
import { useRead } from '../../read.ts'
import { evidenceOf, type Line, lanesOf, placeEvidence, toLines } from './lines.ts'
import { Raw } from './Raw.tsx'
import { Timeline } from './Timeline.tsx'
import './conversations.css'

export const useStory = (id: number | string) =>
  useRead<ConversationAnswer>(`/conversations/${id}`, { topics: [`conversation.${id}`] })

const views = ['Messages', 'Decisions', 'Deliveries', 'All'] as const
type View = (typeof views)[number]

/** Why a person, and all that happened: with its keys where it is the screen, without where it is a peek. */
export function Story({ id, isNarrow = false }: { id: number | string; isNarrow?: boolean }) {
  const story = useStory(id)
  return (
    <DataState query={story} what="The conversation could not be read" rows={6}>
      {(answer) => <Told answer={answer} isNarrow={isNarrow} />}
    </DataState>
  )
}

function Told({
  answer: { conversation, timeline, read },
  isNarrow,
}: {
  answer: ConversationAnswer
  isNarrow: boolean
}) {
  const name = conversation.customer?.name ?? `Visitor ${conversation.id}`
  const lines = useMemo(() => toLines(timeline, name, read), [timeline, name, read])
  const lanes = useMemo(() => lanesOf(timeline), [timeline])
  const [view, setView] = useState<View>('All')
  const [chosen, setChosen] = useState<number>()
  const [raw, setRaw] = useState<Line>()
  const [aim, setAim] = useState<{ key: string; at: number }>()

  const reasoned = lines.filter(({ findings, decision }) => findings !== undefined || decision === 'escalation')
  const why = reasoned.find(({ seq }) => seq === chosen) ?? reasoned.at(-1)
  const evidence = useMemo(() => evidenceOf(why?.findings ?? []), [why])
  const places = useMemo(() => placeEvidence(lines, why?.seq ?? 0, evidence), [lines, why, evidence])
  const shown = lines.filter((line) => isIn(view, line))
  const goTo = (line: Line | undefined) => line && setAim({ key: line.key, at: Date.now() })

  return (
    <div className="story">
      {why && (
        <Why
          title={whyTitle(why)}
          sentence={why.text}
          at={`at ${formatClock(why.at)}`}
          findings={why.findings ?? []}
          evidence={evidence}
          mapping={isNarrow ? undefined : conversation.mapping}
          showEvidence={(note) =>
            goTo(lines.find(({ seq, by }) => by === 'customer' && places.get(seq)?.some((one) => one.note === note)))
          }
        />
      )}
      <div className="story-tools">
        <SegmentedControl
          size="xs"
          aria-label="What is shown"
          data={[...views]}
          value={view}
          onChange={(value) => setView(value as View)}
        />
      </div>
      {shown.length === 0 ? (
        <Empty>Nothing of this kind has happened.</Empty>
      ) : (
        <Timeline lines={shown} lanes={lanes} places={places} isNarrow={isNarrow} aim={aim} raw={setRaw} />
      )}
      {!isNarrow && (
        <StoryKeys reasoned={reasoned} why={why} choose={setChosen} goTo={goTo} lines={lines} places={places} />
      )}
      <Raw line={raw} close={() => setRaw(undefined)} />
    </div>
  )
}

const isIn = (view: View, { kind, effects }: Line): boolean => {
  if (view === 'All') return true
  if (view === 'Messages') return kind === 'message'
  return view === 'Decisions' ? kind === 'decision' : effects.length > 0
}

const whyTitle = ({ text }: Line): string =>
  text.startsWith('a person is worth offering') ? 'Why a person was offered' : 'Why a person'

interface StoryKeysProps {
  readonly reasoned: readonly Line[]
  readonly why: Line | undefined
  readonly choose: (seq: number) => void
  readonly goTo: (line: Line | undefined) => void
  readonly lines: readonly Line[]
  readonly places: ReadonlyMap<number, unknown>
}

function StoryKeys({ reasoned, why, choose, goTo, lines, places }: StoryKeysProps) {
  const step = (by: number) => {
    const next = reasoned[Math.max(0, Math.min(reasoned.length - 1, reasoned.indexOf(why!) + by))]
    if (!next) return
    choose(next.seq)
    goTo(next)
  }
  useShortcuts([
    { keys: '[', says: 'Decision before', run: () => step(-1) },
    { keys: ']', says: 'Next decision', run: () => step(1) },
    { keys: 'w', says: 'Go to the why card', run: () => document.querySelector('.why')?.scrollIntoView() },
    {
      keys: 'e',
      says: 'Go to the words that counted',
      run: () => goTo(lines.find(({ seq, by }) => by === 'customer' && places.has(seq))),
    },
  ])
  return null
}
