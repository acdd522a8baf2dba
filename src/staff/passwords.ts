/** Passwords: hashed slowly on purpose, a few at a time, so that a flood of tries cannot take the machine from conversations. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { HubError } from '../errors.ts'

/**
 * 32 MiB and three passes: as hard to guess as OWASP's scrypt with N 2^17 and one pass (128 MiB), in memory that a small hub can
 * spare. Two at a time leave half of Node's thread pool to files and names.
 */
const strength = { ln: 15, r: 8, p: 3 } as const
const atATime = 2
const waitingAtMost = 40
const bytes = 32

export interface Passwords {
  /** What is kept of it. */
  hash(password: string): Promise<string>
  /** The same work whether there is something to compare with or not, so that time does not tell who is known here. */
  isRight(password: string, kept: string | null | undefined): Promise<boolean>
}

export function createPasswords(waiting = waitingAtMost): Passwords {
  const enter = createDoor(waiting)
  const derive = (password: string, { ln, r, p, salt }: Derivation) =>
    enter(() => runScrypt(password.normalize('NFC'), salt, { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r }))
  return {
    async hash(password) {
      const salt = randomBytes(16)
      const key = await derive(password, { ...strength, salt })
      const { ln, r, p } = strength
      return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`
    },
    async isRight(password, kept) {
      const known = kept ? decode(kept) : undefined
      const { key, ...how } = known ?? { ...strength, salt: randomBytes(16), key: randomBytes(bytes) }
      return timingSafeEqual(await derive(password, how), key) && known !== undefined
    },
  }
}

/** Made with less than is asked for today: to be hashed again when its owner comes in. */
export const isOutdated = (kept: string): boolean => {
  const { ln, r, p } = decode(kept)
  return ln !== strength.ln || r !== strength.r || p !== strength.p
}

interface Derivation {
  readonly ln: number
  readonly r: number
  readonly p: number
  readonly salt: Buffer
}

function decode(kept: string): Derivation & { readonly key: Buffer } {
  const parts = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w-]+)\$([\w-]+)$/.exec(kept)
  if (!parts) throw new Error('A kept password has no known form')
  const [, ln, r, p, salt, key] = parts
  return {
    ln: Number(ln),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt!, 'base64url'),
    key: Buffer.from(key!, 'base64url'),
  }
}

const runScrypt = (password: string, salt: Buffer, how: object): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, bytes, how, (error, key) => (error ? reject(error) : resolve(key)))
  })

/** First come, first served; who would wait for long is told to come back. */
function createDoor(most: number) {
  const waiting: (() => void)[] = []
  let inside = 0
  return async <T>(work: () => Promise<T>): Promise<T> => {
    if (inside >= atATime) {
      if (waiting.length >= most)
        throw new HubError('busy', 'Too many people sign in at once. Try again in a few seconds', {
          retryAfterMs: 5_000,
        })
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else inside++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else inside--
    }
  }
}

export const shortest = 12
export const longest = 256

/** What is wrong with it as a new password, as a sentence; undefined when it will do. It is never repeated. */
export function problemOf(password: string, { email, name }: { email: string; name: string }): string | undefined {
  const length = [...password].length
  if (length < shortest)
    return `The password has ${length} characters. Right are ${shortest} to ${longest}: three or four words do`
  if (length > longest) return `The password has ${length} characters. Right are ${shortest} to ${longest}`
  const bare = fold(password)
  const own = [email, name].flatMap((text) => text.split(/[^\p{L}\p{N}]+/u)).map(fold)
  if (without(bare, own).length < 4)
    return 'The password is made of the e-mail address or the name. Choose one that nobody would try first'
  if (isTrivial(bare))
    return 'The password is among the first that are tried. Choose three or four words that do not belong together'
  return undefined
}

const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
/** What is left of it without these words, and without figures at its ends. */
const without = (text: string, words: readonly string[]): string =>
  words
    .filter((word) => word.length >= 3)
    .sort((a, b) => b.length - a.length)
    .reduce((left, word) => left.replaceAll(word, ''), text)
    .replace(/^\d+|\d+$/g, '')

/** One sign over and over, a run of neighbours, a small thing repeated, or a famous word with numbers around it. */
function isTrivial(bare: string): boolean {
  if (bare.length < 4 || new Set(bare).size < 5) return true
  if (/^(.{1,6})\1+$/u.test(bare)) return true
  const plain = bare.replace(/[0-9]/g, (digit) => leet[digit] ?? digit)
  const left = (text: string) => text.replace(famous, '').replace(/^\d+|\d+$/g, '')
  return left(bare).length < 4 || left(plain).length < 4 || runs.some((run) => run.includes(bare))
}

const leet: Record<string, string> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' }
const famous =
  /password|passwort|contrase[nñ]a|motdepasse|letmein|welcome|willkommen|qwerty|qwertz|azerty|asdfgh|administrator|admin|changeme|iloveyou|monkey|dragon|football|baseball|sunshine|princess|baton|helpdesk|support|secret|geheim|default|summer|winter|spring|autumn|login|master|hello|trustno/g
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
  'qazwsxedcrfvtgbyhnujmikolp',
]
const runs = [...rows, ...rows.map((row) => [...row].reverse().join(''))]
