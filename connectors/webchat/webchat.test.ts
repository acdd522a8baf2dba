import { expect, it } from 'vitest'
import { text } from '#hub/message.ts'
import { channelConformance } from '../../test/conformance/channel.ts'
import { aSite, pace, useSites } from './site.ts'
import { greet } from './visitor.ts'

useSites()

channelConformance(
  'webchat',
  async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const entered = new Set<string>()
    return {
      // The hub's record is the mailbox: what `send` took is entered once by its key, as the hub enters a done effect.
      channel: {
        ...site.channel,
        async send(visitor, message, key) {
          const sent = await site.channel.send(visitor, message, key)
          if (!entered.has(key)) site.host.record.putEntry(visitor, { id: key, ...message })
          entered.add(key)
          return sent
        },
      },
      visitor: thread,
      stranger: 'v-nobody',
      async seenByVendor() {
        const screen = await greet(site.base, site.origin, token)
        const wanted = (await site.host.record.read(thread, 0)).length
        while (screen.entries.length < wanted) await screen.until(() => screen.entries.length >= wanted)
        await screen.leave()
        return screen.entries.map((entry) => ({ key: entry.id, text: shown(entry.message.parts) }))
      },
    }
  },
  { skip: { lostAnswer: 'the mailbox is the hub’s own record; there is no answer of a vendor to lose' } },
)

// biome-ignore lint/suspicious/noExplicitAny: as it came over the wire
const shown = (parts: any[]): string =>
  parts
    .map((part) => {
      if (part.kind === 'choices') return part.choices.map(({ label }: { label: string }) => label).join(' ')
      if (part.kind === 'articles') return part.articles.map(({ title }: { title: string }) => title).join(' ')
      return part.text ?? part.name ?? part.question
    })
    .join(' ')

it('survives a restart: the token, the thread and the read mark are on disk', async () => {
  const first = await aSite()
  const { token, thread } = await first.begin()
  await first.call('/read', { method: 'POST', token, body: { seq: 3 } })
  const second = await aSite({}, pace, first.host)
  second.host.record.putEntry(thread, { by: 'bot', message: text('Hello') })
  const screen = await greet(second.base, second.origin, token)
  expect(screen.frames[0]).toMatchObject({ t: 'state', read: 3 })
  await screen.until(() => screen.entries.length === 1)
})
