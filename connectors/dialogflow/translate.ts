/** What both products have alike, between the hub's words and theirs. Pure. */
import type { Message, Part } from '#hub/connector.ts'
import { eventChoice } from './payload.ts'
import type { Plain } from './struct.ts'

export type Input = { readonly text: string } | { readonly event: string; readonly parameters?: Plain }

/** The button pressed, or the words; of a file the bot gets the name, since its address is for people. */
export function toInput(said: Message, textLength: number): Input {
  if (said.choice?.startsWith(eventChoice)) return { event: said.choice.slice(eventChoice.length) }
  const words = said.choice ?? said.parts.map(wordsOf).filter(Boolean).join('\n')
  return { text: cut(words.trim(), textLength) }
}

const wordsOf = (part: Part): string =>
  part.kind === 'text' ? part.text : part.kind === 'file' ? `[${part.name}]` : ''

/** Never in the middle of a character. The 256 may count UTF-16 units, so those are counted (dialogflow.md 11). */
export const cut = (words: string, length: number): string =>
  words.length <= length ? words : words.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')

export interface Languages {
  readonly language: string
  readonly languages: readonly string[]
}

/** The customer's where the agent has it, with its region or without; else the agent's own. */
export function languageFor(said: string | undefined, { language, languages }: Languages): string {
  const known = [language, ...languages]
  const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()
  return (
    known.find((one) => said && same(one, said)) ??
    known.find((one) => said && same(one, said.split('-')[0]!)) ??
    language
  )
}

/** Longest account of what people did that a bot is given. */
export const digestLength = 2_000

/** Buttons stand below the words they belong to. */
export function messagesOf(parts: readonly Part[]): Message[] {
  const messages: Message[] = []
  for (const part of parts) {
    const last = messages.at(-1)
    const isBelow = part.kind === 'choices' && last && last.parts.at(-1)?.kind !== 'choices'
    if (isBelow) messages[messages.length - 1] = { parts: [...last.parts, part] }
    else messages.push({ parts: [part] })
  }
  return messages
}

/** Whether a parameter has been answered. */
export const isAnswer = (value: unknown): boolean =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'

/** Floats of 32 bits: 0.7 arrives as 0.699999988. */
export const rounded = (value: number, least: number): number =>
  Math.min(1, Math.max(least, Math.round(value * 10_000) / 10_000))
