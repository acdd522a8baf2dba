/** The ledger on paper: a table for people, one JSON object a line for programs. */

import { table } from '../table.ts'
import { type Account, isBalanced, type Total } from './ledger.ts'

export function showJson(accounts: readonly Account[], total: Total): string[] {
  return [...accounts.map((account) => JSON.stringify(account)), JSON.stringify({ total })]
}

export function showTable(accounts: readonly Account[], total: Total): string[] {
  const rows = accounts.map((account) =>
    rowOf(account.id, account, account.ended ? 'yes' : 'NO', yes(account.contextComplete)),
  )
  const sum = rowOf(
    'total',
    total,
    `${total.ended}/${total.conversations}`,
    `${total.contextComplete}/${total.conversations}`,
  )
  const problems = accounts.flatMap(({ id, problem }) => (problem ? [`${id}: ${problem}`] : []))
  return [
    ...table([head, ...rows, sum]),
    ...problems,
    isBalanced(total) ? 'The ledger balances.' : 'The ledger does NOT balance.',
  ]
}

const head = [
  'CONVERSATION',
  'TURNS',
  'DELIVERED',
  'LOST',
  'TWICE',
  'DISORDER',
  'FOREIGN',
  'BOT',
  'NOTES',
  'CONTEXT',
  'ENDED',
  'SECONDS',
]

type Counts = Pick<
  Total,
  | 'turns'
  | 'delivered'
  | 'lost'
  | 'duplicated'
  | 'outOfOrder'
  | 'foreign'
  | 'botWhilePerson'
  | 'notesSeenByCustomer'
  | 'seconds'
>

function rowOf(name: string, counts: Counts, ended: string, context: string): string[] {
  const { turns, delivered, lost, duplicated, outOfOrder, foreign, botWhilePerson, notesSeenByCustomer, seconds } =
    counts
  const numbers = [turns, delivered, lost, duplicated, outOfOrder, foreign, botWhilePerson, notesSeenByCustomer]
  return [name, ...numbers.map(String), context, ended, seconds.toFixed(2)]
}

const yes = (is: boolean): string => (is ? 'yes' : 'NO')
