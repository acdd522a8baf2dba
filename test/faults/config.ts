/** The configuration the hubs of the suite run with. JSON is YAML. */
import { join } from 'node:path'
import { deskManners, deskOf, lineManners, type Manners } from './outside.ts'
import { sentences } from './words.ts'

const connectors = join(import.meta.dirname, 'connectors')

const off = Object.fromEntries(
  [
    'human_request',
    'bot_down',
    'no_match',
    'low_confidence',
    'loop',
    'kb_empty',
    'frustration',
    'complexity',
    'duration',
    'bot_feedback',
    'composite',
  ].map((name) => [name, 'off']),
)

/** Long waits: what ends a handoff in this suite is an agent, however long a fault lasts. */
const limits = {
  botSeconds: 8,
  connectSeconds: 300,
  waitMinutes: 60,
  agentSilentMinutes: 60,
  idleMinutes: 60,
  parkMinutes: 90,
}

export function writeConfig(twinUrl: string): string {
  const use = (file: string, name: string, manners: Manners) => ({
    use: join(connectors, file),
    url: `${twinUrl}/${name}`,
    ...manners,
  })
  const all = (file: string, named: Readonly<Record<string, Manners>>) =>
    Object.entries(named).map(([name, manners]) => [name, use(file, name, manners)] as const)
  return JSON.stringify(
    {
      connections: {
        site: { use: 'webchat', messagesPerMinute: 100_000, sessionsPerMinute: 100_000 },
        bot: use('bot.ts', 'bot', { dedupes: true, finds: false, concurrency: 32 }),
        ...Object.fromEntries([...all('channel.ts', lineManners), ...all('desk.ts', deskManners)]),
      },
      mappings: Object.entries(deskOf).map(([channel, desk]) => ({
        name: channel,
        channel,
        bot: 'bot',
        desks: [desk],
        fallback: [],
        criteria: off,
        words: { en: sentences },
        limits,
      })),
    },
    undefined,
    2,
  )
}
