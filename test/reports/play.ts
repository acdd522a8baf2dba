/** Plays conversations into the record at moments of one's choice, through the real `step` and the real append. */
import type pg from 'pg'
import type { Conversation } from '../../src/conversation.ts'
import type { RecordEvent } from '../../src/events.ts'
import type { Outcome } from '../../src/handoff.ts'
import type { Mapping } from '../../src/mapping.ts'
import { text } from '../../src/message.ts'
import { writeBatch } from '../../src/postgres/log.ts'
import { ThreadIds } from '../../src/postgres/thread-ids.ts'
import { choices } from '../../src/step/chain.ts'

/** Seconds after the conversation's begin, what happens, and with what. */
export type Line =
  | readonly [number, 'says' | 'names' | 'bot' | 'bot-late' | 'assigned' | 'accepted' | 'agent' | 'note', string]
  | readonly [number, 'bot-lost' | 'opened' | 'unstaffed' | 'closed' | 'takes' | 'declines' | 'leaves' | 'invited']
  /** What the line before wanted said was never delivered: fenced out at the last moment, or failed for good. */
  | readonly [number, 'stopped' | 'dead']
  | readonly [number, 'ends', Extract<Outcome, 'resolved' | 'returned' | 'abandoned' | 'expired'>]
  | readonly [number, 'staff-ends', Extract<Outcome, 'resolved' | 'abandoned' | 'expired'>]
  | readonly [number, 'timer', 'offer' | 'wait' | 'idle' | 'park']
  | readonly [number, 'rated', number]

export interface Scene {
  readonly name: string
  /** ISO, UTC. */
  readonly at: string
  readonly channel: 'site' | 'shop'
  readonly lines: readonly Line[]
}

/** Resolves to the conversation of each scene, by its name. What was asked of the outside counts as done. */
export async function play(
  pool: pg.Pool,
  mappings: readonly Mapping[],
  scenes: readonly Scene[],
): Promise<Map<string, number>> {
  const ids = new Map<string, number>()
  const marks: Mark[] = []
  const client = await pool.connect()
  try {
    for (const scene of scenes) ids.set(scene.name, await playOne(client, mappings, scene, marks))
  } finally {
    client.release()
  }
  await settle(pool, marks)
  return ids
}

interface Mark {
  readonly conversation: number
  readonly seq: number
  readonly status: 'stopped' | 'dead'
  readonly at: number
}

const threads = new ThreadIds()
let sent = 0

async function playOne(
  client: pg.ClientBase,
  mappings: readonly Mapping[],
  { name, at: begin, channel, lines }: Scene,
  marks: Mark[],
): Promise<number> {
  const mapping = mappings.find((one) => one.channel === channel)!
  const context = {
    installation: 'test',
    hub: 1,
    leaseMs: 30_000,
    mappingOf: () => mapping,
    mayBeDirect: () => false,
  }
  let state: Conversation | undefined
  const hear = async (event: RecordEvent, connection: string) => {
    const at = state ? state.id : { connection: channel, thread: name }
    const entry = { connection, externalId: `played-${++sent}`, event, at }
    const batch = await writeBatch(client, [entry], `t${sent}`, context, threads)
    const fate = batch.fates[0]!
    if (fate.is !== 'stored') throw new Error(`${name}: ${event.type} was ${fate.is}`)
    state = batch.changed[0]
  }
  for (const line of lines) {
    const at = Date.parse(begin) + line[0] * 1000
    if (line[1] === 'stopped' || line[1] === 'dead') {
      marks.push({ conversation: state!.id, seq: state!.seq, status: line[1], at })
      continue
    }
    for (const [event, connection] of eventsOf(line, at, mapping, state)) await hear(event, connection)
  }
  return state!.id
}

function eventsOf(line: Line, at: number, mapping: Mapping, state: Conversation | undefined): [RecordEvent, string][] {
  const handoff = state?.handoff
  const attempt = handoff?.attempts.at(-1)
  const desk = attempt?.desk ?? mapping.desks[0]!.desk
  const ticket = attempt?.ticket ?? `ticket-${state?.id}-${handoff?.number ?? 0}-${attempt?.number ?? 0}`
  const name = { handoff: handoff?.number ?? 0, attempt: attempt?.number ?? 0 }
  const { channel } = mapping
  const base = { at, externalId: '', connection: channel, thread: state?.thread ?? '' }
  const atDesk = { at, externalId: '', connection: desk, ticket }
  const says = (message: object): [RecordEvent, string][] => [
    [{ ...base, type: 'customer-message', message } as RecordEvent, channel],
  ]
  switch (line[1]) {
    case 'says':
      return says({ ...text(line[2]), language: mapping.language })
    case 'takes':
      return says({ parts: [], choice: choices.person })
    case 'declines':
      return says({ parts: [], choice: choices.bot })
    case 'leaves':
      return says({ parts: [], choice: choices.leave })
    case 'names':
      return [[{ ...base, type: 'customer-identified', customer: { name: line[2] } }, channel]]
    case 'bot':
    case 'bot-late': {
      const turn = { messages: [text('Here is what I know.')], intent: line[2], confidence: 0.9 }
      const epoch = state!.epoch - (line[1] === 'bot-late' ? 1 : 0)
      return [[{ type: 'bot-answered', at, turn, epoch }, 'hub']]
    }
    case 'bot-lost':
      return [
        [
          { type: 'bot-answered', at, turn: { messages: [text('Come again?')], noMatch: true }, epoch: state!.epoch },
          'hub',
        ],
      ]
    case 'opened':
      return [[{ type: 'desk-opened', at, name, ticket }, 'hub']]
    case 'unstaffed':
      return [[{ type: 'desk-unstaffed', at, name, staffing: { open: false } }, 'hub']]
    case 'closed':
      return [[{ type: 'desk-closed', at, name }, 'hub']]
    case 'assigned':
      return [[{ ...atDesk, type: 'desk-assigned', agent: { name: line[2] } }, desk]]
    case 'accepted':
      return [[{ ...atDesk, type: 'desk-accepted', agent: { name: line[2], ref: `ref-${line[2]}` } }, desk]]
    case 'agent':
    case 'note': {
      const visibility = line[1] === 'agent' ? 'public' : 'internal'
      return [
        [
          {
            ...atDesk,
            type: 'agent-message',
            message: text('Hello, I am looking into it.'),
            agent: { name: line[2] },
            visibility,
          },
          desk,
        ],
      ]
    }
    case 'ends':
      return [[{ ...atDesk, type: 'desk-ended', outcome: line[2] }, desk]]
    case 'staff-ends':
      return [[{ type: 'staff-command', at, command: { do: 'end', outcome: line[2] }, by: 'staff' }, 'hub']]
    case 'timer':
      return [[{ type: 'timer', at, name: line[2] }, 'hub']]
    case 'invited':
      return [
        [{ type: 'timer', at, name: 'survey' }, 'hub'],
        [{ type: 'survey-ready', at, handoff: name.handoff, message: text('How was it?') }, 'hub'],
      ]
    case 'rated':
      return [
        [
          {
            type: 'feedback',
            at,
            externalId: '',
            connection: mapping.survey!,
            conversation: state!.id,
            feedback: { handoff: name.handoff, score: line[2], scale: 5 },
          },
          mapping.survey!,
        ],
      ]
    default:
      throw new Error(`Nobody can play "${line[1]}"`)
  }
}

async function settle(pool: pg.Pool, marks: readonly Mark[]): Promise<void> {
  await pool.query(`UPDATE effects SET status = 'done', begun = true, settled_at = now()`)
  await pool.query('UPDATE lanes SET head = tail, token = NULL, hub = NULL, leased_until = NULL, due = NULL')
  await pool.query('DELETE FROM timers')
  for (const { conversation, seq, status, at } of marks)
    await pool.query(
      `UPDATE effects SET status = $3, settled_at = to_timestamp($4 / 1000.0), dead_at = CASE WHEN $3 = 'dead' THEN to_timestamp($4 / 1000.0) END
       WHERE conversation = $1 AND seq = $2 AND kind = 'say'`,
      [conversation, seq, status, at],
    )
}
