import { describe, expect, it } from 'vitest'
import type { Carries } from '../src/connector.ts'
import type { Mapping } from '../src/mapping.ts'
import { pairingsOf } from '../src/pairing.ts'

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
