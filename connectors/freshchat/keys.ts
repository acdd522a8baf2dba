/** The public key of webhooks, in every form it is pasted in. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { HubError } from '#hub/connector.ts'

/** The label may say one type where the bytes are the other: the bytes decide (freshchat.md 3.2). */
export function readPublicKey(text: string): KeyObject {
  const base64 = text
    .replace(/\\r|\\n/g, '')
    .replace(/-----[^-]+-----/g, '')
    .replace(/[\s"']/g, '')
  const key = Buffer.from(base64, 'base64')
  try {
    return createPublicKey({ key, format: 'der', type: isPkcs1(key) ? 'pkcs1' : 'spki' })
  } catch (cause) {
    throw new HubError('invalid', 'The public key of Freshchat’s webhooks cannot be read', { cause })
  }
}

/** After the outer sequence: an integer in PKCS#1, a sequence in SPKI. */
function isPkcs1(der: Buffer): boolean {
  const length = der[1] ?? 0
  const header = length < 0x80 ? 2 : 2 + (length & 0x7f)
  return der[header] === 0x02
}
