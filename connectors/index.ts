/** Every connector that comes with Baton: a new one is one line here. Only those that a configuration uses are loaded. */
import type { Connector } from '#hub/connector.ts'

export const connectors: Record<string, () => Promise<Connector>> = {
  'dialogflow-cx': async () => (await import('./dialogflow/cx/index.ts')).default,
  'dialogflow-es': async () => (await import('./dialogflow/es/index.ts')).default,
  directory: async () => (await import('./directory/index.ts')).default,
  echo: async () => (await import('./echo/index.ts')).default,
  faq: async () => (await import('./faq/index.ts')).default,
  form: async () => (await import('./form/index.ts')).default,
  freshchat: async () => (await import('./freshchat/index.ts')).default,
  freshdesk: async () => (await import('./freshdesk/index.ts')).default,
  inbox: async () => (await import('./inbox/index.ts')).default,
  surveymonkey: async () => (await import('./surveymonkey/index.ts')).default,
  webchat: async () => (await import('./webchat/index.ts')).default,
  zendesk: async () => (await import('./zendesk/index.ts')).default,
}
