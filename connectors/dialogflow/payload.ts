/** Custom payloads: cards of Dialogflow Messenger become text and choices, agreed keys become wishes. Pure. */
import type { Choice, Part } from '#hub/connector.ts'
import type { Plain } from './struct.ts'

/** What a bot asks for besides its words. */
export interface Wish {
  readonly wants?: 'human' | 'end'
  readonly skills: readonly string[]
}
export const noWish: Wish = { skills: [] }

export interface PayloadKeys {
  /** Keys that ask for a person. */
  readonly payloads: readonly string[]
  /** Where the skills are. */
  readonly skills: readonly string[]
}

/** Comes back as an event instead of as words. */
export const eventChoice = 'event:'

/** The own keys first, then conventions of CCAI Platform and LivePerson (dialogflow.md 9 and 18). */
export function wishIn(payload: Plain, keys: PayloadKeys): Wish {
  for (const key of keys.payloads) {
    const found = valueAt(payload, key)
    if (isSet(found)) return { wants: 'human', skills: skillsIn(found, keys.skills) }
  }
  const { ujet, action, parameters } = payload as { ujet?: Plain; action?: unknown; parameters?: Plain }
  if (ujet?.action === 'escalation') return { wants: 'human', skills: skillsIn(ujet, keys.skills) }
  if (ujet?.action === 'end') return { wants: 'end', skills: [] }
  if (action === 'TRANSFER') return { wants: 'human', skills: skillsIn(parameters, ['skill', ...keys.skills]) }
  if (action === 'CLOSE_CONVERSATION') return { wants: 'end', skills: [] }
  return noWish
}

/** A wish for a person wins over an end, wherever each of them stands. */
export function joinWishes(wishes: readonly Wish[]): Wish {
  const wants = wishes.some((wish) => wish.wants === 'human') ? 'human' : wishes.find((wish) => wish.wants)?.wants
  return { ...(wants && { wants }), skills: [...new Set(wishes.flatMap(({ skills }) => skills))] }
}

export function skillsIn(value: unknown, keys: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return []
  const found = keys.flatMap((key) => (value as Plain)[key] ?? [])
  return [...new Set(found.filter((skill) => typeof skill === 'string' && skill.trim() !== '').map(String))]
}

export const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && value !== '' && value !== 'false' && value !== 0

function valueAt(payload: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Plain)[key] : undefined), payload)
}

/** Notes for agents and what is unknown have no parts: neither is for the customer. */
export function partsIn(payload: Plain): Part[] {
  const { richContent } = payload
  if (!Array.isArray(richContent)) return []
  return richContent.flatMap((card) => cardParts((Array.isArray(card) ? card : [card]).filter(isPlain)))
}

const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The elements of one card belong together. */
function cardParts(elements: readonly Plain[]): Part[] {
  const lines = elements.map(linesOf).filter(Boolean).join('\n\n')
  const choices = elements.flatMap(choicesOf)
  return [
    ...(lines ? [{ kind: 'text', text: lines } as const] : []),
    ...(choices.length > 0 ? [{ kind: 'choices', choices } as const] : []),
  ]
}

/** By its fields and not by its type: a type that comes later is shown as far as it has the usual ones. */
function linesOf(element: Plain): string {
  const { type, text, title, subtitle, rawUrl, accessibilityText, options } = element
  if (type === 'chips')
    return Array.isArray(options) ? options.filter(isPlain).map(linkLine).filter(Boolean).join('\n') : ''
  if (choicesOf(element).length > 0) return ''
  const body = Array.isArray(text) ? text.filter((line) => typeof line === 'string').join('\n') : words(text)
  const link = linkOf(element)
  if (type === 'image') return link || rawUrl ? linked(words(accessibilityText), link ?? words(rawUrl)) : ''
  if (type === 'button') return link ? linked(body, link) : ''
  return [linked(words(title), link), words(subtitle), body].filter(Boolean).join('\n')
}

function linkLine(option: Plain): string {
  const link = linkOf(option)
  return link ? linked(words(option.text), link) : ''
}

function choicesOf(element: Plain): Choice[] {
  const { type, options } = element
  if (type === 'chips') return Array.isArray(options) ? options.filter(isPlain).flatMap(choiceOf) : []
  return type === 'button' || (type === 'list' && element.event) ? choiceOf(element) : []
}

/** What only leads to another page is no answer. */
function choiceOf(option: Plain): Choice[] {
  const label = words(option.text) || words(option.title)
  if (!label || linkOf(option)) return []
  const event = isPlain(option.event) ? words(option.event.event) || words(option.event.name) : ''
  return [{ label, value: event ? eventChoice + event : label }]
}

const linkOf = ({ anchor, actionLink, link }: Plain): string | undefined =>
  [isPlain(anchor) ? anchor.href : undefined, actionLink, link].find(
    (one): one is string => typeof one === 'string' && /^https?:\/\//.test(one),
  )

const linked = (label: string, link: string | undefined): string => (link ? `[${label || link}](${link})` : label)
const words = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')
