/** What a connection of this product needs to know. Checks the YAML, completes in the editor, draws the console's form. */
import { type Static, Type } from 'typebox'

export const settings = Type.Object(
  {
    url: Type.String({
      title: 'Address',
      description: 'Where the desk’s API is reached, without a trailing slash',
      format: 'uri',
      examples: ['https://desk.example.com/api'],
    }),
    token: Type.String({
      title: 'API token',
      description: 'Made in the desk under Settings > API',
      writeOnly: true,
      examples: ['${env:SAMPLE_TOKEN}'],
    }),
    webhookSecret: Type.String({
      title: 'Webhook secret',
      description: 'What the desk signs its webhooks with',
      writeOnly: true,
      examples: ['${env:SAMPLE_WEBHOOK_SECRET}'],
    }),
  },
  { additionalProperties: false },
)

export type Settings = Static<typeof settings>
