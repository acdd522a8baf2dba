/** Every way in which an ES agent asks for a person or ends (dialogflow.md 9). Pure. */
import { joinWishes, noWish, type PayloadKeys, skillsIn, type Wish, wishIn } from '../payload.ts'
import { fromStruct, type Struct } from '../struct.ts'
import { handoverOf, type Settings } from './settings.ts'
import { type Context, contextsOf, type Response, type Result } from './translate.ts'

const human: Wish = { wants: 'human', skills: [] }
const end: Wish = { wants: 'end', skills: [] }

/** All of the answer is read before anything is decided: most handoffs come together with an end. */
export function wishOf(response: Response, before: readonly Context[], chosen: Settings): Wish {
  const result = response.queryResult ?? {}
  const keys = handoverOf(chosen)
  const hasFailed = chosen.webhookFailure === 'human' && Boolean(response.webhookStatus?.code)
  return joinWishes([
    wishOfIntent(result, keys.intents),
    wishOfAction(result, keys),
    wishIn(fromStruct(result.webhookPayload as Struct), keys),
    wishOfContexts(result, before, keys),
    ...(result.fulfillmentMessages ?? []).map((message) => wishOfMessage(message, keys)),
    hasFailed ? human : noWish,
  ])
}

/** The two flags are only flags: Google does nothing with them. */
function wishOfIntent({ intent, diagnosticInfo }: Result, intents: readonly string[]): Wish {
  const { name, displayName } = intent ?? {}
  const isNamed = intents.some((one) => one === displayName || one === name || name?.endsWith(`/intents/${one}`))
  if (intent?.liveAgentHandoff || isNamed) return human
  return intent?.endInteraction || fromStruct(diagnosticInfo as Struct).end_conversation === true ? end : noWish
}

function wishOfAction({ action, parameters }: Result, keys: Keys): Wish {
  if (action && keys.actions.includes(action))
    return { wants: 'human', skills: skillsIn(fromStruct(parameters as Struct), keys.skills) }
  return action === 'CLOSE_CONVERSATION' ? end : noWish
}

/** Contexts live for some turns: only one that was not there before asks anew. */
function wishOfContexts(result: Result, before: readonly Context[], keys: Keys): Wish {
  const asking = contextsOf(result).filter(
    ({ name, lifespan }) =>
      lifespan > 0 && keys.contexts.includes(name) && !before.some((known) => known.name === name),
  )
  if (asking.length === 0) return noWish
  return { wants: 'human', skills: asking.flatMap(({ parameters }) => skillsIn(parameters, keys.skills)) }
}

function wishOfMessage(message: NonNullable<Result['fulfillmentMessages']>[number], keys: Keys): Wish {
  if (message.payload) return wishIn(fromStruct(message.payload as Struct), keys)
  // Only in v2beta1: a voice agent's transfer, on a chat.
  return 'telephonyTransferCall' in message && message.telephonyTransferCall ? human : noWish
}

type Keys = PayloadKeys & { readonly actions: readonly string[]; readonly contexts: readonly string[] }
