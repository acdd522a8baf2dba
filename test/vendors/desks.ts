/** How an agent is played at each vendor's twin: its buttons, by what they do and as a person reads them. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Trouble, WebhookTrouble } from '../../src/twin.ts'

export interface Button {
  readonly do: string
  readonly label: string
  readonly input?: string
}

export interface PlayedDesk {
  readonly name: string
  /** The file in config/examples/ that has this desk as `people`, or that connection in one line of YAML. */
  readonly from: { readonly example: string } | { readonly yaml: string }
  /** Laid over those of the example, for a test that cannot wait. */
  readonly settings?: object
  /** What makes the ticket this agent's; none where their first word does it. */
  readonly accept: readonly Button[]
  readonly say: Button
  readonly resolve: Button
  /** Troubles that its protocol cannot survive, each with the reason. */
  readonly without?: Partial<Record<Trouble | WebhookTrouble, string>>
}

/** The desk's connection in one line of YAML. */
export function peopleOf({ from, settings }: PlayedDesk): string {
  if ('yaml' in from) return from.yaml
  const file = new URL(`../../config/examples/${from.example}`, import.meta.url)
  return JSON.stringify({ ...parse(readFileSync(file, 'utf8')).connections.people, ...settings })
}

const template = JSON.stringify(new URL('../../template/index.ts', import.meta.url).pathname)

export const desks: readonly PlayedDesk[] = [
  {
    name: 'sample',
    from: { yaml: `{ use: ${template}, url: 'https://desk.example.com', token: t, webhookSecret: s }` },
    accept: [{ do: 'accept', label: 'Accept' }],
    say: { do: 'say', label: 'Reply' },
    resolve: { do: 'resolve', label: 'Resolve' },
    without: {
      lost: 'the sample desk cannot be asked what happened',
      disorder: 'the sample desk does not number its webhooks',
      late: 'the sample desk does not number its webhooks',
    },
  },
  {
    name: 'freshdesk',
    from: { example: 'webchat--faq--freshdesk.yaml' },
    settings: { pollSeconds: 5 },
    accept: [],
    say: { do: 'reply', label: 'Reply' },
    resolve: { do: 'resolve', label: 'Resolve' },
  },
  {
    name: 'freshchat',
    from: { example: 'webchat--faq--freshchat.yaml' },
    settings: { pollSeconds: 5 },
    accept: [],
    say: { do: 'reply', label: 'Reply' },
    resolve: { do: 'resolve', label: 'Resolve' },
  },
  {
    name: 'zendesk',
    from: { example: 'webchat--faq--zendesk.yaml' },
    accept: [],
    say: { do: 'reply', label: 'Public reply' },
    resolve: { do: 'solve', label: 'Submit as solved', input: 'Glad to help' },
  },
]
