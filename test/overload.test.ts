/** More comes in than can be recorded: refused early, with the time to come back; what was taken is kept. */
import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { Appender } from '../src/appender.ts'
import { answerError } from '../src/http/errors.ts'
import { hooks } from '../src/http/hooks.ts'
import type { Batch, Entry } from '../src/postgres/log.ts'

const said = (n: number): Entry => ({
  connection: 'site',
  externalId: `said-${n}`,
  event: { type: 'timer', at: 0, name: 'idle' },
  at: n,
})

/** A record that stands still until it is let go. */
function standing() {
  let go = () => {}
  const stopped = new Promise<void>((resolve) => {
    go = resolve
  })
  const write = async (entries: readonly Entry[]): Promise<Batch> => {
    await stopped
    const fates = entries.map((_, seq) => ({ is: 'stored' as const, conversation: 1, seq }))
    return {
      leftMs: () => 30_000,
      fates,
      leased: [],
      due: [],
      changed: [],
      nextTimerInMs: undefined,
      found: [],
      tickets: [],
    }
  }
  return { go, appender: new Appender(write, () => {}, { batch: 2, waiting: 5 }) }
}

describe('the door of the record', () => {
  it('refuses as busy what is more than it can hold, and keeps what it took', async () => {
    const { appender, go } = standing()
    const taken = Array.from({ length: 5 }, (_, n) => appender.append(said(n)))
    expect(appender.isFull).toBe(true)
    await expect(appender.append(said(5))).rejects.toMatchObject({ code: 'busy', retryAfterMs: 1_000 })
    go()
    expect((await Promise.all(taken)).map((fate) => fate.is)).toEqual(Array(5).fill('stored'))
    expect(appender.isFull).toBe(false)
  })

  it('takes outcomes and time limits all the same', async () => {
    const { appender, go } = standing()
    for (let n = 0; n < 5; n++) void appender.append(said(n))
    const settles = { conversation: 1, lane: 'bot:bot', token: '1.1', n: 1, status: 'done' } as const
    const more = [appender.append({ ...said(6), settles }), appender.append({ ...said(7), timer: 7 })]
    go()
    expect((await Promise.all(more)).map((fate) => fate.is)).toEqual(['stored', 'stored'])
  })
})

describe('webhooks', () => {
  it('are answered with 503 and Retry-After before they are read, while reading goes on', async () => {
    let isFull = true
    const app = Fastify()
    app.setErrorHandler(answerError)
    const connection = {
      hooks: async (own: typeof app) => {
        own.post('/in', async () => 'taken')
        own.get('/out', async () => 'there')
      },
    }
    await app.register(
      hooks(new Map([['site', connection as never]]), () => isFull),
      { prefix: '/hooks' },
    )
    const ask = (method: 'GET' | 'POST', path: string) =>
      app.inject({ method, url: `/hooks/site/${path}`, headers: { 'content-type': 'application/json' }, body: '{ not' })
    const refused = await ask('POST', 'in')
    expect([refused.statusCode, refused.headers['retry-after'], refused.json().error]).toEqual([503, '1', 'busy'])
    expect((await app.inject('/hooks/site/out')).body).toBe('there')
    isFull = false
    expect((await ask('POST', 'in')).statusCode).toBe(400)
    await app.close()
  })
})
