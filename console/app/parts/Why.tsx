import { Badge, Button, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { Finding } from '../../../src/escalation/finding.ts'
import { reasonWord } from '../words.ts'
import { Go } from './Go.tsx'

export interface WhyProps {
  /** "Why a person" */
  readonly title: string
  /** One plain sentence. */
  readonly sentence: string
  readonly at?: string
  readonly findings: readonly Finding[]
  /** Footnote numbers of a criterion's evidence, as they stand in the messages. */
  readonly evidence?: readonly { readonly criterion: string; readonly words: string; readonly note: number }[]
  readonly showEvidence?: (note: number) => void
  readonly mapping?: string
}

/** Signals against their limits: what fired, and what would have changed it. */
export function Why({ title, sentence, at, findings, evidence = [], showEvidence, mapping }: WhyProps) {
  const [isWhole, setWhole] = useState(false)
  const ordered = [...findings.filter(({ fired }) => fired), ...findings.filter(({ fired }) => !fired)]
  const few = Math.max(3, findings.filter(({ fired }) => fired).length)
  const shown = isWhole ? ordered : ordered.slice(0, few)
  return (
    <section className="why" aria-label={title}>
      <header className="why-head">
        <Title order={2} size="h4">
          {title}
        </Title>
        {at && (
          <Text size="xs" c="dimmed">
            {at}
          </Text>
        )}
        {mapping && <Go to={`/mappings/${mapping}`}>Criteria of {mapping}</Go>}
      </header>
      <Text size="sm">{sentence}</Text>
      {findings.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys too
        <section className="why-table" aria-label="Signals, scrolled sideways" tabIndex={0}>
          <Table verticalSpacing={4} fz="sm" aria-label="Signals against their limits">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Signal</Table.Th>
                <Table.Th>Measured</Table.Th>
                <Table.Th>Limit</Table.Th>
                <Table.Th>Result</Table.Th>
                <Table.Th>What counted, or what would change it</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((one) => (
                <Table.Tr key={one.criterion}>
                  <Table.Th scope="row" fw={one.fired ? 600 : 400}>
                    {reasonWord(one.criterion)}
                  </Table.Th>
                  <Table.Td className="figures">{one.measured}</Table.Td>
                  <Table.Td className="figures">{one.limit}</Table.Td>
                  <Table.Td>{one.fired ? <Badge color="red">fired</Badge> : 'not met'}</Table.Td>
                  <Table.Td>
                    {one.fired ? (
                      <Counted
                        evidence={evidence.filter(({ criterion }) => criterion === one.criterion)}
                        show={showEvidence}
                      />
                    ) : (
                      one.wouldFire && `would fire ${one.wouldFire}`
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      {ordered.length > few && (
        <Button variant="subtle" mt={4} aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? 'Show fewer' : `Show ${ordered.length - few} more`}
        </Button>
      )}
    </section>
  )
}

type Evidence = NonNullable<WhyProps['evidence']>

function Counted({ evidence, show }: { evidence: Evidence; show: WhyProps['showEvidence'] }) {
  if (evidence.length === 0) return 'no words of the customer'
  return (
    <span className="why-words">
      {evidence.map(({ note, words }) => (
        <button key={note} type="button" className="why-word" onClick={() => show?.(note)} disabled={!show}>
          “{words}”<sup>{note}</sup>
        </button>
      ))}
    </span>
  )
}
