import {
  Button,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { actions, type Role, reachOf } from '../../../../src/access.ts'
import type { TokenMade, TokensAnswer } from '../../../../src/http/api/tokens.ts'
import type { ApiToken } from '../../../../src/staff/tokens.ts'
import { send } from '../../api.ts'
import { Confirm } from '../../parts/Confirm.tsx'
import { Copy } from '../../parts/Copy.tsx'
import { DataState } from '../../parts/DataState.tsx'
import { Empty } from '../../parts/Empty.tsx'
import { Age, When } from '../../parts/Time.tsx'
import { Trouble } from '../../parts/Trouble.tsx'
import { refresh, useRead } from '../../read.ts'

const topic = 'tokens'

/** What programs come in with. */
export function Tokens() {
  const query = useRead<TokensAnswer>('/tokens', { topics: [topic] })
  const [isMaking, setMaking] = useState(false)
  const [ending, setEnding] = useState<ApiToken>()
  const make = (
    <Button leftSection={<IconKey size={18} stroke={1.5} />} onClick={() => setMaking(true)}>
      Make a token
    </Button>
  )
  return (
    <section aria-label="API tokens">
      <div className="settings-head">
        <Title order={2} size="h3">
          API tokens
        </Title>
        {make}
      </div>
      <DataState
        query={query}
        what="The tokens could not be read"
        empty={({ tokens }) =>
          tokens.length === 0 && <Empty>No program has a token. The hub’s own works as well.</Empty>
        }
      >
        {({ tokens }) => (
          <div className="settings-table">
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Role</Table.Th>
                  <Table.Th>Rights</Table.Th>
                  <Table.Th>Made by</Table.Th>
                  <Table.Th>Last used</Table.Th>
                  <Table.Th>Ends</Table.Th>
                  <Table.Th>
                    <span className="unseen">What to do</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {tokens.map((token) => (
                  <Table.Tr key={token.id}>
                    <Table.Td>{token.name}</Table.Td>
                    <Table.Td>{token.role}</Table.Td>
                    <Table.Td className="wide">{token.scopes?.join(', ') ?? 'All of the role'}</Table.Td>
                    <Table.Td>{token.createdByName ?? token.createdBy}</Table.Td>
                    <Table.Td>{token.usedAt ? <Age at={token.usedAt} /> : 'Never'}</Table.Td>
                    <Table.Td>{token.expiresAt ? <When at={token.expiresAt} /> : 'Never'}</Table.Td>
                    <Table.Td ta="end">
                      <Button variant="subtle" onClick={() => setEnding(token)}>
                        Revoke {token.name}
                      </Button>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </DataState>
      {isMaking && <Make close={() => setMaking(false)} />}
      <Confirm
        opened={ending !== undefined}
        isDangerous
        title={`Revoke ${ending?.name}`}
        confirm="Revoke"
        act={async () => {
          await send('DELETE', `/tokens/${ending!.id}`)
          await refresh(topic)
        }}
        close={() => setEnding(undefined)}
      >
        Programs that use it are refused at once. It cannot be taken back.
      </Confirm>
    </section>
  )
}

function Make({ close }: { close: () => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [scopes, setScopes] = useState<string[]>([])
  const [days, setDays] = useState<number | ''>(365)
  const [made, setMade] = useState<TokenMade>()
  const [error, setError] = useState<unknown>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setError(undefined)
    try {
      const limits = { ...(scopes.length > 0 ? { scopes } : {}), ...(days === '' ? {} : { days }) }
      setMade(await send<TokenMade>('POST', '/tokens', { name: name.trim(), role, ...limits }))
      await refresh(topic)
    } catch (failed) {
      setError(failed)
    }
  }
  const title = made ? 'The token' : 'Make a token'
  return (
    <Modal opened onClose={close} title={title} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      {made ? (
        <Stack gap="md" align="flex-start">
          <Text size="sm">It is shown only here, now. Keep it where the program keeps its secrets.</Text>
          <code className="settings-secret">{made.token}</code>
          <Copy value={made.token} what="the token" />
        </Stack>
      ) : (
        <form onSubmit={(event) => void submit(event)} aria-label="Make a token">
          <Stack gap="md">
            {error !== undefined && <Trouble what="No token was made" error={error} />}
            <TextInput
              data-autofocus
              label="Name"
              description="What it is for"
              required
              withAsterisk={false}
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Select
              label="Role"
              data={['viewer', 'admin', 'agent']}
              allowDeselect={false}
              value={role}
              onChange={(next) => {
                if (!next) return
                setRole(next as Role)
                setScopes([])
              }}
            />
            <MultiSelect
              label="Rights"
              description="None chosen: all of the role"
              data={actions.filter((action) => reachOf({ role }, action))}
              value={scopes}
              onChange={setScopes}
            />
            <NumberInput
              label="Days"
              description="After so many it ends by itself. Empty: never"
              min={1}
              max={3650}
              allowDecimal={false}
              value={days}
              onChange={(next) => setDays(next === '' ? '' : Number(next))}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit">Make the token</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
