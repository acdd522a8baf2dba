/** Who the ticket is from. What a visitor typed never changes, and never opens, somebody’s record at Zendesk. */
import type { Customer, Handoff } from '#hub/connector.ts'
import type { Client } from '../client.ts'
import type { Requester } from './translate.ts'
import type { User } from './wire.ts'

/**
 * Vouched for: the user of this number or address, made or updated. Only typed: an address goes with the ticket, which
 * leaves an existing user as it is. Neither: a user of this conversation alone, so that two visitors are never one.
 */
export async function requesterOf(client: Client, handoff: Handoff): Promise<Requester> {
  const { customer } = handoff
  const name = nameOf(customer)
  const email = isAddress(customer.email) ? customer.email : undefined
  if (customer.verified && (customer.id || email)) return made(client, { external_id: customer.id, name, email })
  if (email) return { requester: { name, email } }
  return made(client, { external_id: visitorOf(handoff), name })
}

/** The handoff’s id is `<installation>-<conversation>-<number>`: without the number it names the visitor. */
const visitorOf = ({ id, number }: Handoff): string => `baton:${id.replace(new RegExp(`-${number}$`), '')}`

const nameOf = ({ name, email }: Customer): string => (name?.trim() || email?.split('@')[0] || 'Visitor').slice(0, 100)
const isAddress = (email: string | undefined): email is string =>
  /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(email ?? '')

async function made(
  client: Client,
  person: { external_id?: string; name: string; email?: string },
): Promise<Requester> {
  const { user } = await client.post<{ user: User }>('/users/create_or_update', 'user', {
    body: { user: { ...person, skip_verify_email: true } },
  })
  return { requester_id: user.id }
}
