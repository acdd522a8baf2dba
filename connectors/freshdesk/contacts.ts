/** Contacts: who a ticket is from, and what the CRM role tells of a customer. */
import { type Crm, type Customer, type Handoff, HubError, type Identity } from '#hub/connector.ts'
import { type Client, duplicateOf } from './client.ts'
import { toHtml } from './html.ts'
import type { Settings } from './settings.ts'
import type { Tickets } from './tickets.ts'
import { markerOf, phoneVariants, toEmail, toNoteBody, wordsOf } from './translate.ts'
import type { Contact, Entry } from './wire.ts'

/** The contact that asks; made when there is none. A second one of the same customer is not made: the vendor says who is there. */
export async function requesterOf(client: Client, settings: Settings, handoff: Handoff): Promise<number> {
  const { customer, conversation } = handoff
  const email = settings.contacts === 'by-email' ? toEmail(customer.email) : undefined
  // An id that nobody vouches for must not lead to another's contact.
  const external = customer.id && customer.verified ? customer.id : undefined
  const known = await findContact(client, external, email)
  if (known) return known.id
  const body = {
    name: customer.name?.trim() || email || `Visitor ${conversation}`,
    ...(email ? { email } : {}),
    ...(customer.phone && settings.contacts === 'by-email' ? { phone: customer.phone } : {}),
    ...(external || !email ? { unique_external_id: external ?? `baton-${conversation}` } : {}),
  }
  try {
    return (await client.post<Contact>('/contacts', body)).id
  } catch (error) {
    const there = duplicateOf(error)
    if (there === undefined) throw error
    return there
  }
}

async function findContact(client: Client, external?: string, email?: string): Promise<Contact | undefined> {
  const ways: Array<[string, string | undefined]> = [
    ['unique_external_id', external],
    ['email', email],
  ]
  for (const [name, value] of ways) {
    if (!value) continue
    const found = await client.get<Contact[]>('/contacts', { [name]: value })
    if (found[0]) return found[0]
  }
  return undefined
}

export function createCrm(client: Client, tickets: Tickets): Crm {
  return {
    async find(visitor) {
      // Facts are for people who are who they say they are.
      if (!visitor.verified) return undefined
      const contact = await lookUp(client, visitor)
      return contact && fromContact(contact, visitor)
    },
    /** Freshdesk's API keeps notes on tickets only: what was not handled here leaves no log here. */
    async log(digest, key) {
      const ticket = await tickets.ofHandoff(digest.handoff)
      if (ticket === undefined) return
      await tickets.alone(`log:${ticket}`, async () => {
        if ((await tickets.made(key)) !== undefined) return
        const marker = markerOf(key)
        const words = `Handoff ${digest.handoff}: ${digest.outcome}\n${digest.reason}\n${digest.digest}`
        const there = await client.list<Entry>(`/tickets/${ticket}/conversations`)
        const known = there.find((entry) => wordsOf(entry.body ?? '').includes(marker))
        const note =
          known ??
          (await client.post<Entry>(`/tickets/${ticket}/notes`, {
            body: toNoteBody(`<p>${toHtml(words)}</p>`, marker),
            private: true,
          }))
        await tickets.claim(key, note.id)
      })
    },
  }
}

async function lookUp(client: Client, { id, email, phone }: Identity): Promise<Contact | undefined> {
  const mail = toEmail(email)
  const ways: Array<[string, string | undefined]> = [
    ['unique_external_id', id],
    ['email', mail],
    ...phoneVariants(phone ?? '').flatMap(
      (number): Array<[string, string]> => [
        ['phone', number],
        ['mobile', number],
      ],
    ),
  ]
  for (const [name, value] of ways) {
    if (!value) continue
    const found = await client.get<Contact[]>('/contacts', { [name]: value }).catch(nobodyWhenInvalid)
    const contact = found.find((one) => one.deleted !== true)
    if (contact) return contact
  }
  return undefined
}

/** What is no address is nobody's. */
function nobodyWhenInvalid(error: unknown): Contact[] {
  if (error instanceof HubError && error.code === 'invalid') return []
  throw error
}

function fromContact(contact: Contact, { id, verified }: Identity): Customer {
  const own = Object.entries(contact.custom_fields ?? {}).map(([name, value]) => [name.replace(/^cf_/, ''), value])
  const rows = [
    ['Job title', contact.job_title],
    ['Address', contact.address],
    ['About', contact.description],
    ['Contact since', contact.created_at?.slice(0, 10)],
    ['Satisfaction', contact.csat_rating],
    ...own,
  ].filter(([, value]) => value !== null && value !== undefined && value !== '')
  return {
    ...(id ? { id } : {}),
    ...(contact.name ? { name: contact.name } : {}),
    ...(contact.email ? { email: contact.email } : {}),
    ...(contact.phone || contact.mobile ? { phone: (contact.phone || contact.mobile)! } : {}),
    ...(contact.language ? { language: contact.language } : {}),
    verified,
    facts: Object.fromEntries(rows.map(([name, value]) => [String(name), String(value)])),
  }
}
