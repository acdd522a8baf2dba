import { Box, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { get, onSignedOut, Problem } from '../api.ts'
import { useLiveWord } from '../live.ts'
import { type Me, MeProvider, useMe } from '../me.tsx'
import { NotMine } from '../parts/Lost.tsx'
import { Trouble } from '../parts/Trouble.tsx'
import { keepFresh, queries } from '../read.ts'
import { CommandMenu } from './CommandMenu.tsx'
import { GoKeys } from './GoKeys.tsx'
import { Navigation } from './Navigation.tsx'
import { ShortcutsDialog } from './ShortcutsDialog.tsx'
import { screens } from './screens.ts'
import { listen, switchShortcuts } from './shortcuts.ts'
import { TopBar } from './TopBar.tsx'

/** All that surrounds a screen. Whoever is not signed in is asked to, and comes back to where they were. */
export function Frame() {
  const session = useQuery({
    queryKey: ['/session'],
    queryFn: ({ signal }) => get<Me>('/session', signal),
    staleTime: 60_000,
    meta: { topics: ['session'] },
  })
  useForget(session.data && JSON.stringify([session.data.rights, session.data.desks]))
  const isSignedOut = session.error instanceof Problem && session.error.status === 401
  useSignIn(isSignedOut)
  if (isSignedOut) return null
  if (session.data)
    return (
      <MeProvider me={session.data}>
        <Inside />
      </MeProvider>
    )
  if (session.error)
    return (
      <Box p="xl">
        <Trouble what="The console cannot start" error={session.error} retry={() => void session.refetch()} />
      </Box>
    )
  return null
}

function useSignIn(isSignedOut: boolean): void {
  const navigate = useNavigate()
  const { href } = useLocation()
  useEffect(() => {
    if (!isSignedOut) return
    const then = href === '/' ? undefined : href
    // What the one before could see is not shown to the next.
    queries.clear()
    void navigate({ to: '/login', search: (then ? { then } : {}) as never, replace: true })
  }, [isSignedOut, href, navigate])
  useEffect(() => onSignedOut(() => void queries.invalidateQueries({ queryKey: ['/session'] })), [])
}

/** Somebody who may do less than before must not go on looking at what was read then. */
function useForget(rights: string | undefined): void {
  const before = useRef(rights)
  useEffect(() => {
    if (before.current !== undefined && rights !== undefined && before.current !== rights)
      void queries.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== '/session' })
    before.current = rights ?? before.current
  }, [rights])
}

/** A screen that the navigation leaves out may still be asked for by its address, or be open when a role changes. */
function useIsMine(): boolean {
  const { rights } = useMe()
  const { pathname } = useLocation()
  const screen = screens.find(({ name }) => name === pathname.split('/')[1])
  return screen === undefined || rights[screen.needs] !== undefined
}

function Inside() {
  const { preferences } = useMe()
  const { theme } = preferences
  const { setColorScheme } = useMantineColorScheme()
  const word = useLiveWord()
  const isMine = useIsMine()
  const hasKeys = preferences.shortcuts !== false
  useEffect(() => keepFresh(() => void queries.invalidateQueries({ queryKey: ['/session'] })), [])
  useEffect(() => listen(), [])
  useEffect(() => switchShortcuts(hasKeys), [hasKeys])
  useEffect(() => {
    if (theme !== undefined) setColorScheme(theme)
  }, [theme, setColorScheme])
  return (
    <div className="frame" data-density={preferences.density ?? 'compact'} data-live={word === 'Live'}>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <TopBar />
      <Navigation />
      <main id="main" className="main" tabIndex={-1}>
        {isMine ? <Outlet /> : <NotMine />}
      </main>
      <GoKeys />
      <CommandMenu />
      <ShortcutsDialog />
    </div>
  )
}
