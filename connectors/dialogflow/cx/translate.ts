/** Between the hub's words and Dialogflow CX's. Pure. */
import type { protos } from '@google-cloud/dialogflow-cx'
import type { Article, BotTurn, HandoffNews, Part } from '#hub/connector.ts'
import type { Asked } from '../bot.ts'
import { partsIn } from '../payload.ts'
import { fromStruct, type Plain, type Struct, toStruct } from '../struct.ts'
import { cut, digestLength, isAnswer, languageFor, messagesOf, rounded } from '../translate.ts'
import type { Settings } from './settings.ts'
import { isGap, wishOf } from './wishes.ts'

export type Request = protos.google.cloud.dialogflow.cx.v3.IDetectIntentRequest
export type Response = protos.google.cloud.dialogflow.cx.v3.IDetectIntentResponse
export type Result = protos.google.cloud.dialogflow.cx.v3.IQueryResult
type ResponseMessage = protos.google.cloud.dialogflow.cx.v3.IResponseMessage

/** Where the talk stands. Dialogflow forgets it after the session's time without a word. */
export interface Place {
  readonly parameters: Plain
  readonly page?: string
  readonly pageName?: string
  readonly flow?: string
  readonly flowName?: string
}

export function sessionPath({ project, location, agent, environment }: Settings, id: string): string {
  const place = environment ? `/environments/${environment}` : ''
  return `projects/${project}/locations/${location}/agents/${agent}${place}/sessions/${id}`
}

export const agentPath = ({ project, location, agent }: Settings): string =>
  `projects/${project}/locations/${location}/agents/${agent}`

export interface Ask extends Asked<Place> {
  /** Dialogflow holds nothing of the session (any more), which it does not say: what it held is sent again (dialogflow.md 19). */
  readonly isEmpty: boolean
}

export function toRequest({ input, session, language, conversation, isEmpty }: Ask, chosen: Settings): Request {
  const { id, known: place, news } = session
  const parameters = { ...(isEmpty && { ...chosen.parameters, ...place?.parameters }), ...news }
  const currentPage = isEmpty ? pageToResume(place) : undefined
  return {
    session: sessionPath(chosen, id),
    queryInput: {
      ...('text' in input ? { text: { text: input.text } } : { event: { event: input.event } }),
      languageCode: languageFor(language, chosen),
    },
    queryParams: {
      payload: toStruct({ hub: { conversationId: conversation } }),
      ...(Object.keys(parameters).length > 0 && { parameters: toStruct(parameters) }),
      ...(currentPage && { currentPage }),
      ...(chosen.timeZone && { timeZone: chosen.timeZone }),
      ...(chosen.channel && { channel: chosen.channel }),
      analyzeQueryTextSentiment: chosen.sentiment,
      sessionTtl: { seconds: chosen.sessionMinutes * 60 },
    },
    // Only the full view has the trace, where an escalating playbook shows.
    responseView: 'DETECT_INTENT_RESPONSE_VIEW_FULL',
  }
}

/** What the API makes of an ended session's page is not known, and the start page needs no telling (dialogflow.md 19). */
function pageToResume(place: Place | undefined): string | undefined {
  const { page, flow } = place ?? {}
  if (!page || page.endsWith('/END_SESSION')) return undefined
  const isStart = page.endsWith('/START_PAGE') && (!flow || flow.endsWith('/00000000-0000-0000-0000-000000000000'))
  return isStart ? undefined : page
}

/** Names of parameters that are the hub's own, and no slots. */
export const newsNames = ['handoff_result', 'handoff_digest', 'handoff_intent'] as const

export function toNews({ what, outcome, digest, intent }: HandoffNews, reset: readonly string[]): Plain {
  return {
    // Else a wish that was granted would be read again at the next turn.
    ...Object.fromEntries(reset.map((name) => [name, null])),
    handoff_result: outcome ?? what,
    ...(digest && { handoff_digest: cut(digest, digestLength) }),
    ...(intent && { handoff_intent: intent }),
  }
}

export function fromResponse(response: Response, before: Place | undefined, chosen: Settings): BotTurn {
  const result = response.queryResult ?? {}
  const { wants, skills } = wishOf(result, before, chosen)
  const intent = result.match?.intent?.displayName || undefined
  const score = result.sentimentAnalysisResult?.score
  const articles = articlesOf(result)
  return {
    messages: messagesOf((result.responseMessages ?? []).flatMap(partsOf)),
    ...(intent && { intent }),
    ...confidenceOf(result),
    ...missOf(result, chosen),
    ...(typeof score === 'number' && { sentiment: rounded(score, -1) }),
    ...(articles && { articles }),
    slots: slotsOf(result, chosen),
    ...(wants && { wants }),
    ...(wants === 'human' && skills.length > 0 && { need: { skills } }),
  }
}

export function placeOf({ parameters, currentPage, currentFlow }: Result): Place {
  return {
    parameters: fromStruct(parameters as Struct),
    ...(currentPage?.name && { page: currentPage.name, pageName: currentPage.displayName ?? undefined }),
    ...(currentFlow?.name && { flow: currentFlow.name, flowName: currentFlow.displayName ?? undefined }),
  }
}

/** Audio is left out, the marker of a knowledge card stands beside its payload, kinds that came later have no `message`. */
function partsOf(said: ResponseMessage): Part[] {
  if (said.payload) return partsIn(fromStruct(said.payload as Struct))
  // Of several variants one is given at run time; where there are more, all are meant.
  const lines = (said.text?.text ?? []).filter((line) => line.trim() !== '')
  return lines.map((text) => ({ kind: 'text', text }))
}

function confidenceOf({ match }: Result): Pick<BotTurn, 'confidence'> {
  if (match?.matchType !== 'INTENT' && match?.matchType !== 'KNOWLEDGE_CONNECTOR') return {}
  return { confidence: rounded(match.confidence ?? 0, 0) }
}

/** A playbook never says that it did not understand, so there the hub reads the words; a button or an event is no question. */
function missOf(result: Result, { webhookFailure }: Settings): Pick<BotTurn, 'noMatch'> {
  const type = result.match?.matchType
  const hasFailed = webhookFailure === 'miss' && (result.webhookStatuses ?? []).some(({ code }) => code)
  if (type === 'NO_MATCH' || isGap(result) || hasFailed) return { noMatch: true }
  return type === 'INTENT' || type === 'PARAMETER_FILLING' || type === 'KNOWLEDGE_CONNECTOR' ? { noMatch: false } : {}
}

/** Parameters are all that the session holds; how many are still missing is not told, only that one is asked for. */
function slotsOf(result: Result, chosen: Settings): NonNullable<BotTurn['slots']> {
  const own = new Set<string>([...newsNames, ...Object.keys(chosen.parameters ?? {})])
  const filled = Object.entries(fromStruct(result.parameters as Struct))
    .filter(([name, value]) => !own.has(name) && isAnswer(value))
    .map(([name, value]) => [name, String(value)])
  const asks = (result.responseMessages ?? []).some(({ responseType }) => responseType === 'PARAMETER_PROMPT')
  return { open: asks ? 1 : 0, filled: Object.fromEntries(filled) }
}

const relevance: Record<string, number> = { VERY_LOW: 0.1, LOW: 0.3, MEDIUM: 0.5, HIGH: 0.8, VERY_HIGH: 0.95 }

/** Snippets carry no score of their own: the answer's grounding, a little less for each place further down. */
function articlesOf({ dataStoreConnectionSignals: signals }: Result): Article[] | undefined {
  if (!signals) return undefined
  const score = relevance[String(signals.groundingSignals?.score)] ?? 0.5
  const found = (signals.searchSnippets ?? []).map((snippet, index): Article => {
    const { documentTitle, documentUri, text } = snippet
    const url = /^https?:\/\//.test(documentUri ?? '') ? documentUri! : undefined
    return {
      ref: documentUri || documentTitle || `snippet-${index + 1}`,
      title: documentTitle || documentUri || 'Article',
      ...(text && { excerpt: text }),
      ...(url && { url }),
      score: rounded(score * 0.95 ** index, 0),
    }
  })
  return found.filter(({ ref }, index) => found.findIndex((one) => one.ref === ref) === index)
}
