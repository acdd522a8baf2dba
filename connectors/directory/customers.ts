/** Which record belongs to a visitor, and how much of it may be shown. Pure. */
import type { Customer, Identity } from '#hub/connector.ts'

/** A customer on file. Without `verified`: whether the visitor is this person is not the file's to say. */
export type Entry = Omit<Customer, 'verified'>

/** All entries that have this identifier; `email` is lower case, `phone` is digits only. */
export interface Directory {
  byId(id: string): Promise<readonly Entry[]>
  byEmail(email: string): Promise<readonly Entry[]>
  byPhone(phone: string): Promise<readonly Entry[]>
}

export const foldEmail = (email: string): string => email.trim().toLowerCase()

/** Digits only, without the zeros of an international prefix: +49 30… and 0049 30… are one number. */
export const foldPhone = (phone: string): string => phone.replace(/\D/g, '').replace(/^00/, '')

/** Shorter ones are extensions or mistakes and would match too easily. */
const leastPhoneDigits = 6

/**
 * By id only for a verified visitor: an id is easily guessed. Else by e-mail, then by phone, exactly. An address that two
 * customers share finds nobody, since half of the time it would be the wrong one.
 */
export async function findEntry(visitor: Identity, directory: Directory): Promise<Entry | undefined> {
  if (visitor.verified && visitor.id) {
    const [entry] = await directory.byId(visitor.id)
    if (entry) return entry
  }
  const email = foldEmail(visitor.email ?? '')
  if (email) {
    const found = await directory.byEmail(email)
    if (found.length > 0) return only(found)
  }
  const phone = foldPhone(visitor.phone ?? '')
  return phone.length >= leastPhoneDigits ? only(await directory.byPhone(phone)) : undefined
}

/** For a visitor nobody vouches for, the facts stay out: anybody can type an e-mail address, and an agent would read them out. */
export function toCustomer(entry: Entry, visitor: Identity, trustUnverified: boolean): Customer {
  const { facts, ...rest } = entry
  const isTrusted = visitor.verified === true || trustUnverified
  return { ...rest, verified: visitor.verified === true, ...(isTrusted && facts && { facts }) }
}

const only = (entries: readonly Entry[]): Entry | undefined => (entries.length === 1 ? entries[0] : undefined)
