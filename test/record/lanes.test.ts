import { afterEach, describe, expect, it } from 'vitest'
import type { Connection, Desk } from '../../src/connector.ts'
import { HubError } from '../../src/errors.ts'
import { plainText, type Sent } from '../../src/message.ts'
import { replayDeadLetter } from '../../src/postgres/dead-letters.ts'
import { begin, mark, take } from '../../src/postgres/lanes.ts'
import { aDatabase, engines } from '../engines.ts'
import { aHub, anOutside, type TestHub, type TestHubOptions, until } from '../hub.ts'

/** Brings a conversation to an agent: the customer asks for a person, the desk opens, the agent accepts. */
async function withAgent(at: TestHub, thread: string): Promise<string> {
  await askForPerson(at, thread)
  await until('the desk opened', () => at.outside.offers.some((offer) => offer.transcript.length > 0))
  const ticket = at.outside.offers.at(-1)!.ticket
  await at.receive('people', {
    type: 'desk-accepted',
    ticket,
    externalId: `accept-${ticket}`,
    at: Date.now(),
    agent: { name: 'Ana' },
  })
  return ticket
}

/** A wish in the very first words would only be offered a person. */
async function askForPerson(at: TestHub, thread: string): Promise<void> {
  await at.write(thread, 'hello')
  await at.write(thread, 'I want to talk to a human please')
}

const reply = (at: TestHub, ticket: string, body: string, externalId = `reply-${body}`) =>
  at.receive('people', {
    type: 'agent-message',
    ticket,
    externalId,
    at: Date.now(),
    agent: { name: 'Ana' },
    visibility: 'public',
    message: { parts: [{ kind: 'text', text: body }] },
  })

describe.each(engines())('lanes, with the queue on $name', (engine) => {
  const open: TestHub[] = []
  const start = async (options: TestHubOptions = {}) => {
    const at = await aHub({ engine, ...options })
    open.push(at)
    return at
  }
  afterEach(async () => {
    for (const at of open.splice(0).reverse()) await at.stop()
  })
  const effects = async (at: TestHub, where: string) =>
    (await at.database.pool.query(`SELECT * FROM effects WHERE ${where} ORDER BY conversation, lane, n`)).rows

  it('delivers what both sides write once, in the order they wrote it', async () => {
    const at = await start()
    const ticket = await withAgent(at, 'visitor')
    const mine = Array.from({ length: 60 }, (_, i) => `customer ${i}`)
    const theirs = Array.from({ length: 60 }, (_, i) => `agent ${i}`)
    await Promise.all([
      ...mine.map((said) => at.write('visitor', said)),
      ...theirs.map((said) => reply(at, ticket, said)),
    ])
    const atDesk = () => at.outside.toDesk.filter((seen) => seen.by === 'customer').map((seen) => seen.text)
    const atCustomer = () => at.outside.toCustomer.filter((seen) => seen.by === 'agent').map((seen) => seen.text)
    await until('all arrived', () => atDesk().length >= 60 && atCustomer().length >= 60)
    expect(atDesk()).toEqual(mine)
    expect(atCustomer()).toEqual(theirs)
  })

  it('loses no wake-up when more is said while a lane is being released', async () => {
    const at = await start()
    await withAgent(at, 'visitor')
    at.outside.pass = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 3))
    for (let i = 0; i < 80; i++) {
      void at.write('visitor', `word ${i}`)
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 4))
    }
    await until('all arrived', () => at.outside.toDesk.filter((seen) => seen.by === 'customer').length === 80)
    await until('the lane is free', async () => {
      const { rows } = await at.database.pool.query('SELECT 1 FROM lanes WHERE token IS NOT NULL OR head <> tail')
      return rows.length === 0
    })
  })

  it('keeps a lane with one holder across two hubs', async () => {
    const database = await aDatabase()
    const outside = anOutside()
    const at = await start({ database, outside })
    const other = await start({ database, outside })
    await withAgent(at, 'visitor')
    let inside = 0
    let most = 0
    outside.pass = async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setTimeout(resolve, 2))
      inside--
    }
    await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? at : other).write('visitor', `word ${i}`)))
    await until('all arrived', () => outside.toDesk.filter((seen) => seen.by === 'customer').length === 40)
    expect(most).toBe(1)
    expect(new Set(outside.toDesk.map((seen) => seen.key)).size).toBe(outside.toDesk.length)
    for (const one of open.splice(0).reverse()) await one.stop()
    await database.drop()
  })

  it('changes nothing by a mark with an old token', async () => {
    const at = await start()
    await withAgent(at, 'visitor')
    at.outside.pass = () => new Promise(() => {})
    await at.write('visitor', 'is anybody there?')
    await until(
      'it is under way',
      async () => (await effects(at, `kind = 'pass' AND begun AND status = 'pending'`)).length === 1,
    )
    const [effect] = await effects(at, `kind = 'pass' AND status = 'pending'`)
    const marked = await mark(at.database.pool, [
      { conversation: effect.conversation, lane: effect.lane, n: effect.n, token: 'old.1', status: 'done' },
    ])
    expect(marked).toEqual([])
    expect((await effects(at, `kind = 'pass' AND status = 'pending'`)).length).toBe(1)
    expect(await begin(at.database.pool, { ...effect, effect: undefined as never }, { token: 'old.1', ms: 1000 })).toBe(
      false,
    )
    expect(await take(at.database.pool, [effect], { token: 'new.1', hub: 0, ms: 1000 })).toEqual([])
  })

  it('takes over at once what a dead hub held, and asks the other side before it sends again', async () => {
    const database = await aDatabase()
    const outside = anOutside()
    const at = await start({ database, outside })
    await withAgent(at, 'visitor')
    // The vendor has it, and the hub dies before it hears so.
    outside.pass = async (seen) => {
      outside.toDesk.push(seen)
      await new Promise(() => {})
    }
    await at.write('visitor', 'said once')
    await until('the vendor has it', () => outside.toDesk.length === 1)
    outside.pass = async () => {}
    const asked: string[] = []
    // Its session with the record ends, as when the process is killed; its call hangs on.
    await at.hub.stop(1)
    const desk = { offer: async () => 'x', end: async () => {} }
    const heir = await start({
      database,
      outside,
      connections: {
        people: {
          desk: {
            ...desk,
            send: async () => ({ ref: 'again' }),
            find: async (key) => {
              asked.push(key)
              return 'found'
            },
          },
        },
      },
    })
    await until('it is settled', async () => (await effects(heir, `kind = 'pass' AND status = 'done'`)).length === 1)
    expect(asked).toHaveLength(1)
    const [effect] = await effects(heir, `kind = 'pass'`)
    expect(effect).toMatchObject({ ref: 'found', doubtful: false })
    for (const one of open.splice(0).reverse()) await one.stop()
    await database.drop()
  })

  /** Its first answer is broken off after the message had arrived; it cannot tell a second call from the first. */
  const deskThatBreaksOff = (then: () => Promise<Sent>, more: Partial<Desk> = {}): Record<string, Connection> => {
    let tries = 0
    const send = () => {
      if (tries++ === 0) throw new HubError('unreachable', 'reset', { certain: false, retryAfterMs: 10 })
      return then()
    }
    return { people: { desk: { offer: async () => 'ticket', end: async () => {}, send: async () => send(), ...more } } }
  }

  it('counts as doubtful what it had to send again without being able to ask', async () => {
    const at = await start({ connections: deskThatBreaksOff(async () => ({})) })
    await askForPerson(at, 'visitor')
    await until('opened', async () => (await effects(at, `kind = 'open' AND status = 'done'`)).length === 1)
    await at.write('visitor', 'hello?')
    await until('sent again', async () => (await effects(at, `kind = 'pass' AND status = 'done'`)).length === 1)
    expect((await effects(at, `kind = 'pass'`))[0]).toMatchObject({ doubtful: true, attempts: 2 })
  })

  it('shows words given up as doubtful where an earlier try may have reached somebody', async () => {
    const refuse = () => Promise.reject(new HubError('invalid', '422: no'))
    const at = await start({ connections: deskThatBreaksOff(refuse) })
    await askForPerson(at, 'visitor')
    await until('opened', async () => (await effects(at, `kind = 'open' AND status = 'done'`)).length === 1)
    await at.write('visitor', 'hello?')
    await until('given up', async () => (await effects(at, `kind = 'pass' AND status = 'dead'`)).length === 1)
    expect((await effects(at, `kind = 'pass'`))[0]).toMatchObject({ doubtful: true, attempts: 2 })
  })

  it('shows words as doubtful that were stopped after a try that may have reached somebody', async () => {
    let tries = 0
    const at = await start({
      connections: {
        site: {
          channel: {
            async send(_visitor, { message }) {
              if (plainText(message) !== 'bot: hello') return {}
              tries++
              throw new HubError('unreachable', 'reset', { certain: false, retryAfterMs: 700 })
            },
          },
        },
      },
    })
    await at.write('visitor', 'hello')
    await until('said once', () => tries === 1)
    await at.write('visitor', 'I want to talk to a human please')
    await until('stopped', async () => (await effects(at, `kind = 'say' AND status = 'stopped'`)).length === 1)
    expect((await effects(at, `kind = 'say' AND status = 'stopped'`))[0]).toMatchObject({ doubtful: true })
    expect(tries).toBe(1)
  })

  it('still asks before it sends again when the try after the unclear one surely did nothing', async () => {
    const sent: string[] = []
    let asked = 0
    const find = async () => {
      asked++
      return sent.length > 0 ? 'there' : undefined
    }
    const busy = async () => {
      sent.push('again')
      throw new HubError('busy', '429', { retryAfterMs: 10 })
    }
    const at = await start({ connections: deskThatBreaksOff(busy, { find }) })
    await askForPerson(at, 'visitor')
    await until('opened', async () => (await effects(at, `kind = 'open' AND status = 'done'`)).length === 1)
    await at.write('visitor', 'hello?')
    await until('done', async () => (await effects(at, `kind = 'pass' AND status = 'done'`)).length === 1)
    expect([asked, sent]).toEqual([2, ['again']])
    expect((await effects(at, `kind = 'pass'`))[0]).toMatchObject({ ref: 'there', doubtful: false })
  })

  it('asks no second desk for words that met a ticket whose end is only about to be told', async () => {
    const at = await start()
    await withAgent(at, 'visitor')
    const { ticket } = at.outside.offers[0]!
    at.outside.pass = async () => {
      throw new HubError('conflict', '409: the ticket is solved')
    }
    await at.write('visitor', 'thanks, bye')
    await until('refused once', async () => (await effects(at, `kind = 'pass' AND attempts = 1`)).length === 1)
    await at.receive('people', { type: 'desk-ended', ticket, externalId: 'end', at: Date.now(), outcome: 'resolved' })
    await until('settled', async () => (await effects(at, `kind = 'pass' AND status <> 'pending'`)).length === 1)
    expect((await effects(at, `kind = 'pass'`))[0]).toMatchObject({ status: 'stopped', doubtful: false })
    expect(at.outside.offers).toHaveLength(1)
  })

  it('drops a second outcome of the same effect', async () => {
    const at = await start()
    await at.write('visitor', 'hello')
    await until('the bot answered', () => at.outside.toCustomer.length === 1)
    const [turn] = await effects(at, `kind = 'turn'`)
    const settles = {
      conversation: turn.conversation,
      lane: turn.lane,
      n: turn.n,
      token: 'old.1',
      status: 'done' as const,
    }
    const event = { type: 'bot-answered' as const, at: Date.now(), turn: { messages: [] }, epoch: 1 }
    const fate = await at.hub.append({
      connection: 'hub',
      externalId: 'effect:other',
      event,
      at: turn.conversation,
      settles,
    })
    expect(fate.is).toBe('dropped')
    const again = `effect:${turn.conversation}:${turn.lane}:${turn.n}`
    expect((await at.hub.append({ connection: 'hub', externalId: again, event, at: turn.conversation })).is).toBe(
      'dropped',
    )
  })

  it('gives up what is refused for good, tells the conversation, and goes on with the lane', async () => {
    const at = await start()
    await withAgent(at, 'visitor')
    at.outside.pass = async ({ text }) => {
      if (text === 'too long') throw new HubError('invalid', '422: body is too long')
    }
    await at.write('visitor', 'too long')
    await at.write('visitor', 'short')
    await until('the next one arrived', () => at.outside.toDesk.some((seen) => seen.text === 'short'))
    const [dead] = await effects(at, `status = 'dead'`)
    expect(dead.last_error).toEqual({ code: 'invalid', text: '422: body is too long' })
    const { rows } = await at.database.pool.query(`SELECT decisions FROM events WHERE type = 'effect-failed'`)
    expect(rows[0].decisions[0]).toMatchObject({ kind: 'alarm' })
    // A person mends the cause and sends it again: at the end of the lane, marked as late, under the same key.
    at.outside.pass = async () => {}
    const replayed = await replayDeadLetter(at.database.pool, dead)
    await at.hub.sweepNow()
    await until('it is settled', async () => (await effects(at, `late AND status = 'done'`)).length === 1)
    expect(at.outside.toDesk.map((seen) => seen.text)).toEqual(['short', 'too long'])
    expect((await effects(at, `n = ${replayed!.n} AND lane = 'desk:people'`))[0]).toMatchObject({
      late: true,
      status: 'done',
      key: dead.key,
    })
    expect(await replayDeadLetter(at.database.pool, dead)).toBeUndefined()
  })

  it('repeats what may come right, after the wait the vendor asked for', async () => {
    const at = await start()
    const ticket = await withAgent(at, 'visitor')
    let tries = 0
    at.outside.say = async () => {
      if (tries++ < 2) throw new HubError('busy', 'slow down', { retryAfterMs: 30 })
    }
    await reply(at, ticket, 'patience')
    await until('it arrived', () => at.outside.toCustomer.some((seen) => seen.text === 'patience'))
    expect(tries).toBeGreaterThanOrEqual(3)
  })

  it('holds everything back while a connection is paused, on both ways, and goes on in order', async () => {
    const at = await start()
    await withAgent(at, 'visitor')
    await at.hub.gates.pause('people', 'a test')
    await at.write('visitor', 'one')
    await at.write('visitor', 'two')
    await askForPerson(at, 'second')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(at.outside.toDesk).toEqual([])
    expect(at.outside.offers).toHaveLength(1)
    await at.hub.gates.resume('people')
    await at.hub.sweepNow()
    await until('all arrived', () => at.outside.toDesk.length === 2)
    expect(at.outside.toDesk.map((seen) => seen.text)).toEqual(['one', 'two'])
  })

  it('loses nothing when the queue is emptied in the middle', async () => {
    const at = await start()
    at.outside.turn = async (said) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return { messages: [said] }
    }
    const threads = Array.from({ length: 30 }, (_, i) => `visitor-${i}`)
    await Promise.all(threads.map((thread) => at.write(thread, `hello from ${thread}`)))
    await emptyQueue(engine, at)
    await until('all were answered', () => at.outside.toCustomer.length === 30)
    expect(new Set(at.outside.toCustomer.map((seen) => seen.to)).size).toBe(30)
  })
})

async function emptyQueue(engine: { redisUrl?: string }, at: TestHub): Promise<void> {
  if (!engine.redisUrl) return void (await at.database.pool.query('DELETE FROM bullmq.job').catch(() => {}))
  const { Redis } = await import('ioredis')
  const redis = new Redis(engine.redisUrl)
  await redis.flushall()
  redis.disconnect()
}
