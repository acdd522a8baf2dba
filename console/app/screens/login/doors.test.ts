import { expect, it } from 'vitest'
import { placeOf } from './doors.ts'

it.each([
  ['/queue?tab=agent', '/queue?tab=agent'],
  ['/conversations/12#m4', '/conversations/12#m4'],
  [undefined, '/'],
  ['', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
])('%s leads to %s', (then, place) => {
  expect(placeOf(then)).toBe(place)
})
