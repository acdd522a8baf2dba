/** A CSV file to entries. Pure; mistakes name the file, the line and the column. */
import { type CsvError, parse } from 'csv-parse/sync'
import { HubError } from '#hub/connector.ts'
import type { Entry } from './customers.ts'
import type { Columns } from './settings.ts'

interface Row {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/** Commas or, as spreadsheets of many countries write it, semicolons. Throws `invalid`. */
export function parseCustomers(source: string, file: string, columns: Columns): Entry[] {
  const rows = readRows(source, file)
  const headings = rows[0]?.record.map((heading) => heading.trim()) ?? []
  checkHeadings(headings, file, columns)
  const lines = new Map<string, number>()
  return rows.slice(1).map((row) => {
    const line = row.info.lines
    if (row.record.length !== headings.length)
      throw wrong(file, line, `has ${row.record.length} values, the heading has ${headings.length}`)
    const cells = new Map(headings.map((heading, index) => [heading, row.record[index]!.trim()]))
    const entry = toEntry(cells, columns, (column, problem) => wrong(file, line, `column "${column}" ${problem}`))
    const before = entry.id === undefined ? undefined : lines.get(entry.id)
    if (before)
      throw wrong(
        file,
        line,
        `column "${columns.id}" is "${entry.id}", as in line ${before}; each id may be there once`,
      )
    if (entry.id !== undefined) lines.set(entry.id, line)
    return entry
  })
}

function readRows(source: string, file: string): Row[] {
  const heading = source.split('\n', 1)[0]!
  const delimiter = heading.split(';').length > heading.split(',').length ? ';' : ','
  try {
    const options = { bom: true, info: true, delimiter, relax_column_count: true, skip_empty_lines: true } as const
    return parse(source, options) as unknown as Row[]
  } catch (error) {
    const { lines, message } = error as CsvError & { lines?: number }
    throw wrong(file, lines ?? 1, `is not readable as CSV: ${message}`)
  }
}

function checkHeadings(headings: readonly string[], file: string, columns: Columns): void {
  const twice = headings.find((heading, index) => headings.indexOf(heading) !== index)
  if (twice !== undefined) throw wrong(file, 1, `has the column "${twice}" twice`)
  const keys = [columns.id, columns.email, columns.phone]
  if (!keys.some((key) => headings.includes(key)))
    throw wrong(
      file,
      1,
      `has none of the columns ${keys.map((key) => `"${key}"`).join(', ')}; found ${headings.join(', ') || 'nothing'}. Name yours in "columns"`,
    )
}

function toEntry(
  cells: ReadonlyMap<string, string>,
  columns: Columns,
  wrongCell: (column: string, problem: string) => HubError,
): Entry {
  const cell = (key: keyof Columns) => cells.get(columns[key]) || undefined
  const email = cell('email')
  if (email !== undefined && !/^\S+@\S+$/.test(email))
    throw wrongCell(columns.email, 'must be an e-mail address such as ada@example.com')
  const value = cell('value')
  if (value !== undefined && !/^-?\d+(\.\d+)?$/.test(value))
    throw wrongCell(columns.value, `must be a plain number such as 1200 or 99.5, found "${value}"`)
  const timeZone = cell('timeZone')
  if (timeZone !== undefined && !isTimeZone(timeZone))
    throw wrongCell(columns.timeZone, `must be a time zone such as Europe/Berlin, found "${timeZone}"`)
  const known = new Set(Object.values(columns))
  const facts = Object.fromEntries([...cells].filter(([heading, text]) => !known.has(heading) && text !== ''))
  return {
    id: cell('id'),
    email,
    phone: cell('phone'),
    name: cell('name'),
    language: cell('language'),
    segment: cell('segment'),
    value: value === undefined ? undefined : Number(value),
    timeZone,
    facts,
  }
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

const wrong = (file: string, line: number, problem: string): HubError =>
  new HubError('invalid', `${file}:${line}: ${problem}`)
