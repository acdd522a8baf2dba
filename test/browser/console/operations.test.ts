/** Connections, dead letters, suggestions and mappings, worked with in a browser as whoever runs the hub does. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Connection } from '../../../src/connector.ts'
import { HubError } from '../../../src/errors.ts'
import { plainText } from '../../../src/message.ts'
import { propose } from '../../../src/postgres/suggestions.ts'
import type { SuggestionDraft } from '../../../src/suggestions/suggestion.ts'
import { anAgent, aVisitor, type TestAgent } from '../../app.ts'
import { until as untilWithin } from '../../hub.ts'
import { hostile } from '../hostile.ts'
import {
  aConsole,
  axe,
  type ConsoleStage,
  dark,
  explain,
  missing,
  overflowOf,
  people,
  phone,
  picture,
} from './stage.ts'

explain()

/** As patient as the pages are. */
const until = (what: string, isTrue: () => Promise<boolean>) => untilWithin(what, isTrue, 100_000)

const faq = JSON.stringify(new URL('../../../config/demo/faq', import.meta.url).pathname)
const yaml = `connections:
  site: { use: webchat }
  first-line: { use: faq, folder: ${faq} }
  people: { use: inbox, demo: true }
  how-was-it: { use: form }
mappings:
  - { name: support, channel: site, bot: first-line, desks: [people], survey: how-was-it }
`

describe.skipIf(missing !== undefined)('operations', { timeout: 240_000 }, () => {
  let stage: ConsoleStage
  let ana: TestAgent
  let real: Connection
  beforeAll(async () => {
    stage = await aConsole({ yaml })
    const { json } = await stage.hub.ask('/hooks/people/demo', { method: 'POST', body: { name: 'Ana' } })
    ana = await anAgent(stage.url, json.token)
    real = stage.hub.app.hub.connections.get('people')!
  })
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  const rows = async (text: string, ...values: unknown[]) => (await stage.hub.database.pool.query(text, values)).rows
  const post = (path: string, body?: unknown) => stage.hub.staff(`/api/v1${path}`, { method: 'POST', body })
  const heading = (page: Page, name: string, level = 1) => page.getByRole('heading', { level, name })

  /** Somebody whose words the desk refuses for good, as a vendor does with 422. */
  async function deadLetters(words: readonly string[]) {
    const { hub } = stage.hub.app
    const visitor = await aVisitor(stage.url)
    await visitor.say('hello')
    const [{ id }] = await rows('SELECT id FROM conversations WHERE thread = $1', visitor.thread)
    await post(`/conversations/${id}/commands`, { do: 'escalate' })
    const ticket = await ana.ringing(id)
    await ana.act(ticket, 'accept')
    await until(
      'Ana holds it',
      async () => (await rows('SELECT control FROM conversations WHERE id = $1', id))[0].control === 'agent',
    )
    const refuse = () =>
      Promise.reject(new HubError('invalid', 'It rejected the request (422, POST /tickets/8812/notes)'))
    hub.connections.set('people', { ...real, desk: { ...real.desk!, send: refuse } })
    for (const text of words) await visitor.say(text)
    await until(
      'they are dead',
      async () =>
        (await rows(`SELECT 1 FROM effects WHERE conversation = $1 AND dead_at IS NOT NULL`, id)).length ===
        words.length,
    )
    return {
      id,
      visitor,
      mend: () => hub.connections.set('people', real),
      told: async () =>
        (await rows(`SELECT message FROM inbox_messages WHERE ticket = $1 AND by = 'customer' ORDER BY n`, ticket)).map(
          (row) => plainText(row.message),
        ),
      end: () => ana.act(ticket, 'resolve', {}),
    }
  }

  const phrases = (changes: object = {}): SuggestionDraft =>
    ({
      kind: 'phrase-set',
      connection: 'first-line',
      intent: 'returns',
      title: 'returns',
      present: { phrases: ['can I send it back'] },
      proposed: { phrases: ['I want to return my order', 'take it back'] },
      sources: [],
      estimate: 11,
      ...changes,
    }) as SuggestionDraft

  test('a dead letter is listed with its cause and effect; Replay pressed twice delivers once', async () => {
    const { page } = await stage.visit(people.admin, '/console/dead-letters')
    await page.getByText(/Nothing has failed for good in 30 days \(\d+ effects done\)/).waitFor()
    expect(await axe(page)).toEqual([])
    const letter = await deadLetters(['where is my parcel?'])
    const cause = page.getByRole('link', { name: /people rejected a message to the agent: 422/ })
    await cause.click()
    const one = page.getByRole('article', { name: new RegExp(`conversation ${letter.id}`) })
    await one.getByText('where is my parcel?').waitFor()
    await one.getByText(/did not reach the agent at people/).waitFor()
    await one.getByText('Replay is safe.').waitFor()
    expect(await axe(page)).toEqual([])
    await picture(page, 'dead-letters-light')
    letter.mend()
    await one.getByRole('button', { name: 'Replay 1' }).click()
    const dialog = page.getByRole('dialog', { name: 'Replay 1 letter' })
    await dialog.getByRole('button', { name: 'Replay 1' }).dblclick()
    await dialog.waitFor({ state: 'detached' })
    await until('it has arrived', async () => (await letter.told()).includes('where is my parcel?'))
    await page.getByText(/In 30 days 1 letter was replayed/).waitFor()
    await stage.hub.app.hub.sweepNow()
    expect((await letter.told()).filter((words) => words === 'where is my parcel?')).toHaveLength(1)
    await letter.end()
  })

  test('a whole group is replayed with progress, and dismissed with a reason that can be found again', async () => {
    const letter = await deadLetters(['one', 'two', 'three'])
    const { page } = await stage.visit(people.admin, '/console/dead-letters')
    await page.getByRole('link', { name: /people rejected/ }).click()
    await page.getByRole('button', { name: 'Dismiss…' }).first().click()
    const dismiss = page.getByRole('dialog', { name: 'Dismiss 1 letter' })
    await dismiss.getByRole('combobox', { name: 'Reason' }).click()
    await page.getByRole('option', { name: 'No longer needed' }).click()
    await dismiss.getByRole('button', { name: 'Dismiss 1' }).click()
    await page.getByRole('button', { name: 'Replay all 2' }).waitFor()
    letter.mend()
    await page.getByRole('button', { name: 'Replay all 2' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Replay 2' }).click()
    await page.getByText('Replayed: 2 of 2 delivered').waitFor()
    expect(await letter.told()).toEqual(['one', 'two'])
    await page.getByRole('switch', { name: 'Dismissed' }).click()
    await page.getByRole('link', { name: /people rejected/ }).click()
    await page.getByText('No longer needed').waitFor()
    expect(new URL(page.url()).searchParams.get('dismissed')).toBe('true')
    await letter.end()
  })

  test('a connection that fails comes first and says when it is tried again; it is paused knowing what that holds up', async () => {
    for (let n = 0; n < 6; n++)
      await stage.hub.app.hub.gates.failed('people', new HubError('unreachable', '503 from POST /tickets <b>&'))
    const { page } = await stage.visit(people.admin, '/console/connections')
    // Others may be slow where the machine is: the order itself is the API's, and tested there.
    const list = page.getByRole('list', { name: 'Connections, worst first' })
    const first = list.getByRole('listitem', { name: /^people, / })
    await first.getByText('failing', { exact: true }).waitFor()
    await first.getByText(/tried again (at|now)/).waitFor()
    await first.getByText('503 from POST /tickets <b>&').waitFor()
    await page
      .getByRole('status')
      .getByText(/\d+ (is|are) not healthy/)
      .waitFor()
    await page
      .getByRole('navigation', { name: 'Screens' })
      .getByRole('link', { name: /^Connections \d+ \(1 failing/ })
      .waitFor()
    expect(await axe(page)).toEqual([])
    await picture(page, 'connections-light')
    await first.getByRole('link', { name: 'people' }).click()
    const peek = page.getByRole('complementary', { name: 'Connection people' })
    await peek.getByRole('heading', { name: 'Last', exact: false }).waitFor()
    await peek.getByRole('button', { name: 'Pause…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Pause people' })
    await dialog.getByText(/No conversation uses it|It holds up \d+ conversation/).waitFor()
    await dialog.getByRole('textbox', { name: 'Reason (optional)' }).fill('their update')
    expect(await axe(page)).toEqual([])
    await picture(page, 'connections-pause')
    await dialog.getByRole('button', { name: 'Pause people' }).click()
    await first.getByText('paused', { exact: true }).waitFor()
    await first.getByText(/by Ada.*“their update”/).waitFor()
    await peek.getByRole('button', { name: 'Resume people' }).click()
    await list.getByRole('listitem', { name: 'people, healthy' }).waitFor()
    expect(await axe(page)).toEqual([])
    await picture(page, 'connections-detail')
  })

  test('a suggestion is edited until it holds no personal data, approved, taken back and rejected, by keys', async () => {
    await rows('DELETE FROM suggestions')
    const id = await propose(
      stage.hub.database.pool,
      phrases({ proposed: { phrases: ['write to lena@example.com', 'take it back'] } }),
    )
    const { page } = await stage.visit(people.admin, '/console/suggestions')
    await page.getByRole('link', { name: 'returns +2' }).click()
    await page.getByText('It holds personal data').waitFor()
    expect(await page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true)
    await page.keyboard.press('e')
    const edit = page.getByRole('dialog', { name: 'Edit the suggestion' })
    await edit.getByRole('textbox', { name: 'Phrases, one a line' }).fill('write to me\ntake it back')
    await edit.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('No personal data was found').waitFor()
    expect(await axe(page)).toEqual([])
    await picture(page, 'suggestions-light')
    await edit.waitFor({ state: 'detached' })
    await page.keyboard.press('a')
    await page.getByText('Approved by Ada').waitFor()
    await page.getByRole('region', { name: 'returns' }).getByRole('button', { name: /^Undo/ }).click()
    await page.getByRole('button', { name: 'Reject…' }).waitFor()
    await page.keyboard.press('x')
    const reject = page.getByRole('dialog', { name: 'Reject the suggestion' })
    await reject.getByRole('combobox', { name: 'Reason' }).click()
    await page.getByRole('option', { name: 'Wrong intent' }).click()
    await reject.getByRole('button', { name: 'Reject' }).click()
    await page.getByText('Rejected by Ada').waitFor()
    expect((await rows('SELECT status, reason FROM suggestions WHERE id = $1', id))[0]).toEqual({
      status: 'rejected',
      reason: 'Wrong intent',
    })
  })

  test('an article is shown as it will read beside what changes, word by word', async () => {
    await rows('DELETE FROM suggestions')
    await propose(stage.hub.database.pool, {
      kind: 'article',
      connection: 'first-line',
      title: 'Returns',
      present: { title: 'Returns', body: 'Send it back within 14 days.' },
      proposed: {
        title: 'Returns',
        body: 'Send it back within **30** days. <img src=x onerror=alert(1)> [pay](javascript:alert(2))',
      },
      sources: [],
    })
    const { page } = await stage.visit(people.admin, '/console/suggestions')
    await page.getByRole('link', { name: 'Returns' }).click()
    const read = page.getByRole('region', { name: 'As it will read' })
    expect(await read.locator('strong').textContent()).toBe('30')
    expect(await read.locator('img, a').count()).toBe(0)
    const changes = page.getByRole('region', { name: 'What changes' })
    expect(await changes.locator('del').first().textContent()).toBe('−14')
    expect(await changes.locator('ins').first().textContent()).toContain('+**30**')
    await picture(page, 'suggestions-article')
  })

  test('a mapping shows its chain and its YAML, says what the file changes, and is tried with a transcript', async () => {
    const { page } = await stage.visit(people.admin, '/console/mappings')
    const chain = page.getByRole('list', { name: 'The chain of support' })
    await chain.getByRole('link', { name: 'first-line' }).waitFor()
    expect(await axe(page)).toEqual([])
    await page.getByRole('link', { name: 'support', exact: true }).click()
    await heading(page, 'Mapping support').waitFor()
    await page
      .getByRole('textbox', { name: 'Transcript' })
      .fill('Customer: hello\nBot: Hi\nCustomer: I want to speak to a real person')
    await page.getByRole('button', { name: 'Try transcript' }).click()
    const result = page.getByRole('status', { name: 'Result of the try' })
    await result.getByRole('heading', { name: 'A person would be asked' }).waitFor()
    await result.getByRole('rowheader', { name: 'asked for a person' }).waitFor()
    await picture(page, 'mappings-light')
    const file = join(stage.hub.dataDir, 'baton.yaml')
    await writeFile(file, yaml.replace('desks: [people]', 'desks: [nobody]'))
    try {
      await page.reload()
      const code = page.getByRole('list', { name: 'What the file changes' })
      await code.locator('ins', { hasText: 'nobody' }).waitFor()
      await code.getByRole('note').getByText('nobody').waitFor()
      expect(await axe(page)).toEqual([])
      await page.screenshot({
        path: new URL('../../screens/console-mappings-diff.png', import.meta.url).pathname,
        fullPage: true,
      })
    } finally {
      await writeFile(file, yaml)
    }
  })

  test('a viewer finds no command on any of them, and is refused each; an agent sees health only', async () => {
    await rows('DELETE FROM suggestions')
    const id = await propose(stage.hub.database.pool, phrases({ proposed: { phrases: ['ring +49 170 1234567'] } }))
    const letter = await deadLetters(['my secret words'])
    const { page } = await stage.visit(people.viewer, `/console/suggestions/${id}`)
    await page.getByText('ring (hidden)').waitFor()
    const commands = /Approve|Edit|Reject|Replay|Dismiss|Tell the agent|Pause|Resume|Test now|Push/
    expect(await page.getByRole('button', { name: commands }).count()).toBe(0)
    await page.goto('/console/dead-letters')
    await page.getByRole('link', { name: /people rejected/ }).click()
    await page.getByRole('article').first().getByText('(hidden)').waitFor()
    expect(await page.getByRole('button', { name: commands }).count()).toBe(0)
    expect(await page.content()).not.toContain('my secret words')
    await page.goto('/console/connections/people')
    await page
      .getByRole('complementary', { name: 'Connection people' })
      .getByRole('heading', { name: 'What it can' })
      .waitFor()
    expect(await page.getByRole('button', { name: commands }).count()).toBe(0)
    const cookie = await stage.cookieOf(people.viewer)
    for (const path of [
      '/connections/people/pause',
      '/connections/people/test',
      '/dead-letters/replay',
      `/suggestions/${id}/approve`,
    ]) {
      const headers = { cookie, origin: stage.url }
      expect([path, (await stage.hub.ask(`/api/v1${path}`, { method: 'POST', headers, body: {} })).status]).toEqual([
        path,
        403,
      ])
    }
    const agent = await stage.visit(people.agent, '/console/connections')
    await agent.page.getByRole('listitem', { name: /^people, / }).waitFor()
    expect(await agent.page.getByText('calls/h').count()).toBe(0)
    // An agent at the console is at work: what rings from here on is for the one of these tests.
    await agent.close()
    const away = await stage.hub.ask('/hooks/people/presence', {
      method: 'POST',
      body: { presence: 'offline' },
      headers: { cookie: await stage.cookieOf(people.agent), origin: stage.url, 'sec-fetch-site': 'same-origin' },
    })
    expect(away.status).toBe(204)
    letter.mend()
    await letter.end()
    for (const { cause } of (await stage.hub.staff('/api/v1/dead-letters/groups')).json.groups)
      await post(`/dead-letters/groups/${cause}/dismiss`, { why: 'A test' })
  })

  test('hostile texts stay texts', async () => {
    await rows('DELETE FROM suggestions')
    const id = await propose(
      stage.hub.database.pool,
      phrases({ proposed: { phrases: hostile.map(({ text }) => text) } }),
    )
    const letter = await deadLetters(hostile.map(({ text }) => text))
    for (const path of ['/console/dead-letters', `/console/suggestions/${id}`]) {
      const { page } = await stage.visit(people.admin, path, phone)
      if (path.endsWith('letters')) await page.getByRole('link', { name: /people rejected/ }).click()
      await page.getByText('<img src=x onerror="alert(1)">').first().waitFor()
      expect(await page.locator('main img, main iframe, main script').count()).toBe(0)
      expect(await overflowOf(page)).toBe(0)
    }
    letter.mend()
    await letter.end()
  })

  test.each([
    ['light', {}],
    ['dark', dark],
    ['phone', phone],
  ] as const)('every screen can be used in %s, with data and without', async (look, options) => {
    await rows('DELETE FROM suggestions')
    const id = await propose(stage.hub.database.pool, phrases())
    const { page } = await stage.visit(people.admin, '/console/connections', options)
    const screens = [
      ['/console/connections', 'Connections', /calls\/h/],
      ['/console/connections/people', 'Connections', /What it can/],
      ['/console/dead-letters', 'Dead letters', /people rejected|Nothing/],
      [`/console/suggestions/${id}`, 'Suggestions', /No personal data/],
      ['/console/suggestions?status=failed', 'Suggestions', /No suggestion fits/],
      ['/console/mappings', 'Mappings', /as the file says/],
      ['/console/mappings/support', 'Mapping support', /Secrets are hidden/],
    ] as const
    for (const [path, title, words] of screens) {
      await page.goto(path)
      await heading(page, title).waitFor()
      await page.getByText(words).first().waitFor()
      expect([path, await axe(page)]).toEqual([path, []])
      expect([path, await overflowOf(page)]).toEqual([path, 0])
      await picture(
        page,
        `operations-${look}-${path.split('/').slice(2).join('-').replace(/\W+/g, '-').replace(/\d+/, 'one')}`,
      )
    }
  })

  test('what was read stays when the hub cannot answer, and is tried again', async () => {
    const { page, troubles } = await stage.visit(people.admin, '/console/connections')
    await page.getByRole('listitem', { name: /^people, / }).waitFor()
    troubles.expectOffline()
    await page.route('**/api/v1/connections', (route) => route.abort())
    await page.getByRole('alert').getByText('The connections could not be read').waitFor()
    expect(await page.getByRole('listitem', { name: /^people, / }).count()).toBe(1)
    expect(await axe(page)).toEqual([])
    await page.unroute('**/api/v1/connections')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('alert').waitFor({ state: 'detached' })
  })
})
