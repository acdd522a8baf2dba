/** Whose account it is that comes from the identity provider: found, joined by the verified address, or made. */
import type pg from 'pg'
import { audit } from './audit.ts'
import { type Arrival, type ProviderSettings, ProviderTrouble } from './provider.ts'
import { addUser, changeUser, findByEmail, findBySubject, otherAdmins, toStaff, type User } from './users.ts'

/** Once joined, the provider's own name for them counts, not the address: addresses are given to others. Throws ProviderTrouble. */
export async function takeIn(tx: pg.PoolClient, arrival: Arrival, { domains }: ProviderSettings): Promise<User> {
  const known = (await findBySubject(tx, arrival.subject)) ?? (await join(tx, arrival))
  const user = known ?? (await make(tx, arrival, domains))
  if (!user.active) throw new ProviderTrouble('off')
  return known ? asTheProviderSays(tx, known, arrival) : user
}

async function join(tx: pg.PoolClient, { email, subject }: Arrival): Promise<User | undefined> {
  const user = await findByEmail(tx, email)
  if (!user) return undefined
  if (user.subject !== null || user.demo) throw new ProviderTrouble('taken')
  const joined = await changeUser(tx, user.id, { subject })
  await audit(tx, toStaff(user), 'users.join-provider', `user:${user.id}`)
  return joined
}

async function make(
  tx: pg.PoolClient,
  { email, name, subject, role }: Arrival,
  domains: readonly string[],
): Promise<User> {
  const isOfUs = domains.includes(email.split('@')[1] ?? '')
  if (!role && !isOfUs) throw new ProviderTrouble('uninvited')
  const user = await addUser(tx, { email, name, subject, role: role ?? 'viewer' })
  if (!user) throw new ProviderTrouble('taken')
  await audit(tx, toStaff(user), 'users.arrive', `user:${user.id}`, { role: user.role })
  return user
}

/** The last admin stays one, or nobody could run the hub. */
async function asTheProviderSays(tx: pg.PoolClient, user: User, { role }: Arrival): Promise<User> {
  if (!role || role === user.role) return user
  if (user.role === 'admin' && (await otherAdmins(tx, user.id)) === 0) return user
  await audit(tx, toStaff(user), 'users.change', `user:${user.id}`, { role, by: 'provider' })
  return (await changeUser(tx, user.id, { role }))!
}
