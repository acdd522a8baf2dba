import { Table, Text, Title } from '@mantine/core'
import { useRef } from 'react'
import type { Mappings as Answer, MappingDetail } from '../../../../src/http/api/mappings.ts'
import { formatCount } from '../../format.ts'
import { DataState } from '../../parts/DataState.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Go } from '../../parts/Go.tsx'
import { useRowKeys } from '../../parts/rowKeys.ts'
import { Screen } from '../../parts/Screen.tsx'
import { useRead } from '../../read.ts'
import { useId } from '../../url.ts'
import { reasonWord } from '../../words.ts'
import { Chain } from './Chain.tsx'
import { TryIt } from './TryIt.tsx'
import { Yaml } from './Yaml.tsx'
import '../connections/connections.css'
import './mappings.css'

const topics = ['connections']

/** The configuration as it runs. The YAML is the truth: nothing is changed here. */
export default function Mappings() {
  const id = useId()
  return id ? <One name={id} /> : <All />
}

function All() {
  const all = useRead<Answer>('/mappings', { topics, everyMs: 10_000 })
  const list = useRef<HTMLUListElement>(null)
  useRowKeys(list)
  return (
    <Screen title="Mappings">
      <DataState
        query={all}
        what="The mappings could not be read"
        rowHeight={120}
        empty={({ mappings }) =>
          mappings.length === 0 && (
            <Empty action={<Go to="/connections">See the connections</Go>}>No mapping runs.</Empty>
          )
        }
      >
        {({ mappings, file, differs, problems }) => (
          <>
            <Text size="sm" role="status">
              {file.split('/').at(-1)}: {formatCount(mappings.length, 'mapping')} run
              {differs
                ? `; the file differs from what runs${problems > 0 ? `, with ${formatCount(problems, 'problem')}` : ''}.`
                : ', as the file says.'}
            </Text>
            <ul ref={list} className="mapping-list" aria-label="Mappings">
              {mappings.map((mapping) => (
                <li key={mapping.name} className="mapping">
                  <Go to={`/mappings/${mapping.name}`} className="mapping-name" {...{ 'data-row': true }}>
                    {mapping.name}
                  </Go>
                  <Chain mapping={mapping} />
                </li>
              ))}
            </ul>
          </>
        )}
      </DataState>
    </Screen>
  )
}

function One({ name }: { name: string }) {
  const one = useRead<MappingDetail>(`/mappings/${encodeURIComponent(name)}`, { topics, everyMs: 10_000 })
  return (
    <Screen title={`Mapping ${name}`} tools={<Go to="/mappings">All mappings</Go>}>
      <DataState query={one} what={`The mapping ${name} could not be read`} rows={4} rowHeight={120}>
        {(mapping) => (
          <div className="mapping-detail">
            <Chain mapping={mapping} criteria={mapping.criteria.length} />
            <TryIt key={name} mapping={name} />
            <Pairings mapping={mapping} />
            <section aria-label="Criteria" id="criteria">
              <Title order={3} size="h4">
                Criteria, strongest first
              </Title>
              <div className="wide">
                <Table fz="sm" verticalSpacing={4}>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>Criterion</Table.Th>
                      <Table.Th>Does</Table.Th>
                      <Table.Th>Limit</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {mapping.criteria.map(({ criterion, action, limit }) => (
                      <Table.Tr key={criterion}>
                        <Table.Th scope="row" fw={500}>
                          {reasonWord(criterion)}
                        </Table.Th>
                        <Table.Td>{action === 'offer' ? 'offers a person' : 'asks a person'}</Table.Td>
                        <Table.Td>{limit}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </div>
            </section>
            <Yaml key={`${mapping.beside.differs}`} beside={mapping.beside} />
          </div>
        )}
      </DataState>
    </Screen>
  )
}

const Pairings = ({ mapping }: { mapping: MappingDetail }) => (
  <section aria-label="What arrives">
    <Title order={3} size="h4">
      What arrives
    </Title>
    {mapping.pairings.length === 0 ? (
      <Text size="sm" c="dimmed">
        Its connectors do not say what they carry.
      </Text>
    ) : (
      <div className="wide">
        <Table fz="sm" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>From → to</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>Fate</Table.Th>
              <Table.Th>How</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {mapping.pairings.map(({ from, to, what, fate, how }) => (
              <Table.Tr key={`${from} ${to} ${what}`}>
                <Table.Td>
                  {from} → {to}
                </Table.Td>
                <Table.Td>{what}</Table.Td>
                <Table.Td fw={fate === 'kept' ? 400 : 600}>{fate}</Table.Td>
                <Table.Td>{how}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    )}
  </section>
)
