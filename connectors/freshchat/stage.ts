/** The connector and its twin for tests, with an agent to play. */
import type { HubEvent, Ref } from '#hub/connector.ts'
import { aVendorStage } from '../../test/vendor-stage.ts'
import connector from './index.ts'
import type { FreshchatTwin } from './twin.ts'

export const token = 'token-example-000000001'
export const grace = 'Grace Agent'

export async function aStage(settings: Readonly<Record<string, unknown>> = {}) {
  const given = { account: 'acme', token, publicKey: 'the twin has one', channel: 'Support', ...settings }
  const stage = await aVendorStage<FreshchatTwin>(connector, given, { deadlineMs: 1_500 })
  stage.twin.account.habits.total = 100_000
  const act = async (what: string, ticket: Ref, input?: string) => {
    await stage.twin.act({ do: what, case: ticket, input })
    await stage.twin.delivered()
  }
  const told = (ticket: Ref) =>
    stage.host.received.filter(
      (event): event is Extract<HubEvent, { ticket: Ref }> => 'ticket' in event && event.ticket === ticket,
    )
  const seen = (ticket: Ref) => stage.twin.view().cases.find(({ id }) => id === ticket)?.lines ?? []
  return { ...stage, desk: stage.connection.desk!, act, told, seen }
}
export type Stage = Awaited<ReturnType<typeof aStage>>
