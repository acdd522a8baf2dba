import websocket from '@fastify/websocket'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { anOffice, type Office, person, tokenOf } from './office.ts'

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

let office: Office
let app: FastifyInstance
let base: string
let ticket: string
async function serve(over: Parameters<typeof anOffice>[1] = {}): Promise<void> {
  office = await anOffice([person('Ana', { capacity: 9 }), person('Ben')], over)
  app = Fastify()
  await app.register(websocket)
  await app.register(office.connection.hooks!, { prefix: '/hooks/people' })
  base = `${await app.listen({ port: 0, host: '127.0.0.1' })}/hooks/people`
  await office.online('Ana')
  ticket = await office.offer({ conversation: 7 })
  await call('POST', `/tickets/${ticket}/accept`)
}
async function stop(): Promise<void> {
  await app.close()
  await office.close()
}

const headersOf = (who: string): Record<string, string> => (who ? { authorization: `Bearer ${tokenOf(who)}` } : {})
const call = (method: string, path: string, body?: object, who = 'Ana') =>
  fetch(base + path, {
    method,
    headers: { ...headersOf(who), ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body && JSON.stringify(body),
  })
function attach(id: string, name: string, content: Buffer | string, who = 'Ana') {
  const body = new FormData()
  body.append('file', new Blob([content as never]), name)
  return fetch(`${base}/tickets/${ticket}/files/${id}`, { method: 'PUT', headers: headersOf(who), body })
}
const view = async (who = 'Ana') =>
  (await (await call('GET', `/tickets/${ticket}`, undefined, who)).json()) as {
    attached: { id: string; name: string; url: string }[]
    messages: unknown[]
  }
const messageOf = async (answer: Response) => ((await answer.json()) as { message: string }).message
const rows = async () => (await office.host.pool.query('SELECT said FROM inbox_files')).rows

describe('files of agents', () => {
  beforeEach(() => serve())
  afterEach(() => stop())

  it('wait with the reply until it is sent, and go out once, with words or without', async () => {
    const file = await (await attach('f-1', 'my (photo)é.png', png)).json()
    expect(file).toEqual({
      id: 'f-1',
      name: 'my (photo)é.png',
      mime: 'image/png',
      bytes: png.length,
      url: expect.stringMatching(/\/hooks\/people\/files\/[\w-]{43}$/),
    })
    expect((await view()).attached).toEqual([file])
    expect(office.told(ticket, 'agent-message')).toEqual([])
    await attach('f-2', 'terms.txt', 'Thirty days')
    const said = { id: 'm-1', text: 'Here they are', files: ['f-2', 'f-1'] }
    for (const _ of [1, 2]) expect((await call('POST', `/tickets/${ticket}/messages`, said)).status).toBe(200)
    expect(office.told(ticket, 'agent-message')).toMatchObject([
      {
        visibility: 'public',
        message: {
          parts: [
            { kind: 'text', text: 'Here they are' },
            { kind: 'file', name: 'terms.txt', mime: 'text/plain' },
            { kind: 'file', name: 'my (photo)é.png', bytes: png.length, url: (file as { url: string }).url },
          ],
        },
      },
    ])
    expect((await view()).attached).toEqual([])
    await attach('f-3', 'a.png', png)
    await call('POST', `/tickets/${ticket}/messages`, { id: 'm-2', files: ['f-3'] })
    expect(office.told(ticket, 'agent-message')[1]).toMatchObject({ message: { parts: [{ kind: 'file' }] } })
  })

  it('is the same file for the same id, so that an answer that was lost costs nothing', async () => {
    const [first, second] = [await attach('f-1', 'a.png', png), await attach('f-1', 'a.png', png)]
    expect(await second.json()).toEqual(await first.json())
    expect(await rows()).toHaveLength(1)
  })

  it('are given out so that they can do no harm, whatever they are called', async () => {
    const name = `"><img src=x onerror=alert(1)>\r\nx-evil: 1\u202Egnp and ../../co.txt`
    const file = (await (await attach('f-1', name, '<script>alert(1)</script>')).json()) as {
      url: string
      name: string
    }
    expect(file.name).toBe('co.txt')
    const got = await fetch(base + file.url.slice(file.url.indexOf('/files/')))
    expect(await got.text()).toBe('<script>alert(1)</script>')
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': "attachment; filename*=UTF-8''co.txt",
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    const bad = (await (await attach('f-2', `"><b>\u202Etxt.gnp;"=\t.txt`, 'words')).json()) as {
      url: string
      name: string
    }
    expect(bad.name).not.toMatch(/[\u202E\t]/)
    const { headers } = await fetch(base + bad.url.slice(bad.url.indexOf('/files/')))
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''[\w%.-]+$/)
  })

  it.each([
    ['nobody', '', 401, 'Sign in first'],
    ['a colleague', 'Ben', 409, 'Ana has this conversation; only they can attach a file'],
  ])('are attached, seen beforehand and taken out by %s but who has the conversation', async (_, who, status, says) => {
    const answer = await attach('f-1', 'a.png', png, who)
    expect([answer.status, await messageOf(answer)]).toEqual([status, expect.stringContaining(says)])
    await attach('f-1', 'a.png', png)
    await call('DELETE', `/tickets/${ticket}/files/f-1`, undefined, who)
    expect((await view()).attached).toHaveLength(1)
    if (who) expect((await view(who)).attached).toEqual([])
    const stolen = await call('POST', `/tickets/${ticket}/messages`, { id: 'm-1', files: ['f-1'] }, who)
    expect(stolen.status).toBe(status)
    expect(office.told(ticket, 'agent-message')).toEqual([])
  })

  it('of another agent are not sent by who took the conversation over', async () => {
    await attach('f-1', 'a.png', png)
    await office.online('Ben')
    await call('POST', `/tickets/${ticket}/take-over`, undefined, 'Ben')
    const stolen = await call('POST', `/tickets/${ticket}/messages`, { id: 'm-1', files: ['f-1'] }, 'Ben')
    expect([stolen.status, await messageOf(stolen)]).toEqual([404, expect.stringContaining('attach it again')])
    expect(await rows()).toEqual([{ said: false }])
  })

  it('are known by names that nobody can guess, and there is no list of them', async () => {
    await attach('f-1', 'a.png', png)
    for (const path of ['/files/f-1', '/files', '/files/..%2Ffiles', `/files/${'a'.repeat(43)}`])
      expect([path, (await fetch(base + path)).status]).toEqual([path, 404])
  })

  it('are no part of a note, and a reply of nothing is none', async () => {
    await attach('f-1', 'a.png', png)
    const refused = [
      await call('POST', `/tickets/${ticket}/notes`, { id: 'n-1', text: 'see', files: ['f-1'] }),
      await call('POST', `/tickets/${ticket}/messages`, { id: 'm-1', files: [] }),
      await call('POST', `/tickets/${ticket}/messages`, { id: 'm-1', text: 'see', files: ['f-9'] }),
    ]
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 404])
    expect((await view()).messages).toEqual([])
    expect((await view()).attached).toHaveLength(1)
  })

  it('can be taken out again; what was sent cannot', async () => {
    await attach('f-1', 'a.png', png)
    expect((await call('DELETE', `/tickets/${ticket}/files/f-1`)).status).toBe(204)
    expect(await rows()).toEqual([])
    await attach('f-2', 'a.png', png)
    await call('POST', `/tickets/${ticket}/messages`, { id: 'm-1', files: ['f-2'] })
    await call('DELETE', `/tickets/${ticket}/files/f-2`)
    expect(await rows()).toEqual([{ said: true }])
  })

  it('go with the customer, and what was never sent goes when the conversation is over', async () => {
    await attach('f-1', 'a.png', png)
    await attach('f-2', 'b.png', png)
    await call('POST', `/tickets/${ticket}/messages`, { id: 'm-1', files: ['f-2'] })
    await office.connection.poll!.run()
    expect(await rows()).toHaveLength(2)
    await call('POST', `/tickets/${ticket}/resolve`, {})
    expect((await attach('f-3', 'c.png', png)).status).toBe(409)
    office.host.advance(3_600_001)
    await office.connection.poll!.run()
    expect(await rows()).toEqual([{ said: true }])
    await office.connection.erase!({ conversation: 7, thread: ticket })
    expect(await rows()).toEqual([])
  })
})

describe('limits of files', () => {
  afterEach(() => stop())

  it.each<[string, string, Buffer | string, number, string]>([
    ['an empty one', 'a.txt', '', 400, 'empty'],
    ['too large a one', 'a.txt', 'x'.repeat(2049), 413, '2 KB'],
    ['a page called a picture', 'a.png', '<script>alert(1)</script>', 415, 'the content is TXT'],
    ['a program', 'a.bin', Buffer.from('\x7fELF\x02\x01\x01\x00', 'latin1'), 415, 'not permitted'],
    ['a drawing with scripts', 'a.svg', '<svg onload="alert(1)"/>', 415, 'ends in ".svg"'],
    ['a type that is switched off', 'a.pdf', '%PDF-1.7', 415, 'right is PNG, TXT'],
  ])('refuse %s', async (_what, name, content, status, sentence) => {
    await serve({ files: { maxBytes: 2048, types: ['image/png', 'text/plain'] } })
    const answer = await attach('f-1', name, content)
    expect([answer.status, await messageOf(answer)]).toEqual([status, expect.stringContaining(sentence)])
    expect(await rows()).toEqual([])
  })

  it('hold for all of one conversation together', async () => {
    await serve({ files: { ticketBytes: 1024 } })
    expect((await attach('f-1', 'a.txt', 'x'.repeat(700))).status).toBe(200)
    const answer = await attach('f-2', 'b.txt', 'x'.repeat(700))
    expect([answer.status, await messageOf(answer)]).toEqual([413, expect.stringContaining('1 KB')])
  })
})
