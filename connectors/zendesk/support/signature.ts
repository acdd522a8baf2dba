/** Who sent a webhook: HMAC-SHA256 over timestamp and raw body, base64, the secret as it is (zendesk.md 10.3). Pure. */
import { createHmac, timingSafeEqual } from 'node:crypto'

/** Signs what the button "Test webhook" sends before a webhook exists: public, so never accepted (zendesk.md 10.1). */
export const testSecret = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=='

/** No window is documented; retries are over long before. */
const staleMs = 24 * 60 * 60_000

export interface Signed {
  readonly timestamp: unknown
  readonly signature: unknown
  readonly raw: Buffer
}

export function verify({ timestamp, signature, raw }: Signed, secret: string, now: number): boolean {
  if (!isText(timestamp) || !isText(signature) || secret === testSecret) return false
  if (!(Math.abs(now - Date.parse(timestamp)) <= staleMs)) return false
  const expected = createHmac('sha256', secret).update(timestamp).update(raw).digest()
  const given = Buffer.from(signature, 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

const isText = (value: unknown): value is string => typeof value === 'string'
