/** The role `bot`. */
import type { Bot, Host, Ref } from '#hub/connector.ts'
import type { Client } from './client.ts'
import { newSession, readSession, type Session, writeSession } from './session.ts'
import type { Settings } from './settings.ts'
import { contextsOf, fromResponse, type Input, type Response, toInput, toNews, toRequest } from './translate.ts'

export function openBot(client: Client, settings: Settings, { memory, clock }: Host): Bot {
  const ask = (inside: Ref, input: Input, language: string | undefined, session: Session): Promise<Response> =>
    client.detect(toRequest({ input, language, session, conversation: inside }, settings))

  const read = (response: Response, session: Session) => fromResponse(response, session.contexts ?? [], settings)

  const after = (session: Session, { queryResult }: Response): Session => ({
    ...session,
    at: clock.now(),
    contexts: contextsOf(queryResult ?? {}),
    news: undefined,
  })

  /** Its name is on record before Dialogflow hears of it: after a crash the same session goes on. */
  async function begin(inside: Ref, language: string | undefined): Promise<Session> {
    const session = newSession()
    await writeSession(memory, inside, session)
    return settings.welcomeEvent ? welcome(inside, session, settings.welcomeEvent, language) : session
  }
  async function welcome(inside: Ref, session: Session, event: string, language: string | undefined) {
    const response = await ask(inside, { event }, language, session)
    const { messages, noMatch } = read(response, session)
    // Without a handler the event falls back, and "I did not understand" is no welcome.
    const unsaid = noMatch ? undefined : messages
    const welcomed: Session = { ...after(session, response), isWelcomed: true, unsaid }
    await writeSession(memory, inside, welcomed)
    return welcomed
  }

  /** A bot that said goodbye begins anew, without what it knew. One that handed over goes on. */
  async function current(inside: Ref, language: string | undefined): Promise<Session> {
    const found = await readSession(memory, inside)
    if (!found || (found.turn?.wants === 'end' && !found.news)) return begin(inside, language)
    const isUnwelcomed = settings.welcomeEvent && found.at === undefined && !found.isWelcomed
    return isUnwelcomed ? welcome(inside, found, settings.welcomeEvent!, language) : found
  }

  return {
    async turn(said, inside, key) {
      const known = await readSession(memory, inside)
      if (known?.turn && known.key === key) return known.turn
      const session = await current(inside, said.language)
      const response = await ask(inside, toInput(said, settings), said.language, session)
      const answer = read(response, session)
      const turn = { ...answer, messages: [...(session.unsaid ?? []), ...answer.messages] }
      await writeSession(memory, inside, { ...after(session, response), unsaid: undefined, key, turn })
      return turn
    },

    /** While people talk the bot hears nothing. What it says to the return event is shown only where an agent asked it to go on. */
    async inform(inside, told) {
      if (told.what === 'accepted') return
      const found = await readSession(memory, inside)
      const news = toNews(told)
      const session: Session = { ...(found ?? newSession()), news }
      await writeSession(memory, inside, session)
      if (told.what !== 'ended' || !settings.returnEvent || !found) return
      const response = await ask(inside, { event: settings.returnEvent, parameters: news }, undefined, session)
      const { messages, noMatch } = read(response, session)
      const unsaid = told.intent && !noMatch ? messages : undefined
      await writeSession(memory, inside, { ...after(session, response), unsaid })
    },
  }
}
