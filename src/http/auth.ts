/** Staff's way in: one token for everything but channels, hooks and health. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import { HubError } from '../errors.ts'

/** `BATON_TOKEN`, else one made at the first start and kept in the data folder, readable by the hub's user alone. */
export async function readToken(dataDir: string, env: NodeJS.ProcessEnv): Promise<string> {
  const given = env.BATON_TOKEN
  if (given) {
    if (given.length < 16)
      throw new HubError('invalid', 'BATON_TOKEN has fewer than 16 characters. Make one with: openssl rand -hex 32')
    return given
  }
  const file = join(dataDir, 'token')
  const kept = await readFile(file, 'utf8').catch(() => '')
  if (kept.trim()) return kept.trim()
  const token = randomBytes(32).toString('hex')
  await mkdir(dataDir, { recursive: true })
  await writeFile(file, `${token}\n`, { mode: 0o600 })
  return token
}

const digest = (value: string): Buffer => createHash('sha256').update(value).digest()

/** Refuses a request without the right bearer token, in the same time whatever is wrong with it. */
export function requireToken(token: string): (request: FastifyRequest) => Promise<void> {
  const right = digest(token)
  return async ({ headers }) => {
    const given = /^Bearer (\S{1,512})$/i.exec(headers.authorization ?? '')?.[1]
    if (given === undefined || !timingSafeEqual(digest(given), right)) throw new Unauthorized()
  }
}

export class Unauthorized extends Error {
  readonly statusCode = 401
  override readonly name = 'Unauthorized'
  constructor() {
    super(
      'A token is needed: send it as "Authorization: Bearer <token>". It is BATON_TOKEN, or the file "token" in the data folder.',
    )
  }
}
