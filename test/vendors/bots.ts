/** Bots played by their twins, and a whole hub with one of them: customers at the built-in chat, agents at the sample desk's twin. */
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { readAddress } from '../../src/address.ts'
import { startApp } from '../../src/app.ts'
import { freePort } from '../../src/postgres/server.ts'
import { openSandbox } from '../../src/sandbox.ts'
import type { Twin } from '../../src/twin.ts'
import { type Answer, ask, aVisitor, type Visitor } from '../app.ts'
import { aDatabase } from '../engines.ts'

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

export interface BotHub {
  readonly url: string
  readonly bot: BotTwin
  readonly desk: Twin
  visitor(): Promise<Visitor>
  staff(path: string): Promise<Answer>
  stop(): Promise<void>
}

const desk = JSON.stringify(new URL('../../template/index.ts', import.meta.url).pathname)

/** `settings` are laid over those of the example, for a test that cannot wait. */
export async function aBotHub({ example }: PlayedBot, settings: object = {}): Promise<BotHub> {
  const database = await aDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'baton-bot-'))
  const env = {
    DATABASE_URL: database.url,
    BATON_DATA_DIR: folder,
    BATON_PORT: String(await freePort()),
    BATON_LOG: process.env.DEBUG ? 'debug' : 'silent',
  }
  const file = join(folder, 'baton.yaml')
  await writeFile(
    file,
    `connections:
  site: { use: webchat }
  first-line: ${JSON.stringify({ ...connectionOf(example), ...settings })}
  people: { use: ${desk}, url: 'https://desk.example.com', token: t, webhookSecret: s }
mappings:
  - { channel: site, bot: first-line, desks: [people] }
`,
  )
  const sandbox = await openSandbox(file, env, readAddress(env).url)
  const app = await startApp(sandbox.config, { env, isSandbox: true, twins: sandbox.twins })
  return {
    url: app.url,
    bot: sandbox.twins.get('first-line') as BotTwin,
    desk: sandbox.twins.get('people')!,
    visitor: () => aVisitor(app.url),
    staff: (path) => ask(app.url, path, { headers: { authorization: `Bearer ${app.token}` } }),
    async stop() {
      await app.stop()
      await sandbox.close()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const connectionOf = (example: string): object =>
  parse(readFileSync(new URL(`../../config/examples/${example}`, import.meta.url), 'utf8')).connections['first-line']
