import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engines } from '../engines.ts'
import { aHub, anOutside, type TestHub, until } from '../hub.ts'

describe.each(engines())('append, with the queue on $name', (engine) => {
  let at: TestHub
  beforeAll(async () => {
    at = await aHub({ engine })
  })
  afterAll(() => at.stop())

  const rows = async (sql: string, ...values: unknown[]) => (await at.database.pool.query(sql, values)).rows

  it('drops a delivery already seen, also when its copies come at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => at.write('twice', 'hello', 'same')))
    await at.write('twice', 'hello', 'same')
    await until('the bot answered', () => at.outside.toCustomer.some((seen) => seen.to === 'twice'))
    const events = await rows(
      `SELECT type FROM events JOIN conversations c ON c.id = conversation WHERE thread = 'twice'`,
    )
    expect(events.map((event) => event.type)).toEqual(['customer-message', 'bot-answered'])
  })

  it('makes one conversation of a thread, however many events begin it', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => at.write('one-thread', `word ${i}`)))
    expect(await rows(`SELECT 1 FROM conversations WHERE thread = 'one-thread'`)).toHaveLength(1)
  })

  it('numbers the events of a conversation without a gap, in the order they were said', async () => {
    const said = Array.from({ length: 70 }, (_, i) => `word ${i}`)
    await Promise.all(said.map((word) => at.write('counted', word)))
    const events = await rows(
      `SELECT e.seq, e.type, e.body #>> '{message,parts,0,text}' AS text FROM events e JOIN conversations c ON c.id = conversation
       WHERE thread = 'counted' ORDER BY e.seq`,
    )
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1))
    expect(events.filter((event) => event.type === 'customer-message').map((event) => event.text)).toEqual(said)
  })

  it('keeps words with characters that no database stores', async () => {
    await at.write('strange', 'a\u0000b \uD800 c \\u0000')
    const [event] = await rows(
      `SELECT e.body #>> '{message,parts,0,text}' AS text FROM events e JOIN conversations c ON c.id = conversation WHERE thread = 'strange' AND e.seq = 1`,
    )
    expect(event.text).toBe('a\uFFFDb \uFFFD c \\u0000')
  })

  it('refuses a bad event alone; what came in the same batch is recorded', async () => {
    const bad = at.receive('site', {
      type: 'customer-message',
      thread: 'poison',
      externalId: 'poison-1',
      at: Number.NaN,
      message: { parts: [{ kind: 'text', text: 'x' }] },
    })
    const good = Array.from({ length: 7 }, (_, i) => at.write(`beside-${i}`, 'hello'))
    await expect(bad).rejects.toThrow()
    await Promise.all(good)
    expect(await rows(`SELECT 1 FROM conversations WHERE thread LIKE 'beside-%' AND seq > 0`)).toHaveLength(7)
    expect(await rows(`SELECT 1 FROM events WHERE external_id = 'poison-1'`)).toHaveLength(0)
  })

  it('does not hold up the others for a conversation that is locked, and records it when it is free', async () => {
    await at.write('held', 'first')
    const client = await at.database.pool.connect()
    await client.query('BEGIN')
    await client.query(`SELECT 1 FROM conversations WHERE thread = 'held' FOR UPDATE`)
    let isHeldRecorded = false
    const held = at.write('held', 'second').then(() => {
      isHeldRecorded = true
    })
    await at.write('free', 'hello')
    expect(isHeldRecorded).toBe(false)
    await client.query('COMMIT')
    client.release()
    await held
  })

  it('survives two hubs that write to the same conversations in opposite order', async () => {
    const other = await aHub({ engine, database: at.database, outside: anOutside() })
    try {
      const threads = Array.from({ length: 20 }, (_, i) => `crossing-${i}`)
      await Promise.all([
        ...threads.flatMap((thread) => [at.write(thread, 'a'), at.write(thread, 'b')]),
        ...threads.toReversed().flatMap((thread) => [other.write(thread, 'c'), other.write(thread, 'd')]),
      ])
      const [counted] = await rows(
        `SELECT count(*)::int AS n FROM events e JOIN conversations c ON c.id = conversation WHERE thread LIKE 'crossing-%' AND type = 'customer-message'`,
      )
      expect(counted.n).toBe(80)
    } finally {
      await other.stop()
    }
  })
})
