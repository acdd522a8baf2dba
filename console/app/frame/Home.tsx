import { Navigate } from '@tanstack/react-router'
import { useMe } from '../me.tsx'

/** Agents begin where they work, everybody else where the customers wait. */
export default function Home() {
  const { role, rights } = useMe()
  return <Navigate to={role === 'agent' && rights['inbox.use'] ? '/inbox' : '/queue'} replace />
}
