import { describe, expect, it } from 'vitest'
import { HubError } from '#hub/connector.ts'
import { text } from '#hub/message.ts'
import { aSite, pace, useSites } from './site.ts'
import { greet, openSocket } from './visitor.ts'

useSites()

describe('a visitor’s socket', () => {
  it('greets with who is in control, then gives the history in order', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    for (const body of ['one', 'two', 'three']) site.host.record.putEntry(thread, { by: 'bot', message: text(body) })
    site.host.record.putState(thread, { control: 'agent', agent: 'Ana', language: 'de' })
    const screen = await greet(site.base, site.origin, token)
    await screen.until(() => screen.entries.length === 3)
    expect(screen.frames[0]).toMatchObject({ t: 'state', control: 'agent', agent: 'Ana', language: 'de', seq: 3 })
    expect(screen.entries.map((entry) => entry.message.parts[0].text)).toEqual(['one', 'two', 'three'])
  })

  it('resumes after its cursor: nothing twice, nothing missed', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    for (let n = 1; n <= 120; n++) site.host.record.putEntry(thread, { by: 'bot', message: text(`${n}`) })
    const screen = await greet(site.base, site.origin, token, 7)
    await screen.until(() => screen.entries.length >= 113)
    site.host.record.putEntry(thread, { by: 'agent', message: text('121') })
    await screen.until(() => screen.entries.length >= 114)
    expect(screen.entries.map((entry) => entry.seq)).toEqual(Array.from({ length: 114 }, (_, n) => n + 8))
  })

  it('says what each page of entries continues, and tells everything anew when asked', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    for (let n = 1; n <= 60; n++) site.host.record.putEntry(thread, { by: 'bot', message: text(`${n}`) })
    const handoff = { stage: 'opened', position: 2 } as const
    site.host.record.putState(thread, { control: 'waiting', handoff })
    const screen = await greet(site.base, site.origin, token, 7)
    await screen.until(() => screen.entries.length === 53)
    const pages = () => screen.frames.filter(({ t }) => t === 'entries').map(({ after, seq }) => [after, seq])
    expect(pages()).toEqual([
      [7, 57],
      [57, 60],
    ])
    expect(screen.frames[0]).toMatchObject({ t: 'state', handoff })
    site.host.record.putState(thread, { handoff: { ...handoff, position: 1 } })
    await screen.until(({ handoff }) => handoff?.position === 1)
    screen.frames.splice(0)
    screen.send({ t: 'sync', after: 58 })
    await screen.until(() => screen.entries.length === 2)
    expect(screen.frames.map(({ t }) => t)).toEqual(['state', 'entries'])
    expect(pages()).toEqual([[58, 60]])
    site.host.record.putEntry(thread, { by: 'bot', message: text('61') })
    await screen.until(() => screen.entries.length === 3)
    expect(pages()).toEqual([
      [58, 60],
      [60, 61],
    ])
  })

  it('acknowledges only when the hub has it on disk', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const disk = Promise.withResolvers<void>()
    site.host.onReceive = () => disk.promise
    const screen = await greet(site.base, site.origin, token)
    screen.say('client-01', 'Where is my order?')
    // A ping behind it is answered in turn, so an early acknowledgement would be here before the pong.
    screen.send({ t: 'ping' })
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(screen.frames.filter((frame) => frame.t === 'ack')).toEqual([])
    disk.resolve()
    await screen.until((frame) => frame.t === 'ack' && frame.id === 'client-01')
    expect(site.host.received).toEqual([
      expect.objectContaining({
        type: 'customer-message',
        thread,
        externalId: `${thread}:client-01`,
        message: text('Where is my order?'),
      }),
    ])
  })

  it('says so, with the message’s id, when the hub could not take it', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    site.host.onReceive = async () => {
      throw new HubError('busy', 'The database is away', { retryAfterMs: 2000 })
    }
    const screen = await greet(site.base, site.origin, token)
    screen.say('client-01', 'Hello')
    const error = await screen.until((frame) => frame.t === 'error')
    expect(error).toMatchObject({ id: 'client-01', code: 'busy', retryAfterMs: 2000 })
    expect(screen.frames.some((frame) => frame.t === 'ack')).toBe(false)
  })

  it('tells a visitor nothing of an unforeseen failure but that there is one', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    site.host.onReceive = async () => {
      throw new Error('relation "secret_table" does not exist')
    }
    const screen = await greet(site.base, site.origin, token)
    screen.say('client-01', 'Hello')
    expect((await screen.until((frame) => frame.t === 'error')).message).toBe('Internal error')
  })

  it('acknowledges a repeated client id again, and the hub has it once', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    screen.say('client-01', 'Hello')
    screen.say('client-01', 'Hello')
    await screen.until(() => screen.frames.filter((frame) => frame.t === 'ack').length === 2)
    expect(site.host.received).toHaveLength(1)
  })

  it('gives what a slow disk delays to the hub in the order it was said', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const delays = [60, 30, 0]
    site.host.onReceive = () => new Promise((resolve) => setTimeout(resolve, delays.shift()))
    const screen = await greet(site.base, site.origin, token)
    for (const n of [1, 2, 3]) screen.say(`client-0${n}`, `${n}`)
    await screen.until((frame) => frame.id === 'client-03')
    expect(site.host.received.map((event) => event.externalId.slice(-1))).toEqual(['1', '2', '3'])
  })

  it('shows everything in every tab, with the client id at the visitor’s own words', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const tabs = [await greet(site.base, site.origin, token), await greet(site.base, site.origin, token)]
    const externalId = `${thread}:client-01`
    site.host.record.putEntry(thread, { by: 'customer', externalId, message: text('Hello') })
    for (const tab of tabs) {
      await tab.until(() => tab.entries.length === 1)
      expect(tab.entries[0]).toMatchObject({ by: 'customer', client: 'client-01' })
    }
    tabs[0]!.send({ t: 'read', seq: 1 })
    await tabs[1]!.until((frame) => frame.t === 'read' && frame.seq === 1)
    expect(await site.channel.readUpTo!(thread)).toBe(1)
    expect(site.host.read).toEqual([thread])
  })

  it('tells every tab how far an agent has seen the visitor’s words, also one that comes later', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const tab = await greet(site.base, site.origin, token)
    expect(tab.frames[0]).toMatchObject({ t: 'state', seen: 0 })
    await site.channel.seen!(thread, 2000)
    // Not backwards, whatever order two screens of an agent report in.
    await site.channel.seen!(thread, 1000)
    await site.channel.seen!(thread, 3000)
    await tab.until((frame) => frame.t === 'seen' && frame.at === 3000)
    expect(tab.frames.filter(({ t }) => t === 'seen').map(({ at }) => at)).toEqual([2000, 3000])
    const later = await greet(site.base, site.origin, token)
    expect(later.frames[0]).toMatchObject({ t: 'state', seen: 3000 })
  })

  it('sends the state again when control changes, and typing while somebody speaks', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    site.host.record.putState(thread, { control: 'waiting' })
    await screen.until((frame) => frame.t === 'state' && frame.control === 'waiting')
    await site.channel.typing!(thread, true)
    screen.send({ t: 'ping' })
    await screen.until((frame) => frame.t === 'pong')
    site.host.record.putState(thread, { control: 'agent', agent: 'Ana' })
    await screen.until((frame) => frame.t === 'state' && frame.control === 'agent')
    await site.channel.typing!(thread, true)
    expect(await screen.until((frame) => frame.t === 'typing')).toEqual({
      t: 'typing',
      on: true,
      by: 'agent',
      expiresIn: 6,
    })
    expect(screen.frames.filter((frame) => frame.t === 'typing')).toHaveLength(1)
  })

  it('says what the page has told meanwhile, also on a screen that was open before', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    await site.call('/details', { method: 'POST', token, body: { name: 'Lena', language: 'de' } })
    await expect
      .poll(() => {
        screen.say(`client-${Math.random().toString(36).slice(2, 10)}`, 'Hallo')
        return site.host.received.at(-1)
      })
      .toMatchObject({ customer: { name: 'Lena' }, message: { language: 'de' } })
  })

  it('passes on that the visitor types, and that they left', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    screen.send({ t: 'typing', on: true })
    screen.send({ t: 'leave', id: 'leave-001' })
    await screen.until((frame) => frame.t === 'ack')
    expect(site.host.typing).toEqual([{ by: 'customer', ref: thread, on: true }])
    expect(site.host.received).toEqual([expect.objectContaining({ type: 'customer-left', thread })])
  })

  it('carries only the listed fields of the record', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const article = { ref: 'CANARY', title: 'Returns', score: 0.4, url: 'https://help.example/r' }
    const entry = { by: 'bot' as const, message: { parts: [{ kind: 'articles' as const, articles: [article] }] } }
    site.host.record.putEntry(thread, { ...entry, note: 'CANARY' } as never)
    const screen = await greet(site.base, site.origin, token)
    await screen.until(() => screen.entries.length === 1)
    expect(JSON.stringify(screen.entries)).not.toContain('CANARY')
  })

  it.each([
    ['another site', 'https://evil.example'],
    ['no origin', undefined],
    ['a sandboxed frame', 'null'],
    ['the right name as a subdomain of a wrong one', 'http://127.0.0.1.evil.example'],
  ])('refuses the handshake of %s', async (_what, origin) => {
    const site = await aSite({ origins: ['https://shop.example'] })
    await expect(openSocket(site.base, origin)).rejects.toThrow('403')
  })

  it('permits a listed site, and with "*" any', async () => {
    const listed = await aSite({ origins: ['https://shop.example'] })
    await (await openSocket(listed.base, 'https://shop.example')).leave()
    const any = await aSite({ origins: ['*'] })
    await (await openSocket(any.base, 'https://whoever.example')).leave()
  })

  it('asks the browser to begin again when the token is wrong or has expired', async () => {
    const site = await aSite({ sessionDays: 2 })
    const { token } = await site.begin()
    const wrong = await openSocket(site.base, site.origin)
    wrong.send({ t: 'hello', token: 'A'.repeat(43), after: 0 })
    expect(await wrong.closed).toBe(4401)
    site.host.advance(2 * 86_400_000 + 1)
    const late = await openSocket(site.base, site.origin)
    late.send({ t: 'hello', token, after: 0 })
    expect(await late.closed).toBe(4401)
    expect(late.frames[0]).toMatchObject({ t: 'error', code: 'refused' })
  })

  it('keeps a session that is used alive', async () => {
    const site = await aSite({ sessionDays: 2 })
    const { token } = await site.begin()
    for (let day = 0; day < 4; day++) {
      site.host.advance(86_400_000)
      expect((await site.call('/messages', { token })).status).toBe(200)
    }
  })

  it('shows a token only its own thread', async () => {
    const site = await aSite()
    const mine = await site.begin()
    const other = await site.begin()
    site.host.record.putEntry(other.thread, { by: 'agent', message: text('not for you') })
    const screen = await greet(site.base, site.origin, mine.token)
    site.host.record.putEntry(mine.thread, { by: 'agent', message: text('for you') })
    await screen.until(() => screen.entries.length > 0)
    expect(screen.entries.map((entry) => entry.message.parts[0].text)).toEqual(['for you'])
    const { entries } = (await (await site.call('/messages', { token: mine.token })).json()) as { entries: unknown[] }
    expect(entries).toHaveLength(1)
  })

  it('closes on a visitor who does not say hello', async () => {
    const site = await aSite({}, { ...pace, helloMs: 50 })
    const screen = await openSocket(site.base, site.origin)
    expect(await screen.closed).toBe(1008)
    expect(screen.frames[0].message).toContain('hello')
  })

  it('hangs up on a browser that answers no ping', async () => {
    const site = await aSite({}, { ...pace, beatMs: 50 })
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    screen.socket.pause()
    const until = Date.now() + 5000
    while (site.app.websocketServer.clients.size > 0 && Date.now() < until) await new Promise((r) => setTimeout(r, 10))
    expect(site.app.websocketServer.clients.size).toBe(0)
    screen.socket.terminate()
  })

  it('looks into the record at each beat, in case a wake-up was lost', async () => {
    const site = await aSite({}, { ...pace, beatMs: 50 })
    const { token, thread } = await site.begin()
    site.host.record.watch = () => () => {}
    const screen = await greet(site.base, site.origin, token)
    site.host.record.putEntry(thread, { by: 'agent', message: text('Hello') })
    await screen.until(() => screen.entries.length === 1)
  })

  it('cuts a reader that lets a megabyte pile up; it comes back and misses nothing', async () => {
    const site = await aSite()
    const { token, thread } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    screen.socket.pause()
    const long = 'x'.repeat(500_000)
    for (let n = 0; n < 24; n++) site.host.record.putEntry(thread, { by: 'agent', message: text(long) })
    const until = Date.now() + 10_000
    while (site.app.websocketServer.clients.size > 0 && Date.now() < until) {
      await site.channel.typing!(thread, true)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(site.app.websocketServer.clients.size).toBe(0)
    screen.socket.terminate()
    const again = await greet(site.base, site.origin, token)
    await again.until(() => again.entries.length === 24)
  })

  it.each([
    ['{', 'frame: found no JSON'],
    ['[]', 'body: found a list'],
    ['{"t":"shout"}', 't: found a string of 5 characters; right is one of hello'],
    ['{"t":"say","id":"client-01"}', 'message: found nothing said'],
    ['{"t":"say","id":"x","text":"a"}', 'id: found a string of 1 characters'],
    ['{"t":"say","id":"client-01","text":"   "}', 'text: found an empty text'],
    ['{"t":"say","id":"client-01","text":7}', 'text: found the number 7'],
    [JSON.stringify({ t: 'say', id: 'client-01', text: 'x'.repeat(4001) }), 'text: found 4001 characters'],
    ['{"t":"say","id":"client-01","file":"../etc"}', 'file: found a string of 6 characters'],
    ['{"t":"typing","on":"yes"}', 'on: found a string of 3 characters; right is true or false'],
    ['{"t":"read","seq":-1}', 'seq: found the number -1'],
    ['{"t":"hello","token":"abc"}', 'token: found a string of 3 characters'],
  ])('answers the bad frame %# with what would be right, and stays', async (frame, sentence) => {
    const site = await aSite()
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    screen.send(frame)
    const error = await screen.until((other) => other.t === 'error')
    expect(error.message).toContain(sentence)
    screen.send({ t: 'ping' })
    await screen.until((other) => other.t === 'pong')
    expect(site.host.received).toEqual([])
  })

  it('gives up on a client that sends ten bad frames in a row, not on one that recovers', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    for (let n = 0; n < 9; n++) screen.send('{')
    screen.send({ t: 'ping' })
    for (let n = 0; n < 9; n++) screen.send('{')
    screen.send({ t: 'ping' })
    await screen.until(() => screen.frames.filter((frame) => frame.t === 'pong').length === 2)
    for (let n = 0; n < 10; n++) screen.send('{')
    expect(await screen.closed).toBe(1008)
  })

  it('takes out what the database cannot store, and keeps line breaks and emoji', async () => {
    const site = await aSite()
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    screen.say('client-01', 'a\u0000b\ud800 😀\nnext')
    await screen.until((frame) => frame.t === 'ack')
    expect(site.host.received[0]).toMatchObject({ message: text('ab\ufffd 😀\nnext') })
  })

  it('asks to slow down, with the time to wait, after too many messages', async () => {
    const site = await aSite({ messagesPerMinute: 3 })
    const { token } = await site.begin()
    const screen = await greet(site.base, site.origin, token)
    for (let n = 1; n <= 4; n++) screen.say(`client-0${n}`, `${n}`)
    const error = await screen.until((frame) => frame.t === 'error')
    expect(error).toMatchObject({ id: 'client-04', code: 'busy' })
    expect(error.retryAfterMs).toBeGreaterThan(0)
    expect(error.retryAfterMs).toBeLessThanOrEqual(20_000)
    expect(site.host.received).toHaveLength(3)
    site.host.advance(error.retryAfterMs)
    screen.say('client-04', '4')
    await screen.until((frame) => frame.t === 'ack' && frame.id === 'client-04')
  })
})
