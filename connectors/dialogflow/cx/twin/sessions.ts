/** Sessions at run time: where each stands, what it knows, and what is answered. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '#hub/clock.ts'
import type { TwinLine } from '#hub/twin.ts'
import { fromStruct, type Plain, type Struct, toStruct } from '../../struct.ts'
import type { Agent } from '../../twin/agent.ts'
import { feelingIn, linesOf, orderIn } from '../../twin/words.ts'
import { checkInput, checkSession, checkTtl, type Place, type QueryInput } from './checks.ts'
import { article, asks, events, misses, orderIntent, type ScriptIntent, says } from './script.ts'

export interface Talk {
  readonly id: string
  conversation: string
  parameters: Record<string, unknown>
  page: string
  missed: number
  isOver: boolean
  at: number
  ttlMs: number
  starts: number
  readonly lines: TwinLine[]
}

export interface SessionsOptions {
  readonly agent: Agent<ScriptIntent>
  readonly path: string
  readonly here: Place
  readonly clock: Clock
  readonly textLimit: number
  webhookFails(): boolean
}

interface Answer {
  readonly match: object
  readonly say: readonly object[]
  readonly more?: object
}

export type Sessions = ReturnType<typeof openSessions>

export function openSessions({ agent, path, here, clock, textLimit, webhookFails }: SessionsOptions) {
  const talks = new Map<string, Talk>()
  const flow = `${path}/flows/00000000-0000-0000-0000-000000000000`
  const pages: Record<string, string> = {
    START_PAGE: 'Start Page',
    END_SESSION: 'End Session',
    'order-status': 'Order status',
  }

  /** After its time, or its end, it starts anew under the same name and says nothing of it (dialogflow.md 19). */
  function find(id: string): Talk {
    const fresh = { parameters: {}, page: 'START_PAGE', missed: 0, isOver: false }
    const known = talks.get(id)
    if (!known) {
      const talk: Talk = { ...fresh, id, conversation: '', at: 0, ttlMs: 0, starts: 1, lines: [] }
      talks.set(id, talk)
      return talk
    }
    if (known.isOver || clock.now() - known.at > known.ttlMs)
      Object.assign(known, { ...fresh, starts: known.starts + 1 })
    return known
  }

  function prepare(talk: Talk, { currentPage, parameters, payload }: QueryParams): void {
    if (currentPage) Object.assign(talk, { page: currentPage.split('/').at(-1), parameters: {}, missed: 0 })
    for (const [name, value] of Object.entries(fromStruct(parameters))) {
      if (value === null) delete talk.parameters[name]
      else talk.parameters[name] = value
    }
    const { hub } = fromStruct(payload) as { hub?: Plain }
    talk.conversation = String(hub?.conversationId ?? talk.conversation)
  }

  function answer(talk: Talk, input: QueryInput, isDraft: boolean): Answer {
    if (input.event) return answerEvent(input.event.event)
    const words = (input.text?.text ?? '').trim()
    if (words === '') return { match: { matchType: 'NO_INPUT', event: 'sys.no-input-default' }, say: [] }
    if (talk.page === 'order-status' && !talk.parameters.order_no) return fillOrder(talk, words, isDraft)
    const found = agent.match(words, isDraft)
    return found ? answerIntent(talk, words, found.intent, found.confidence) : answerUnknown(talk, words)
  }

  const answerEvent = (event: string): Answer => ({
    match: { matchType: 'EVENT', event, confidence: 1 },
    say: events[event] ? [says(events[event])] : [],
  })

  function answerIntent(talk: Talk, words: string, intent: ScriptIntent, confidence: number): Answer {
    talk.missed = 0
    const number = orderIn(words)
    if (intent.id === orderIntent && number) talk.parameters.order_no = number
    if (intent.page === 'order') talk.page = 'order-status'
    if (intent.page === 'end') Object.assign(talk, { page: 'END_SESSION', isOver: true })
    return {
      match: {
        matchType: 'INTENT',
        intent: { name: agent.nameOf(intent), displayName: intent.displayName },
        resolvedInput: words,
        confidence,
        ...(number && { parameters: toStruct({ order_no: number }) }),
      },
      say: intent.id === orderIntent ? orderAnswer(talk.parameters.order_no) : intent.answer,
    }
  }

  /** A question that is open takes a number, and else whatever the agent knows. */
  function fillOrder(talk: Talk, words: string, isDraft: boolean): Answer {
    const number = orderIn(words)
    if (number) {
      talk.parameters.order_no = number
      return {
        match: { matchType: 'PARAMETER_FILLING', resolvedInput: words, confidence: 1 },
        say: orderAnswer(number),
      }
    }
    const found = agent.match(words, isDraft)
    if (found) return answerIntent(talk, words, found.intent, found.confidence)
    const event = `sys.no-match-${Math.min(6, ++talk.missed)}`
    return {
      match: { matchType: 'NO_MATCH', event, resolvedInput: words },
      say: [asks('Please tell me the number of your order, for example 88121.')],
    }
  }

  function answerUnknown(talk: Talk, words: string): Answer {
    if (article.words.some((word) => words.toLowerCase().includes(word))) return answerArticle(words)
    const say = says(misses[Math.min(talk.missed++, misses.length - 1)]!)
    return { match: { matchType: 'NO_MATCH', event: 'sys.no-match-default', resolvedInput: words }, say: [say] }
  }

  return {
    talks: () => [...talks.values()].sort((a, b) => b.at - a.at),
    forget(id?: string) {
      for (const talk of talks.values()) if (id === undefined || talk.id === id) talk.isOver = true
    },
    match({ session, queryInput }: DetectRequest) {
      const { isDraft } = checkSession(session, here)
      const { text } = checkInput(queryInput, textLimit)
      const found = agent.match(text?.text ?? '', isDraft)
      const intent = found && { name: agent.nameOf(found.intent), displayName: found.intent.displayName }
      return { text: text?.text, matches: found ? [{ matchType: 'INTENT', intent, confidence: found.confidence }] : [] }
    },
    detect(request: DetectRequest, said?: object) {
      const { id, isDraft } = checkSession(request.session, here)
      const input = checkInput(request.queryInput, textLimit)
      const params = request.queryParams ?? {}
      const ttlMs = checkTtl(params.sessionTtl) ?? 30 * 60_000
      const talk = find(id)
      prepare(talk, params)
      Object.assign(talk, { at: clock.now(), ttlMs })
      talk.lines.push({ by: 'customer', text: input.text?.text ?? `(event ${input.event?.event})`, at: talk.at })
      if (said) return said
      const feeling = params.analyzeQueryTextSentiment ? feelingIn(input.text?.text ?? '') : undefined
      const { match, say, more } = answer(talk, input, isDraft)
      talk.lines.push(...linesOf(say, talk.at))
      return {
        responseId: randomUUID(),
        responseType: 'FINAL',
        queryResult: {
          ...(input.text ? { text: input.text.text } : { triggerEvent: input.event?.event }),
          languageCode: input.languageCode,
          parameters: toStruct(talk.parameters),
          responseMessages: say,
          currentPage: { name: `${flow}/pages/${talk.page}`, displayName: pages[talk.page] ?? talk.page },
          currentFlow: { name: flow, displayName: 'Default Start Flow' },
          match,
          ...(webhookFails() && { webhookStatuses: [{ code: 4, message: 'Webhook call failed.' }] }),
          ...(feeling && { sentimentAnalysisResult: feeling }),
          ...more,
        },
      }
    },
  }
}

interface QueryParams {
  readonly currentPage?: string
  readonly parameters?: Struct
  readonly payload?: Struct
  readonly analyzeQueryTextSentiment?: boolean
  readonly sessionTtl?: { readonly seconds?: string | number }
}
export interface DetectRequest {
  readonly session: string
  readonly queryInput?: QueryInput
  readonly queryParams?: QueryParams
}

const orderAnswer = (number: unknown) =>
  number ? [says(`Parcel ${number} leaves the depot today.`)] : [asks('What is the number of your order?')]

const answerArticle = (words: string): Answer => ({
  match: { matchType: 'KNOWLEDGE_CONNECTOR', confidence: 0.6, resolvedInput: words },
  say: [
    says(article.answer),
    { payload: toStruct({ richContent: [[{ type: 'info', title: article.title, actionLink: article.url }]] }) },
    { knowledgeInfoCard: {} },
  ],
  more: {
    dataStoreConnectionSignals: {
      answer: article.answer,
      searchSnippets: [{ documentTitle: article.title, documentUri: article.url, text: article.answer }],
      groundingSignals: { decision: 'ACCEPTED_BY_GROUNDING', score: 'HIGH' },
    },
  },
})
