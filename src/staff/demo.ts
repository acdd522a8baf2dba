/** People of the sandbox, who come in by one click and cannot come in anywhere else. */
import type { Role, Seat } from '../access.ts'
import type { Queryable } from './audit.ts'
import { addUser, changeUser, findByEmail, type User } from './users.ts'

interface DemoPerson {
  readonly name: string
  readonly email: string
  readonly role: Role
  /** At every desk of our own. */
  readonly seat?: Seat
}

const people: readonly DemoPerson[] = [
  {
    name: 'Ana',
    email: 'ana@demo.example',
    role: 'agent',
    seat: { skills: ['billing', 'returns'], languages: ['en', 'de', 'es'], capacity: 4 },
  },
  {
    name: 'Ben',
    email: 'ben@demo.example',
    role: 'agent',
    seat: { skills: ['billing', 'delivery'], languages: ['en', 'fr'], capacity: 2 },
  },
  { name: 'Ada', email: 'ada@demo.example', role: 'admin' },
]

export interface DemoDoor {
  readonly name: string
  readonly role: Role
}

/** Who can be played where these desks are. */
export const demoDoors = (desks: readonly string[]): DemoDoor[] =>
  people.filter(({ seat }) => !seat || desks.length > 0).map(({ name, role }) => ({ name, role }))

/** Made when they first come in, and put right when the desks have changed. Undefined for a name that is none. */
export async function demoUser(db: Queryable, name: string, desks: readonly string[]): Promise<User | undefined> {
  const person = people.find((one) => one.name === name && (!one.seat || desks.length > 0))
  if (!person) return undefined
  const { seat, ...known } = person
  const seats = seat ? Object.fromEntries(desks.map((desk) => [desk, seat])) : {}
  const made = await addUser(db, { ...known, demo: true, desks: seats })
  if (made) return made
  const before = await findByEmail(db, person.email)
  return before?.demo ? changeUser(db, before.id, { desks: seats, role: person.role, active: true }) : undefined
}
