import { describe, expect, it } from 'vitest'
import { findPersonal } from './personal.ts'

const whats = (text: string, names: string[] = []) => findPersonal([text], names).map(({ what }) => what)

describe('personal data', () => {
  it.each([
    ['write to lena.fischer@example.com please', ['e-mail address']],
    ['ring +49 (0)170 1234567', ['phone number']],
    ['or 020 7946 0958', ['phone number']],
    ['my card 4111 1111 1111 1111', ['card number']],
    ['pay DE89 3704 0044 0532 0130 00', ['account number']],
    ['mail a@b.example or ring 0170-1234567', ['e-mail address', 'phone number']],
  ])('is found in "%s"', (text, found) => expect(whats(text)).toEqual(found))

  it.each(['order 4471', 'my order 104471 is late', 'open 9 to 17', 'about 3–6 minutes', 'size 38', 'version 1.2.3'])(
    'is not "%s"',
    (text) => expect(whats(text)).toEqual([]),
  )

  it('is a customer’s name, in any spelling of it, and not a part of another word', () => {
    expect(whats('this is JOSE calling', ['José Marín'])).toEqual(['name'])
    expect(whats('Marín bought it', ['José Marín'])).toEqual(['name'])
    expect(whats('the joseph street', ['José Marín'])).toEqual([])
    expect(whats('is it by Al', ['Al Li'])).toEqual([])
  })

  it('says where', () => {
    expect(findPersonal(['nothing', 'to a@b.example'], [])).toEqual([
      { what: 'e-mail address', at: 1, from: 3, to: 14 },
    ])
  })
})
