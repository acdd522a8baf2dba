/** The role `training`: what people taught reaches the intents, and nothing that was there is lost. The same for both products. */
import { type Host, HubError, type Intent, type Training } from '#hub/connector.ts'

/** What both products say of an intent. */
export interface TaughtIntent {
  name?: string | null
  displayName?: string | null
  trainingPhrases?: readonly Phrase[] | null
}
export interface Phrase {
  parts?: readonly { text?: string | null }[] | null
}

/** What each product does in its own way. */
export interface School<I extends TaughtIntent> {
  /** Names of all its intents begin with this. */
  readonly agentPath: string
  readonly longestPhrase?: number
  toPhrase(text: string): NonNullable<I['trainingPhrases']>[number]
  list(): Promise<readonly I[]>
  get(name: string): Promise<I>
  write(intent: I): Promise<void>
  /** Begins the training. */
  train(): Promise<void>
}

/** Reads again before writing, at most so often, while somebody else is changing the intent. */
const mostReads = 4

export function openTraining<I extends TaughtIntent>(school: School<I>, { log }: Pick<Host, 'log'>): Training {
  const { agentPath, longestPhrase = Number.POSITIVE_INFINITY } = school
  let line: Promise<unknown> = Promise.resolve()
  /** There is no version to compare with, so at least we never race ourselves (dialogflow.md 12.7). */
  const oneAtATime = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = line.then(work, work)
    line = turn.catch(() => {})
    return turn
  }

  async function add(ref: string, phrases: readonly string[]): Promise<void> {
    const intent = await settled(school, ref)
    const fresh = unknownOf(phrases, phrasesOf(intent))
    if (fresh.length > 0) {
      const trainingPhrases = [...(intent.trainingPhrases ?? []), ...fresh.map((text) => school.toPhrase(text))]
      await school.write({ ...intent, trainingPhrases })
      await expectAll(school, ref, [...phrasesOf(intent), ...fresh])
    }
    // Also when nothing is new: an earlier try may have ended between the phrases and the training.
    await school.train()
    log.info({ phrases: fresh.length }, 'phrases added, training begun')
  }

  return {
    async *intents(): AsyncIterable<Intent> {
      for (const intent of await school.list())
        yield { ref: intent.name ?? '', name: intent.displayName ?? '', phrases: phrasesOf(intent) }
    },

    async addPhrases(intent, phrases) {
      if (phrases.some((phrase) => phrase.length > longestPhrase))
        throw new HubError('invalid', `A phrase has at most ${longestPhrase} characters`)
      if (!intent.startsWith(`${agentPath}/intents/`)) throw new HubError('unknown', 'The agent has no such intent')
      await oneAtATime(() => add(intent, phrases))
    },
  }
}

/** Parts are put together as they are: the spaces are inside them. */
const phrasesOf = ({ trainingPhrases }: TaughtIntent): string[] =>
  (trainingPhrases ?? []).map(({ parts }) => (parts ?? []).map(({ text }) => text ?? '').join(''))

/** Read twice alike: a change that somebody is making right now is seen and kept. */
async function settled<I extends TaughtIntent>(school: School<I>, ref: string): Promise<I> {
  let last = await school.get(ref)
  for (let reads = 1; reads < mostReads; reads++) {
    const again = await school.get(ref)
    if (JSON.stringify(again.trainingPhrases) === JSON.stringify(last.trainingPhrases)) return again
    last = again
  }
  throw new HubError('busy', 'Somebody is changing this intent right now', { retryAfterMs: 5_000 })
}

async function expectAll<I extends TaughtIntent>(
  school: School<I>,
  ref: string,
  expected: readonly string[],
): Promise<void> {
  const missing = unknownOf(expected, phrasesOf(await school.get(ref)))
  if (missing.length > 0)
    throw new HubError('busy', 'The intent was changed by somebody else at the same time', { retryAfterMs: 5_000 })
}

const sameWords = (phrase: string): string => phrase.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase()

/** Those that are not there yet, each once. */
function unknownOf(phrases: readonly string[], known: readonly string[]): string[] {
  const seen = new Set(known.map(sameWords))
  return phrases.filter((phrase) => {
    const words = sameWords(phrase)
    const isNew = words !== '' && !seen.has(words)
    seen.add(words)
    return isNew
  })
}
