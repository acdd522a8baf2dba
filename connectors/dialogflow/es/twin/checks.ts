/** What Dialogflow refuses before it thinks (dialogflow.md 2, 3, 6). */
import { grpcCodes, grpcFailure } from '#hub/twin.ts'

export interface Place {
  readonly project: string
  readonly location: string
  readonly environment?: string
}

const refuse = (details: string) => grpcFailure(grpcCodes.invalidArgument, details)

/** The session's id; throws what Google answers to a wrong name. */
export function checkSession(name: string, here: Place): { readonly id: string; readonly isDraft: boolean } {
  const match =
    /^projects\/([^/]+)(?:\/locations\/([^/]+))?\/agent(?:\/environments\/([^/]+)\/users\/[^/]+)?\/sessions\/([^/]+)$/.exec(
      name,
    )
  if (!match) throw refuse(`Resource name '${name}' does not match the name of a session.`)
  const [, project, location = 'global', environment, id] = match
  if (id!.length > 36) throw refuse('The session id must not be longer than 36 characters.')
  checkPlace({ project: project!, location }, here)
  if (environment && environment !== here.environment)
    throw grpcFailure(grpcCodes.notFound, `Environment '${environment}' not found.`)
  return { id: id!, isDraft: !environment }
}

export function checkName(name: string, here: Place, rest: RegExp): void {
  const match = /^projects\/([^/]+)(?:\/locations\/([^/]+))?(\/.*|)$/.exec(name)
  if (!match || !rest.test(match[3]!)) throw refuse(`Resource name '${name}' does not match.`)
  checkPlace({ project: match[1]!, location: match[2] ?? 'global' }, here)
}

function checkPlace({ project, location }: Place, here: Place): void {
  if (location !== here.location)
    throw refuse(
      `Please refer to the list of regions to find the correct endpoint to access resources located in '${location}'.`,
    )
  if (project !== here.project)
    throw grpcFailure(grpcCodes.notFound, `No DesignTimeAgent found for project '${project}'.`)
}

export interface QueryInput {
  readonly input?: 'text' | 'event' | 'audioConfig'
  readonly text?: { readonly text: string; readonly languageCode?: string }
  readonly event?: { readonly name: string; readonly parameters?: object; readonly languageCode?: string }
}

const longestText = 256
const longestEvent = 150

export function checkInput(input: QueryInput | undefined): QueryInput {
  if (!input?.input) throw refuse('QueryInput must have an input.')
  if (!(input.text?.languageCode ?? input.event?.languageCode)) throw refuse('The language code must be set.')
  if ((input.text?.text.length ?? 0) > longestText) throw refuse(`Input text exceeds ${longestText} characters.`)
  if ((input.event?.name.length ?? 0) > longestEvent) throw refuse('The event name is too long.')
  return input
}

export function checkContext(name: string, session: string): string {
  const short = name.startsWith(`${session}/contexts/`) ? name.slice(session.length + '/contexts/'.length) : ''
  if (!/^[a-z0-9_%-]{1,250}$/i.test(short)) throw refuse(`Context name '${name}' is not valid.`)
  if (/^__system_counters__$|_id_dialog_context$|_dialog_params_size$/.test(short))
    throw refuse(`Context name '${short}' is reserved.`)
  return short.toLowerCase()
}
