import { expect, it } from 'vitest'
import { headOf, sizeOf } from './words.ts'

it.each([
  [
    { connection: 'people', kind: 'pass', code: 'invalid', status: '422' },
    'people rejected a message to the agent: 422',
  ],
  [
    { connection: 'site', kind: 'say', code: 'unreachable', status: null },
    'site did not answer to a message to the customer',
  ],
  [{ connection: 'crm', kind: 'log', code: null, status: null }, 'crm failed with a digest'],
] as const)('says of %j: %s', (group, said) => expect(headOf(group)).toBe(said))

it('counts letters and customers', () => expect(sizeOf({ letters: 12, customers: 1 })).toBe('12 letters, 1 customer'))
