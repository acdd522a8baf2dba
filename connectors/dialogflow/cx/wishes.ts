/** Every way in which a CX agent asks for a person or ends (dialogflow.md 18). Pure. */
import { isSet, joinWishes, noWish, type PayloadKeys, skillsIn, type Wish, wishIn } from '../payload.ts'
import { fromStruct, type Struct } from '../struct.ts'
import { handoverOf, type Settings } from './settings.ts'
import type { Place, Result } from './translate.ts'

const human: Wish = { wants: 'human', skills: [] }
const end: Wish = { wants: 'end', skills: [] }

/** All of the answer is read before anything is decided: an end may stand before the handoff it belongs to. */
export function wishOf(result: Result, before: Place | undefined, chosen: Settings): Wish {
  const keys = handoverOf(chosen)
  return joinWishes([
    ...(result.responseMessages ?? []).map((message) => wishOfMessage(message, keys)),
    ...(result.webhookPayloads ?? []).map((payload) => wishIn(fromStruct(payload as Struct), keys)),
    wishOfParameters(result, before, chosen),
    wishOfPlace(result, before, keys.places),
    isAskedBy(result, keys.intents) || isEscalated(result) || hasFailed(result, chosen) ? human : noWish,
  ])
}

function wishOfMessage(message: NonNullable<Result['responseMessages']>[number], keys: PayloadKeys): Wish {
  if (message.liveAgentHandoff)
    return { wants: 'human', skills: skillsIn(fromStruct(message.liveAgentHandoff.metadata as Struct), keys.skills) }
  if (message.payload) return wishIn(fromStruct(message.payload as Struct), keys)
  // A voice agent's transfer, on a chat; and a tool that only its own client could run.
  if (message.telephonyTransferCall || message.toolCall) return human
  return message.endInteraction || message.conversationSuccess ? end : noWish
}

/** Parameters stay set: only one that was not so before asks anew. */
function wishOfParameters({ parameters }: Result, before: Place | undefined, chosen: Settings): Wish {
  const { parameters: names, skills } = handoverOf(chosen)
  const now = fromStruct(parameters as Struct)
  const asking = names.filter((name) => isSet(now[name]) && !isSet(before?.parameters[name]))
  return asking.length === 0
    ? noWish
    : { wants: 'human', skills: asking.flatMap((name) => skillsIn(now[name], skills)) }
}

function wishOfPlace({ currentPage, currentFlow }: Result, before: Place | undefined, names: readonly string[]): Wish {
  const isNew =
    (names.includes(currentPage?.displayName ?? '') && currentPage?.name !== before?.page) ||
    (names.includes(currentFlow?.displayName ?? '') && currentFlow?.name !== before?.flow)
  return isNew ? human : noWish
}

const isAskedBy = ({ match }: Result, intents: readonly string[]): boolean => {
  const { name, displayName } = match?.intent ?? {}
  return intents.some((one) => one === displayName || one === name || name?.endsWith(`/intents/${one}`))
}

const isEscalated = ({ match, traceBlocks }: Result): boolean =>
  match?.event === 'flow-failed-human-escalation' ||
  (traceBlocks ?? []).some(({ endState }) => endState === 'OUTPUT_STATE_ESCALATED')

const hasFailed = ({ webhookStatuses }: Result, { webhookFailure }: Settings): boolean =>
  webhookFailure === 'human' && (webhookStatuses ?? []).some(({ code }) => code)

/** The answer was not found in the documents, or hardly. */
export function isGap({ dataStoreConnectionSignals: signals }: Result): boolean {
  const { decision, score } = signals?.groundingSignals ?? {}
  return decision === 'REJECTED_BY_GROUNDING' || score === 'VERY_LOW'
}
