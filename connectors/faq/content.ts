/** What the bot knows: intents with their answers, and articles; from files, from the database, or both. */

/** Language (`en`) to text. `''` holds what was given without a language. */
export type Texts = Readonly<Record<string, string>>

export interface FaqIntent {
  readonly name: string
  readonly phrases: readonly string[]
  /** Markdown. Empty when the intent only `wants` something. */
  readonly answers: Texts
  readonly choices: readonly FaqChoice[]
  readonly wants?: 'human' | 'end'
  /** Asked for, one after the other, before the answer is given. */
  readonly needs: readonly FaqSlot[]
  /** Greetings and thanks: they give way to any real question in the same message. */
  readonly smallTalk?: boolean
}

export interface FaqChoice {
  readonly label: string
  /** The intent that a pick leads to; without it the label counts as said. */
  readonly intent?: string
}

export interface FaqSlot {
  readonly slot: string
  readonly ask: Texts
  /** The first match in the customer's words is the value; without a pattern all they say is. */
  readonly pattern?: RegExp
}

export interface FaqArticle {
  /** Unique within the connection. */
  readonly id: string
  readonly title: string
  /** Markdown. */
  readonly body: string
  readonly url?: string
  readonly tags: readonly string[]
}

export interface Content {
  readonly intents: readonly FaqIntent[]
  readonly articles: readonly FaqArticle[]
}

/** Phrases of an intent that both know are joined; in all else the later one wins where it says something. */
export function joinIntents(...lists: ReadonlyArray<readonly FaqIntent[]>): FaqIntent[] {
  const joined = new Map<string, FaqIntent>()
  for (const intent of lists.flat()) {
    const before = joined.get(intent.name)
    joined.set(intent.name, before ? joinIntent(before, intent) : intent)
  }
  return [...joined.values()]
}

function joinIntent(before: FaqIntent, after: FaqIntent): FaqIntent {
  return {
    name: before.name,
    phrases: [...new Set([...before.phrases, ...after.phrases])],
    answers: { ...before.answers, ...after.answers },
    choices: after.choices.length > 0 ? after.choices : before.choices,
    wants: after.wants ?? before.wants,
    needs: after.needs.length > 0 ? after.needs : before.needs,
    smallTalk: before.smallTalk,
  }
}

/** The text in this language, else in the fallback language, else in whichever there is. */
export function textIn(texts: Texts, language: string, fallback: string): string | undefined {
  const base = (tag: string) => tag.toLowerCase().split('-')[0]!
  return (
    texts[language] ??
    texts[base(language)] ??
    texts[''] ??
    texts[fallback] ??
    texts[base(fallback)] ??
    Object.values(texts)[0]
  )
}
