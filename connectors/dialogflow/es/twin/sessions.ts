/** Sessions at run time: contexts that age by turns and by minutes, slots that are asked for, and what is answered. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '#hub/clock.ts'
import type { TwinLine } from '#hub/twin.ts'
import { fromStruct, type Plain, type Struct, toStruct } from '../../struct.ts'
import type { Agent } from '../../twin/agent.ts'
import { feelingIn, linesOf, orderIn, textOf } from '../../twin/words.ts'
import { checkContext, checkInput, checkSession, type Place, type QueryInput } from './checks.ts'
import { faq, orderIntent, orderQuestion, type ScriptIntent, says, script } from './script.ts'

export interface Talk {
  readonly id: string
  conversation: string
  readonly contexts: Map<string, { lifespan: number; until: number; parameters: Plain }>
  isAskingForOrder: boolean
  missed: number
  at: number
  readonly lines: TwinLine[]
}

export interface SessionsOptions {
  readonly agent: Agent<ScriptIntent>
  readonly here: Place
  readonly clock: Clock
  webhookFails(): boolean
}

interface Answer {
  readonly intent: ScriptIntent
  readonly confidence: number
  readonly say: readonly object[]
  readonly parameters?: Plain
  readonly isAsking?: boolean
}

export type Sessions = ReturnType<typeof openSessions>

const sessionMs = 30 * 60_000
const contextMs = 20 * 60_000

export function openSessions({ agent, here, clock, webhookFails }: SessionsOptions) {
  const talks = new Map<string, Talk>()

  function find(id: string): Talk {
    const known = talks.get(id)
    const talk: Talk = known ?? {
      id,
      conversation: '',
      contexts: new Map(),
      isAskingForOrder: false,
      missed: 0,
      at: clock.now(),
      lines: [],
    }
    talks.set(id, talk)
    if (clock.now() - talk.at > sessionMs) clear(talk)
    talk.at = clock.now()
    return talk
  }
  const clear = (talk: Talk) => {
    talk.contexts.clear()
    Object.assign(talk, { isAskingForOrder: false, missed: 0 })
  }

  /** Those of the request come before matching, and replace others of the same name. */
  function activate(talk: Talk, session: string, { contexts = [], resetContexts }: QueryParams): void {
    for (const [name, context] of talk.contexts)
      if (resetContexts || context.lifespan <= 0 || clock.now() > context.until) talk.contexts.delete(name)
    for (const { name, lifespanCount = 0, parameters } of contexts)
      put(talk, checkContext(name, session), lifespanCount, fromStruct(parameters))
  }
  const put = (talk: Talk, name: string, lifespan: number, parameters: Plain) => {
    if (lifespan <= 0) talk.contexts.delete(name)
    else talk.contexts.set(name, { lifespan, until: clock.now() + contextMs, parameters })
  }
  const age = (talk: Talk) => {
    for (const context of talk.contexts.values()) context.lifespan--
  }

  function answer(talk: Talk, input: QueryInput, isDraft: boolean): Answer {
    if (input.event) return answerEvent(talk, input.event)
    const words = (input.text?.text ?? '').trim()
    if (talk.isAskingForOrder) return fillOrder(talk, words)
    const found = agent.match(words, isDraft)
    if (!found) return fallBack(talk)
    talk.missed = 0
    return found.intent.id === orderIntent
      ? answerOrder(talk, found.intent, orderIn(words), found.confidence)
      : { ...found, say: found.intent.answer, parameters: {} }
  }
  function fallBack(talk: Talk): Answer {
    talk.missed++
    const intent = agent.fallback()
    return { intent, confidence: 1, say: intent.answer }
  }
  function answerEvent(talk: Talk, { name, parameters }: NonNullable<QueryInput['event']>): Answer {
    const intent = script.find(({ events }) => events?.includes(name))
    if (!intent) return fallBack(talk)
    put(talk, name.toLowerCase(), 1, fromStruct(parameters as Struct))
    return { intent, confidence: 1, say: intent.answer }
  }
  function answerOrder(talk: Talk, intent: ScriptIntent, number: string | undefined, confidence: number): Answer {
    const known = number ?? talk.contexts.get('order')?.parameters.order_no
    talk.isAskingForOrder = !known
    if (!known) return { intent, confidence, say: [says(orderQuestion)], parameters: { order_no: '' }, isAsking: true }
    const parameters = { order_no: known }
    put(talk, 'order', intent.context!.lifespanCount + 1, { ...parameters, 'order_no.original': known })
    return { intent, confidence, say: [says(`Parcel ${known} leaves the depot today.`)], parameters }
  }
  /** While a slot is open all words are taken for its value; "cancel" gets out of it. */
  function fillOrder(talk: Talk, words: string): Answer {
    const intent = script.find(({ id }) => id === orderIntent)!
    if (/^(cancel|stop|never mind)$/i.test(words)) {
      talk.isAskingForOrder = false
      return { intent, confidence: 1, say: [says('All right.')], parameters: { order_no: '' } }
    }
    const person = agent.match(words, true)
    if (person && person.intent.id !== orderIntent) {
      talk.isAskingForOrder = false
      return { ...person, say: person.intent.answer, parameters: {} }
    }
    return answerOrder(talk, intent, orderIn(words), 1)
  }

  const outputContexts = (talk: Talk, session: string) => [
    ...[...talk.contexts].map(([name, { lifespan, parameters }]) => ({
      name: `${session}/contexts/${name}`,
      lifespanCount: lifespan,
      parameters: toStruct(parameters),
    })),
    ...(talk.isAskingForOrder
      ? [{ name: `${session}/contexts/4c1b_id_dialog_context`, lifespanCount: 2, parameters: toStruct({}) }]
      : []),
    {
      name: `${session}/contexts/__system_counters__`,
      lifespanCount: 1,
      parameters: toStruct({ 'no-input': 0, 'no-match': talk.missed }),
    },
  ]

  return {
    talks: () => [...talks.values()].sort((a, b) => b.at - a.at),
    forget(id?: string) {
      for (const talk of talks.values()) if (id === undefined || talk.id === id) clear(talk)
    },
    /** `hasKnowledge`: v2beta1 answers from knowledge bases, v2 drops their names. */
    detect(request: DetectRequest, hasKnowledge: boolean, said?: object) {
      const { id, isDraft } = checkSession(request.session, here)
      const input = checkInput(request.queryInput)
      const params = request.queryParams ?? {}
      const talk = find(id)
      activate(talk, request.session, params)
      const { hub } = fromStruct(params.payload) as { hub?: Plain }
      talk.conversation = String(hub?.conversationId ?? talk.conversation)
      talk.lines.push({ by: 'customer', text: input.text?.text ?? `(event ${input.event?.name})`, at: talk.at })
      if (said) return said
      const { intent, confidence, say, parameters, isAsking } = answer(talk, input, isDraft)
      age(talk)
      talk.lines.push(...linesOf(say, talk.at))
      const words = input.text?.text ?? ''
      const { analyzeQueryTextSentiment: feels } = params.sentimentAnalysisRequestConfig ?? {}
      const feeling = feels ? feelingIn(words) : undefined
      return {
        responseId: `${randomUUID()}-00000000`,
        ...(webhookFails() && { webhookStatus: { code: 4, message: 'Webhook call failed.' } }),
        queryResult: {
          queryText: words,
          languageCode: input.text?.languageCode ?? input.event?.languageCode,
          action: intent.action,
          ...(parameters && { parameters: toStruct(parameters) }),
          allRequiredParamsPresent: !isAsking,
          fulfillmentText: say.map(textOf).find(Boolean) ?? '',
          fulfillmentMessages: say,
          outputContexts: outputContexts(talk, request.session),
          intent: {
            name: agent.nameOf(intent),
            displayName: intent.displayName,
            isFallback: intent.isFallback,
            liveAgentHandoff: intent.isHandoff,
            endInteraction: intent.isEnd,
          },
          intentDetectionConfidence: confidence,
          ...(intent.isEnd && { diagnosticInfo: toStruct({ end_conversation: true }) }),
          ...(feeling && { sentimentAnalysisResult: { queryTextSentiment: feeling } }),
          ...(hasKnowledge && knowledgeFor(words, params.knowledgeBaseNames ?? [])),
        },
      }
    },
  }
}

interface QueryParams {
  readonly contexts?: { readonly name: string; readonly lifespanCount?: number; readonly parameters?: Struct }[]
  readonly resetContexts?: boolean
  readonly payload?: Struct
  readonly knowledgeBaseNames?: readonly string[]
  readonly sentimentAnalysisRequestConfig?: { readonly analyzeQueryTextSentiment?: boolean }
}
export interface DetectRequest {
  readonly session: string
  readonly queryInput?: QueryInput
  readonly queryParams?: QueryParams
}

function knowledgeFor(words: string, names: readonly string[]): object {
  if (names.length === 0) return {}
  const asked = tokens(words)
  const answers = faq.map(({ question, answer }, index) => {
    const known = tokens(question)
    const share = asked.filter((word) => known.includes(word)).length / Math.max(asked.length, known.length, 1)
    return {
      source: `${names[0]}/documents/faq-${index + 1}`,
      faqQuestion: question,
      answer,
      matchConfidence: share,
      matchConfidenceLevel: share > 0.7 ? 'HIGH' : share > 0.4 ? 'MEDIUM' : 'LOW',
    }
  })
  const found = answers.filter(({ matchConfidence }) => matchConfidence > 0)
  return found.length > 0 ? { knowledgeAnswers: { answers: found } } : {}
}
const tokens = (text: string): string[] =>
  (text.toLowerCase().match(/\p{L}{4,}/gu) ?? []).map((word) => word.replace(/s$/, ''))
