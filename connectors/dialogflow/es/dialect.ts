/** What ES does in its own way: what a bot remembers are contexts, and an end is only a flag. */
import type { Dialect } from '../bot.ts'
import type { Client } from './client.ts'
import type { Settings } from './settings.ts'
import { type Context, contextsOf, fromResponse, type Response, toNews, toRequest } from './translate.ts'

export const createDialect = (client: Client, settings: Settings): Dialect<Response, readonly Context[]> => ({
  ask: (asked) => client.detect(toRequest(asked, settings)),
  read: (response, before = []) => fromResponse(response, before, settings),
  knownAfter: ({ queryResult }) => contextsOf(queryResult ?? {}),
  isEnd: (_response, { wants }) => wants === 'end',
  toNews,
})
