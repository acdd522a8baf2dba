/** An agent's intents at design time: phrases by language, what the model has learned of them, what an environment serves. */
import { grpcCodes, grpcFailure } from '#hub/twin.ts'

export interface Phrase {
  readonly parts: readonly { readonly text: string }[]
}

export interface ScriptIntent {
  readonly id: string
  readonly displayName: string
  readonly isFallback?: boolean
  readonly phrases: readonly Phrase[]
}

/** What each product does in its own way. */
export interface AgentOptions<I extends ScriptIntent> {
  /** Before `/intents/…`. */
  readonly path: string
  readonly language: string
  readonly script: readonly I[]
  /** As it is stored, with a name of its own where it has none yet. */
  toStored(phrase: I['phrases'][number], newName: () => string): I['phrases'][number]
  /** An intent's fields besides its names and phrases. */
  fieldsOf(intent: I): object
  /** Whether this view of an intent, UNSPECIFIED being none, has its phrases. */
  isFull(view: string | undefined): boolean
}

interface Stored<I> {
  readonly name: string
  intent: I
  /** By language. */
  readonly phrases: Map<string, readonly Phrase[]>
}

type Model = ReadonlyMap<string, readonly string[]>

export interface Match<I> {
  readonly intent: I
  readonly confidence: number
}

export type Agent<I extends ScriptIntent> = ReturnType<typeof openAgent<I>>

const leastConfidence = 0.5

export function openAgent<I extends ScriptIntent>(options: AgentOptions<I>) {
  const { path, language, script, fieldsOf, isFull } = options
  let ids = 0
  const toStored = (phrase: Phrase): Phrase => options.toStored(phrase as I['phrases'][number], () => `phrase-${++ids}`)
  const stored = script.map(
    (intent): Stored<I> => ({
      name: `${path}/intents/${intent.id}`,
      intent,
      phrases: new Map([[language, intent.phrases.map(toStored)]]),
    }),
  )
  const learn = (): Model =>
    new Map(
      stored.map(({ name, phrases }) => [name, [...phrases.values()].flat().map(({ parts }) => partsText(parts))]),
    )
  let draft = learn()
  // Versions do not change when the draft is trained (dialogflow.md 0.9).
  const published = learn()

  const find = (name: string): Stored<I> => {
    const found = stored.find((one) => one.name === name)
    if (!found) throw grpcFailure(grpcCodes.notFound, `Intent with id ${name.split('/').at(-1)} not found.`)
    return found
  }
  const asMessage = ({ name, intent, phrases }: Stored<I>, languageCode: string, hasPhrases: boolean) => ({
    name,
    displayName: intent.displayName,
    isFallback: intent.isFallback ?? false,
    priority: 500_000,
    ...fieldsOf(intent),
    trainingPhrases: hasPhrases ? (phrases.get(languageCode) ?? []) : [],
  })

  return {
    list: ({ languageCode, intentView, pageSize, pageToken }: ListRequest) => {
      const from = Number(pageToken || 0)
      const to = from + (pageSize || 100)
      const page = stored.slice(from, to)
      const intents = page.map((one) => asMessage(one, languageCode || language, isFull(intentView)))
      return { intents, nextPageToken: to < stored.length ? String(to) : '' }
    },
    get: ({ name, languageCode, intentView }: GetRequest) =>
      asMessage(find(name), languageCode || language, isFull(intentView)),
    /** The list is replaced as a whole; without a mask so is everything else. */
    update({ intent, languageCode = '', updateMask }: UpdateRequest) {
      const found = find(intent.name)
      const paths = updateMask?.paths ?? []
      const isNamed = (path: string) => paths.length === 0 || paths.includes(path)
      if (isNamed('training_phrases'))
        found.phrases.set(languageCode || language, (intent.trainingPhrases ?? []).map(toStored))
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
      found.phrases.set(language, [...(found.phrases.get(language) ?? []), toStored({ parts: [{ text }] })])
    },
    fallback: (): I => stored.find(({ intent }) => intent.isFallback)!.intent,
    match(words: string, isDraft: boolean): Match<I> | undefined {
      const model = isDraft ? draft : published
      const best = stored
        .map(({ name, intent }) => ({
          intent,
          confidence: Math.max(0, ...(model.get(name) ?? []).map((phrase) => likeness(words, phrase))),
        }))
        .sort((a, b) => b.confidence - a.confidence)[0]
      return best && best.confidence >= leastConfidence && !best.intent.isFallback ? best : undefined
    },
    nameOf: (intent: I) => `${path}/intents/${intent.id}`,
  }
}

export interface ListRequest {
  readonly languageCode?: string
  readonly intentView?: string
  readonly pageSize?: number
  readonly pageToken?: string
}
export interface GetRequest {
  readonly name: string
  readonly languageCode?: string
  readonly intentView?: string
}
export interface UpdateRequest {
  readonly intent: { name: string; displayName?: string; trainingPhrases?: Phrase[] }
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
