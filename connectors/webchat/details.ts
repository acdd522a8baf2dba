/** What a page says of its visitor. Anybody can say it, so agents see that nobody vouches for it, and no rule is decided by it. Pure. */
import type { Customer } from '#hub/connector.ts'
import { aLanguage, anObject, aText, invalid } from './checks.ts'

export interface Details {
  readonly name?: string
  readonly email?: string
  readonly phone?: string
  readonly language?: string
  /** Label to text, for the agent's eyes. */
  readonly facts?: Readonly<Record<string, string>>
}

const whoLength = 320
const factLength = 500
const labelLength = 60
/** Of one visitor, over all pages: they are part of each conversation's state. */
const mostFacts = 20
const places = ['name', 'email', 'phone', 'language', 'facts'] as const

/** Throws `invalid`, naming the field. A field with null or an empty text is one that the page does not know. */
export function parseDetails(body: unknown): Details {
  const given = Object.entries(anObject(body)).filter(([, value]) => isKnown(value))
  const read = given.map(([place, value]) => {
    if (place === 'facts') return [place, parseFacts(value)]
    if (place === 'language') return [place, aLanguage(value)]
    if (place === 'name' || place === 'email' || place === 'phone') return [place, aText(value, place, whoLength)]
    throw invalid('details', 'another field', places.join(', '))
  })
  return Object.fromEntries(read)
}

function parseFacts(value: unknown): Details['facts'] {
  const facts = Object.entries(anObject(value)).filter(([, text]) => isKnown(text))
  return Object.fromEntries(
    facts.map(([label, text]) => {
      const said = typeof text === 'number' || typeof text === 'boolean' ? String(text) : text
      return [aText(label, 'a label of facts', labelLength), aText(said, 'a text of facts', factLength)]
    }),
  )
}

const isKnown = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

/** The customer with what the page says besides; who was vouched for stays who they are. Throws `invalid` for too much. */
export function withDetails(known: Customer, { language, facts = {}, ...who }: Details): Customer {
  const marked = Object.entries(facts).map(([label, text]) => [`${label} (not verified)`, text])
  const all = { ...known.facts, ...Object.fromEntries(marked) }
  const amount = Object.keys(all).length
  if (amount > mostFacts) throw invalid('facts', `${amount} of one visitor`, `at most ${mostFacts}`)
  return {
    ...known,
    ...(known.verified ? {} : who),
    ...(language ? { language } : {}),
    ...(amount > 0 ? { facts: all } : {}),
  }
}
