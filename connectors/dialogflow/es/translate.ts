/** Between the hub's words and Dialogflow ES's. Pure. */
import type { protos } from '@google-cloud/dialogflow'
import type { Article, BotTurn, HandoffNews, Message } from '#hub/connector.ts'
import type { Asked } from '../bot.ts'
import type { Session } from '../session.ts'
import { fromStruct, type Plain, type Struct, toStruct } from '../struct.ts'
import { cut, digestLength, isAnswer, languageFor, messagesOf, rounded } from '../translate.ts'
import { type Answer, partsOf } from './kinds.ts'
import { handoverOf, type Settings } from './settings.ts'
import { wishOf } from './wishes.ts'

type Beta = typeof protos.google.cloud.dialogflow.v2beta1
export type Request = protos.google.cloud.dialogflow.v2beta1.IDetectIntentRequest
/** Of v2beta1 only the answers from knowledge bases. */
export type Result = protos.google.cloud.dialogflow.v2.IQueryResult & { knowledgeAnswers?: Found | null }
export type Response = Omit<protos.google.cloud.dialogflow.v2.IDetectIntentResponse, 'queryResult'> & {
  queryResult?: Result | null
}
type Found = InstanceType<Beta['KnowledgeAnswers']> | protos.google.cloud.dialogflow.v2beta1.IKnowledgeAnswers

/** What the bot remembers, without what Dialogflow keeps for itself: it forgets each after 20 minutes (dialogflow.md 10). */
export interface Context {
  /** Its short name, in small letters. */
  readonly name: string
  readonly lifespan: number
  readonly parameters: Plain
}

/** `agent` for talking, intents and contexts; the draft has no environment in its path (dialogflow.md 2). */
export function agentPath({ project, location }: Settings): string {
  return `${projectPath({ project, location })}/agent`
}

/** Training and knowledge bases belong to the project, without `/agent` (dialogflow.md 12.8). */
export const projectPath = ({ project, location }: Pick<Settings, 'project' | 'location'>): string =>
  location === 'global' ? `projects/${project}` : `projects/${project}/locations/${location}`

export function sessionPath(chosen: Settings, id: string): string {
  const { environment } = chosen
  const place = environment && environment !== 'draft' ? `/environments/${environment}/users/-` : ''
  return `${agentPath(chosen)}${place}/sessions/${id}`
}

export function toRequest(
  { input, session, language, conversation }: Asked<readonly Context[]>,
  chosen: Settings,
): Request {
  const name = sessionPath(chosen, session.id)
  const contexts = contextsToSend(session, chosen)
  const languageCode = languageFor(language, chosen)
  const { timeZone, platform, knowledgeBases } = chosen
  return {
    session: name,
    queryInput:
      'text' in input
        ? { text: { text: input.text, languageCode } }
        : { event: { name: input.event, languageCode, parameters: toStruct(input.parameters ?? {}) } },
    queryParams: {
      payload: toStruct({ hub: { conversationId: conversation } }),
      contexts: contexts.map((context) => ({
        name: `${name}/contexts/${context.name}`,
        lifespanCount: context.lifespan,
        parameters: toStruct(context.parameters),
      })),
      ...(timeZone && { timeZone }),
      ...(platform && { platform }),
      ...(knowledgeBases.length > 0 && { knowledgeBaseNames: knowledgeBaseNames(chosen) }),
      sentimentAnalysisRequestConfig: { analyzeQueryTextSentiment: chosen.sentiment },
    },
  }
}

export const knowledgeBaseNames = (chosen: Settings): string[] =>
  chosen.knowledgeBases.map((id) => knowledgeBaseName(chosen, id))
export const knowledgeBaseName = (chosen: Settings, id: string): string =>
  id.includes('/') ? id : `${projectPath(chosen)}/knowledgeBases/${id}`

/** For what a conversation starts with: longer than any. */
const wholeTalk = 50
const freshLifespan = 5

/** After people were there the bot has forgotten all: it gets back what it knew, but not the wish that was granted. */
function contextsToSend({ at, known: contexts = [], news }: Session<readonly Context[]>, chosen: Settings): Context[] {
  const started: Context[] =
    at === undefined && chosen.parameters ? [{ name: 'hub', lifespan: wholeTalk, parameters: chosen.parameters }] : []
  if (!news) return started
  const asking = handoverOf(chosen).contexts
  const kept = contexts
    .filter(({ name }) => !asking.includes(name))
    .map((one) => ({ ...one, lifespan: Math.max(one.lifespan, freshLifespan) }))
  const over = contexts.filter(({ name }) => asking.includes(name)).map((one) => ({ ...one, lifespan: 0 }))
  return [...started, ...kept, ...over, { name: newsContext, lifespan: freshLifespan, parameters: news }]
}

export const newsContext = 'handoff_result'

export const toNews = ({ what, outcome, digest, intent }: HandoffNews): Plain => ({
  outcome: outcome ?? what,
  ...(digest && { digest: cut(digest, digestLength) }),
  ...(intent && { intent }),
})

export function fromResponse(response: Response, before: readonly Context[], chosen: Settings): BotTurn {
  const result = response.queryResult ?? {}
  const { intent } = result
  const { wants, skills } = wishOf(response, before, chosen)
  const isUnderstood = Boolean(intent) && !intent?.isFallback
  const hasFailed = chosen.webhookFailure === 'miss' && Boolean(response.webhookStatus?.code)
  const score = result.sentimentAnalysisResult?.queryTextSentiment?.score
  const articles = articlesOf(result)
  const fitting = isUnderstood ? [] : (articles ?? []).filter((article) => article.score >= leastScore)
  return {
    messages:
      fitting.length > 0 ? [{ parts: [{ kind: 'articles', articles: fitting }] }] : answersOf(result, chosen.platform),
    ...(isUnderstood && intent?.displayName && { intent: intent.displayName }),
    // A fallback intent has confidence 1: it tells only of what was understood (dialogflow.md 0.6).
    ...(isUnderstood && { confidence: rounded(result.intentDetectionConfidence ?? 0, 0) }),
    noMatch: hasFailed || !(isUnderstood || fitting.length > 0),
    ...(typeof score === 'number' && { sentiment: rounded(score, -1) }),
    ...(articles && { articles }),
    slots: slotsOf(result),
    ...(wants && { wants }),
    ...(wants === 'human' && skills.length > 0 && { need: { skills } }),
  }
}

/** Where the agent only fell back, articles that fit this well are shown in place of "I did not understand". */
const leastScore = 0.5

/** Those that Dialogflow keeps for itself must not be sent back. */
export function contextsOf({ outputContexts }: Result): Context[] {
  return (outputContexts ?? [])
    .map(({ name, lifespanCount, parameters }) => ({
      name: (name ?? '').split('/').at(-1)!,
      lifespan: lifespanCount ?? 0,
      parameters: fromStruct(parameters as Struct),
    }))
    .filter(({ name }) => !/^__system_counters__$|_id_dialog_context$|_dialog_params_size$/.test(name))
}

/** The platform's own answers where there are any, else those for all: both would be one answer twice. */
function answersOf(result: Result, platform: string | undefined): Message[] {
  const all = result.fulfillmentMessages ?? []
  const own = all.filter((answer) => platform && answer.platform === platform)
  const isForAll = ({ platform: made }: Answer) => !made || made === 'PLATFORM_UNSPECIFIED'
  const messages = messagesOf((own.length > 0 ? own : all.filter(isForAll)).flatMap(partsOf))
  const spare = result.fulfillmentText?.trim()
  return messages.length === 0 && spare ? [{ parts: [{ kind: 'text', text: spare }] }] : messages
}

/** An empty parameter of an intent that is still asking is an open slot; which of them are required is not told. */
function slotsOf(result: Result): NonNullable<BotTurn['slots']> {
  const parameters = Object.entries(fromStruct(result.parameters as Struct))
  const filled = parameters.filter(([, value]) => isAnswer(value)).map(([name, value]) => [name, String(value)])
  const isAsking =
    result.intent && !result.intent.isFallback && !result.allRequiredParamsPresent && !result.cancelsSlotFilling
  const empty = parameters.filter(([, value]) => value === '' || value === null).length
  return { open: isAsking && parameters.length > 0 ? Math.max(1, empty) : 0, filled: Object.fromEntries(filled) }
}

export function articlesOf({ knowledgeAnswers }: Result): Article[] | undefined {
  if (!knowledgeAnswers) return undefined
  const found = (knowledgeAnswers.answers ?? []).map(
    ({ source, faqQuestion, answer, matchConfidence }): Article => ({
      ref: `${source}#${faqQuestion}`,
      title: faqQuestion || cut(answer ?? '', 80) || 'Article',
      ...(answer && { excerpt: answer }),
      score: rounded(matchConfidence ?? 0, 0),
    }),
  )
  const known = found.filter(({ ref }, index) => found.findIndex((one) => one.ref === ref) === index)
  return known.sort((a, b) => b.score - a.score)
}
