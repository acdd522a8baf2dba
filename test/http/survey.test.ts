/** `/survey/<token>`: the page of whichever survey knows the token, and the widget's way to hand an answer in. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Survey } from '../../src/connector.ts'
import { aRunningApp, type Running } from '../app.ts'

const yaml = `
connections:
  site: { use: webchat }
  first-line: { use: faq, folder: ${new URL('../../config/demo/faq', import.meta.url).pathname} }
  people: { use: inbox, demo: true }
  how-was-it: { use: form, question: Was it good? }
  and-this: { use: form, question: And was this? }
mappings:
  - { name: support, channel: site, bot: first-line, desks: [people], survey: how-was-it }
`

describe('the link of a survey', { timeout: 60_000 }, () => {
  let hub: Running
  beforeAll(async () => {
    hub = await aRunningApp({ yaml })
  })
  afterAll(() => hub?.stop())

  let invited = 0
  const invite = async (connection: string): Promise<URL> => {
    const survey = hub.app.hub.connections.get(connection)!.survey as Survey
    const handoff = ++invited
    const message = await survey.invite({ conversation: 1, handoff, customer: {} }, 'visitor', `key-${handoff}`)
    const part = message!.parts[0]!
    return new URL((part as { url: string }).url)
  }

  it.each([
    ['how-was-it', 'Was it good?'],
    ['and-this', 'And was this?'],
  ])('opens the form of %s', async (connection, question) => {
    const link = await invite(connection)
    expect([link.origin, link.pathname.split('/').length]).toEqual([hub.url, 3])
    expect(link.pathname).toMatch(/^\/survey\/[\w-]+$/)
    const { status, headers, text } = await hub.ask(link.pathname)
    expect([status, text.includes(question)]).toEqual([200, true])
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  })

  it('takes an answer from a page of the company once, and from the form itself', async () => {
    const { pathname } = await invite('and-this')
    const may = await hub.ask(pathname, { method: 'OPTIONS', headers: { origin: 'https://shop.example.com' } })
    expect([may.status, may.headers['access-control-allow-origin']]).toEqual([204, '*'])
    const answer = { method: 'POST', body: { score: 5, comment: 'Quick' } }
    const first = await hub.ask(pathname, answer)
    expect([first.status, first.headers['access-control-allow-origin']]).toEqual([200, '*'])
    expect((await hub.ask(pathname, answer)).status).toBe(409)
    expect((await hub.ask(pathname, { method: 'POST', body: 'not { json' })).status).toBe(400)
    const form = await invite('how-was-it')
    const typed = await fetch(form, { method: 'POST', body: new URLSearchParams({ score: '4', comment: 'Fine' }) })
    expect([typed.status, (await typed.text()).includes('Thank')]).toEqual([200, true])
  })

  it.each([`/survey/${'x'.repeat(43)}`, '/survey/..%2F..%2Fapi', `/survey/${'y'.repeat(200)}`])(
    'leads nowhere where it was made up: %s',
    async (path) => {
      expect((await hub.ask(path)).status).toBe(404)
    },
  )
})
