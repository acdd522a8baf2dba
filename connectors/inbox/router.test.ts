import { afterEach, describe, expect, it } from 'vitest'
import { aDatabase } from '../../test/engines.ts'
import { anOffice, type Office, person } from './office.ts'

let office: Office
afterEach(async () => office.close())

describe('the router', () => {
  it('rings at the longest idle and passes on after the ring, then round again', async () => {
    office = await anOffice([person('Ana'), person('Ben')])
    await office.online('Ana', 'Ben')
    const ticket = await office.offer()
    expect(await office.holder(ticket)).toBe('ana')
    for (const next of ['ben', 'ana']) {
      office.host.advance(30_000)
      await office.online('Ana', 'Ben')
      await office.router.route()
      expect(await office.holder(ticket)).toBe(next)
    }
    expect(office.told(ticket, 'desk-assigned').map((event) => (event.agent as { name: string }).name)).toEqual([
      'Ana',
      'Ben',
      'Ana',
    ])
  })

  it('passes on at once when the agent declines, and lets an agent alone rest before it rings again', async () => {
    office = await anOffice([person('Ana'), person('Ben')])
    await office.online('Ana', 'Ben')
    const ticket = await office.offer()
    await office.commands.decline(await office.agent('Ana'), ticket)
    await office.router.route()
    expect(await office.holder(ticket)).toBe('ben')
    await office.commands.decline(await office.agent('Ben'), ticket)
    await office.router.route()
    expect(await office.holder(ticket)).toBeUndefined()
    office.host.advance(30_000)
    await office.router.route()
    expect(await office.holder(ticket)).toBe('ana')
  })

  it('keeps to skills, language and capacity', async () => {
    office = await anOffice([
      person('Ana', { skills: ['billing'], languages: ['en'] }),
      person('Ben', { skills: ['billing', 'law'], languages: ['de'], capacity: 2 }),
    ])
    await office.online('Ana', 'Ben')
    const german = await office.offer({ need: { skills: ['billing'], language: 'de-CH' } })
    const legal = await office.offer({ need: { skills: ['law'], language: 'fr' } })
    const more = await office.offer({ need: { skills: ['law'] } })
    expect([await office.holder(german), await office.holder(legal), await office.holder(more)]).toEqual([
      'ben',
      'ben',
      undefined,
    ])
    const marked = await office.inbox.db
      .selectFrom('inbox_tickets')
      .select('id')
      .where('other_language', '=', true)
      .execute()
    expect(marked).toEqual([{ id: legal }])
  })

  it('serves urgent before high before normal, then the oldest, as soon as somebody is free', async () => {
    office = await anOffice([person('Ana')])
    const normal = await office.offer()
    const high = await office.offer({ priority: 'high' })
    const urgent = await office.offer({ priority: 'urgent' })
    const later = await office.offer()
    await office.online('Ana')
    const served: string[] = []
    for (let round = 0; round < 4; round++) {
      await office.router.route()
      const ringing = await office.inbox.db
        .selectFrom('inbox_tickets')
        .select('id')
        .where('status', '=', 'offered')
        .execute()
      expect(ringing).toHaveLength(1)
      served.push(ringing[0]!.id)
      await office.connection.desk!.end(ringing[0]!.id, 'abandoned', `end-${round}`)
    }
    expect(served).toEqual([urgent, high, normal, later])
  })

  it('tells the line when places change, and only then', async () => {
    office = await anOffice([person('Ana')])
    const [first, second, third] = [await office.offer(), await office.offer(), await office.offer()]
    const places = (ticket: string) => office.told(ticket, 'desk-queue').map((event) => event.position)
    expect([first, second, third].map(places)).toEqual([[1], [2], [3]])
    await office.router.route()
    expect(places(third)).toEqual([3])
    await office.connection.desk!.end(first, 'abandoned', 'end-first')
    await office.router.route()
    expect([second, third].map(places)).toEqual([
      [2, 1],
      [3, 2],
    ])
  })

  it('never offers one ticket twice nor more than there is room for, with two hubs at once', async () => {
    const database = await aDatabase()
    const staff = ['Ana', 'Ben', 'Cem'].map((name) => person(name, { capacity: 2 }))
    office = await anOffice(staff, {}, { database })
    const other = await anOffice(staff, {}, { database })
    try {
      for (let n = 0; n < 12; n++) await office.offer()
      await office.online('Ana', 'Ben', 'Cem')
      await Promise.all([office.router.route(), other.router.route(), office.router.route(), other.router.route()])
      const open = await office.inbox.db.selectFrom('inbox_tickets').select(['agent', 'turn', 'status']).execute()
      const ringing = open.filter((ticket) => ticket.status === 'offered')
      expect(ringing).toHaveLength(6)
      expect(ringing.map((ticket) => ticket.turn)).toEqual([1, 1, 1, 1, 1, 1])
      for (const { email } of staff) expect(ringing.filter((ticket) => ticket.agent === email)).toHaveLength(2)
      const assigned = [...office.host.received, ...other.host.received].filter(
        (event) => event.type === 'desk-assigned',
      )
      expect(new Set(assigned.map((event) => event.externalId)).size).toBe(6)
    } finally {
      await other.close()
      await office.close()
      await database.drop()
      office = await anOffice([])
    }
  })

  it('waits for a router that is just filling an agent’s last place, and counts again', async () => {
    office = await anOffice([person('Ana')])
    const { db } = office.inbox
    const [first, second] = [await office.offer(), await office.offer()]
    await office.online('Ana')
    let routed: Promise<void> | undefined
    await db.transaction().execute(async (tx) => {
      await tx.selectFrom('inbox_agents').select('id').forUpdate().execute()
      const ringing = {
        status: 'offered',
        agent: 'ana@example.com',
        ring_until: office.host.clock.now() + 30_000,
      } as const
      await tx.updateTable('inbox_tickets').set(ringing).where('id', '=', first).execute()
      routed = office.router.route()
      await Promise.race([routed, untilSomebodyWaits()])
    })
    await routed
    expect([await office.holder(first), await office.holder(second)]).toEqual(['ana', undefined])
  })

  it('waits without work when all is quiet', async () => {
    office = await anOffice([person('Ana')])
    await office.online('Ana')
    const before = office.host.received.length
    await office.router.look()
    expect(office.host.received.length).toBe(before)
  })
})

/** Until a statement in the office's database waits for a lock. */
async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await office.host.pool.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    )
    if (rows.length > 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('presence', () => {
  it('takes a ring back from an agent unseen for a minute', async () => {
    office = await anOffice([person('Ana'), person('Ben')], { ringSeconds: 300 })
    await office.online('Ana', 'Ben')
    const ticket = await office.offer()
    office.host.advance(59_000)
    await office.online('Ben')
    await office.router.route()
    expect(await office.holder(ticket)).toBe('ana')
    office.host.advance(1_000)
    await office.router.route()
    expect(await office.holder(ticket)).toBe('ben')
  })

  it('returns live tickets of an agent gone for 90 s and says who left; tickets to answer later stay', async () => {
    office = await anOffice([person('Ana', { capacity: 2 })])
    await office.online('Ana')
    const [live, later] = [await office.offer(), await office.offer({ mode: 'ticket' })]
    const ana = await office.agent('Ana')
    await office.commands.accept(ana, live)
    await office.commands.accept(ana, later)
    office.host.advance(80_000)
    await office.router.route()
    expect(office.told(live, 'agent-left')).toEqual([])
    office.host.advance(10_000)
    await office.router.route()
    await office.router.route()
    expect(office.told(live, 'agent-left')).toMatchObject([{ agent: { name: 'Ana' } }])
    expect([await office.holder(live), await office.holder(later)]).toEqual([undefined, 'ana'])
  })

  it('keeps a conversation with an agent who is away but there', async () => {
    office = await anOffice([person('Ana')])
    await office.online('Ana')
    const ticket = await office.offer()
    await office.commands.accept(await office.agent('Ana'), ticket)
    const { seen } = await import('./agents.ts')
    for (let minute = 0; minute < 3; minute++) {
      office.host.advance(50_000)
      await seen(office.inbox, 'ana@example.com', 'away')
    }
    await office.router.route()
    expect(await office.holder(ticket)).toBe('ana')
    expect(await office.offer().then(office.holder)).toBeUndefined()
  })
})

describe('transfer', () => {
  it('rings at the colleague, with the note, and the first agent is out', async () => {
    office = await anOffice([person('Ana'), person('Ben')])
    await office.online('Ana', 'Ben')
    const [ana, ben, ticket] = [await office.agent('Ana'), await office.agent('Ben'), await office.offer()]
    await office.commands.accept(ana, ticket)
    await office.commands.transfer(ana, ticket, { to: { agent: ben.id }, note: 'knows the contract' })
    expect(await office.holder(ticket)).toBe('ben')
    await expect(office.commands.say(ana, ticket, 'w1', 'one more thing')).rejects.toMatchObject({ code: 'conflict' })
    await office.commands.accept(ben, ticket)
    await office.commands.say(ben, ticket, 'w1', 'Ben here')
    expect(
      office
        .told(ticket)
        .map((event) => event.type)
        .filter((type) => type !== 'desk-queue'),
    ).toEqual([
      'desk-assigned',
      'desk-accepted',
      'agent-message',
      'agent-left',
      'desk-assigned',
      'desk-accepted',
      'agent-message',
    ])
    expect(office.told(ticket, 'agent-message')).toMatchObject([{ visibility: 'internal' }, { visibility: 'public' }])
  })

  it('goes by skills to somebody else, and says what skills there are when nobody has them', async () => {
    office = await anOffice([person('Ana', { skills: ['billing', 'law'] }), person('Ben', { skills: ['law'] })])
    await office.online('Ana', 'Ben')
    const [ana, ticket] = [await office.agent('Ana'), await office.offer({ need: { skills: ['billing'] } })]
    await office.commands.accept(ana, ticket)
    await expect(office.commands.transfer(ana, ticket, { to: { skills: ['tax'] } })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('billing, law'),
    })
    await office.commands.transfer(ana, ticket, { to: { skills: ['law'] } })
    await office.router.route()
    expect(await office.holder(ticket)).toBe('ben')
  })

  it('refuses a colleague who is not online, and changes nothing', async () => {
    office = await anOffice([person('Ana'), person('Ben')])
    await office.online('Ana')
    const [ana, ben, ticket] = [await office.agent('Ana'), await office.agent('Ben'), await office.offer()]
    await office.commands.accept(ana, ticket)
    await expect(office.commands.transfer(ana, ticket, { to: { agent: ben.id }, note: 'x' })).rejects.toThrow(
      'Ben is offline',
    )
    expect(await office.holder(ticket)).toBe('ana')
    expect(office.told(ticket, 'agent-left')).toEqual([])
    expect(office.told(ticket, 'agent-message')).toEqual([])
  })
})
