/** How an agent is played at each vendor's twin: names of the buttons on its page. */
import type { Trouble, WebhookTrouble } from '../../src/twin.ts'

export interface PlayedDesk {
  readonly name: string
  /** The connection's YAML, in one line; secrets are made up by the twin. */
  readonly yaml: string
  /** Presses what makes the ticket this agent's, before the first word; none where the first word does it. */
  readonly accept?: { readonly do: string; readonly input?: string }
  readonly say: string
  /** The same buttons as a person reads them. */
  readonly buttons: {
    readonly accept: readonly { readonly label: string; readonly input?: string }[]
    readonly say: string
    readonly resolve: string
  }
  /** The file in config/examples/ with this desk as `people`; none: one is written. */
  readonly example?: string
  /** Troubles that its protocol cannot survive, each with the reason. */
  readonly without?: Partial<Record<Trouble | WebhookTrouble, string>>
  readonly resolve: string
}

export const desks: readonly PlayedDesk[] = [
  {
    name: 'sample',
    yaml: `{ use: ${JSON.stringify(new URL('../../template/index.ts', import.meta.url).pathname)}, url: 'https://desk.example.com', token: t, webhookSecret: s }`,
    accept: { do: 'accept' },
    say: 'say',
    resolve: 'resolve',
    buttons: { accept: [{ label: 'Accept' }], say: 'Reply', resolve: 'Resolve' },
    without: {
      lost: 'the sample desk cannot be asked what happened',
      disorder: 'the sample desk does not number its webhooks',
      late: 'the sample desk does not number its webhooks',
    },
  },
]
