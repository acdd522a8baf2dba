import {
  Button,
  Group,
  Paper,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
  useMantineColorScheme,
} from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import type { SessionAnswer } from '../../../../src/http/api/session.ts'
import type { Preferences } from '../../../../src/staff/users.ts'
import { send } from '../../api.ts'
import { useMe } from '../../me.tsx'
import { Password } from '../../parts/Password.tsx'
import { Trouble } from '../../parts/Trouble.tsx'
import { toast } from '../../parts/toast.tsx'
import { queries } from '../../read.ts'

/** What everybody may change about themselves. */
export const Me = () => (
  <div className="settings-cards">
    <Name />
    <Looks />
    <ChangePassword />
    <OtherSessions />
  </div>
)

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <Paper withBorder radius="md" p="lg" component="section" aria-label={title}>
    <Title order={2} size="h3" mb="md">
      {title}
    </Title>
    {children}
  </Paper>
)

const known = (me: SessionAnswer) => void queries.setQueryData(['/session'], me)

function Name() {
  const { name, email } = useMe()
  const [value, setValue] = useState(name)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      known(await send<SessionAnswer>('PATCH', '/me', { name: value.trim() }))
      toast.done('Your name was changed')
    } catch (error) {
      toast.problem('Your name was not changed', error)
    }
  }
  return (
    <Part title="Name">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          {email && <Text size="sm">You sign in as {email}.</Text>}
          <TextInput
            label="Name"
            description="Colleagues and customers read it"
            required
            withAsterisk={false}
            maxLength={80}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
          <Group>
            <Button type="submit" disabled={value.trim() === '' || value.trim() === name}>
              Change name
            </Button>
          </Group>
        </Stack>
      </form>
    </Part>
  )
}

function Looks() {
  const { preferences } = useMe()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const change = async (preferences: Preferences) => {
    try {
      known(await send<SessionAnswer>('PATCH', '/me', { preferences }))
    } catch (error) {
      toast.problem('This was not kept', error)
    }
  }
  return (
    <Part title="Look and keys">
      <Stack gap="md">
        <Choice
          label="Theme"
          value={colorScheme}
          data={[
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
            { value: 'auto', label: 'As the system' },
          ]}
          onChange={(theme) => {
            setColorScheme(theme as 'light' | 'dark' | 'auto')
            void change({ theme: theme as Preferences['theme'] })
          }}
        />
        <Choice
          label="Rows of lists"
          value={preferences.density ?? 'compact'}
          data={[
            { value: 'compact', label: 'Compact' },
            { value: 'comfortable', label: 'Comfortable' },
          ]}
          onChange={(density) => void change({ density: density as Preferences['density'] })}
        />
        <Switch
          label="Shortcuts of one key"
          description="j and k, g then q, and so on. Ctrl K and Esc always work"
          checked={preferences.shortcuts !== false}
          onChange={(event) => void change({ shortcuts: event.currentTarget.checked })}
        />
      </Stack>
    </Part>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly value: string
  readonly data: { value: string; label: string }[]
  readonly onChange: (value: string) => void
}

const Choice = ({ label, ...rest }: ChoiceProps) => (
  <Stack gap={4} align="flex-start">
    <Text size="sm" fw={500}>
      {label}
    </Text>
    <SegmentedControl aria-label={label} {...rest} />
  </Stack>
)

function ChangePassword() {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [error, setError] = useState<unknown>()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setError(undefined)
    try {
      await send('POST', '/me/password', { current, password: next })
      setCurrent('')
      setNext('')
      toast.done('Your password was changed; your other sessions have ended')
    } catch (failed) {
      setError(failed)
    }
  }
  return (
    <Part title="Password">
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          {error !== undefined && <Trouble what="Your password was not changed" error={error} />}
          <Password label="Current password" value={current} change={setCurrent} />
          <Password label="New password" isNew value={next} change={setNext} />
          <Group>
            <Button type="submit">Change password</Button>
          </Group>
        </Stack>
      </form>
    </Part>
  )
}

function OtherSessions() {
  const end = async () => {
    try {
      const { ended } = await send<{ ended: number }>('DELETE', '/me/sessions')
      toast.done(ended === 0 ? 'You were signed in nowhere else' : `Signed out in ${ended} other places`)
    } catch (error) {
      toast.problem('Your other sessions go on', error)
    }
  }
  return (
    <Part title="Other sessions">
      <Stack gap="md" align="flex-start">
        <Text size="sm">A session ends 12 hours after the last click, and after seven days in any case.</Text>
        <Button variant="default" onClick={() => void end()}>
          Sign out everywhere else
        </Button>
      </Stack>
    </Part>
  )
}
