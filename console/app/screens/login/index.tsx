import { Alert, Button, Divider, Stack, Text, TextInput } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { SessionAnswer, WaysIn } from '../../../../src/http/api/session.ts'
import { Password } from '../../parts/Password.tsx'
import { Trouble } from '../../parts/Trouble.tsx'
import { useUrl } from '../../url.ts'
import { Card } from './Card.tsx'
import { placeOf, Refused, readDoors } from './doors.ts'
import { Refusal } from './Refusal.tsx'
import { useDoor } from './useDoor.ts'
import { useEnter } from './useEnter.ts'

export default function Login() {
  const [{ then, problem }] = useUrl()
  const doors = useQuery({ queryKey: ['doors'], queryFn: ({ signal }) => readDoors(signal), gcTime: 0 })
  const enter = useEnter()
  const place = placeOf(then)
  const trouble = problem === undefined ? undefined : (troubles[problem] ?? troubles.failed)
  const me = doors.data?.me
  useEffect(() => {
    if (me) enter(me, place)
  }, [me, place, enter])
  if (me) return null
  return (
    <Card title="Sign in">
      <Stack gap="lg">
        {doors.error && (
          <Trouble what="The hub does not answer" error={doors.error} retry={() => void doors.refetch()} />
        )}
        {trouble && <Refusal what="You were not signed in" error={new Refused(403, 'refused', trouble)} />}
        {doors.data?.ways?.setup && <NoAccount />}
        <Credentials enter={(who) => enter(who, place)} />
        {doors.data?.ways && <OtherWays ways={doors.data.ways} place={place} enter={(who) => enter(who, place)} />}
      </Stack>
    </Card>
  )
}

/** What the identity provider, or the hub about it, said. */
const troubles: Record<string, string> = {
  denied: 'You, or the identity provider, said no.',
  expired: 'It took more than ten minutes, or began in another browser. Try again.',
  failed:
    'The identity provider’s answer could not be used. Try again; if it stays so, an admin finds the reason in the hub’s log.',
  unreachable: 'The identity provider does not answer. Try again in a minute, or sign in with your password.',
  unverified:
    'The identity provider does not vouch for your e-mail address. Ask whoever runs it to verify it and to send it.',
  uninvited: 'You have no account here yet. Ask an admin for an invitation.',
  taken:
    'Your e-mail address belongs to an account that is joined to somebody else at the identity provider. Ask an admin.',
  off: 'Your account is switched off. Ask an admin.',
}

const NoAccount = () => (
  <Alert variant="light" icon={<IconInfoCircle size={18} stroke={1.5} aria-hidden />} title="There is no admin yet">
    <Text size="sm">
      The hub printed a link when it started. Open it to make the first account; after half an hour, start the hub again
      for a new one.
    </Text>
  </Alert>
)

type Enter = (me: SessionAnswer) => void

function Credentials({ enter }: { enter: Enter }) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const first = useRef<HTMLInputElement>(null)
  const second = useRef<HTMLInputElement>(null)
  const { error, isBusy, send } = useDoor(enter)
  useEffect(() => first.current?.focus(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    await send('/session', { email: email.trim(), password })
    second.current?.select()
  }
  return (
    <form onSubmit={(event) => void submit(event)} aria-label="Sign in">
      <Stack gap="md">
        {error !== undefined && <Refusal what="You were not signed in" error={error} />}
        <TextInput
          ref={first}
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Password ref={second} label="Password" name="password" value={password} change={setPassword} />
        <Button type="submit" size="sm" loading={isBusy} fullWidth>
          Sign in
        </Button>
      </Stack>
    </form>
  )
}

function OtherWays({ ways: { provider, demo }, place, enter }: { ways: WaysIn; place: string; enter: Enter }) {
  const { error, isBusy, send } = useDoor(enter)
  return (
    <>
      {provider && (
        <Button
          component="a"
          href={`/api/v1/session/provider?place=${encodeURIComponent(place)}`}
          variant="default"
          size="sm"
          fullWidth
        >
          Sign in with {provider}
        </Button>
      )}
      {demo.length > 0 && (
        <section aria-label="Sandbox">
          <Divider label="Sandbox: come in without an account" labelPosition="center" mb="md" />
          {error !== undefined && <Refusal what="You were not signed in" error={error} />}
          <div className="door-people">
            {demo.map(({ name, role }) => (
              <Button
                key={name}
                variant="default"
                size="sm"
                disabled={isBusy}
                onClick={() => void send('/session/demo', { as: name })}
              >
                {role === 'admin' ? `As ${name}, the admin` : `As ${name}`}
              </Button>
            ))}
          </div>
        </section>
      )}
      {!provider && demo.length === 0 && (
        <Text size="sm" c="dimmed">
          No account, or the password forgotten? An admin of your team can give you a link.
        </Text>
      )}
    </>
  )
}
