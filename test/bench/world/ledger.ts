/** What was sent, what was accepted, what arrived. A run whose ledger does not balance is void. */
import { now, sleep } from './clock.ts'

export interface Balance {
  readonly sent: number
  readonly accepted: number
  /** Answered with something other than 2xx, or not at all. */
  readonly refused: number
  /** Accepted, and never seen by the vendor. */
  readonly lost: number
  readonly doubled: number
  /** Sent again under the same key after an unclear answer, and dropped by the vendor. */
  readonly repeated: number
  /** Seen after a later message of the same conversation. */
  readonly outOfOrder: number
}

interface Line {
  readonly thread: string
  readonly seq: number
  readonly due: number
  accepted: boolean
  arrived: boolean
}

export class Ledger {
  readonly #lines = new Map<string, Line>()
  readonly #lastSeen = new Map<string, number>()
  #open = 0
  #accepted = 0
  #refused = 0
  #doubled = 0
  #repeated = 0
  #outOfOrder = 0
  /** From the instant a message was due to the vendor's first sight of it. */
  readonly travelMs: number[] = []
  /** When the vendor saw the last new message. */
  lastAt = 0

  send(id: string, thread: string, seq: number, due: number): void {
    this.#lines.set(id, { thread, seq, due, accepted: false, arrived: false })
  }

  answer(id: string, isAccepted: boolean): void {
    const line = this.#lines.get(id)!
    if (!isAccepted) {
      this.#refused++
      return
    }
    line.accepted = true
    this.#accepted++
    if (!line.arrived) this.#open++
  }

  /** Of a message that this ledger does not know nothing is noted: the hub says words of its own, too. */
  arrive(id: string): void {
    const line = this.#lines.get(id)
    if (!line) return
    if (line.arrived) {
      this.#doubled++
      return
    }
    line.arrived = true
    if (line.accepted) this.#open--
    this.lastAt = now()
    this.travelMs.push(this.lastAt - line.due)
    const last = this.#lastSeen.get(line.thread) ?? 0
    if (line.seq <= last) this.#outOfOrder++
    else this.#lastSeen.set(line.thread, line.seq)
  }

  repeat(): void {
    this.#repeated++
  }

  /** Resolves when the vendor has all that was accepted, or when nothing new has come for `quietMs`. */
  async settle(quietMs = 15_000): Promise<Balance> {
    let before = this.#open
    let since = now()
    while (this.#open > 0) {
      if (this.#open !== before) {
        before = this.#open
        since = now()
      }
      if (now() - since > quietMs) break
      await sleep(2)
    }
    return this.balance()
  }

  balance(): Balance {
    return {
      sent: this.#lines.size,
      accepted: this.#accepted,
      refused: this.#refused,
      lost: this.#open,
      doubled: this.#doubled,
      repeated: this.#repeated,
      outOfOrder: this.#outOfOrder,
    }
  }
}

export const isBalanced = ({ sent, accepted, refused, lost, doubled, repeated, outOfOrder }: Balance): boolean =>
  sent === accepted && refused + lost + doubled + repeated + outOfOrder === 0

export const total = (balances: readonly Balance[]): Balance => ({
  sent: sum(balances, 'sent'),
  accepted: sum(balances, 'accepted'),
  refused: sum(balances, 'refused'),
  lost: sum(balances, 'lost'),
  doubled: sum(balances, 'doubled'),
  repeated: sum(balances, 'repeated'),
  outOfOrder: sum(balances, 'outOfOrder'),
})

const sum = (balances: readonly Balance[], name: keyof Balance): number =>
  balances.reduce((before, balance) => before + balance[name], 0)
