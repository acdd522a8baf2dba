import { Anchor, Button, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { SessionAnswer } from '../../../../src/http/api/session.ts'
import type { LinkAnswer } from '../../../../src/http/api/setup.ts'
import { formatMoment } from '../../format.ts'
import { Password } from '../../parts/Password.tsx'
import { Card } from '../login/Card.tsx'
import { knock } from '../login/doors.ts'
import { Refusal } from '../login/Refusal.tsx'
import { useDoor } from '../login/useDoor.ts'
import { useEnter } from '../login/useEnter.ts'

const texts = {
  'first-admin': {
    title: 'The first admin',
    button: 'Make the account',
    intro: 'You will run this hub: invite your team, see every conversation, decide who may do what.',
  },
  invite: { title: 'Join the team', button: 'Join the team', intro: undefined },
  reset: {
    title: 'A new password',
    button: 'Set the password',
    intro: 'Wherever you are signed in now, you will have to sign in again.',
  },
} as const

/** A link that works once: looked at first, used up by the button. */
export function UseLink({ link, done }: { link: string; done: () => void }) {
  const look = useQuery({
    queryKey: ['link', link],
    queryFn: () => knock<LinkAnswer>('/setup/link', { link }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (look.data) return <Form link={link} about={look.data} done={done} />
  return (
    <Card title="Set up">
      {look.error ? (
        <Stack gap="md">
          <Refusal what="This link does not work" error={look.error} />
          <Anchor href="/console/login" size="sm">
            Sign in instead
          </Anchor>
        </Stack>
      ) : (
        <Skeleton height={200} />
      )}
    </Card>
  )
}

function Form({ link, about, done }: { link: string; about: LinkAnswer; done: () => void }) {
  const { title, button, intro } = texts[about.purpose]
  const isFirst = about.purpose === 'first-admin'
  const [email, setEmail] = useState(about.email ?? '')
  const [name, setName] = useState(about.name ?? '')
  const [password, setPassword] = useState('')
  const enter = useEnter()
  const { error, isBusy, send } = useDoor((me: SessionAnswer) => {
    done()
    enter(me, isFirst ? '/setup' : '/')
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void send('/setup', { link, name: name.trim(), password, ...(isFirst ? { email: email.trim() } : {}) })
  }
  return (
    <Card title={title}>
      <form onSubmit={submit} aria-label={title}>
        <Stack gap="md">
          {intro && <Text size="sm">{intro}</Text>}
          {error !== undefined && <Refusal what="This was not done" error={error} />}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            description={isFirst ? 'What you sign in with' : undefined}
            required
            withAsterisk={false}
            readOnly={!isFirst}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          {about.purpose !== 'reset' && (
            <TextInput
              label="Name"
              autoComplete="name"
              description="Colleagues and customers read it"
              required
              withAsterisk={false}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          <Password label="Password" isNew value={password} change={setPassword} />
          <Button type="submit" size="sm" loading={isBusy} fullWidth>
            {button}
          </Button>
          <Text size="xs" c="dimmed">
            The link works once, until {formatMoment(about.expiresAt)}.
          </Text>
        </Stack>
      </form>
    </Card>
  )
}
