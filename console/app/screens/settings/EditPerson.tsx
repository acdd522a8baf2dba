import { Button, Checkbox, Group, Modal, NumberInput, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Role, Seat } from '../../../../src/access.ts'
import type { User } from '../../../../src/staff/users.ts'
import { Trouble } from '../../parts/Trouble.tsx'

export interface Given {
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly desks: Readonly<Record<string, Seat>>
}

interface Props {
  /** Missing: somebody is invited. */
  readonly user: User | undefined
  /** Connections at which somebody can be an agent. */
  readonly desks: readonly string[]
  readonly save: (given: Given) => Promise<void>
  readonly close: () => void
}

const rights: Record<Role, string> = {
  agent: 'Takes conversations at their desks, and sees those and their own numbers',
  viewer: 'Sees all with personal data hidden, changes nothing',
  admin: 'Sees and changes all, and manages the team',
}
const newSeat: Seat = { skills: [], languages: [], capacity: 3 }

export function EditPerson({ user, desks, save, close }: Props) {
  const [email, setEmail] = useState(user?.email ?? '')
  const [name, setName] = useState(user?.name ?? '')
  const [role, setRole] = useState<Role>(user?.role ?? 'agent')
  const [seats, setSeats] = useState<Readonly<Record<string, Seat>>>(user?.desks ?? {})
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const put = (desk: string, seat: Seat | undefined) =>
    setSeats(({ [desk]: _, ...others }) => (seat ? { ...others, [desk]: seat } : others))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      await save({ email: email.trim(), name: name.trim(), role, desks: seats })
    } catch (failed) {
      setError(failed)
      setBusy(false)
    }
  }
  const title = user ? `Change ${user.name}` : 'Invite somebody'
  return (
    <Modal opened onClose={close} title={title} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(event) => void submit(event)} aria-label={title}>
        <Stack gap="md">
          {error !== undefined && <Trouble what={user ? 'Nothing was changed' : 'Nobody was invited'} error={error} />}
          {!user && (
            <TextInput
              data-autofocus
              label="E-mail"
              type="email"
              description="What they sign in with"
              required
              withAsterisk={false}
              value={email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
          )}
          <TextInput
            label="Name"
            description="Colleagues and customers read it"
            required
            withAsterisk={false}
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label="Role"
            description={rights[role]}
            data={['agent', 'viewer', 'admin']}
            allowDeselect={false}
            value={role}
            onChange={(next) => next && setRole(next as Role)}
          />
          {role !== 'viewer' &&
            desks.map((desk) => <AtDesk key={desk} desk={desk} seat={seats[desk]} put={(seat) => put(desk, seat)} />)}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy}>
              {user ? `Change ${user.name}` : 'Make the invitation'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function AtDesk({ desk, seat, put }: { desk: string; seat: Seat | undefined; put: (seat: Seat | undefined) => void }) {
  return (
    <div className="settings-seat">
      <Checkbox
        label={`Agent at ${desk}`}
        checked={seat !== undefined}
        onChange={(event) => put(event.currentTarget.checked ? newSeat : undefined)}
      />
      {seat && (
        <Stack gap="sm" mt="sm">
          <TagsInput
            label="Skills"
            description="A handoff that needs skills goes only to agents who have all of them"
            value={[...seat.skills]}
            onChange={(skills) => put({ ...seat, skills })}
          />
          <TagsInput
            label="Languages"
            description="As en or de. None: every language"
            value={[...seat.languages]}
            onChange={(languages) => put({ ...seat, languages })}
          />
          <NumberInput
            label="Capacity"
            description="Live conversations at a time"
            min={1}
            max={50}
            allowDecimal={false}
            value={seat.capacity}
            onChange={(capacity) => put({ ...seat, capacity: Number(capacity) || 1 })}
          />
        </Stack>
      )}
    </div>
  )
}
