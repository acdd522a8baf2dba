/** The ways in which a vendor goes wrong, by name, and when the next one does. */

/** Of a call. `…After`: its effect is there all the same. */
export const troubles = [
  /** Answers, but only after `delayMs`. */
  'slow',
  /** The vendor's "too many requests", with its advice how long to wait. */
  'limits',
  'errors',
  'errorsAfter',
  /** No answer, ever. */
  'hangs',
  'hangsAfter',
  'resets',
  'resetsAfter',
  /** The effect is there, the answer cannot be read. */
  'malformed',
  /** The credentials are no longer accepted. */
  'expired',
] as const
export type Trouble = (typeof troubles)[number]

export const webhookTroubles = [
  /** Sent three times. */
  'duplicates',
  /** Sent after the one that follows it, or after `delayMs` where none does. */
  'disorder',
  /** Sent after `delayMs`. */
  'late',
  /** Not sent at all. */
  'lost',
] as const
export type WebhookTrouble = (typeof webhookTroubles)[number]

export interface Misbehaviour {
  readonly ways: readonly (Trouble | WebhookTrouble)[]
  /** Of the calls, or webhooks: 0 to 1. Default 1. */
  readonly share?: number
  /** After so many it behaves again. Default: no end. */
  readonly times?: number
  /** Only calls (or webhooks) whose name matches: `POST /api/v2/tickets`, the vendor's name of a webhook, a gRPC method. */
  readonly only?: RegExp
  /** How long `slow`, `late` and `disorder` take. Default 1,000. */
  readonly delayMs?: number
  /** Seconds to wait that `limits` advises. Default 1. */
  readonly retryAfterSeconds?: number
  /** 0 to 1, for a run that can be repeated. Default Math.random. */
  readonly random?: () => number
}

export const isAfter = (trouble: Trouble): boolean => trouble.endsWith('After') || trouble === 'malformed'

export interface Troubles {
  misbehave(how?: Misbehaviour): void
  /** What goes wrong with this call; counts it. */
  ofCall(name: string): Trouble | undefined
  ofWebhook(name: string): WebhookTrouble | undefined
  readonly misbehaved: number
  readonly delayMs: number
  readonly retryAfterSeconds: number
}

export function createTroubles(): Troubles {
  let how: Misbehaviour = { ways: [] }
  let left = 0
  let misbehaved = 0
  const draw = <Way extends string>(known: readonly Way[], name: string): Way | undefined => {
    const ways = known.filter((way) => (how.ways as readonly string[]).includes(way))
    const random = how.random ?? Math.random
    if (ways.length === 0 || left <= 0 || how.only?.test(name) === false || random() >= (how.share ?? 1))
      return undefined
    left--
    misbehaved++
    return ways[Math.floor(random() * ways.length)]
  }
  return {
    misbehave(next = { ways: [] }) {
      how = next
      left = next.times ?? Number.POSITIVE_INFINITY
    },
    ofCall: (name) => draw(troubles, name),
    ofWebhook: (name) => draw(webhookTroubles, name),
    get misbehaved() {
      return misbehaved
    },
    get delayMs() {
      return how.delayMs ?? 1_000
    },
    get retryAfterSeconds() {
      return how.retryAfterSeconds ?? 1
    },
  }
}
