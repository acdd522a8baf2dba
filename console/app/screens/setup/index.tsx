import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { SessionAnswer } from '../../../../src/http/api/session.ts'
import { get, Problem } from '../../api.ts'
import { Trouble } from '../../parts/Trouble.tsx'
import { knock, readDoors } from '../login/doors.ts'
import { Checklist } from './Checklist.tsx'
import { UseLink } from './UseLink.tsx'

/** With a link: a password. Without: what is left to do, for admins; in the sandbox whoever comes is one. */
export default function Setup() {
  const [link, setLink] = useState(() => new URLSearchParams(location.search).get('link') ?? undefined)
  // The link stays in this page alone: neither in the history nor in what one might copy from the address bar.
  useEffect(() => {
    if (location.search) history.replaceState(history.state, '', location.pathname)
  }, [])
  return link ? <UseLink link={link} done={() => setLink(undefined)} /> : <ForAdmins />
}

/** Who reads nothing and has no account sees a handoff all the same: the sandbox's door stands open on its own machine. */
async function whoIsHere(signal: AbortSignal): Promise<SessionAnswer> {
  const { me, ways } = await readDoors(signal)
  if (me) return me
  const admin = ways?.demo.find(({ role }) => role === 'admin')
  return admin ? knock('/session/demo', { as: admin.name }) : get('/session', signal)
}

function ForAdmins() {
  const { history } = useRouter()
  const session = useQuery({ queryKey: ['/session'], queryFn: ({ signal }) => whoIsHere(signal) })
  const isOut = session.error instanceof Problem && session.error.status === 401
  const mayNot = session.data !== undefined && session.data.rights['settings.change'] === undefined
  useEffect(() => {
    if (isOut) history.replace('/console/login?then=%2Fsetup')
    if (mayNot) history.replace('/console/')
  }, [isOut, mayNot, history])
  if (session.data && !mayNot) return <Checklist />
  if (session.error && !isOut) return <Trouble what="The set-up could not be read" error={session.error} />
  return null
}
