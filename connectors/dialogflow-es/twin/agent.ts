/** The agent's intents at design time: phrases by language, what the model has learned of them, what an environment serves. */
import { grpcCodes, grpcFailure } from '#hub/twin.ts'
import { type Phrase, type ScriptIntent, script } from './script.ts'

interface StoredPhrase extends Phrase {
  readonly name: string
  readonly type: string
  readonly timesAddedCount: number
}

interface Stored {
  readonly name: string
  intent: ScriptIntent
  /** By language. */
  readonly phrases: Map<string, readonly StoredPhrase[]>
}

type Model = ReadonlyMap<string, readonly string[]>

export interface Match {
  readonly intent: ScriptIntent
  readonly confidence: number
}

export type Agent = ReturnType<typeof openAgent>

const leastConfidence = 0.5

export function openAgent(path: string, language: string) {
  let ids = 0
  const withId = (phrase: Partial<StoredPhrase>): StoredPhrase => ({
    parts: (phrase.parts ?? []).map(({ text, entityType, alias, userDefined }) => ({
      text,
      ...(entityType && { entityType, alias, userDefined }),
    })),
    type: 'EXAMPLE',
    name: phrase.name || `phrase-${++ids}`,
    timesAddedCount: phrase.timesAddedCount ?? 0,
  })
  const stored = script.map(
    (intent): Stored => ({
      name: `${path}/intents/${intent.id}`,
      intent,
      phrases: new Map([[language, intent.phrases.map((phrase) => withId(phrase))]]),
    }),
  )
  const learn = (): Model =>
    new Map(
      stored.map(({ name, phrases }) => [name, [...phrases.values()].flat().map(({ parts }) => partsText(parts))]),
    )
  let draft = learn()
  // Versions do not change when the draft is trained (dialogflow.md 0.9).
  const published = learn()

  const find = (name: string): Stored => {
    const found = stored.find((one) => one.name === name)
    if (!found) throw grpcFailure(grpcCodes.notFound, `Intent with id ${name.split('/').at(-1)} not found.`)
    return found
  }
  const asMessage = ({ name, intent, phrases }: Stored, languageCode: string, isFull: boolean) => ({
    name,
    displayName: intent.displayName,
    action: intent.action ?? '',
    isFallback: intent.isFallback ?? false,
    liveAgentHandoff: intent.isHandoff ?? false,
    endInteraction: intent.isEnd ?? false,
    priority: 500_000,
    trainingPhrases: isFull ? (phrases.get(languageCode) ?? []) : [],
  })

  return {
    list: ({ languageCode, intentView, pageSize, pageToken }: ListRequest) => {
      const from = Number(pageToken || 0)
      const to = from + (pageSize || 100)
      // UNSPECIFIED is without phrases here (dialogflow.md 12.2).
      const page = stored.slice(from, to)
      const intents = page.map((one) => asMessage(one, languageCode || language, intentView === 'INTENT_VIEW_FULL'))
      return { intents, nextPageToken: to < stored.length ? String(to) : '' }
    },
    get: ({ name, languageCode, intentView }: { name: string; languageCode?: string; intentView?: string }) =>
      asMessage(find(name), languageCode || language, intentView === 'INTENT_VIEW_FULL'),
    /** The list is replaced as a whole; without a mask so is everything else. */
    update({ intent, languageCode = '', updateMask }: UpdateRequest) {
      const found = find(intent.name)
      const paths = updateMask?.paths ?? []
      const isNamed = (path: string) => paths.length === 0 || paths.includes(path)
      if (isNamed('training_phrases'))
        found.phrases.set(languageCode || language, (intent.trainingPhrases ?? []).map(withId))
      if (isNamed('display_name')) {
        if (!intent.displayName) throw grpcFailure(grpcCodes.invalidArgument, 'Intent display name must not be empty.')
        found.intent = { ...found.intent, displayName: intent.displayName }
      }
      return asMessage(found, languageCode || language, true)
    },
    train() {
      draft = learn()
    },
    /** As a person in the console. */
    addPhrase(displayName: string, text: string) {
      const found = stored.find(({ intent }) => intent.displayName === displayName)
      if (!found) throw grpcFailure(grpcCodes.notFound, 'There is no such intent.')
      found.phrases.set(language, [...(found.phrases.get(language) ?? []), withId({ parts: [{ text }] })])
    },
    fallback: () => stored.find(({ intent }) => intent.isFallback)!.intent,
    match(words: string, isDraft: boolean): Match | undefined {
      const model = isDraft ? draft : published
      const best = stored
        .map(({ name, intent }) => ({
          intent,
          confidence: Math.max(0, ...(model.get(name) ?? []).map((phrase) => likeness(words, phrase))),
        }))
        .sort((a, b) => b.confidence - a.confidence)[0]
      return best && best.confidence >= leastConfidence && !best.intent.isFallback ? best : undefined
    },
    nameOf: (intent: ScriptIntent) => `${path}/intents/${intent.id}`,
  }
}

interface ListRequest {
  readonly languageCode?: string
  readonly intentView?: string
  readonly pageSize?: number
  readonly pageToken?: string
}
interface UpdateRequest {
  readonly intent: { name: string; displayName?: string; trainingPhrases?: Partial<StoredPhrase>[] }
  readonly languageCode?: string
  readonly updateMask?: { readonly paths?: readonly string[] }
}

const partsText = (parts: Phrase['parts']): string => parts.map(({ text }) => text).join('')

/** Words in common, numbers aside: 1 for the same words. */
function likeness(one: string, other: string): number {
  const [a, b] = [wordsOf(one), wordsOf(other)]
  if (a.length === 0 || b.length === 0) return 0
  const common = a.filter((word) => b.includes(word)).length
  return Math.min(1, (2 * common) / (a.length + b.length))
}

const wordsOf = (text: string): string[] => [...new Set(text.toLowerCase().match(/\p{L}+/gu) ?? [])]
