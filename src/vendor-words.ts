/**
 * The vendor's own sentence in an error answer, for an operator to read. It may repeat a customer's words: it is kept with the
 * failure and erased with the customer, and is never part of a message or a log line.
 */

const longest = 300
const entries = 5
/** Much more than is kept, so that an answer of megabytes costs nothing. */
const readTo = 4_000

/** Of an HTTP client's error, of a gRPC one, or of a failure that has it already; undefined where the vendor said nothing. */
export function vendorWords(thrown: unknown): string | undefined {
  const error = fieldsOf(thrown)
  if (typeof error.vendor === 'string') return tidy(error.vendor)
  const { status, data } = fieldsOf(error.response)
  if (typeof status === 'number') return status >= 400 ? tidy(sentenceIn(data)) : undefined
  return isGrpc(error) ? tidy(error.details as string) : undefined
}

/** A ServiceError; PostgreSQL and Node have errors with a code too, but in words. */
const isGrpc = ({ code, details, metadata }: Fields): boolean =>
  typeof code === 'number' && typeof details === 'string' && typeof metadata === 'object' && metadata !== null

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const textIn = (value: unknown): string => (typeof value === 'string' ? value.slice(0, readTo).trim() : '')

function sentenceIn(body: unknown): string {
  if (typeof body === 'string') return fromText(body)
  if (Array.isArray(body)) return faultsIn(body).join('; ')
  if (Buffer.isBuffer(body)) return ''
  const { error, errors, details } = fieldsOf(body)
  const inner = fieldsOf(error)
  const faults = [errors, details, inner.errors, inner.details].flatMap(faultsIn)
  return unrepeated([mainIn(fieldsOf(body)) || mainIn(inner) || textIn(error), ...faults]).join('; ')
}

/** A page, as something between us and the vendor sends it, says what it is in its title. */
function fromText(body: string): string {
  const text = textIn(body)
  return text.startsWith('<') ? (/<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? '') : text
}

const mainIn = (fields: Fields): string =>
  [
    fields.message,
    fields.error_description,
    fields.error_message,
    fields.description,
    fields.detail,
    fields.title,
    fields.errmsg,
  ]
    .map(textIn)
    .find(Boolean) ?? ''

/** A list of sentences or of objects, or both by the name of the field. */
function faultsIn(given: unknown): string[] {
  if (Array.isArray(given)) return given.slice(0, entries).map(faultIn).filter(Boolean)
  return Object.entries(fieldsOf(given))
    .slice(0, entries)
    .flatMap(([field, faults]) =>
      [faults]
        .flat()
        .slice(0, entries)
        .map((fault) => named(field, faultIn(fault))),
    )
    .filter(Boolean)
}

function faultIn(given: unknown): string {
  const fields = fieldsOf(given)
  return named(textIn(fields.field), textIn(given) || mainIn(fields))
}

/** Many sentences name their field themselves. */
const named = (field: string, words: string): string =>
  !field || !words || field.length > 60 || words.toLowerCase().startsWith(field.toLowerCase())
    ? words
    : `${field}: ${words}`

const unrepeated = (phrases: readonly string[]): string[] => [...new Set(phrases.filter(Boolean))]

/** A vendor may repeat our credentials: what looks like one is left out. */
const secret =
  /(?<![\w+=-])(?![\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b)(?=[\w+=-]*\d)(?=[\w+=-]*[a-z])[\w+=-]{24,}/gi

function tidy(words: string): string | undefined {
  const text = words
    .slice(0, readTo)
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(secret, '…')
    .trim()
  const short = text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…` : text
  return short.toWellFormed() || undefined
}
