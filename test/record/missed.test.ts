/** A hub that has lost its session with the record may live, with calls under way: nobody does its work a second time meanwhile. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Lookout } from '../../src/postgres/sweep.ts'
import { aDatabase, type TestDatabase } from '../engines.ts'
import { openProxy, type TcpProxy } from '../faults/proxy.ts'
import { aHub, type TestHub, until } from '../hub.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await aDatabase()
})
afterAll(() => database.drop())

describe('a hub that is missed', () => {
  let conversations = 0
  const hubOf = async (pid: number) => {
    const { rows } = await database.pool.query(
      `INSERT INTO hubs (host, pid) SELECT host, $1 FROM hubs ORDER BY id LIMIT 1 RETURNING id`,
      [pid],
    )
    return rows[0].id as number
  }
  /** A lane with work, leased by that hub for a long time yet. */
  const laneOf = async (hub: number) => {
    const { rows } = await database.pool.query(
      `INSERT INTO lanes (conversation, lane, tail, token, hub, leased_until, due)
       VALUES ($1, 'channel:site', 1, 'token', $2, now() + interval '1 hour', now()) RETURNING conversation`,
      [1_000 + ++conversations, hub],
    )
    return rows[0].conversation as number
  }
  const freed = async () => (await new Lookout().look(database.pool)).due.map(({ conversation }) => conversation)

  // Registers this machine's name.
  let hub: TestHub
  beforeAll(async () => {
    hub = await aHub({ database })
  })
  afterAll(() => hub?.stop())

  it('keeps its leases while its process lives and its calls may be under way', async () => {
    const missed = await hubOf(process.pid)
    const lane = await laneOf(missed)
    expect(await freed()).not.toContain(lane)
    await database.pool.query(`UPDATE hubs SET gone_at = now() - interval '11 seconds' WHERE id = $1`, [missed])
    expect(await freed()).not.toContain(lane)
    await database.pool.query(`UPDATE hubs SET gone_at = now() - interval '13 seconds' WHERE id = $1`, [missed])
    expect(await freed()).toContain(lane)
  })

  it('loses them at once when its process has ended', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    const lane = await laneOf(await hubOf(child.pid!))
    expect(await freed()).toContain(lane)
  })

  it('keeps them for a while on another machine, whose processes we cannot see', async () => {
    const child = spawn(process.execPath, ['-e', ''])
    await once(child, 'exit')
    const missed = await hubOf(child.pid!)
    await database.pool.query(`UPDATE hubs SET host = 'elsewhere' WHERE id = $1`, [missed])
    const lane = await laneOf(missed)
    expect(await freed()).not.toContain(lane)
  })
})

describe('a hub without a session', () => {
  let proxy: TcpProxy
  let hub: TestHub
  afterEach(async () => {
    await hub?.stop()
    await proxy?.close()
  })

  it('calls nobody until it has one again, and then everything is said once', async () => {
    const { hostname, port } = new URL(database.url)
    proxy = await openProxy({ host: hostname, port: Number(port) })
    const presence = new URL(database.url)
    presence.host = `127.0.0.1:${proxy.port}`
    hub = await aHub({ database, presenceUrl: presence.href })
    await hub.write('thread-of-the-missed', 'before')
    await until('the answer before', () => hub.outside.toCustomer.length === 1)
    proxy.cut()
    await until('the loss', async () => {
      const { rows } = await database.pool.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = $1`, [
        hub.hub.hub,
      ])
      return rows.length === 0
    })
    await hub.write('thread-of-the-missed', 'meanwhile')
    await hub.write('thread-of-the-missed', 'and again')
    await until('both on record', async () => {
      const { rows } = await database.pool.query(`SELECT 1 FROM effects WHERE kind = 'turn' AND status = 'pending'`)
      return rows.length === 2
    })
    // Long enough for all that goes on from memory.
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(hub.outside.toCustomer).toHaveLength(1)
    proxy.heal()
    await until('the answers after', () => hub.outside.toCustomer.length >= 3)
    expect(hub.outside.toCustomer.map(({ text }) => text)).toEqual(['bot: before', 'bot: meanwhile', 'bot: and again'])
  })
})
