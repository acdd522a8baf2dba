import { text } from '#hub/message.ts'
import { channelConformance } from '../../test/conformance/channel.ts'
import { deskConformance } from '../../test/conformance/desk.ts'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { vendorConformance } from '../../test/conformance/vendor.ts'
import { aMessagingStage, keySecret, wordsOf } from './test/messaging.ts'
import type { Quirks } from './twin/quirks.ts'

channelConformance('zendesk messaging', async () => {
  const stage = await aMessagingStage()
  const { thread } = await stage.customer()
  return {
    channel: stage.connection.channel!,
    limits: stage.connection.limits,
    visitor: thread,
    stranger: '6511aa0bc1d2e3f405162738',
    seenByVendor: async () => stage.shown(thread).map((words) => ({ text: words })),
    loseNextAnswer: () => stage.twin.misbehave({ ways: ['resetsAfter'], times: 1, only: /POST .*messages/ }),
    close: stage.close,
  }
})

vendorConformance('zendesk messaging as a channel', async () => {
  const stage = await aMessagingStage()
  const { thread } = await stage.customer()
  let causes = 0
  return {
    twin: stage.twin,
    write: (key) => stage.connection.channel!.send(thread, { by: 'bot', message: text(`written as ${key}.`) }, key),
    timesSeen: async (key) => stage.shown(thread).filter((words) => words.includes(`written as ${key}.`)).length,
    find: (key) => stage.connection.channel!.find!(key, thread),
    cause: () => stage.act('write', thread, `a question, number ${++causes}`),
    catchUp: () => stage.connection.poll!.run(),
    events: stage.events,
    secrets: [keySecret, 'written as'],
    close: stage.close,
  }
})

const deskHarness = (over: object, quirks: Quirks) => async () => {
  const stage = await aMessagingStage(over, quirks)
  return {
    desk: stage.connection.desk!,
    handoff: aHandoff,
    events: stage.events,
    seenByVendor: async (ticket: string) => {
      const talk = stage.talk(ticket)
      const words = talk.messages.map((message) => ({
        by: String(message.author.type),
        text: wordsOf(message),
        visibility: message.isSilent ? ('internal' as const) : ('public' as const),
      }))
      const notes = talk.cases.flatMap((one) => one.notes)
      return [...words, ...notes.map(({ by, text }) => ({ by, text, visibility: 'internal' as const }))]
    },
    actAsAgent: {
      accept: (ticket: string) => stage.act('take', ticket),
      say: (ticket: string, words: string) => stage.act('reply', ticket, words),
      note: (ticket: string, words: string) => stage.act('note', ticket, words),
      resolve: (ticket: string) => stage.act('close', ticket),
      return: (ticket: string) => stage.act('return', ticket),
    },
    close: stage.close,
  }
}
deskConformance('zendesk messaging, for customers of another channel', deskHarness({}, {}))
deskConformance(
  'zendesk messaging, heard as pending, with subtypes and repeated control',
  deskHarness({ listens: 'pending' }, { noStandby: true, tellsSubtypes: true, repeatsPass: true }),
)

vendorConformance('zendesk messaging, handing conversations over', async () => {
  const stage = await aMessagingStage()
  const handoffs = new Map<string, ReturnType<typeof aHandoff>>()
  const handoffOf = (key: string) => handoffs.get(key) ?? handoffs.set(key, aHandoff()).get(key)!
  return {
    twin: stage.twin,
    async write(key) {
      await stage.connection.desk!.offer(handoffOf(key), key)
      // What it makes Zendesk tell has us ask more: calls that must not meet the trouble of the next test.
      await stage.twin.delivered()
    },
    timesSeen: async (key) =>
      [...stage.app.talks.values()].filter((one) => one.cases[0]?.made.baton_handoff === handoffOf(key).id).length,
    find: (key) => stage.connection.desk!.find!(key),
    events: stage.events,
    secrets: [keySecret, 'lena@example.com', 'charged twice'],
    close: stage.close,
  }
})
