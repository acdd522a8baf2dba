/** What the other side cannot show is turned into text, never dropped. */
import type { Limits } from './connector.ts'
import { type Message, type Part, plainText } from './message.ts'

export function downgrade(message: Message, limits: Limits | undefined): Message {
  const kinds = new Set<string>(limits?.downgrade ?? [])
  if (kinds.size === 0 && limits?.textLength === undefined) return message
  const parts = message.parts.map(
    (part): Part => (kinds.has(part.kind) ? { kind: 'text', text: plainText({ parts: [part] }) } : part),
  )
  return {
    ...message,
    parts: limits?.textLength === undefined ? parts : parts.flatMap((part) => split(part, limits.textLength!)),
  }
}

/** Long text becomes several parts, cut at white space where there is some near the end. */
function split(part: Part, length: number): Part[] {
  if (part.kind !== 'text' || part.text.length <= length) return [part]
  const cut = part.text.lastIndexOf(' ', length)
  const at = cut > length / 2 ? cut : length
  return [
    { kind: 'text', text: part.text.slice(0, at) },
    ...split({ kind: 'text', text: part.text.slice(at).trimStart() }, length),
  ]
}
