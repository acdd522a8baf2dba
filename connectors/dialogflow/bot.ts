/** The role `bot`: each turn is asked once and remembered, and what people did is told. The same for both products. */
import type { Bot, BotTurn, HandoffNews, Host, Ref } from '#hub/connector.ts'
import { newSession, readSession, type Session, writeSession } from './session.ts'
import type { Plain } from './struct.ts'
import { type Input, toInput } from './translate.ts'

/** What each product does in its own way. */
export interface Dialect<Response, Known> {
  ask(asked: Asked<Known>): Promise<Response>
  read(response: Response, before: Known | undefined): BotTurn
  knownAfter(response: Response): Known
  /** Whether the answer ended the session. */
  isEnd(response: Response, turn: BotTurn): boolean
  toNews(told: HandoffNews): Plain
}

export interface Asked<Known> {
  readonly input: Input
  readonly session: Session<Known>
  /** The customer's, where it is known. */
  readonly language?: string
  /** The hub's name for the conversation: the bot's webhooks are told. */
  readonly conversation: string
}

export interface BotSettings {
  readonly textLength: number
  readonly welcomeEvent?: string
  readonly returnEvent?: string
}

export function openBot<Response, Known>(
  dialect: Dialect<Response, Known>,
  { textLength, welcomeEvent, returnEvent }: BotSettings,
  { memory, clock }: Pick<Host, 'memory' | 'clock'>,
): Bot {
  async function ask(asked: Asked<Known>): Promise<{ turn: BotTurn; after: Session<Known> }> {
    const { session } = asked
    const response = await dialect.ask(asked)
    const turn = dialect.read(response, session.known)
    const known = dialect.knownAfter(response)
    const isOver = dialect.isEnd(response, turn)
    return { turn, after: { ...session, at: clock.now(), known, isOver, news: undefined } }
  }

  /** Its name is on record before Dialogflow hears of it: after a crash the same session goes on. */
  async function begin(inside: Ref, language: string | undefined): Promise<Session<Known>> {
    const session = newSession()
    await writeSession(memory, inside, session)
    return welcomeEvent ? welcome(inside, session, welcomeEvent, language) : session
  }
  async function welcome(inside: Ref, session: Session<Known>, event: string, language: string | undefined) {
    const { turn, after } = await ask({ input: { event }, session, language, conversation: inside })
    // Without a handler the event falls back, and "I did not understand" is no welcome.
    const welcomed: Session<Known> = { ...after, isWelcomed: true, unsaid: turn.noMatch ? undefined : turn.messages }
    await writeSession(memory, inside, welcomed)
    return welcomed
  }

  /** A bot that said goodbye begins anew, without what it knew. One that handed over goes on. */
  async function current(inside: Ref, language: string | undefined): Promise<Session<Known>> {
    const found = await readSession<Known>(memory, inside)
    if (!found || (found.isOver && found.turn?.wants === 'end' && !found.news)) return begin(inside, language)
    const isUnwelcomed = welcomeEvent && found.at === undefined && !found.isWelcomed
    return isUnwelcomed ? welcome(inside, found, welcomeEvent, language) : found
  }

  return {
    async turn(said, inside, key) {
      const found = await readSession<Known>(memory, inside)
      if (found?.turn && found.key === key) return found.turn
      const { language } = said
      const session = await current(inside, language)
      const heard = await ask({ input: toInput(said, textLength), session, language, conversation: inside })
      const turn = { ...heard.turn, messages: [...(session.unsaid ?? []), ...heard.turn.messages] }
      await writeSession(memory, inside, { ...heard.after, unsaid: undefined, key, turn })
      return turn
    },

    /** While people talk the bot hears nothing. What it says to the return event is shown only where an agent asked it to go on. */
    async inform(inside, told) {
      if (told.what === 'accepted') return
      const found = await readSession<Known>(memory, inside)
      const news = dialect.toNews(told)
      const session: Session<Known> = { ...(found ?? newSession()), news }
      await writeSession(memory, inside, session)
      if (told.what !== 'ended' || !returnEvent || !found) return
      const { turn, after } = await ask({
        input: { event: returnEvent, parameters: news },
        session,
        conversation: inside,
      })
      const unsaid = told.intent && !turn.noMatch ? turn.messages : undefined
      await writeSession(memory, inside, { ...after, unsaid })
    },
  }
}
