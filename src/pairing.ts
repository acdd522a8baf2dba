/** What survives between the sides of a mapping, what is turned into text on the way, and what is lost. Pure. */
import type { Carries, Connector, RichPart } from './connector.ts'
import type { Mapping } from './mapping.ts'

export interface Pairing {
  readonly mapping: string
  /** Connections: who sends, who receives. */
  readonly from: string
  readonly to: string
  readonly what: 'text' | 'typing' | RichPart
  readonly fate: 'kept' | 'changed' | 'lost'
  /** What becomes of it, where it does not arrive as it was sent. */
  readonly how?: string
}

/** What each connection carries as it is set up; undefined where its connector does not say. */
export const carriesIn =
  (connections: readonly { readonly name: string; readonly connector: Connector; readonly settings: object }[]) =>
  (name: string): Carries | undefined => {
    const { connector, settings } = connections.find((one) => one.name === name) ?? {}
    return connector?.carriesWith?.(settings as never) ?? connector?.carries
  }

/** Nothing is said of a pair whose connectors do not say what they carry. */
export function pairingsOf(mapping: Mapping, carries: (connection: string) => Carries | undefined): Pairing[] {
  const desks = new Set([...mapping.desks, ...mapping.fallback].map(({ desk }) => desk))
  const { channel, bot } = mapping
  // One connection may be both sides: a pair with itself has one direction.
  const pairs = [bot, ...desks].flatMap((other) =>
    other === channel
      ? [[channel, channel]]
      : [
          [channel, other],
          [other, channel],
        ],
  )
  return pairs.flatMap(([from, to]) => {
    const [sender, receiver] = [carries(from!), carries(to!)]
    if (!sender || !receiver) return []
    return betweenTwo(sender, receiver).map((found) => ({ mapping: mapping.name, from: from!, to: to!, ...found }))
  })
}

type Found = Pick<Pairing, 'what' | 'fate' | 'how'>

function betweenTwo(sender: Carries, receiver: Carries): Found[] {
  const rich = sender.sends.map(
    (what): Found =>
      receiver.shows.includes(what) ? { what, fate: 'kept' } : { what, fate: 'changed', how: asText[what] },
  )
  return [textBetween(sender, receiver), ...rich, ...typingBetween(sender, receiver)]
}

const asText: Record<RichPart, string> = {
  choices: 'their labels, as text; the answer has to be typed',
  file: 'its name and a link, as text',
  articles: 'their titles and links, as text',
  survey: 'the question and a link, as text',
}

function textBetween(sender: Carries, { textLength }: Carries): Found {
  const isSplit = textLength !== undefined && (sender.textLength ?? Number.POSITIVE_INFINITY) > textLength
  if (!isSplit) return { what: 'text', fate: 'kept' }
  return { what: 'text', fate: 'kept', how: `in pieces of at most ${textLength} characters` }
}

function typingBetween(sender: Carries, receiver: Carries): Found[] {
  if (!sender.typing?.tells) return []
  if (receiver.typing?.shows) return [{ what: 'typing', fate: 'kept' }]
  return [{ what: 'typing', fate: 'lost', how: 'the other side cannot show it' }]
}
