/** The faq connector: the shared promises of its three roles, then how it learns while it runs. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Value } from 'typebox/value'
import { describe, expect, it, vi } from 'vitest'
import type { Bot } from '#hub/connector.ts'
import { plainText, text } from '#hub/message.ts'
import { botConformance } from '../../test/conformance/bot.ts'
import { knowledgeConformance } from '../../test/conformance/knowledge.ts'
import { trainingConformance } from '../../test/conformance/training.ts'
import { aHost, type HostOptions } from '../../test/host.ts'
import faq from './index.ts'
import { type Settings, settings } from './settings.ts'

const demo = new URL('../../config/demo/faq', import.meta.url).pathname
const chosen = (over: Partial<Settings> = {}) => Value.Parse(settings, Value.Default(settings, over))

async function open(over: Partial<Settings> = { folder: demo }, options: HostOptions = {}) {
  const host = await aHost({ name: 'first-line', migrations: faq.migrations, ...options })
  const connection = await faq.open(chosen(over), host)
  const close = async () => {
    await connection.close!()
    await host.stop()
  }
  return { host, bot: connection.bot!, knowledge: connection.knowledge!, training: connection.training!, close }
}

botConformance('faq', async () => ({
  ...(await open()),
  known: text('when are you open on saturday?'),
  otherKnown: text('which payment methods do you accept'),
  unknown: text('who won the world cup in 1974'),
}))

knowledgeConformance('faq', async () => {
  const opened = await open({ folder: demo, articleThreshold: 0.3 })
  const count = 'SELECT count(*)::int AS drafts FROM faq_articles WHERE connection = $1 AND NOT published'
  const drafts = async () => (await opened.host.pool.query(count, ['first-line'])).rows[0].drafts as number
  return {
    ...opened,
    question: 'shoes',
    best: 'Finding your size',
    nonsense: 'qwrtz plmokn xxyyzz',
    drafts,
  }
})

trainingConformance('faq', async () => ({ ...(await open()), intent: 'refund' }))

describe('the faq bot learns while it runs', () => {
  const intentOf = async (bot: Bot, words: string) => {
    const turn = await bot.turn(text(words), 'inside', 'key')
    return turn.noMatch ? undefined : turn.intent
  }

  it('answers by a new phrase soon after it was added, and by all the old ones', async () => {
    const { bot, training, close } = await open()
    expect(await intentOf(bot, 'zilch moolah yet')).toBeUndefined()
    await training.addPhrases('refund', ['zilch moolah yet'], 'k1')
    await vi.waitFor(async () => expect(await intentOf(bot, 'zilch moolah yet')).toBe('refund'), 10_000)
    expect(await intentOf(bot, 'how long does a refund take')).toBe('refund')
    await close()
  })

  it('notices what another hub added, though nobody told it', async () => {
    const here = await open({ folder: demo }, { now: 1_000_000 })
    const there = await faq.open(chosen({ folder: demo }), {
      ...here.host,
      signals: { ...here.host.signals, publish() {} },
    })
    await there.training!.addPhrases('refund', ['zilch moolah yet'], 'k1')
    expect(await intentOf(here.bot, 'zilch moolah yet')).toBeUndefined()
    here.host.advance(5_000)
    await vi.waitFor(async () => expect(await intentOf(here.bot, 'zilch moolah yet')).toBe('refund'), 10_000)
    await here.close()
  })

  it('reads an edited file, and keeps the old content while a file is broken', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'faq-'))
    await cp(demo, folder, { recursive: true })
    const { bot, host, close } = await open({ folder }, { now: 1_000_000 })
    const warned = vi.spyOn(host.log, 'warn')
    const file = join(folder, 'intents.yaml')
    const good = await readFile(file, 'utf8')
    await writeFile(file, `${good}\n- intent: broken\n`)
    host.advance(5_000)
    await intentOf(bot, 'hello')
    await vi.waitFor(() => expect(warned).toHaveBeenCalledOnce(), 10_000)
    expect(await intentOf(bot, 'when are you open')).toBe('opening-hours')
    await writeFile(file, `${good}\n- { intent: zebra, examples: [do you keep zebras], answer: No zebras. }\n`)
    host.advance(5_000)
    await vi.waitFor(async () => expect(await intentOf(bot, 'do you keep zebras')).toBe('zebra'), 10_000)
    await close()
    await rm(folder, { recursive: true })
  })

  it('works from the database alone, and each connection sees its own rows', async () => {
    const { bot, host, knowledge, close } = await open({ smallTalk: false })
    expect(await intentOf(bot, 'hello')).toBeUndefined()
    const insert = `INSERT INTO faq_phrases (connection, intent, phrase) VALUES ('first-line', 'zebra', 'do you keep zebras'), ('other', 'yak', 'do you keep yaks')`
    await host.pool.query(
      `INSERT INTO faq_intents (connection, name, answers) VALUES ('first-line', 'zebra', '{"en": "No zebras."}')`,
    )
    await host.pool.query(insert)
    const article = `INSERT INTO faq_articles (connection, title, body, published) VALUES ('first-line', 'Feeding lions', 'Lions are fed at noon.', true), ('first-line', 'Feeding bears', 'Bears are fed at dusk.', false)`
    await host.pool.query(article)
    const fresh = await faq.open(chosen({ smallTalk: false }), host)
    const turn = await fresh.bot!.turn(text('do you keep zebras'), 'inside', 'key')
    expect(turn.messages.map(plainText)).toEqual(['No zebras.'])
    const names = []
    for await (const { name } of fresh.training!.intents()) names.push(name)
    expect(names).toEqual(['zebra'])
    expect(await fresh.knowledge!.search('feeding lions', 3)).toMatchObject([{ title: 'Feeding lions', score: 1 }])
    expect(await fresh.knowledge!.search('bears', 3)).toEqual([])
    expect(await knowledge.search('feeding lions', 3)).toEqual([])
    await close()
  })

  it('remembers over a restart that a person has been there', async () => {
    const { bot, host, close } = await open()
    await bot.inform!('inside', { what: 'accepted' })
    const restarted = await faq.open(chosen({ folder: demo }), host)
    const turn = await restarted.bot!.turn(text('hello'), 'inside', 'key')
    expect(turn.messages.map(plainText)).toEqual(['Is there anything else I can do for you?'])
    await close()
  })

  it('goes on with the intent the person named, once, but again for the same key', async () => {
    const { bot, close } = await open()
    await bot.inform!('inside', { what: 'accepted' })
    await bot.inform!('inside', { what: 'ended', outcome: 'returned', intent: 'invoice' })
    const resumed = await bot.turn(text('ok'), 'inside', 'k1')
    expect(resumed).toMatchObject({ intent: 'invoice', confidence: 1 })
    expect(await bot.turn(text('ok'), 'inside', 'k1')).toEqual(resumed)
    expect((await bot.turn(text('ok'), 'inside', 'k2')).noMatch).toBe(true)
    expect((await bot.turn(text('ok'), 'another', 'k3')).noMatch).toBe(true)
    await close()
  })
})
