import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leftMs, within } from '../src/deadline.ts'
import { createVendorClient } from '../src/vendor-client.ts'

describe('the limit of a call', () => {
  const seen: string[] = []
  let server: Server
  let url: string
  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request.url!)
      response.end('{}')
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())
  const http = createVendorClient({ name: 'vendor', log: pino({ level: 'silent' }) })

  it('refuses the request that a connector makes when the call has been given up', async () => {
    let outcome: Promise<unknown> | undefined
    let goOn = () => {}
    const givenUp = new Promise<void>((resolve) => {
      goOn = resolve
    })
    const call = within(1_000, 'vendor', async () => {
      await http.get(`${url}/in-time`)
      await givenUp
      outcome = http.post(`${url}/too-late`, {})
      await outcome
    })
    await expect(call).rejects.toMatchObject({ code: 'unreachable', certain: false })
    goOn()
    await expect.poll(() => outcome !== undefined).toBe(true)
    await expect(outcome).rejects.toMatchObject({ code: 'ETIMEDOUT', request: { sent: false } })
    expect(seen).toEqual(['/in-time'])
  })

  it('ends with what a connector throws at once, and nothing is left to happen later', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    try {
      const call = within(30, 'vendor', () => {
        throw new Error('no settings')
      })
      await expect(call).rejects.toThrow('no settings')
      await sleep(80)
    } finally {
      process.off('unhandledRejection', note)
    }
    expect(unhandled).toEqual([])
  })

  it('shortens a request to what is left', async () => {
    const left = await within(5_000, 'vendor', async () => leftMs())
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(5_000)
    expect(leftMs()).toBe(Number.POSITIVE_INFINITY)
  })

  it('leaves alone what goes on after the call has ended', async () => {
    let later: Promise<number> | undefined
    await within(20, 'vendor', async () => {
      later = sleep(60).then(() => leftMs())
    })
    expect(await later).toBe(Number.POSITIVE_INFINITY)
  })
})
