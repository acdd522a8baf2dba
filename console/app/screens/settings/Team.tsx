import { Badge, Button, Menu, Modal, Stack, Table, Text, Title } from '@mantine/core'
import { IconDots, IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { InvitedAnswer, LinkMade, UsersAnswer } from '../../../../src/http/api/users.ts'
import type { User } from '../../../../src/staff/users.ts'
import { send } from '../../api.ts'
import { formatList, formatMoment } from '../../format.ts'
import { useMe } from '../../me.tsx'
import { Confirm } from '../../parts/Confirm.tsx'
import { Copy } from '../../parts/Copy.tsx'
import { DataState } from '../../parts/DataState.tsx'
import { Age } from '../../parts/Time.tsx'
import { toast } from '../../parts/toast.tsx'
import { refresh, useRead } from '../../read.ts'
import { EditPerson, type Given } from './EditPerson.tsx'

const topic = 'team'
type Doing = { readonly what: 'invite' } | { readonly what: 'edit' | 'switch-off'; readonly user: User }

/** Who may come in, as what, and at which desks. */
export function Team() {
  const query = useRead<UsersAnswer>('/users', { topics: [topic] })
  const [doing, setDoing] = useState<Doing>()
  const [made, setMade] = useState<{ link: LinkMade; name: string }>()
  const close = () => setDoing(undefined)
  const change = (user: User, body: Partial<Given> & { active?: boolean }) => send('PATCH', `/users/${user.id}`, body)

  const save = async (given: Given) => {
    if (doing?.what === 'edit') {
      const { email: _, ...rest } = given
      await change(doing.user, rest)
      toast.done(`${given.name} was changed`)
    } else {
      const { user, link } = await send<InvitedAnswer>('POST', '/users', given)
      setMade({ link, name: user.name })
    }
    close()
    await refresh(topic)
  }
  const relink = async (user: User) => {
    try {
      setMade({ link: (await send<{ link: LinkMade }>('POST', `/users/${user.id}/link`)).link, name: user.name })
    } catch (error) {
      toast.problem('There is no link', error)
    }
  }
  const switchOn = async (user: User) => {
    try {
      await change(user, { active: true })
      toast.done(`${user.name} may come in again`)
      await refresh(topic)
    } catch (error) {
      toast.problem(`${user.name} is still switched off`, error)
    }
  }

  return (
    <section aria-label="Team">
      <div className="settings-head">
        <Title order={2} size="h3">
          Team
        </Title>
        <Button leftSection={<IconUserPlus size={18} stroke={1.5} />} onClick={() => setDoing({ what: 'invite' })}>
          Invite somebody
        </Button>
      </div>
      <DataState query={query} what="The team could not be read">
        {({ users }) => (
          <div className="settings-table">
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>E-mail</Table.Th>
                  <Table.Th>Role</Table.Th>
                  <Table.Th>Desks</Table.Th>
                  <Table.Th>Signed in</Table.Th>
                  <Table.Th>
                    <span className="unseen">What to do</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {users.map((user) => (
                  <Row
                    key={user.id}
                    user={user}
                    edit={() => setDoing({ what: 'edit', user })}
                    relink={() => void relink(user)}
                    turn={() => (user.active ? setDoing({ what: 'switch-off', user }) : void switchOn(user))}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </DataState>
      {doing && doing.what !== 'switch-off' && (
        <EditPerson
          user={doing.what === 'edit' ? doing.user : undefined}
          desks={query.data?.desks ?? []}
          save={save}
          close={close}
        />
      )}
      {doing?.what === 'switch-off' && (
        <Confirm
          opened
          isDangerous
          title={`Switch off ${doing.user.name}`}
          confirm="Switch off"
          act={async () => {
            await change(doing.user, { active: false })
            await refresh(topic)
          }}
          close={close}
        >
          They are signed out at once and cannot come in. What they did stays in the record, and you can switch the
          account on again.
        </Confirm>
      )}
      <LinkDialog made={made} close={() => setMade(undefined)} />
    </section>
  )
}

interface RowProps {
  readonly user: User
  readonly edit: () => void
  readonly relink: () => void
  readonly turn: () => void
}

function Row({ user, edit, relink, turn }: RowProps) {
  const me = useMe()
  const { name, email, role, active, demo, desks, isIn, signedInAt } = user
  return (
    <Table.Tr className={active ? undefined : 'settings-off'}>
      <Table.Td>
        {name} {me.id === `user:${user.id}` && <Badge>You</Badge>} {demo && <Badge>Sandbox</Badge>}{' '}
        {!active && <Badge color="gray">Switched off</Badge>}
      </Table.Td>
      <Table.Td>{email}</Table.Td>
      <Table.Td>{role}</Table.Td>
      <Table.Td>
        {formatList(Object.entries(desks).map(([desk, { capacity }]) => `${desk} (${capacity})`)) || '–'}
      </Table.Td>
      <Table.Td>{signedInAt ? <Age at={signedInAt} /> : isIn || demo ? 'Not yet' : 'Invited'}</Table.Td>
      <Table.Td ta="end">
        {!demo && (
          <Menu position="bottom-end" withArrow>
            <Menu.Target>
              <Button variant="subtle" color="gray" aria-label={`What to do with ${name}`}>
                <IconDots size={18} stroke={1.5} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={edit}>Change role and desks</Menu.Item>
              {active && <Menu.Item onClick={relink}>{isIn ? 'Link for a new password' : 'New invitation'}</Menu.Item>}
              <Menu.Item onClick={turn}>{active ? 'Switch off' : 'Switch on'}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

const LinkDialog = ({ made, close }: { made: { link: LinkMade; name: string } | undefined; close: () => void }) => (
  <Modal
    opened={made !== undefined}
    onClose={close}
    title={made ? `A link for ${made.name}` : ''}
    centered
    closeButtonProps={{ 'aria-label': 'Close' }}
  >
    {made && (
      <Stack gap="md" align="flex-start">
        <Text size="sm">
          Send it to {made.name} in a way that nobody else reads. It works once, until{' '}
          {formatMoment(made.link.expiresAt)}, and is shown only here.
        </Text>
        <code className="settings-secret">{made.link.url}</code>
        <Copy value={made.link.url} what="the link" />
      </Stack>
    )}
  </Modal>
)
