import { expect, test } from 'vitest'
import { listedOthers, type Other, sayOthers, withNews } from './others.ts'

const at = (agent: string, ticket: string | null, writing = false) => ({ agent, name: agent, ticket, writing, at: 1 })

test('everybody is at one conversation at most, and gone when they say so', () => {
  let others: readonly Other[] = []
  for (const news of [at('Ben', 't1'), at('Cleo', 't1'), at('Ben', 't2', true)]) others = withNews(others, news)
  expect(listedOthers(others, 't1').map(({ name }) => name)).toEqual(['Cleo'])
  expect(listedOthers(others, 't2')).toMatchObject([{ name: 'Ben', writing: true }])
  expect(withNews(others, at('Ben', null))).toHaveLength(1)
  expect(withNews(others, at('Nobody', null)), 'nothing changed').toBe(others)
})

test('who is writing is said before who is here', () => {
  const others = (...all: ReturnType<typeof at>[]) => all as readonly Other[]
  expect(sayOthers([])).toBe('')
  expect(sayOthers(others(at('Ben', 't')))).toBe('Ben is here')
  expect(sayOthers(others(at('Ben', 't'), at('Cleo', 't')))).toBe('Ben and Cleo are here')
  expect(sayOthers(others(at('Ben', 't'), at('Cleo', 't', true)))).toBe('Cleo is writing')
})
