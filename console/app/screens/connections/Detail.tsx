import { Alert, Button, CopyButton, Group, ScrollArea, Table, Text, Title } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { ConnectionDetail, ConnectionTest } from '../../../../src/http/api/connections.ts'
import { send } from '../../api.ts'
import { formatClock, formatList } from '../../format.ts'
import { useNow } from '../../live.ts'
import { useMay } from '../../me.tsx'
import { Go } from '../../parts/Go.tsx'
import { PlainText } from '../../parts/PlainText.tsx'
import { toast } from '../../parts/toast.tsx'
import { refresh } from '../../read.ts'
import { Health } from './Health.tsx'
import { Pause } from './Pause.tsx'
import { formatMs, situationOf } from './words.ts'

export function Detail({ detail }: { detail: ConnectionDetail }) {
  const now = useNow()
  const mayCommand = useMay('connections.command') !== undefined
  return (
    <div className="connection-detail">
      <Group gap="sm">
        <Health health={detail.health} />
        <Text size="sm">
          <PlainText text={situationOf(detail, now).join(' · ')} />
        </Text>
      </Group>
      {detail.lastError && (
        <Text size="sm">
          Last error{detail.lastErrorAt ? ` at ${formatClock(detail.lastErrorAt)}` : ''}:{' '}
          <PlainText text={detail.lastError} />
        </Text>
      )}
      {detail.advice && <Text size="sm">Next: {detail.advice}</Text>}
      {mayCommand && <Commands detail={detail} />}
      <Part title="What it can">
        <dl className="facts">
          {detail.capabilities.map(({ what, how }) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{how}</dd>
            </div>
          ))}
        </dl>
      </Part>
      <Part title="What its pairings change or lose">
        {detail.pairings.length === 0 ? (
          <Text size="sm" c="dimmed">
            {detail.mappings.length === 0 ? 'No mapping uses it.' : 'Nothing, as far as its connectors say.'}
          </Text>
        ) : (
          <ul className="plain-list">
            {detail.pairings.map(({ from, to, what, fate, how, mapping }) => (
              <li key={`${mapping} ${from} ${to} ${what}`}>
                {from} → {to}: <strong>{what}</strong> {fate}
                {how ? `, ${how}` : ''}
              </li>
            ))}
          </ul>
        )}
        {detail.mappings.length > 0 && (
          <Text size="sm">
            In{' '}
            {detail.mappings.map((mapping) => (
              <span key={mapping}>
                <Go to={`/mappings/${mapping}`}>{mapping}</Go>{' '}
              </span>
            ))}
          </Text>
        )}
      </Part>
      {detail.hooks.length > 0 && (
        <Part title="Webhook address">
          {detail.hooks.map((url) => (
            <Group key={url} gap="xs" wrap="nowrap">
              <code className="address">{url}</code>
              <CopyButton value={url}>
                {({ copied, copy }) => (
                  <Button variant="default" onClick={copy} aria-label={`Copy ${url}`}>
                    {copied ? 'Copied' : 'Copy'}
                  </Button>
                )}
              </CopyButton>
            </Group>
          ))}
        </Part>
      )}
      <Part title="Refused deliveries">
        {detail.refused.length === 0 ? (
          <Text size="sm" c="dimmed">
            None is known.
          </Text>
        ) : (
          <ul className="plain-list">
            {detail.refused.map(({ at, method, path, status, why }) => (
              <li key={`${at} ${path} ${why}`}>
                <span className="figures">{formatClock(at)}</span> {status} {method} <code>{path}</code>{' '}
                <PlainText text={why} />
              </li>
            ))}
          </ul>
        )}
      </Part>
      <Part title={`Last ${detail.calls.length || ''} calls`}>
        {detail.calls.length === 0 ? (
          <Text size="sm" c="dimmed">
            Nothing has gone over it yet.
          </Text>
        ) : (
          <ScrollArea.Autosize mah={320} viewportProps={{ tabIndex: 0 }}>
            <Table fz="xs" verticalSpacing={2}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>At</Table.Th>
                  <Table.Th>Call</Table.Th>
                  <Table.Th>Answer</Table.Th>
                  <Table.Th>Took</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {detail.calls.map(({ at, method, path, status, ms }, index) => (
                  <Table.Tr key={`${at} ${index}`}>
                    <Table.Td>{formatClock(at)}</Table.Td>
                    <Table.Td className="call-path">
                      {method} {path}
                    </Table.Td>
                    <Table.Td>{status}</Table.Td>
                    <Table.Td>{formatMs(ms)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea.Autosize>
        )}
      </Part>
      <Text size="xs" c="dimmed">
        Plays {formatList(detail.roles)}. Paths are shown without queries and without what looks like a person.
      </Text>
    </div>
  )
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section aria-label={title}>
    <Title order={3} size="h4" mb={4}>
      {title}
    </Title>
    {children}
  </section>
)

function Commands({ detail }: { detail: ConnectionDetail }) {
  const { name } = detail
  const [isPausing, setPausing] = useState(false)
  const [isBusy, setBusy] = useState<'test' | 'resume'>()
  const [tested, setTested] = useState<ConnectionTest>()
  const during = async (what: 'test' | 'resume', failed: string, work: () => Promise<void>) => {
    setBusy(what)
    try {
      await work()
      await refresh('connections')
    } catch (error) {
      toast.problem(failed, error)
    } finally {
      setBusy(undefined)
    }
  }
  return (
    <>
      <Group gap="sm">
        {detail.canTest && (
          <Button
            variant="default"
            loading={isBusy === 'test'}
            onClick={() =>
              void during('test', `${name} was not tested`, async () =>
                setTested(await send<ConnectionTest>('POST', `/connections/${name}/test`)),
              )
            }
          >
            Test now
          </Button>
        )}
        {detail.pausedBy === null ? (
          <Button variant="default" onClick={() => setPausing(true)}>
            Pause…
          </Button>
        ) : (
          <Button
            loading={isBusy === 'resume'}
            onClick={() =>
              void during('resume', `${name} was not resumed`, async () => {
                await send('POST', `/connections/${name}/resume`)
                toast.done(`${name} goes on`)
              })
            }
          >
            Resume {name}
          </Button>
        )}
      </Group>
      {tested && (
        <Alert
          role="status"
          color={tested.fate === 'failed' ? 'red' : 'baton'}
          title={
            tested.fate === 'failed' ? 'The test failed' : tested.fate === 'fine' ? 'The test went well' : 'Not tested'
          }
        >
          <PlainText text={tested.said} /> {tested.fate !== 'not tried' && `(${formatMs(tested.ms)})`}
        </Alert>
      )}
      <Pause detail={detail} opened={isPausing} close={() => setPausing(false)} />
    </>
  )
}
