/** What Dialogflow refuses before it thinks (dialogflow.md 2, 3, 14, 15). */
import { grpcCodes, grpcFailure } from '#hub/twin.ts'

export interface Place {
  readonly project: string
  readonly location: string
  readonly agent: string
  readonly environment?: string
}

const refuse = (details: string) => grpcFailure(grpcCodes.invalidArgument, details)

/** The session's id; throws what Google answers to a wrong name. */
export function checkSession(name: string, here: Place): { readonly id: string; readonly isDraft: boolean } {
  const match =
    /^projects\/([^/]+)\/locations\/([^/]+)\/agents\/([^/]+)(?:\/environments\/([^/]+))?\/sessions\/([^/]+)$/.exec(name)
  if (!match) throw refuse(`Resource name '${name}' does not match the name of a session.`)
  const [, project, location, agent, environment, id] = match
  if (Buffer.byteLength(id!) > 36) throw refuse('The session id must not be longer than 36 bytes.')
  checkPlace({ project: project!, location: location!, agent: agent! }, here)
  if (environment && environment !== here.environment)
    throw grpcFailure(grpcCodes.notFound, `Environment '${environment}' not found.`)
  return { id: id!, isDraft: !environment }
}

export function checkParent(name: string, here: Place): void {
  const match = /^projects\/([^/]+)\/locations\/([^/]+)\/agents\/([^/]+)(?:\/|$)/.exec(name)
  if (!match) throw refuse(`Resource name '${name}' does not match the name of an agent.`)
  checkPlace({ project: match[1]!, location: match[2]!, agent: match[3]! }, here)
}

function checkPlace({ project, location, agent }: Place, here: Place): void {
  if (location !== here.location)
    throw refuse(
      `Please refer to the list of regions to find the correct endpoint to access resources located in '${location}'.`,
    )
  if (project !== here.project || agent !== here.agent)
    throw grpcFailure(grpcCodes.notFound, `No DesignTimeAgent found for project '${project}'.`)
}

export interface QueryInput {
  readonly languageCode?: string
  readonly input?: 'text' | 'intent' | 'event' | 'dtmf' | 'audio' | 'toolCallResult'
  readonly text?: { readonly text: string }
  readonly intent?: { readonly intent: string }
  readonly event?: { readonly event: string }
}

export function checkInput(input: QueryInput | undefined, textLimit: number): QueryInput {
  if (!input?.input) throw refuse('QueryInput must have an input.')
  if (!input.languageCode) throw refuse('The language code must be set in QueryInput.')
  if ((input.text?.text.length ?? 0) > textLimit) throw refuse(`Input text exceeds ${textLimit} characters.`)
  return input
}

const longestTtlSeconds = 24 * 3600

export function checkTtl(ttl: { readonly seconds?: string | number } | null | undefined): number | undefined {
  if (!ttl) return undefined
  const seconds = Number(ttl.seconds ?? 0)
  if (seconds <= 0 || seconds > longestTtlSeconds) throw refuse('The session TTL must be between 0 and 24 hours.')
  return seconds * 1_000
}
