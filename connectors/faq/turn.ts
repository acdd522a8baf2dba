/** The bot's decision: a message, what we know and what we remember, to an answer and what to remember next. Pure. */
import type { Article, BotTurn, Message, Part } from '#hub/connector.ts'
import { plainText } from '#hub/message.ts'
import { answerOf, confidenceOf, type Decision, picked, type Situation, type Speak } from './answer.ts'
import { type FaqIntent, textIn } from './content.ts'
import { languageOf } from './language.ts'
import type { Snapshot } from './model.ts'
import { partsOf, type Recognised, recognise } from './recognise.ts'
import type { Session } from './session.ts'
import { answerPending, beginSlots, isPending } from './slots.ts'
import { articleTexts, unknownTexts } from './texts.ts'

export function decide(situation: Situation): Decision {
  const { said, session, snapshot, settings } = situation
  const speak = speaker(situation)
  const { resume, ...rest } = session
  const resumed = resume === undefined ? undefined : snapshot.intents.get(resume)
  const decision = resumed ? { ...situation, session: rest } : situation
  const words = wordsSaid(said)
  const found = pickOf(said, snapshot) ?? recognise(words, snapshot, settings.threshold)
  if (!resumed && isPending(session.pending, words, found, snapshot)) return answerPending(decision, words, speak)
  const own = answer(decision, words, found, speak)
  return resumed ? joinResumed(resumed, own, decision, speak) : own
}

function speaker({ said, settings }: Situation): Speak {
  const language = said.language ?? languageOf(wordsSaid(said)) ?? settings.language
  return (texts) => textIn(texts, language, settings.language) ?? ''
}

const wordsSaid = (said: Message): string =>
  said.choice !== undefined && !said.choice.startsWith(picked) ? said.choice : plainText(said)

function pickOf(said: Message, snapshot: Snapshot): Recognised | undefined {
  const name = said.choice?.startsWith(picked) ? said.choice.slice(picked.length) : undefined
  const intent = name === undefined ? undefined : snapshot.intents.get(name)
  return intent && { intents: [intent], best: { intent: intent.name, confidence: 1 } }
}

/** Less sure of the intent than this, an article that fits better than the intent wins. */
const clearConfidence = 0.7

function answer(situation: Situation, words: string, found: Recognised, speak: Speak): Decision {
  const { session } = situation
  const articles = (found.best?.confidence ?? 0) < clearConfidence ? findArticles(words, situation) : []
  const isArticleBetter = (articles[0]?.score ?? 0) > (found.best?.confidence ?? 0)
  const [first] = isArticleBetter ? [] : found.intents
  if (first && found.intents.length === 1 && first.needs.length > 0)
    return beginSlots(situation, first, words, found, speak)
  const settled = session.pending ? { ...session, pending: undefined } : session
  if (first) return { turn: answerIntents(found, settled, speak), session: settled }
  return { turn: answerUnsure(found, articles, situation, speak), session: settled }
}

/** By the whole message, else by the first of its parts that finds something. */
function findArticles(words: string, { snapshot, settings }: Situation): Article[] {
  if (settings.articles === 0) return []
  for (const question of [words, ...partsOf(words)]) {
    const articles = snapshot.library.search(question, settings.articles, settings.articleThreshold)
    if (articles.length > 0) return articles
  }
  return []
}

function answerIntents(found: Recognised, session: Session, speak: Speak): BotTurn {
  const messages = found.intents.flatMap((intent) => answerOf(intent, speak, session))
  const wants = found.intents.find((intent) => intent.wants === 'human')?.wants ?? found.intents[0]!.wants
  return {
    ...confidenceOf(found),
    messages,
    ...(wants && { wants }),
    ...(found.intents.length > 1 && { intents: found.intents.length }),
  }
}

/** Not sure enough of any intent: articles when they fit, which is an answer; else an honest "I don't know". */
function answerUnsure(found: Recognised, articles: Article[], { settings }: Situation, speak: Speak): BotTurn {
  const confidence = confidenceOf(found)
  if (articles.length > 0) {
    const parts: Part[] = [
      { kind: 'text', text: speak(articleTexts) },
      { kind: 'articles', articles },
    ]
    return { ...confidence, messages: [{ parts }], articles }
  }
  const sorry = speak({ ...unknownTexts, ...settings.unknown })
  return { ...confidence, messages: [{ parts: [{ kind: 'text', text: sorry }] }], articles, noMatch: true }
}

/** What the person asked for comes first; what the customer says now follows, unless it is small talk or not understood. */
function joinResumed(resumed: FaqIntent, own: Decision, { snapshot, session }: Situation, speak: Speak): Decision {
  const said = own.turn.intent === undefined ? undefined : snapshot.intents.get(own.turn.intent)
  const isOwnQuestion = !own.turn.noMatch && said && !said.smallTalk && said.name !== resumed.name
  const first = answerOf(resumed, speak, session)
  if (isOwnQuestion) return { ...own, turn: { ...own.turn, messages: [...first, ...own.turn.messages] } }
  return {
    turn: { messages: first, intent: resumed.name, confidence: 1, ...(resumed.wants && { wants: resumed.wants }) },
    session,
  }
}
