/** Secrets we give out: sessions, API tokens, links. Long and random, so that a fast hash is enough: nothing is guessed slowly. */
import { createHash, randomBytes } from 'node:crypto'

/** 256 bits, in letters that need no escaping in a URL. */
export const newSecret = (prefix = ''): string => `${prefix}${randomBytes(32).toString('base64url')}`

/** What is kept of it, and looked up: whoever reads the table cannot come in by what is there. */
export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
