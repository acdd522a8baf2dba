/** Who works there and what its Help Center says, before anybody calls. */
import { type Account, anaId, benId, meId } from './account.ts'
import type { TwinUser } from './objects.ts'

export function seedUsers(account: Account): void {
  const staff: [number, string, TwinUser['role'], readonly string[]][] = [
    [meId, 'Baton', account.quirks.noAdmin ? 'agent' : 'admin', []],
    [anaId, 'Ana', 'agent', [...account.skills.keys()]],
    [benId, 'Ben', 'agent', []],
  ]
  for (const [id, name, role, skills] of staff) {
    const at = account.now()
    const email = `${name.toLowerCase()}@example.com`
    account.users.set(id, {
      id,
      name,
      email,
      external_id: null,
      role,
      created_at: at,
      updated_at: at,
      online: id !== meId,
      skills,
    })
  }
}

export const sectionId = 31870099000044
const readers = 31870042500

export function seedArticles(
  account: Account,
  { locale = 'en-us', section = sectionId }: { locale?: string; section?: number },
): void {
  const articles: [string, string, { draft?: boolean; segment?: number }][] = [
    [
      'Duplicate charges',
      '<p>Pending authorisations can look like a second charge. The duplicate charge disappears within five days.</p>',
      {},
    ],
    ['When do we charge your card', '<p>We charge a card when the parcel leaves our house.</p>', {}],
    [
      'Sending things back',
      '<p>Returns are free for 30 days. Print the label &amp; drop the parcel at any post office.</p>',
      {},
    ],
    [
      'Duplicate charges: what agents may refund',
      '<p>Refund a duplicate charge at once up to 100.</p>',
      { segment: readers },
    ],
    ['Duplicate charges, new text', '<p>A duplicate charge, explained anew.</p>', { draft: true }],
  ]
  for (const [title, body, { draft = false, segment = null }] of articles) {
    const id = account.nextId()
    account.articles.set(id, {
      id,
      section_id: section,
      locale,
      title,
      body,
      draft,
      user_segment_id: segment,
      permission_group_id: 31870042410,
      label_names: [],
      created_at: account.now(),
    })
  }
}
