/** What a dead letter means: for the customer, for whoever looks at it, and whether it may be sent again. Pure. */
import type { Connection } from '../connector.ts'
import type { Control } from '../conversation.ts'
import type { EffectKind, Role } from '../effects.ts'
import type { ErrorCode } from '../errors.ts'

/** What of a letter and its conversation decides about it. */
export interface LetterFacts {
  readonly kind: EffectKind
  readonly role: Role
  readonly connection: string
  readonly code: ErrorCode | string | undefined
  /** Of words: who said them, and the speaker's name where there is one. */
  readonly by?: 'customer' | 'bot' | 'agent' | 'hub'
  readonly speaker?: string
  readonly customer: string
  readonly saidAt: number
  readonly fence?: number
  /** The handoff whose desk it was for. */
  readonly handoff?: number
  readonly control: Control
  readonly epoch: number
  readonly agent?: string
  /** The conversation's handoff that is not over. */
  readonly openHandoff?: number
  readonly doubtful: boolean
}

export const staleAfterMs = 30 * 60_000

export interface Staleness {
  readonly isStale: boolean
  readonly why?: string
}

/** Words that come too late help nobody: read as new, they confuse. */
export function stalenessOf(facts: LetterFacts, now: number): Staleness {
  const moved = whyMoved(facts)
  if (moved) return { isStale: true, why: moved }
  return now - facts.saidAt > staleAfterMs ? { isStale: true, why: 'It is older than 30 minutes.' } : { isStale: false }
}

function whyMoved({ kind, fence, epoch, handoff, openHandoff, by, control }: LetterFacts): string | undefined {
  if (fence !== undefined && fence !== epoch)
    return 'Control has changed hands since; it would be stopped instead of sent.'
  if (kind === 'pass' && handoff !== openHandoff) return 'The handoff it belongs to is over.'
  if (kind === 'say' && by === 'agent' && control !== 'agent') return 'No agent holds the conversation any more.'
  return undefined
}

export interface Safety {
  readonly is: 'safe' | 'may appear twice' | 'cannot be replayed'
  readonly why: string
}

export function safetyOf({ kind, role, doubtful }: LetterFacts, connection: Connection | undefined): Safety {
  if (kind !== 'say' && kind !== 'pass')
    return { is: 'cannot be replayed', why: 'The conversation has long gone on without it.' }
  const end = role === 'channel' ? connection?.channel : connection?.desk
  if (!end) return { is: 'cannot be replayed', why: 'The configuration has no such connection any more.' }
  if (end.dedupes) return { is: 'safe', why: 'The other side drops a second copy.' }
  if (end.find) return { is: 'safe', why: 'The other side is asked first whether it has it.' }
  if (!doubtful) return { is: 'safe', why: 'The other side surely did nothing with it.' }
  return {
    is: 'may appear twice',
    why: 'An earlier try may have gone through, and the other side can neither drop a second copy nor be asked.',
  }
}

/** One sentence on what did not happen, one on how the conversation stands. */
export function meaningOf(facts: LetterFacts): string {
  const said = failed(facts)
  return `${said[0]!.toUpperCase()}${said.slice(1)} ${standing(facts)}`
}

function failed({ kind, by, speaker, customer, connection }: LetterFacts): string {
  switch (kind) {
    case 'pass':
      return by === 'customer'
        ? `${customer}’s message did not reach the agent at ${connection}. For ${customer} it looks sent.`
        : `A note of the hub did not reach the agent at ${connection}.`
    case 'say':
      if (by === 'agent') return `The answer of ${speaker ?? 'the agent'} did not reach ${customer}.`
      return by === 'bot' ? `The bot’s answer did not reach ${customer}.` : `A notice did not reach ${customer}.`
    case 'turn':
      return `The bot did not answer ${customer}; the criteria decided what followed.`
    case 'open':
      return `${connection} did not get the handoff; the next desk of the mapping was asked.`
    case 'close':
      return `The ticket at ${connection} was not told that it is over, and may still be open there.`
    case 'brief':
      return `The agent at ${connection} was not told what was said since the ticket was last in use.`
    case 'inform':
      return `The bot was not told of the handoff, and may greet ${customer} again.`
    case 'invite':
      return `${customer} was not asked how it was.`
    case 'identify':
      return `Agents saw no facts of ${customer} from ${connection}.`
    case 'log':
      return `${connection} has no digest of the handoff.`
  }
}

function standing({ control, agent }: LetterFacts): string {
  if (control === 'agent') return `${agent ?? 'An agent'} holds the conversation.`
  if (control === 'waiting') return 'The customer waits for a person.'
  return control === 'closed' ? 'The conversation is closed.' : 'The conversation is with the bot.'
}

export function remedyOf({ kind, code, connection }: Pick<LetterFacts, 'kind' | 'code' | 'connection'>): string {
  if (kind !== 'say' && kind !== 'pass')
    return 'It cannot be sent again. Dismiss it when you have seen to what did not happen.'
  switch (code) {
    case 'invalid':
      return `${connection} refuses it as it is, each time. Mend what it names, in the YAML or at the vendor, then replay.`
    case 'refused':
      return `Renew the credentials of ${connection} or what they may do there, then replay.`
    case 'unknown':
      return `What it was for is no longer there at ${connection}. Tell the agent by note, or dismiss it.`
    case 'conflict':
      return `${connection} does not allow it any more, for example since the ticket has ended. Tell the agent by note, or dismiss it.`
    case 'busy':
    case 'unreachable':
      return `${connection} gave no usable answer for 15 minutes. When it is healthy again, replay.`
    default:
      return 'Look at the hub’s log for the whole error, then replay or dismiss it.'
  }
}

/** Why a letter is left undone. */
export const dismissals = [
  'The customer was helped otherwise',
  'No longer needed',
  'The cause cannot be mended',
  'It arrived all the same',
  'A test',
  'Other',
] as const
export type Dismissal = (typeof dismissals)[number]
