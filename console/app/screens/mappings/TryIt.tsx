import { Button, Checkbox, Group, Stack, Text, Textarea, Title } from '@mantine/core'
import { useState } from 'react'
import type { Tried } from '../../../../src/http/api/mappings.ts'
import { send } from '../../api.ts'
import { PlainText } from '../../parts/PlainText.tsx'
import { Trouble } from '../../parts/Trouble.tsx'
import { Why } from '../../parts/Why.tsx'

const sample =
  'Customer: Where is my order?\nBot: Which order do you mean?\nCustomer: This is the third time. I want a person.'

/** Where a transcript would escalate. Nothing is sent to anybody. */
export function TryIt({ mapping }: { mapping: string }) {
  const [transcript, setTranscript] = useState('')
  const [acceptOffers, setAccept] = useState(false)
  const [tried, setTried] = useState<Tried>()
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    setError(undefined)
    try {
      setTried(await send<Tried>('POST', `/mappings/${encodeURIComponent(mapping)}/try`, { transcript, acceptOffers }))
    } catch (failed) {
      setError(failed)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section aria-label="Try it" className="try">
      <Title order={3} size="h4">
        Try it
      </Title>
      <Stack gap="sm">
        <Textarea
          label="Transcript"
          description="One line each, as “Customer: …” and “Bot: …”. Nothing is sent to anybody."
          placeholder={sample}
          autosize
          minRows={4}
          maxRows={14}
          maxLength={100_000}
          value={transcript}
          onChange={(event) => setTranscript(event.currentTarget.value)}
        />
        <Group gap="sm">
          <Button loading={isBusy} disabled={!transcript.trim()} onClick={() => void run()}>
            Try transcript
          </Button>
          <Button variant="default" onClick={() => setTranscript(sample)}>
            Use an example
          </Button>
          <Checkbox
            label="The customer takes the first offer"
            checked={acceptOffers}
            onChange={(event) => setAccept(event.currentTarget.checked)}
          />
        </Group>
        {error !== undefined && <Trouble what="The transcript was not tried" error={error} />}
        {tried && <Result tried={tried} mapping={mapping} />}
      </Stack>
    </section>
  )
}

const titles = {
  escalate: 'A person would be asked',
  offer: 'A person would be offered',
  none: 'No person would be asked',
} as const

function Result({ tried: { turns, verdict, turn }, mapping }: { tried: Tried; mapping: string }) {
  if (!verdict) return <Text size="sm">Nobody in it is a customer or a bot.</Text>
  const said = turn !== null && verdict.action !== 'none' ? turns[turn - 1] : undefined
  const notes = verdict.findings.flatMap(({ fired, criterion, evidence }) =>
    fired ? evidence.map((words) => ({ criterion, words })) : [],
  )
  const evidence = notes.map((one, index) => ({ ...one, note: index + 1 }))
  return (
    <div role="status" aria-label="Result of the try">
      <Why
        title={titles[verdict.action]}
        sentence={verdict.text}
        at={verdict.action === 'none' ? `after ${turns.length} turns` : `at turn ${turn} of ${turns.length}`}
        findings={verdict.findings}
        evidence={evidence}
        mapping={mapping}
      />
      {said && (
        <blockquote className="try-words">
          <PlainText text={said.text} marks={evidence} />
        </blockquote>
      )}
    </div>
  )
}
