/** Dead letters in words. */
import type { Group, Letter } from '../../../../src/http/api/dead-letters.ts'
import { formatCount } from '../../format.ts'

const things: Readonly<Record<string, string>> = {
  say: 'a message to the customer',
  pass: 'a message to the agent',
  turn: 'a question to the bot',
  open: 'a handoff',
  close: 'the end of a ticket',
  brief: 'a summary for the agent',
  inform: 'news for the bot',
  invite: 'a survey',
  identify: 'a look-up of the customer',
  log: 'a digest',
}

const verbs: Readonly<Record<string, string>> = {
  invalid: 'rejected',
  refused: 'did not permit',
  unknown: 'does not know the place of',
  conflict: 'did not allow',
  busy: 'was too busy for',
  unreachable: 'did not answer to',
}

/** "people rejected a message to the agent: 422" */
export function headOf({
  connection,
  kind,
  code,
  status,
}: Pick<Group, 'connection' | 'kind' | 'code' | 'status'>): string {
  const verb = (code && verbs[code]) ?? 'failed with'
  return `${connection} ${verb} ${things[kind] ?? kind}${status ? `: ${status}` : ''}`
}

export const sizeOf = ({ letters, customers }: Pick<Group, 'letters' | 'customers'>): string =>
  `${formatCount(letters, 'letter')}, ${formatCount(customers, 'customer')}`

export const nameOf = ({ conversation, lane, n }: Letter) => ({ conversation, lane, n })

/** The periods that a list can be cut down to. */
export const ages = [
  { value: '', label: 'Any age' },
  { value: '3600000', label: 'Last hour' },
  { value: '86400000', label: 'Last day' },
  { value: '604800000', label: 'Last 7 days' },
] as const
