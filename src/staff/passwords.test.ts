import { createHook } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import { createPasswords, isOutdated, problemOf } from './passwords.ts'

const passwords = createPasswords()
const kim = { email: 'kim.larsen@example.com', name: 'Kim Larsen' }

describe('a password', () => {
  it('is known again by its hash alone, which differs each time', async () => {
    const [one, other] = await Promise.all([
      passwords.hash('seven green kettles'),
      passwords.hash('seven green kettles'),
    ])
    expect(one).not.toBe(other)
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/)
    expect(await passwords.isRight('seven green kettles', one)).toBe(true)
    expect(await passwords.isRight('seven green kettleS', one)).toBe(false)
    expect(await passwords.isRight('seven green kettles', null)).toBe(false)
    expect(isOutdated(one)).toBe(false)
    expect(isOutdated(one.replace('ln=15', 'ln=14'))).toBe(true)
  })

  it('is the same however the keyboard writes its letters', async () => {
    expect(
      await passwords.isRight('sept bouilloires ve\u0301rte', await passwords.hash('sept bouilloires vérte')),
    ).toBe(true)
  })

  it('is hashed two at a time, and a flood is told to come back', { timeout: 120_000 }, async () => {
    const flooded = createPasswords(1)
    let under = 0
    let most = 0
    const mine = new Set<number>()
    const watch = createHook({
      init(id, type) {
        if (type !== 'SCRYPTREQUEST') return
        mine.add(id)
        most = Math.max(most, ++under)
      },
      before: (id) => void (mine.has(id) && under--),
    }).enable()
    const all = await Promise.allSettled(Array.from({ length: 6 }, () => flooded.isRight('a try', undefined)))
    watch.disable()
    expect(most).toBe(2)
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    for (const one of all)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'busy', retryAfterMs: 5_000 })
    expect(await flooded.isRight('a try', undefined), 'the door is free again').toBe(false)
  })
})

describe('a new password', () => {
  it.each([
    'seven green kettles',
    'correct horse battery',
    'Xk7#qv!0Rt2m',
    'die Katze schläft auf dem Dach',
    '私の好きな猫は窓の上で眠る',
    'kim likes tall ships',
    'my secret garden gate',
  ])('may be "%s"', (password) => {
    expect(problemOf(password, kim)).toBeUndefined()
  })

  it.each([
    '',
    'short',
    'eleven char',
    'x'.repeat(257),
    'aaaaaaaaaaaaaaaa',
    'ababababababab',
    '123123123123123',
    'abcdefghijklmnop',
    'ponmlkjihgfedcba',
    '1234567890123',
    'qwertyuiopas',
    'password1234',
    'Passw0rd!!!!!!',
    'welcome2024!!!',
    'Administrator1',
    'summer-2026-summer',
    'kim.larsen@example.com',
    'kimlarsen1234',
    'Kim Larsen!!!!',
    'example.com 12',
  ])('may not be "%s"', (password) => {
    const problem = problemOf(password, kim)
    expect(problem).toContain('The password')
    if (password.length > 4) expect(problem).not.toContain(password)
  })
})
