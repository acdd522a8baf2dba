import { expect, test } from 'vitest'
import { safeUrl, withLinks } from './links.ts'

const linksOf = (text: string) => withLinks(text).flatMap(({ words, href }) => (href ? [words] : []))

test.each([
  ['See https://shop.example/help.', ['https://shop.example/help']],
  [
    '(https://shop.example/a_(b)) and http://other.example, too',
    ['https://shop.example/a_(b)', 'http://other.example'],
  ],
  ['javascript:alert(1) data:text/html,x ftp://a.example', []],
  ['https://bank.example@evil.example/login', []],
  ['https://', []],
])('%s', (text, links) => {
  expect(linksOf(text)).toEqual(links)
  expect(
    withLinks(text)
      .map(({ words }) => words)
      .join(''),
    'no letter is lost',
  ).toBe(text)
})

test('only pages are safe', () => {
  expect(safeUrl('https://a.example/x')).toBe('https://a.example/x')
  expect(safeUrl('javascript:alert(1)')).toBeUndefined()
  expect(safeUrl('/relative')).toBeUndefined()
})
