/** Bots played by their twins, and a whole hub with one of them: customers at the built-in chat, agents at the sample desk's twin. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Twin } from '../../src/twin.ts'
import { aTwinHub, type TwinHub } from './stage.ts'

/** What a bot's twin can be told besides. */
export interface BotTwin extends Twin {
  /** What every turn is answered with, in the vendor's form, where these words make an answer. */
  answerBy(speak?: (words: string) => object | undefined): void
}

export interface PlayedBot {
  readonly name: string
  /** The file in config/examples/ that has this bot as `first-line`. */
  readonly example: string
  /** An understood question and this answer, as the vendor would say it. */
  answer(text: string): object
}

export const bots: readonly PlayedBot[] = [
  {
    name: 'dialogflow-cx',
    example: 'webchat--dialogflow-cx--inbox.yaml',
    answer: (text) => ({
      responseType: 'FINAL',
      queryResult: {
        responseMessages: [{ text: { text: [text] } }],
        match: { matchType: 'INTENT', intent: { displayName: 'recorded' }, confidence: 0.9 },
      },
    }),
  },
  {
    name: 'dialogflow-es',
    example: 'webchat--dialogflow-es--inbox.yaml',
    answer: (text) => ({
      queryResult: {
        fulfillmentMessages: [{ text: { text: [text] } }],
        intent: { displayName: 'recorded' },
        intentDetectionConfidence: 0.9,
        allRequiredParamsPresent: true,
      },
    }),
  },
]

export interface BotHub extends TwinHub {
  readonly bot: BotTwin
  readonly desk: Twin
}

const desk = JSON.stringify(new URL('../../template/index.ts', import.meta.url).pathname)

/** `settings` are laid over those of the example, for a test that cannot wait. */
export async function aBotHub({ example }: PlayedBot, settings: object = {}): Promise<BotHub> {
  const hub = await aTwinHub(`connections:
  site: { use: webchat }
  first-line: ${JSON.stringify({ ...connectionOf(example), ...settings })}
  people: { use: ${desk}, url: 'https://desk.example.com', token: t, webhookSecret: s }
mappings:
  - { channel: site, bot: first-line, desks: [people] }
`)
  return { ...hub, bot: hub.twin('first-line') as BotTwin, desk: hub.twin('people') }
}

const connectionOf = (example: string): object =>
  parse(readFileSync(new URL(`../../config/examples/${example}`, import.meta.url), 'utf8')).connections['first-line']
