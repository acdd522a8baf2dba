import { Box, useMantineColorScheme } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { get, onSignedOut, Problem } from '../api.ts'
import { useLive } from '../live.ts'
import { type Me, MeProvider, useMe } from '../me.tsx'
import { Trouble } from '../parts/Trouble.tsx'
import { keepFresh, queries } from '../read.ts'
import { CommandMenu } from './CommandMenu.tsx'
import { GoKeys } from './GoKeys.tsx'
import { Navigation } from './Navigation.tsx'
import { ShortcutsDialog } from './ShortcutsDialog.tsx'
import { listen, switchShortcuts } from './shortcuts.ts'
import { TopBar } from './TopBar.tsx'

/** All that surrounds a screen. Whoever is not signed in is asked to, and comes back to where they were. */
export function Frame() {
  const session = useQuery({
    queryKey: ['/session'],
    queryFn: ({ signal }) => get<Me>('/session', signal),
    staleTime: 60_000,
  })
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

function Inside() {
  const { preferences } = useMe()
  const { theme } = preferences
  const { setColorScheme } = useMantineColorScheme()
  const { word } = useLive()
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
        <Outlet />
      </main>
      <GoKeys />
      <CommandMenu />
      <ShortcutsDialog />
    </div>
  )
}
