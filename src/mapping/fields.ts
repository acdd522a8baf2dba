/** Liquid templates over the context: how a mapping fills a desk's own fields. No files, no code, bounded work. */
import { Liquid, LiquidError, type Template } from 'liquidjs'

/** What a template may name. A dot stands for what lies inside. */
export const fieldVariables = [
  'handoff.id',
  'handoff.number',
  'handoff.mode',
  'handoff.priority',
  'handoff.skills',
  'conversation',
  'channel',
  'mapping',
  'summary',
  'wants',
  'language',
  'intent',
  'confidence',
  'reason.criterion',
  'reason.text',
  'tried',
  'asked',
  'sentiment',
  'signals',
  'transcript',
  'customer.id',
  'customer.name',
  'customer.email',
  'customer.phone',
  'customer.verified',
  'customer.language',
  'customer.timeZone',
  'customer.segment',
  'customer.value',
  'customer.facts',
  'customer.url',
] as const

export type FieldValues = Readonly<Record<string, unknown>>

const engine = new Liquid({
  strictFilters: true,
  ownPropertyOnly: true,
  // Without it `include` would read files.
  templates: {},
  relativeReference: false,
  dynamicPartials: false,
  parseLimit: 10_000,
  renderLimit: 100,
  memoryLimit: 1_000_000,
})
const parsed = new Map<string, Template[]>()

/** What is wrong with a template, in one sentence; undefined when it is fine. */
export function checkTemplate(
  template: string,
): { message: string; allowed?: readonly string[]; found?: string } | undefined {
  try {
    for (const segments of engine.globalVariableSegmentsSync(engine.parse(template))) {
      const found = segments.filter((segment) => typeof segment === 'string').join('.')
      if (!isKnown(found)) return { message: `"${found}" is not part of the context.`, allowed: fieldVariables, found }
    }
    return undefined
  } catch (error) {
    const said = error instanceof LiquidError ? (error.originalError?.message ?? error.message) : 'it cannot be read'
    return { message: `This Liquid template is wrong: ${said.split('\n')[0]}.` }
  }
}

/** Lists and maps whose insides depend on the conversation. */
const openVariables = ['customer.facts', 'asked', 'tried', 'sentiment', 'signals', 'transcript', 'handoff.skills']

/** A variable, a group of them (`customer`), or something inside an open one. */
const isKnown = (name: string): boolean =>
  fieldVariables.some((known) => name === known || known.startsWith(`${name}.`)) ||
  openVariables.some((open) => name.startsWith(`${open}.`))

/** Each field's text; a field whose text is empty is left out, since the desk would take it for a value. */
export function renderFields(fields: Readonly<Record<string, string>>, values: FieldValues): Record<string, string> {
  const rendered = Object.entries(fields).map(([field, template]) => [field, renderOne(template, values)] as const)
  return Object.fromEntries(rendered.filter(([, text]) => text !== ''))
}

function renderOne(template: string, values: FieldValues): string {
  const parts = parsed.get(template) ?? engine.parse(template)
  parsed.set(template, parts)
  return String(engine.renderSync(parts, values as object)).trim()
}
