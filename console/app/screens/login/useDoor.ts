import { useState } from 'react'
import { knock } from './doors.ts'

/** Sends a form to a door, one at a time. */
export function useDoor<T>(done: (answer: T) => void) {
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const send = async (path: string, body: object) => {
    if (isBusy) return
    setBusy(true)
    setError(undefined)
    try {
      done(await knock<T>(path, body))
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  return { error, isBusy, send }
}
