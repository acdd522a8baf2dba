/** The role `bot`. */
import type { Bot, Host, Ref } from '#hub/connector.ts'
import type { Client } from './client.ts'
import { newSession, readSession, type Session, writeSession } from './session.ts'
import { handoverOf, type Settings } from './settings.ts'
import { fromResponse, type Input, placeOf, type Response, toInput, toNews, toRequest } from './translate.ts'

export function openBot(client: Client, settings: Settings, { memory, clock }: Host): Bot {
  const isEmpty = ({ at, isOver }: Session): boolean =>
    at === undefined || isOver === true || clock.now() - at >= settings.sessionMinutes * 60_000

  const ask = (inside: Ref, input: Input, language: string | undefined, session: Session): Promise<Response> =>
    client.detect(toRequest({ input, language, session, conversation: inside, isEmpty: isEmpty(session) }, settings))
  const after = (session: Session, { queryResult }: Response): Session => ({
    ...session,
    at: clock.now(),
    place: placeOf(queryResult ?? {}),
    isOver: (queryResult?.responseMessages ?? []).some(({ endInteraction }) => endInteraction),
    news: undefined,
  })

  /** Its name is on record before Dialogflow hears of it: after a crash the same session goes on. */
  async function begin(inside: Ref, language: string | undefined): Promise<Session> {
    const session = newSession()
    await writeSession(memory, inside, session)
    return settings.welcomeEvent ? welcome(inside, session, settings.welcomeEvent, language) : session
  }
  async function welcome(inside: Ref, session: Session, event: string, language: string | undefined) {
    const response = await ask(inside, { event: { event } }, language, session)
    const { messages } = fromResponse(response, session.place, settings)
    const welcomed: Session = { ...after(session, response), isWelcomed: true, unsaid: messages }
    await writeSession(memory, inside, welcomed)
    return welcomed
  }

  /** A bot that said goodbye begins anew, without what it knew. One that handed over goes on. */
  async function current(inside: Ref, language: string | undefined): Promise<Session> {
    const found = await readSession(memory, inside)
    if (!found || (found.isOver && found.turn?.wants === 'end' && !found.news)) return begin(inside, language)
    const isUnwelcomed = settings.welcomeEvent && found.at === undefined && !found.isWelcomed
    return isUnwelcomed ? welcome(inside, found, settings.welcomeEvent!, language) : found
  }

  return {
    async turn(said, inside, key) {
      const known = await readSession(memory, inside)
      if (known?.turn && known.key === key) return known.turn
      const session = await current(inside, said.language)
      const response = await ask(inside, toInput(said, settings), said.language, session)
      const answer = fromResponse(response, session.place, settings)
      const turn = { ...answer, messages: [...(session.unsaid ?? []), ...answer.messages] }
      await writeSession(memory, inside, { ...after(session, response), unsaid: undefined, key, turn })
      return turn
    },

    /** While people talk the bot hears nothing. What it says to the return event is shown only where an agent asked it to go on. */
    async inform(inside, told) {
      if (told.what === 'accepted') return
      const found = await readSession(memory, inside)
      const session: Session = { ...(found ?? newSession()), news: toNews(told, handoverOf(settings).parameters) }
      await writeSession(memory, inside, session)
      if (told.what !== 'ended' || !settings.returnEvent || !found) return
      const response = await ask(inside, { event: { event: settings.returnEvent } }, undefined, session)
      const { messages } = fromResponse(response, session.place, settings)
      await writeSession(memory, inside, { ...after(session, response), unsaid: told.intent ? messages : undefined })
    },
  }
}
