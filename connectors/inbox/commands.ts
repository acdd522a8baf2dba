/** What an agent does with a ticket. Each is safe to repeat, and says in plain words why it cannot be done. */
import type { Mode } from '#hub/connector.ts'
import type { Agent } from './agents.ts'
import { accept, decline, end, takeOver } from './holding.ts'
import type { Inbox, Tx } from './inbox.ts'
import { flush } from './reports.ts'
import type { Router } from './router.ts'
import { lockTicket, type Ticket } from './tickets.ts'
import { pass } from './transfer.ts'
import { saw, typing, type Written, write } from './writing.ts'

export interface Ending {
  /** What was done, for the hub, the bot and the reports; without it, the agent's last public words. */
  readonly digest?: string
  readonly topic?: string
  /** The intent the bot is to go on with. */
  readonly intent?: string
}

/** Another desk of the mapping: the ticket ends here, and the hub asks there. */
export interface ToDesk {
  readonly desk: string
  readonly mode: Mode
}

export interface Transfer {
  readonly to: { readonly agent: string } | { readonly skills: readonly string[] } | ToDesk
  /** For whoever gets it. */
  readonly note?: string
}

export interface Commands {
  accept(agent: Agent, ticket: string): Promise<void>
  decline(agent: Agent, ticket: string): Promise<void>
  /** From a colleague; both read of it. Of what nobody has, it is accepting. */
  takeOver(agent: Agent, ticket: string): Promise<void>
  /** `id` is the page's own: the same id is written once. `files` were attached before; with them the text may be empty. */
  say(agent: Agent, ticket: string, id: string, text: string, files?: readonly string[]): Promise<Written>
  note(agent: Agent, ticket: string, id: string, text: string, files?: readonly string[]): Promise<Written>
  transfer(agent: Agent, ticket: string, transfer: Transfer): Promise<void>
  end(agent: Agent, ticket: string, outcome: 'resolved' | 'returned', ending: Ending): Promise<void>
  /** Passed to the customer only while this agent has the ticket; else quietly dropped. */
  typing(agent: Pick<Agent, 'id'>, ticket: string, on: boolean): Promise<void>
  /** They have before them what the customer said up to this moment; passed on as typing is. */
  saw(agent: Pick<Agent, 'id'>, ticket: string, until: number): Promise<void>
}

export function createCommands(inbox: Inbox, router: Router): Commands {
  /** Runs a change under the ticket's lock, then tells pages, hub and router. */
  const change = async (ticket: string, decide: (tx: Tx, ticket: Ticket) => Promise<void>) => {
    await inbox.db.transaction().execute(async (tx) => decide(tx, await lockTicket(tx, inbox, ticket)))
    inbox.changed(ticket)
    await flush(inbox, [ticket])
    router.nudge()
  }
  return {
    accept: (agent, id) => change(id, (tx, ticket) => accept(tx, inbox, agent, ticket)),
    takeOver: (agent, id) => change(id, (tx, ticket) => takeOver(tx, inbox, agent, ticket)),
    decline: (agent, id) => change(id, (tx, ticket) => decline(tx, inbox, agent, ticket)),
    transfer: (agent, id, transfer) => change(id, (tx, ticket) => pass(tx, inbox, agent, ticket, transfer)),
    end: (agent, id, outcome, ending) => change(id, (tx, ticket) => end(tx, inbox, agent, ticket, outcome, ending)),
    say: (agent, ticket, id, text, files) => write(inbox, agent, ticket, id, text, 'public', files),
    note: (agent, ticket, id, text, files) => write(inbox, agent, ticket, id, text, 'internal', files),
    typing: (agent, ticket, on) => typing(inbox, agent, ticket, on),
    saw: (agent, ticket, until) => saw(inbox, agent, ticket, until),
  }
}
