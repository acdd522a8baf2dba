import { afterAll, beforeAll, expect, it } from 'vitest'
import { text } from '../src/message.ts'
import { aHost, type TestHost } from './host.ts'

let host: TestHost
beforeAll(async () => {
  host = await aHost({ name: 'shop', now: 1_000, migrations: { one: 'CREATE TABLE shop_things (id int)' } })
})
afterAll(() => host.stop())

it('drops the second copy of an event', async () => {
  const event = { type: 'customer-left', externalId: 'a', at: 1, thread: 't' } as const
  await host.receive([event, event])
  await host.receive([event])
  expect(host.received).toEqual([event])
})

it('receives nothing when the listener refuses', async () => {
  host.onReceive = async () => {
    throw new Error('the disk is full')
  }
  await expect(host.receive([{ type: 'customer-left', externalId: 'b', at: 1, thread: 't' }])).rejects.toThrow(
    'disk is full',
  )
  host.onReceive = undefined
  expect(host.received.map((event) => event.externalId)).not.toContain('b')
})

it('remembers values until they expire, each connection its own', async () => {
  await host.memory.set('token', { access: 'x' }, 500)
  await host.memory.set('cursor', 7)
  const other = await aHost({ name: 'other', database: { ...host, db: host.database, url: '', drop: async () => {} } })
  expect(await other.memory.get('cursor')).toBeUndefined()
  expect(await host.memory.get('token')).toEqual({ access: 'x' })
  host.advance(500)
  expect(await host.memory.get('token')).toBeUndefined()
  expect(await host.memory.get('cursor')).toBe(7)
  await host.memory.delete('cursor')
  expect(await host.memory.get('cursor')).toBeUndefined()
  await expect(host.memory.set('cursor', undefined)).rejects.toThrow('not JSON')
  await other.stop()
})

it('has the tables a connector brings', async () => {
  expect((await host.pool.query('SELECT count(*) AS n FROM shop_things')).rows).toEqual([{ n: 0 }])
})

it('keeps a record that can be read on and watched', async () => {
  let changes = 0
  const stop = host.record.watch('t', () => changes++)
  host.record.putEntry('t', { by: 'bot', message: text('one') })
  host.record.putEntry('t', { by: 'customer', message: text('two') })
  expect((await host.record.read('t', 1)).map((entry) => [entry.seq, entry.at, entry.by])).toEqual([
    [2, 1_500, 'customer'],
  ])
  expect(await host.record.state('t')).toMatchObject({ control: 'bot', seq: 2 })
  expect(changes).toBe(2)
  stop()
  host.record.putState('t', { control: 'agent' })
  expect(changes).toBe(2)
})
