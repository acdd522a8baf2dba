/** The slice of the library that a test uses; it brings no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  interface Grant {
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }
  interface Context {
    oidc: {
      provider: { Grant: new (of: { clientId?: string; accountId?: string }) => Grant }
      client?: { clientId: string }
      session?: { accountId?: string }
    }
  }
  interface Configuration {
    clients: object[]
    claims: Record<string, string[]>
    findAccount(context: unknown, id: string): { accountId: string; claims(): Promise<object> }
    features: object
    interactions: { url(context: unknown, interaction: { uid: string }): string }
    pkce: { required(): boolean }
    cookies: { keys: string[] }
    loadExistingGrant(context: Context): Promise<Grant>
  }
  export default class Provider {
    constructor(issuer: string, configuration: Configuration)
    callback(): (request: IncomingMessage, response: ServerResponse) => unknown
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: object,
      options: { mergeWithLastSubmission: boolean },
    ): Promise<void>
  }
}
