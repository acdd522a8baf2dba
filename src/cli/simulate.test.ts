import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCriteria } from '../escalation/settings.ts'
import { simulate } from './simulate.ts'

const criteria = buildCriteria(undefined)
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-simulate-'))
})
afterAll(() => rm(folder, { recursive: true }))

const dialogue = (id: string, ...turns: Array<[by: string, text: string]>) =>
  JSON.stringify({ id, turns: turns.map(([by, text]) => ({ by, text })) })
const calm = dialogue(
  'calm',
  ['customer', 'A table for two'],
  ['bot', 'At what time?'],
  ['customer', 'At seven'],
  ['bot', 'Your table is booked.'],
)
const wants = dialogue(
  'wants',
  ['customer', 'my refund'],
  ['bot', 'Which order?'],
  ['action', 'lookup'],
  ['customer', 'let me talk to a human'],
  ['customer', 'hello'],
)
const offered = dialogue('offered', ['customer', 'agent'], ['bot', 'May I help?'], ['customer', 'my order is late'])

async function run(lines: string[], options: { json?: boolean; acceptOffers?: boolean } = {}) {
  const file = join(folder, 'dialogues.jsonl')
  await writeFile(file, lines.join('\n'))
  const out: string[] = []
  const code = await simulate(file, { criteria, json: false, ...options, write: (line) => out.push(line) })
  return { code, out }
}

it('says what would have happened, when and why', async () => {
  const { code, out } = await run([calm, wants, '', offered])
  expect(code).toBe(0)
  expect(out[0]).toBe(
    'wants  turn 4  escalate by human_request: The customer asked for a person.\n    evidence: "talk to a human"',
  )
  expect(out[1]).toMatch(/^offered {2}turn 1 {2}offer by human_request: The customer may want a person/)
  expect(out[2]).toMatch(/^3 dialogues: 1 escalated, 1 offered \(not taken\), /)
  expect(out.slice(3)).toEqual(['  human_request: 2', '  median turn: 2.5'])
})

it('gives one JSON object a line, and a total', async () => {
  const { out } = await run([calm, wants, offered], { json: true })
  const [first, second, last] = out.map((line) => JSON.parse(line))
  expect(first).toMatchObject({
    id: 'wants',
    action: 'escalate',
    criterion: 'human_request',
    turn: 4,
    evidence: ['talk to a human'],
  })
  expect(second).toMatchObject({ id: 'offered', action: 'offer', turn: 1 })
  expect(last.total).toMatchObject({
    dialogues: 3,
    escalated: 1,
    offered: 1,
    offersTaken: 0,
    medianTurn: 2.5,
    byCriterion: { human_request: 2 },
  })
  expect(out).toHaveLength(3)
})

it('goes on after an offer that is not taken, and ends at one that is', async () => {
  const twice = dialogue('twice', ['customer', 'agent'], ['bot', 'May I help?'], ['customer', 'agent'])
  const actions = async (acceptOffers: boolean) =>
    JSON.parse((await run([twice], { json: true, acceptOffers })).out[0]!)
  expect(await actions(false)).toMatchObject({ action: 'escalate', turn: 3 })
  expect(await actions(true)).toMatchObject({ action: 'offer', turn: 1 })
})

describe('a wrong line', () => {
  it.each([
    ['{"id": 1, ', 'found no JSON'],
    ['[]', 'found a list'],
    ['{"turns": []}', 'found nothing as id'],
    ['{"id": "a"}', 'found nothing as turns'],
    ['{"id": "a", "turns": [{"by": "customer"}]}', 'found nothing as text of turn 1'],
    ['{"id": "a", "turns": [{"by": 3, "text": "x"}]}', 'found a number as by of turn 1'],
  ])('%s is named with its place, and the others are decided', async (line, found) => {
    const { code, out } = await run([calm, line, wants])
    expect(code).toBe(1)
    expect(out[0]).toContain(`dialogues.jsonl:2: ${found}; right is`.replace('; right is', ''))
    expect(out[0]).toContain('right is')
    expect(out.join('\n')).toContain('2 dialogues: 1 escalated')
    expect(out.at(-1)).toBe('  wrong lines: 1')
  })

  it('does not hide a file that is missing', async () => {
    const out: string[] = []
    expect(await simulate(join(folder, 'none.jsonl'), { criteria, json: true, write: (line) => out.push(line) })).toBe(
      1,
    )
    expect(JSON.parse(out[0]!).error).toContain('none.jsonl: cannot be read: ENOENT')
  })
})

const data = process.env.BATON_DATA ?? join(import.meta.dirname, '../../../shared/data')
const real = join(data, 'uss-sgd.jsonl')
if (!existsSync(real)) console.warn(`skipped: no dialogues at ${real}; set BATON_DATA to their folder`)

it.skipIf(!existsSync(real))(
  'decides 500 real dialogues between customers and a bot, and leaves the calm ones alone',
  async () => {
    const out: string[] = []
    expect(await simulate(real, { criteria, json: true, write: (line) => out.push(line) })).toBe(0)
    const { total } = JSON.parse(out.at(-1)!)
    expect(total.dialogues).toBe(500)
    expect(total.escalated).toBeLessThanOrEqual(5)
    expect(total.offered).toBeGreaterThan(0)
    expect(total.offered).toBeLessThanOrEqual(50)
    expect(out).toHaveLength(total.escalated + total.offered + 1)
  },
)
