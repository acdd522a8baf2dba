/** What only this desk does: who a ticket is from, what stands in it, its limits, skills, people, files and surveys. */
import Fastify from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { aHandoff } from '../../test/conformance/handoff.ts'
import { fromBody, fromHtml, toHtml } from './html.ts'
import { toArticleHtml } from './knowledge/markdown.ts'
import { createPace } from './support/pace.ts'
import { toTag, toZendeskComment, toZendeskTicket } from './support/translate.ts'
import { feedbackIn, feedbackOf, surveyResponseIn, ticketOf } from './survey/reading.ts'
import { aConnectionTo, apiToken, aStage, notHere, oauth, recorded, type Stage, said, withOauth } from './test/stage.ts'
import { groupId, meId } from './twin/account.ts'

let stage: Stage
afterEach(async () => stage?.close())
const begin = async (...given: Parameters<typeof aStage>): Promise<Stage> => {
  stage = await aStage(...given)
  return stage
}
const desk = () => stage.connection.desk!
const ticketAt = (ref: string) => stage.twin.account.tickets.get(Number(ref))!
const requesterOf = (ref: string) => stage.twin.account.users.get(ticketAt(ref).requester_id)!

describe('HTML', () => {
  it('shows exactly what was written, and is read back the same', () => {
    const words = 'a < b & "c"\n<script>x</script>\n\n# not a heading, *not* bold {{ticket.id}}'
    expect(toHtml(words)).not.toContain('<script')
    expect(fromHtml(toHtml(words))).toBe(words)
  })
  it('of an agent becomes text with its breaks, lists and links', () => {
    const html =
      '<div class="zd-comment"><p>Hi&nbsp;Lena,<br>two things:</p><ul><li>one</li><li>two &amp; a half</li></ul><p>See <a href="https://example.com/a?b=1&amp;c=2">this page</a>.</p></div><script>x()</script>'
    expect(fromHtml(html)).toBe(
      'Hi Lena,\ntwo things:\n\n• one\n• two & a half\n\nSee this page (https://example.com/a?b=1&c=2).',
    )
    expect(fromHtml('<a href="javascript:x()">press</a>')).toBe('press')
    expect(fromBody('5 &lt; 6\r\nand&#39;s')).toBe("5 < 6\nand's")
  })
  it('of a draft is made from its markdown, and HTML inside is only shown', async () => {
    const html = await toArticleHtml(
      '# Zebras\n\nthree **weeks** <img src=x onerror=y>\n\n[go](javascript:x) [there](https://example.com)',
    )
    expect(html).toContain('<strong>weeks</strong>')
    expect(html).toContain('&lt;img src=x onerror=y&gt;')
    expect(html).not.toContain('javascript:')
    expect(html).toContain('<a href="https://example.com">there</a>')
  })
})

describe('a ticket', () => {
  const made = (over: Parameters<typeof aHandoff>[0], settings = {}) =>
    toZendeskTicket({
      handoff: aHandoff(over),
      settings,
      requester: { requester_id: 7 },
      connection: 'people',
      key: 'k1',
      unverified: true,
    })

  it('says everything an agent needs, internally', () => {
    const { comment, external_id, tags, priority } = made({
      need: { skills: ['Order Status'], language: 'de' },
      priority: 'urgent',
      mode: 'callback',
    })
    expect(external_id).toBe('baton:people:k1')
    expect(tags).toEqual(['baton', 'baton_callback', 'order_status', 'language_de'])
    expect(priority).toBe('urgent')
    expect(comment).toMatchObject({ public: false })
    const note = fromHtml((comment as { html_body: string }).html_body)
    for (const words of [
      'Sentiment -0.62',
      'Refund of the second charge',
      'lena@example.com (not verified)',
      'order number: 4471',
      'billing.refund (41 %)',
      'Lena (Customer): I was charged twice',
    ])
      expect(note).toContain(words)
  })
  it('takes the fields of the mapping: Zendesk’s own, custom ones by name or number, and shows what it has no place for', () => {
    const fields = {
      subject: 'Twice',
      type: 'task',
      priority: 'low',
      group: '12',
      tags: 'vip, late',
      order: '4471',
      '360': 'true',
      mood: 'bad',
    }
    expect(made({ fields }, { fields: { order: 99 } })).toMatchObject({
      subject: 'Twice',
      type: 'task',
      priority: 'low',
      group_id: 12,
      tags: ['baton', 'baton_live', 'vip', 'late', 'language_en'],
      custom_fields: expect.arrayContaining([
        { id: 99, value: '4471' },
        { id: 360, value: true },
      ]),
      comment: { html_body: expect.stringContaining('mood: bad') },
    })
  })
  it('goes to the group of its first skill that has one, else to the group of all', () => {
    const settings = { group: 1, groups: { billing: 2, returns: 3 } }
    expect(made({ need: { skills: ['law', 'returns', 'billing'] } }, settings)).toMatchObject({ group_id: 3 })
    expect(made({ need: { skills: ['law'] } }, settings)).toMatchObject({ group_id: 1 })
    expect(made({})).not.toHaveProperty('group_id')
  })
  it('leaves the beginning of a very long conversation out, and says so', () => {
    const { context } = aHandoff()
    const long = Array.from({ length: 200 }, (_, seq) => ({
      seq,
      at: seq,
      by: 'customer' as const,
      message: { parts: [{ kind: 'text' as const, text: `<${seq}> ${'&'.repeat(990)}` }] },
    }))
    const { comment } = made({ context: { ...context, transcript: long } }) as { comment: { html_body: string } }
    expect(fromHtml(comment.html_body)).toMatch(/\(\d+ earlier messages do not fit here\)/)
    expect(fromHtml(comment.html_body)).toContain('<199>')
    expect(fromHtml(comment.html_body)).not.toContain('<0>')
  })
  it('has tags without spaces and commas', () => {
    expect([' Order, Status;X ', 'Größe', 'a"b'].map(toTag)).toEqual(['_order_status_x_', 'größe', 'ab'])
  })
  it('gets a public comment only from a customer’s public words', () => {
    const words = said('hello')
    const isPublic = (over: object, whose: { requester?: number } = { requester: 7 }) =>
      (toZendeskComment({ said: { ...words, ...over }, key: 'k', ...whose }) as { comment: { public: boolean } })
        .comment.public
    expect(isPublic({})).toBe(true)
    for (const over of [
      { by: 'hub' },
      { visibility: 'internal' },
      { by: 'hub', visibility: 'internal' },
      { visibility: undefined },
    ])
      expect(isPublic(over)).toBe(false)
    expect(isPublic({}, {})).toBe(false)
  })
})

describe('who a ticket is from', () => {
  it('is the user of a vouched-for number, made once and kept up to date', async () => {
    await begin()
    const customer = { id: 'crm-7', name: 'Lena', email: 'lena@example.com', verified: true }
    const [one, two] = [
      await stage.offer({ customer }),
      await stage.offer({ customer: { ...customer, name: 'Lena F.' } }),
    ]
    expect(requesterOf(one)).toMatchObject({ external_id: 'crm-7', name: 'Lena F.', email: 'lena@example.com' })
    expect(requesterOf(two).id).toBe(requesterOf(one).id)
  })
  it('is, of an address that was only typed, its user without any change', async () => {
    await begin()
    await stage.offer({ customer: { id: 'crm-7', name: 'Lena', email: 'lena@example.com', verified: true } })
    const ticket = await stage.offer({ customer: { id: 'crm-8', name: 'Mallory', email: 'LENA@example.com' } })
    expect(requesterOf(ticket)).toMatchObject({ external_id: 'crm-7', name: 'Lena' })
  })
  it('is somebody of this conversation alone when nothing is known', async () => {
    await begin()
    const [one, two, again] = [
      await stage.offer({ customer: {} }),
      await stage.offer({ customer: {} }),
      await stage.offer({ customer: { id: 'typed', phone: '1' }, conversation: 5 }),
    ]
    const later = await stage.offer({ customer: {}, conversation: 5, number: 2 })
    expect(requesterOf(one).id).not.toBe(requesterOf(two).id)
    expect(requesterOf(later).id).toBe(requesterOf(again).id)
    expect(requesterOf(again)).toMatchObject({ name: 'Visitor', email: null, external_id: 'baton:5' })
  })
  it('writes the public comments', async () => {
    await begin()
    const ticket = await stage.offer()
    await desk().send(ticket, said('from me'), 'k-1')
    expect(ticketAt(ticket).comments.at(-1)).toMatchObject({
      author_id: ticketAt(ticket).requester_id,
      public: true,
      body: 'from me',
    })
    expect(ticketAt(ticket).audits.at(-1)).toMatchObject({ author_id: meId })
  })
})

describe('one effect for one key', () => {
  it('is kept by Zendesk for two hours, by the ticket’s external id afterwards, and by what we remember', async () => {
    await begin()
    const handoff = aHandoff()
    const ticket = await desk().offer(handoff, 'k-1')
    await stage.host.pool.query("DELETE FROM memory WHERE key LIKE 'key:%'")
    expect(await desk().offer(handoff, 'k-1')).toBe(ticket)
    await stage.host.pool.query("UPDATE memory SET value = '{}' WHERE key LIKE 'key:%'")
    stage.host.advance(3 * 60 * 60_000)
    expect(await desk().offer(handoff, 'k-1')).toBe(ticket)
    expect(stage.twin.account.tickets.size).toBe(1)
  })
  it('is found when the transcript has grown since the first try', async () => {
    await begin()
    const handoff = aHandoff()
    const ticket = await desk().offer(handoff, 'k-1')
    await stage.host.pool.query("DELETE FROM memory WHERE key LIKE 'key:%'")
    expect(await desk().offer({ ...handoff, priority: 'urgent' }, 'k-1')).toBe(ticket)
  })
  it('waits when Zendesk is making it already', async () => {
    await begin(withOauth, { conflictsAtOnce: true })
    const handoff = aHandoff()
    await desk().offer(handoff, 'k-1')
    await stage.host.pool.query("DELETE FROM memory WHERE key LIKE 'key:%'")
    await expect(desk().offer(handoff, 'k-1')).rejects.toMatchObject({ code: 'busy', certain: false })
  })
  it('is found among more audits than one answer holds', async () => {
    await begin(withOauth, { pageSize: 4 })
    const ticket = await stage.offer()
    const { ref } = await desk().send(ticket, said('the first'), 'k-first')
    for (let n = 0; n < 9; n++) await stage.act('note', ticket, `note ${n}`)
    expect(await desk().find!('k-first', ticket)).toBe(ref)
  })
})

describe('limits', () => {
  it('are 30 updates of a ticket in ten minutes, and only this ticket waits', async () => {
    await begin()
    const [ticket, other] = [await stage.offer(), await stage.offer()]
    for (let n = 0; n < 30; n++) await desk().send(ticket, said(`word ${n}`), `k-${n}`)
    const before = stage.twin.calls.length
    await expect(desk().send(ticket, said('one too many'), 'k-30')).rejects.toMatchObject({
      code: 'busy',
      retryAfterMs: undefined,
      certain: true,
    })
    expect(stage.twin.calls.length).toBe(before)
    await desk().send(other, said('not held up'), 'k-31')
    stage.host.advance(10 * 60_000 + 1_000)
    await desk().send(ticket, said('one too many'), 'k-30')
    expect(stage.seen(ticket).filter(({ text }) => text === 'one too many')).toHaveLength(1)
  })
  it('of a ticket are believed when Zendesk counted more than we did', async () => {
    await begin()
    const ticket = await stage.offer()
    for (let n = 0; n < 30; n++) await desk().send(ticket, said(`word ${n}`), `k-${n}`)
    const restarted = await aStage(withOauth)
    await restarted.close()
    const pace = createPace(stage.host.clock)
    pace.isFull('1')
    expect(() => pace.step('1')).toThrow(/ten minutes/)
    expect(() => pace.step('2')).not.toThrow()
    stage.host.advance(60_000)
    expect(() => pace.step('1')).not.toThrow()
  })
  it('of the account are kept before Zendesk has to say no', async () => {
    await begin(withOauth, { perMinute: 6 }, { now: Date.parse('2026-10-05T10:00:20Z') })
    const attempt = async () => {
      for (let n = 0; ; n++) await stage.offer({ customer: { email: `typed${n}@example.com` } })
    }
    await expect(attempt()).rejects.toMatchObject({ code: 'busy', retryAfterMs: 40_000 })
    expect(stage.twin.calls.filter(({ status }) => status === 429)).toEqual([])
    stage.host.advance(40_000)
    await stage.offer()
  })
  it('may be told as plain text', async () => {
    await begin(withOauth, { perMinute: 1, plainErrors: true }, { now: Date.parse('2026-10-05T10:00:20Z') })
      .then(() => expect.unreachable())
      .catch((error) => expect(error).toMatchObject({ code: 'busy' }))
  })
})

describe('refusals', () => {
  it('of a closed ticket mean that it takes nothing more', async () => {
    await begin()
    const ticket = await stage.offer()
    await stage.act('close', ticket)
    await expect(desk().send(ticket, said('too late'), 'k-1')).rejects.toMatchObject({ code: 'conflict' })
  })
  it('name the fields and no words of a customer', async () => {
    await begin()
    const failure = await stage.offer({ fields: { group: '404' } }).catch((error) => error)
    expect(failure).toMatchObject({ code: 'invalid', message: 'Zendesk rejected the request (422): group_id' })
  })
  it('to solve what nobody has are answered by taking it', async () => {
    await begin(withOauth, { solvingNeedsAssignee: true })
    const ticket = await stage.offer()
    await desk().end(ticket, 'expired', 'k-1')
    expect(ticketAt(ticket)).toMatchObject({ status: 'solved', assignee_id: meId })
  })
})

describe('signing in', () => {
  it('asks for one token, and for a new one when it is over', async () => {
    await begin()
    await Promise.all([stage.offer(), stage.offer(), stage.offer()])
    const tokens = () => stage.twin.calls.filter(({ path }) => path === '/oauth/tokens')
    expect(tokens()).toHaveLength(1)
    expect(tokens()[0]!.body).toMatchObject({
      grant_type: 'client_credentials',
      scope: 'tickets:read tickets:write users:read users:write webhooks:read webhooks:write',
    })
    stage.host.advance(1_800_000)
    await stage.offer()
    expect(tokens()).toHaveLength(2)
    stage.twin.expireTokens()
    await Promise.all([stage.offer(), stage.offer()])
    expect(tokens().length).toBeLessThanOrEqual(4)
  })
  it('says which credentials are wrong and shows none', async () => {
    await begin({ ...withOauth, oauth: { ...oauth, scope: 'users:read' } })
      .then(() => stage.offer())
      .catch((error) => expect(error).toMatchObject({ code: 'refused' }))
    expect.assertions(1)
  })
})

describe('skills and people', () => {
  const routing = {
    ...withOauth,
    tickets: { skills: 'routing', availability: 'support', groups: { billing: groupId } },
  }
  it('become skills of the ticket, those that Zendesk has', async () => {
    await begin(routing)
    const ticket = await stage.offer({ need: { skills: ['Billing', 'law'] } })
    expect(stage.twin.account.needs.get(Number(ticket))).toEqual(['5f6e2b90-8a1c-4d3e-9b77-0c1d2e3f4a5b'])
    expect(ticketAt(ticket).tags).toContain('law')
  })
  it('are completed by a second try', async () => {
    await begin(routing)
    const handoff = aHandoff({ need: { skills: ['billing'] } })
    stage.twin.misbehave({ ways: ['errors'], only: /instance_values/, times: 1 })
    const ticket = await desk().offer(handoff, 'k-1')
    expect(stage.twin.account.needs.size).toBe(0)
    expect(await desk().offer(handoff, 'k-1')).toBe(ticket)
    expect(stage.twin.account.needs.get(Number(ticket))).toHaveLength(1)
  })
  it('are counted when they are online, able and not full', async () => {
    await begin(routing)
    expect(await desk().staffed!({ skills: [] })).toEqual({ online: 2 })
    expect(await desk().staffed!({ skills: ['billing'] })).toEqual({ online: 1 })
    await stage.twin.act({ do: 'offline', input: 'Ana' })
    expect(await desk().staffed!({ skills: ['billing'] })).toEqual({ online: 0 })
  })
  it('are unknown, not absent, to a user who may not ask, and the ticket is made all the same', async () => {
    await begin(routing, { noAdmin: true })
    expect(await desk().staffed!({ skills: [] })).toEqual({})
    expect(ticketAt(await stage.offer({ need: { skills: ['billing'] } })).tags).toContain('billing')
  })
})

describe('files of a customer', () => {
  it('are put into Zendesk, and are an address where they cannot be had', async () => {
    await begin()
    const place = Fastify()
    place.get('/bill.pdf', (_request, reply) => reply.type('application/pdf').send(Buffer.from('%PDF')))
    const url = await place.listen({ port: 0, host: '127.0.0.1' })
    const file = (name: string) =>
      ({
        ...said(''),
        message: {
          parts: [
            { kind: 'text', text: 'My bill' },
            { kind: 'file', name, mime: 'application/pdf', bytes: 4, url: `${url}/${name}` },
          ],
        },
      }) as const
    const ticket = await stage.offer()
    await desk().send(ticket, file('bill.pdf'), 'k-1')
    await desk().send(ticket, file('gone.pdf'), 'k-2')
    await place.close()
    const [kept, gone] = ticketAt(ticket).comments.slice(1)
    expect(kept).toMatchObject({
      body: 'My bill\n[bill.pdf]',
      attachments: [{ file_name: 'bill.pdf', content_type: 'application/pdf', size: 4 }],
    })
    expect(gone).toMatchObject({ body: `My bill\n[gone.pdf] ${url}/gone.pdf`, attachments: [] })
  })
})

describe('what customers thought', () => {
  it.for(['survey_response_id', 'survey_response'] as const)(
    'comes from Zendesk’s surveys, named by an audit as %s',
    async (surveyEvent) => {
      await begin({ ...withOauth, survey: { kind: 'surveys', scale: 5 } }, { surveyEvent })
      const ticket = await stage.offer({ conversation: 7, number: 3 })
      await stage.act('solve', ticket)
      await stage.act('rate', ticket, '4 very kind')
      await stage.catchUp()
      await stage.catchUp()
      expect(stage.events().filter(({ type }) => type === 'feedback')).toMatchObject([
        { conversation: 7, feedback: { handoff: 3, score: 4, scale: 5, comment: 'very kind' } },
      ])
    },
  )
  it('comes from good and bad ratings, once', async () => {
    await begin({ ...withOauth, survey: { kind: 'ratings' } })
    const [one, two] = [await stage.offer({ conversation: 7 }), await stage.offer({ conversation: 8 })]
    await stage.act('rate', one, '5')
    await stage.act('rate', two, '1 never again')
    await stage.catchUp()
    await stage.catchUp()
    expect(stage.events().filter(({ type }) => type === 'feedback')).toMatchObject([
      { conversation: 7, feedback: { handoff: 1, score: 1, scale: 1 } },
      { conversation: 8, feedback: { handoff: 1, score: 0, scale: 1, comment: 'never again' } },
    ])
  })
  it('is not asked where there is no ticket, and says so', async () => {
    await begin({ ...withOauth, survey: {} })
    const after = { conversation: 404, handoff: 1, customer: {} }
    await expect(stage.connection.survey!.invite(after, 'thread', 'k-1')).rejects.toMatchObject({ code: 'invalid' })
  })
  it('is read in both shapes', () => {
    expect(feedbackIn({ answers: [{ rating: 3 }, { value: 'fine' }] }, 5, 1)).toEqual({
      handoff: 1,
      score: 3,
      scale: 5,
      comment: 'fine',
    })
    expect(feedbackIn({ answers: [{ value: '5' }] }, 5, 1)).toEqual({ handoff: 1, score: 5, scale: 5 })
    expect(feedbackIn({ answers: [{ rating: 7 }] }, 5, 1)).toBeUndefined()
    expect(feedbackIn({ answers: [] }, 5, 1)).toBeUndefined()
    expect(ticketOf({ subject_zrns: ['zrn:ticket:99'] })).toBe('99')
    expect(ticketOf({ subject_zrns: ['zen:ticket:48213'] })).toBe('48213')
    expect(feedbackOf({ score: 'offered' }, 1)).toBeUndefined()
    expect(surveyResponseIn({ type: 'Comment', body: 'survey' })).toBeUndefined()
  })
})

describe('the Help Center', () => {
  it('shows customers what everybody may read, as text', async () => {
    await begin({ ...withOauth, knowledge: {} })
    const found = await stage.connection.knowledge!.search('duplicate charges', 5)
    expect(found.map(({ title }) => title)).toEqual(['Duplicate charges', 'When do we charge your card'])
    expect(found[0]!.excerpt).toContain('second charge')
    expect(found[0]!.excerpt).not.toContain('<')
    expect(stage.connection.knowledge!.propose).toBeUndefined()
  })
})

describe('its own webhook', () => {
  it('is made once, and its secret kept', async () => {
    await begin()
    await stage.connection.poll!.run()
    expect(
      stage.twin.calls.filter(({ method, path }) => method === 'POST' && path === '/api/v2/webhooks'),
    ).toHaveLength(1)
  })
  it('is completed when the secret could not be read the first time', async () => {
    await begin()
    await stage.host.memory.set('webhook', { ...(await stage.host.memory.get<object>('webhook')), secret: undefined })
    await stage.connection.poll!.run()
    expect(await stage.host.memory.get('webhook')).toMatchObject({ secret: expect.any(String) })
    expect(stage.twin.calls.filter(({ path }) => path === '/api/v2/webhooks')).toHaveLength(1)
  })
})

describe('forgetting', () => {
  it('leaves nothing of a ticket behind', async () => {
    await begin({ subdomain: 'acme', apiToken, tickets: {} })
    const ticket = await stage.offer({ conversation: 7 })
    await stage.connection.erase!({ conversation: 7, thread: ticket })
    const { rows } = await stage.host.pool.query(
      "SELECT key FROM memory WHERE connection = 'test' AND (key LIKE 'ticket:%' OR key LIKE 'handoff:%')",
    )
    expect(rows).toEqual([])
  })
})

describe('a recorded answer', () => {
  let open: Awaited<ReturnType<typeof aConnectionTo>> | undefined
  afterEach(async () => {
    await open?.close()
    open = undefined
  })
  const opened = async (...given: Parameters<typeof aConnectionTo>) => {
    open = await aConnectionTo(...given)
    return open
  }
  const known = { requester: 21870045511203, conversation: 1, handoff: 1 }

  it.for([
    ['support-error-422-closed-ticket', { code: 'conflict', certain: true }],
    ['support-error-429-rate-limit', { code: 'busy', retryAfterMs: 23_000, certain: true }],
  ] as const)('%s is understood', async ([name, expected], context) => {
    const answer = await recorded(name)
    if (!answer) return context.skip(notHere)
    const { connection, host } = await opened({ 'PUT /api/v2/tickets/48213': answer })
    await host.memory.set('ticket:48213', known)
    await expect(connection.desk!.send('48213', said('hello'), 'k-1')).rejects.toMatchObject(expected)
  })
  it('to a comment names it', async (context) => {
    const answer = await recorded('support-response-update-ticket-comment')
    if (!answer) return context.skip(notHere)
    const { connection, host } = await opened({ 'PUT /api/v2/tickets/48213': answer })
    await host.memory.set('ticket:48213', known)
    expect(await connection.desk!.send('48213', said('hello'), 'k-1')).toEqual({ ref: '31877001200414' })
  })
  it('to a new ticket names it and who it is from', async (context) => {
    const answer = await recorded('support-response-create-ticket')
    if (!answer) return context.skip(notHere)
    const { connection, host } = await opened({ 'POST /api/v2/tickets': answer })
    expect(await connection.desk!.offer(aHandoff({ conversation: 9 }), 'k-1')).toBe('48213')
    expect(await host.memory.get('ticket:48213')).toEqual({ requester: 21870045511203, conversation: 9, handoff: 1 })
  })
  it('is asked for in the form of the recorded request', async (context) => {
    const request = await recorded('support-request-create-ticket')
    if (!request) return context.skip(notHere)
    await begin({ ...withOauth, tickets: { group: groupId, fields: { why: 360041112233 } } })
    const fields = { type: 'question', why: 'duplicate_charge' }
    await stage.offer({ fields, customer: { id: 'crm-7', name: 'Lena', verified: true } })
    const call = stage.twin.calls.find(({ method, path }) => method === 'POST' && path === '/api/v2/tickets')!
    const { ticket } = call.body as { ticket: object }
    expect(Object.keys(ticket).sort()).toEqual(Object.keys(request.body.ticket).sort())
    for (const [name, value] of Object.entries(ticket))
      expect(typeof value, name).toBe(typeof request.body.ticket[name])
    expect(call.headers['idempotency-key']).toEqual(expect.any(String))
  })
  it('on availabilities counts who can take it', async (context) => {
    const answer = await recorded('support-response-agent-availabilities')
    if (!answer) return context.skip(notHere)
    for (const [group, online] of [
      [undefined, 1],
      [20455931, 1],
      [1, 0],
    ]) {
      const { connection } = await opened(
        { 'GET /api/v2/agent_availabilities': answer },
        { tickets: { availability: 'messaging', group } },
      )
      expect(await connection.desk!.staffed!({ skills: [] })).toEqual({ online })
      await open!.close()
    }
    open = undefined
  })
  it('of a search is a list of articles', async (context) => {
    const answer = await recorded('guide-response-article-search')
    if (!answer) return context.skip(notHere)
    const { connection } = await opened(
      { 'GET /api/v2/help_center/articles/search.json': answer },
      { knowledge: { locale: 'en-us' } },
    )
    expect(await connection.knowledge!.search('duplicate charge', 3)).toEqual([
      {
        ref: '31870099001123',
        title: 'Duplicate charges',
        excerpt: 'Pending authorisations can look like a second charge.',
        url: 'https://harborline.zendesk.com/hc/en-us/articles/31870099001123-Duplicate-charges',
        score: 0.9,
      },
    ])
  })
})

describe('the page of the twin', () => {
  it('shows tickets with what was said, and plays both sides', async () => {
    await begin()
    const ticket = await stage.offer()
    await stage.act('take', ticket, 'Ben')
    await stage.act('note', ticket, 'a note')
    const view = stage.twin.view()
    expect(view.cases).toMatchObject([
      {
        id: ticket,
        state: 'open',
        lines: [{ visibility: 'internal' }, { by: 'Ben', text: 'a note', visibility: 'internal' }],
      },
    ])
    expect(view.facts).toContainEqual({ label: 'Ana', value: 'online' })
    for (const button of view.cases[0]!.buttons) expect(button.label).not.toBe('')
  })
  it('says what cannot be done', async () => {
    await begin()
    const ticket = await stage.offer()
    await expect(stage.act('reply', ticket, ' ')).rejects.toMatchObject({ code: 'invalid' })
    await expect(stage.act('dance', ticket)).rejects.toMatchObject({ code: 'invalid' })
    await expect(stage.act('take', '1')).rejects.toMatchObject({ code: 'unknown' })
  })
})
