/** What CX does in its own way: it ends sessions by themselves, and gets back what it held. */
import type { Clock } from '#hub/clock.ts'
import type { Dialect } from '../bot.ts'
import type { Session } from '../session.ts'
import type { Client } from './client.ts'
import { handoverOf, type Settings } from './settings.ts'
import { fromResponse, type Place, placeOf, type Response, toNews, toRequest } from './translate.ts'

export function createDialect(client: Client, settings: Settings, clock: Clock): Dialect<Response, Place> {
  const isEmpty = ({ at, isOver }: Session<Place>): boolean =>
    at === undefined || isOver === true || clock.now() - at >= settings.sessionMinutes * 60_000
  return {
    ask: (asked) => client.detect(toRequest({ ...asked, isEmpty: isEmpty(asked.session) }, settings)),
    read: (response, before) => fromResponse(response, before, settings),
    knownAfter: ({ queryResult }) => placeOf(queryResult ?? {}),
    isEnd: ({ queryResult }) => (queryResult?.responseMessages ?? []).some(({ endInteraction }) => endInteraction),
    toNews: (told) => toNews(told, handoverOf(settings).parameters),
  }
}
