/** The shared promises of a desk and of a vendor, over the twin. */
import { deskConformance } from '../../test/conformance/desk.ts'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { vendorConformance } from '../../test/conformance/vendor.ts'
import { aStage, grace, token } from './stage.ts'

deskConformance('freshchat', async () => {
  const stage = await aStage()
  return {
    desk: stage.desk,
    handoff: aHandoff,
    events: () => stage.host.received,
    seenByVendor: async (ticket) =>
      stage.seen(ticket).map(({ by, text, visibility = 'internal' }) => ({ by, text, visibility })),
    actAsAgent: {
      accept: (ticket) => stage.act('take', ticket, grace),
      say: (ticket, text) => stage.act('reply', ticket, text),
      note: (ticket, text) => stage.act('note', ticket, text),
      resolve: (ticket) => stage.act('resolve', ticket),
      return: (ticket) => stage.act('return', ticket),
    },
    close: stage.close,
  }
})

vendorConformance('freshchat', async () => {
  const stage = await aStage()
  const ticket = await stage.desk.offer(aHandoff(), 'the handoff')
  await stage.act('take', ticket, grace)
  let said = 0
  return {
    twin: stage.twin,
    write: (key) =>
      stage.desk.send(
        ticket,
        { by: 'customer', visibility: 'public', message: { parts: [{ kind: 'text', text: `<${key}>` }] }, at: 1 },
        key,
      ),
    timesSeen: async (key) => stage.seen(ticket).filter(({ text }) => text.includes(`<${key}>`)).length,
    find: (key) => stage.desk.find!(key, ticket),
    cause: () => stage.act('reply', ticket, `answer ${++said}`),
    catchUp: () => stage.connection.poll!.run(),
    events: () => stage.host.received,
    secrets: [token],
    close: stage.close,
  }
})
