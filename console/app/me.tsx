/** Who is signed in, and what they may do. A control that one may not use is left out. */
import { createContext, type ReactNode, useContext } from 'react'
import type { Action, Reach } from '../../src/access.ts'
import type { SessionAnswer } from '../../src/http/api/session.ts'

export type Me = SessionAnswer

const context = createContext<Me | undefined>(undefined)

export const MeProvider = ({ me, children }: { me: Me; children: ReactNode }) => (
  <context.Provider value={me}>{children}</context.Provider>
)

export function useMe(): Me {
  const me = useContext(context)
  if (!me) throw new Error('Nobody is signed in here')
  return me
}

/** How far the right reaches, or undefined when it is not theirs. */
export const useMay = (action: Action): Reach | undefined => useMe().rights[action]
