/** An intent's answer as messages, and the words that `turn.ts` and `slots.ts` share. Pure. */
import type { BotTurn, Message, Part } from '#hub/connector.ts'
import type { FaqIntent, Texts } from './content.ts'
import type { Snapshot } from './model.ts'
import type { Recognised } from './recognise.ts'
import type { Session } from './session.ts'
import type { Settings } from './settings.ts'
import { helloIntent } from './smalltalk.ts'
import { againTexts } from './texts.ts'

export interface Situation {
  readonly said: Message
  readonly session: Session
  readonly snapshot: Snapshot
  readonly settings: Settings
}

export interface Decision {
  readonly turn: BotTurn
  readonly session: Session
}

/** Text in the customer's language. */
export type Speak = (texts: Texts) => string

/** Before an intent's name, in the value of a choice that leads to it. */
export const picked = 'intent:'

export function confidenceOf({ best, next }: Recognised): Pick<BotTurn, 'intent' | 'confidence' | 'nextConfidence'> {
  return {
    ...(best && { intent: best.intent }),
    confidence: best?.confidence ?? 0,
    ...(next && { nextConfidence: next.confidence }),
  }
}

/** No message when the intent has no words of its own, as one that only wants a human. */
export function answerOf(
  intent: FaqIntent,
  speak: Speak,
  session: Session,
  filled: Record<string, string> = {},
): Message[] {
  const isGreeting = intent.name === helloIntent && session.handled
  const body = fill(speak(isGreeting ? againTexts : intent.answers), filled)
  const parts: Part[] = body ? [{ kind: 'text', text: body }] : []
  if (intent.choices.length > 0)
    parts.push({
      kind: 'choices',
      choices: intent.choices.map(({ label, intent: to }) => ({ label, value: to ? picked + to : label })),
    })
  return parts.length > 0 ? [{ parts }] : []
}

/** `{{order}}` becomes what the customer told; what was not told stays out. */
const fill = (body: string, filled: Record<string, string>): string =>
  body.replace(/\{\{\s*([\w-]+)\s*\}\}/g, (_, slot: string) => filled[slot] ?? '')
