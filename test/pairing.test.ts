import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import zendesk from '../connectors/zendesk/index.ts'
import { check } from '../src/cli/check.ts'
import type { Carries } from '../src/connector.ts'
import type { Mapping } from '../src/mapping.ts'
import { carriesIn, pairingsOf } from '../src/pairing.ts'

const sides: Record<string, Carries> = {
  site: {
    shows: ['choices', 'articles', 'survey'],
    sends: ['file'],
    typing: { shows: true, tells: true },
    textLength: 16_000,
  },
  bot: { shows: [], sends: ['choices', 'file'], textLength: 256 },
  desk: { shows: ['file'], sends: ['file'], typing: { shows: false, tells: true } },
}
const mapping = {
  name: 'support',
  channel: 'site',
  bot: 'bot',
  desks: [{ desk: 'desk' }],
  fallback: [{ desk: 'desk' }, { desk: 'silent' }],
} as unknown as Mapping
const found = pairingsOf(mapping, (name) => sides[name])
const between = (from: string, to: string) =>
  found.filter((one) => one.from === from && one.to === to).map(({ what, fate, how }) => [what, fate, how])

describe('a pairing', () => {
  it('splits text that is too long for the other side, and only that', () => {
    expect(between('site', 'bot')[0]).toEqual(['text', 'kept', 'in pieces of at most 256 characters'])
    expect(between('bot', 'site')[0]).toEqual(['text', 'kept', undefined])
    expect(between('desk', 'site')[0]).toEqual(['text', 'kept', 'in pieces of at most 16000 characters'])
  })

  it('keeps what the other side shows, and says what becomes of the rest', () => {
    expect(between('site', 'desk')).toContainEqual(['file', 'kept', undefined])
    expect(between('site', 'bot')).toContainEqual(['file', 'changed', 'its name and a link, as text'])
    expect(between('bot', 'site')).toContainEqual(['choices', 'kept', undefined])
  })

  it('loses typing where nobody can show it, and speaks of none where nobody tells', () => {
    expect(between('site', 'desk')).toContainEqual(['typing', 'lost', 'the other side cannot show it'])
    expect(between('desk', 'site')).toContainEqual(['typing', 'kept', undefined])
    expect(between('bot', 'site').map(([what]) => what)).not.toContain('typing')
  })

  it('names each pair once, and none of which one side is unknown', () => {
    expect(new Set(found.map(({ from, to }) => `${from} ${to}`)).size).toBe(4)
    expect(found.filter(({ to, from }) => to === 'silent' || from === 'silent')).toEqual([])
  })
})

describe('a connection that is both sides', () => {
  const alone = { ...mapping, channel: 'site', desks: [{ desk: 'site' }], fallback: [] } as unknown as Mapping

  it('is one pair with itself', () => {
    const pairs = pairingsOf(alone, (name) => sides[name]).map(({ from, to }) => `${from} ${to}`)
    expect([...new Set(pairs)]).toEqual(['site bot', 'bot site', 'site site'])
    expect(pairs.filter((pair) => pair === 'site site')).toHaveLength(3)
  })
})

describe('what a connector carries', () => {
  it('may be decided by its settings', () => {
    const shows = (settings: object) => carriesIn([{ name: 'it', connector: zendesk as never, settings }])('it')?.shows
    expect(shows({ messaging: {} })).toEqual(['choices', 'file', 'articles', 'survey'])
    expect(shows({ tickets: {} })).toEqual(['file'])
    expect(shows({ messaging: {}, tickets: {} })).toContain('choices')
    expect(carriesIn([])('it')).toBeUndefined()
  })

  const example = async (name: string) => {
    const lines: string[] = []
    const env = { ZENDESK_CLIENT_SECRET: 'a', ZENDESK_MESSAGING_SECRET: 'a' }
    const file = join(resolve(import.meta.dirname, '../config/examples'), name)
    expect(await check(file, { json: false, env, write: (line) => lines.push(line) })).toBe(0)
    return lines.slice(lines.indexOf('What arrives in support:') + 1)
  }

  it('is told of the example with tickets of Zendesk', async () => {
    expect(await example('webchat--faq--zendesk.yaml')).toEqual([
      '  site → first-line  kept     text',
      '                     changed  file: its name and a link, as text',
      '                     lost     typing: the other side cannot show it',
      '  first-line → site  kept     text (in pieces of at most 16000 characters), choices, articles',
      '  site → people      kept     text, file',
      '                     lost     typing: the other side cannot show it',
      '  people → site      kept     text (in pieces of at most 16000 characters), file',
    ])
  })

  it('is told of the example with messaging of Zendesk', async () => {
    expect(await example('zendesk-messaging--faq--zendesk.yaml')).toEqual([
      '  zendesk → first-line  kept     text',
      '                        changed  file: its name and a link, as text',
      '  first-line → zendesk  kept     text (in pieces of at most 4096 characters), choices, articles',
      '  zendesk → zendesk     kept     text, file',
    ])
  })
})
