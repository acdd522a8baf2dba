/** The shared promises of every role that Freshdesk plays, over its twin. */
import type { Misbehaviour } from '#hub/twin.ts'
import { crmConformance } from '../../test/conformance/crm.ts'
import { deskConformance } from '../../test/conformance/desk.ts'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { knowledgeConformance } from '../../test/conformance/knowledge.ts'
import { vendorConformance } from '../../test/conformance/vendor.ts'
import { apiKey, aStage, grace, secret } from './stage.ts'

deskConformance('freshdesk', async () => {
  const stage = await aStage()
  return {
    desk: stage.desk,
    handoff: aHandoff,
    events: () => stage.host.received,
    seenByVendor: async (ticket) =>
      stage.seen(ticket).map(({ by, text, visibility = 'internal' }) => ({ by, text, visibility })),
    actAsAgent: {
      accept: (ticket) => stage.act('assign', ticket, grace),
      say: (ticket, text) => stage.act('reply', ticket, text),
      note: (ticket, text) => stage.act('note', ticket, text),
      resolve: (ticket) => stage.act('resolve', ticket),
      return: (ticket) => stage.act('return', ticket),
    },
    close: stage.close,
  }
})

vendorConformance('freshdesk', async () => {
  const stage = await aStage()
  const ticket = await stage.desk.offer(aHandoff(), 'the handoff')
  // An agent is there already: what follows is one event each.
  await stage.act('reply', ticket, 'I am here')
  let said = 0
  // Troubles of webhooks, and of what writes: our own words come back as a webhook, and what it makes us read is no write.
  const only = /^POST|^[a-z_]+$/
  const twin = { ...stage.twin, misbehave: (how?: Misbehaviour) => stage.twin.misbehave(how && { only, ...how }) }
  return {
    twin,
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
    secrets: [apiKey, secret],
    close: stage.close,
  }
})

knowledgeConformance('freshdesk', async () => {
  const stage = await aStage({ draftFolder: 501000080221 })
  return {
    knowledge: stage.connection.knowledge!,
    question: 'How long does the refund take?',
    best: 'How long does a refund take?',
    nonsense: 'zyxwv qponm',
    drafts: async () => stage.twin.account.articles.filter(({ status }) => status === 1).length,
    close: stage.close,
  }
})

crmConformance('freshdesk', async () => {
  const stage = await aStage()
  const ticket = await stage.desk.offer(aHandoff({ conversation: 77, number: 1 }), 'the handoff to log')
  return {
    crm: stage.connection.crm!,
    onFile: { id: 'customer-7731', email: 'ada@example.org', phone: '+4930123456', name: 'Ada Example' },
    logged: async (handoff) => stage.seen(ticket).filter(({ text }) => text.includes(`Handoff ${handoff}:`)).length,
    close: stage.close,
  }
})
