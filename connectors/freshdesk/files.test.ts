/** Files in both directions, articles and the log: what is not in the shared suites. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeskMessage, Part } from '#hub/connector.ts'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { aStage, type Stage } from './stage.ts'

let stage: Stage
let files: Server
let base: string
beforeAll(async () => {
  stage = await aStage({ draftFolder: 501000080221, articleUrl: 'https://help.example.com/{id}' })
  files = createServer((request, response) => {
    response.statusCode = request.url === '/there.pdf' ? 200 : 404
    response.end('%PDF')
  }).listen(0, '127.0.0.1')
  await once(files, 'listening')
  base = `http://127.0.0.1:${(files.address() as AddressInfo).port}`
})
afterAll(async () => {
  files.close()
  await stage.close()
})
const file = (name: string, bytes = 4): Part => ({
  kind: 'file',
  name,
  mime: 'application/pdf',
  bytes,
  url: `${base}/${name}`,
})
const sent = (...parts: Part[]): DeskMessage => ({ by: 'customer', visibility: 'public', message: { parts }, at: 1 })

describe('files of a customer', () => {
  it('are attached; what cannot be fetched or is too large comes as a link', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'key')
    const parts = [file('there.pdf'), file('gone.pdf'), file('large.pdf', 30_000_000)]
    await stage.desk.send(ticket, sent({ kind: 'text', text: 'My bills' }, ...parts), 'k')
    const entry = stage.twin.account.entries.at(-1)!
    expect(entry).toMatchObject({ private: false, incoming: true })
    expect(entry.attachments.map(({ name, size }) => [name, size])).toEqual([['there.pdf', 4]])
    expect(entry.body_text).toContain(`${base}/gone.pdf`)
    expect(entry.body_text).toContain(`${base}/large.pdf`)
    await stage.desk.send(ticket, sent(file('there.pdf')), 'k2')
    expect(stage.twin.account.entries.at(-1)!.body_text).toBe('there.pdf')
  })
})

describe('files of an agent', () => {
  it('have an address that does not expire, and cannot be guessed', async () => {
    const ticket = await stage.desk.offer(aHandoff(), 'another key')
    await stage.act('file', ticket, 'Your credit note')
    const said = stage.told(ticket).find((event) => event.type === 'agent-message')!
    const link = (said.message.parts[1] as { url: string }).url
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/hooks\/test\/files\//)
    const answer = await fetch(link, { redirect: 'manual' })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toContain('credit-note.pdf?Expires=')
    for (const wrong of [`${link}x`, link.replace(/[^/]+$/, 'guess'), link.replace(`/${ticket}/`, '/1/')])
      expect((await fetch(wrong, { redirect: 'manual' })).status).toBe(404)
    stage.twin.account.entries.at(-1)!.private = true
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(404)
  })
})

describe('articles', () => {
  it('of folders for agents are not shown, nor drafts', async () => {
    const found = await stage.connection.knowledge!.search('refund limits', 10)
    expect(found.map(({ title }) => title)).not.toContain('Refund limits for agents')
    expect(found[0]!.url).toMatch(/^https:\/\/help\.example\.com\/\d+$/)
  })

  it('that were proposed once are not proposed again after an unclear failure', async () => {
    const before = stage.twin.account.articles.length
    const draft = { title: 'Refund time', body: 'Refunds take **3 to 5** days.' }
    stage.twin.misbehave({ ways: ['resetsAfter'], times: 1, only: /POST/ })
    await expect(stage.connection.knowledge!.propose!(draft, 'draft')).rejects.toMatchObject({ certain: false })
    await stage.connection.knowledge!.propose!(draft, 'draft')
    expect(stage.twin.account.articles.length).toBe(before + 1)
    expect(stage.twin.account.articles.at(-1)).toMatchObject({
      status: 1,
      description: expect.stringContaining('<strong>3 to 5</strong>'),
    })
  })
})

it('keeps contacts without an address where replies must not be mailed', async () => {
  const quiet = await aStage({ contacts: 'chat-only' })
  await quiet.desk.offer(aHandoff({ customer: { name: 'Lena Fischer', email: 'lena@example.com' } }), 'key')
  expect(quiet.twin.account.contacts.at(-1)).toMatchObject({ name: 'Lena Fischer', email: null })
  await quiet.close()
})
