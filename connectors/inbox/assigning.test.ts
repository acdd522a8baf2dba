import { afterEach, describe, expect, it } from 'vitest'
import { anOffice, type Office, person } from './office.ts'

let office: Office
afterEach(async () => office.close())

const id = (name: string) => `${name}@example.com`

describe('a ticket given to an agent by name', () => {
  it('rings there instead of where it rang, once, and is accepted there', async () => {
    office = await anOffice([person('Ana'), person('Ben')])
    const { desk } = office.connection
    await office.online('Ana', 'Ben')
    const ticket = await office.offer()
    expect(await office.holder(ticket)).toBe('ana')
    await desk!.assign!(ticket, id('ben'))
    await desk!.assign!(ticket, id('ben'))
    expect(await office.holder(ticket)).toBe('ben')
    expect(office.told(ticket, 'desk-assigned').map(({ agent }) => agent)).toMatchObject([
      { name: 'Ana' },
      { name: 'Ben' },
    ])
    await expect(office.commands.accept(await office.agent('Ana'), ticket)).rejects.toThrow('It is ringing at Ben now')
    await office.commands.accept(await office.agent('Ben'), ticket)
    await expect(desk!.assign!(ticket, id('ana'))).rejects.toThrow('Ben has taken it')
    await expect(desk!.unassign!(ticket, id('ben'))).rejects.toThrow('Ben has taken it')
  })

  it('goes on to the next when they let it ring', async () => {
    office = await anOffice([person('Ana'), person('Ben')])
    await office.online('Ana', 'Ben')
    const ticket = await office.offer()
    await office.connection.desk!.assign!(ticket, id('ben'))
    office.host.advance(30_000)
    await office.online('Ana', 'Ben')
    await office.router.route()
    expect(await office.holder(ticket)).toBe('ana')
  })

  it('goes back to the line when that is taken back, and only from where it rings', async () => {
    office = await anOffice([person('Ana', { skills: ['billing'] }), person('Ben')])
    const { desk } = office.connection
    await office.online('Ana', 'Ben')
    const ticket = await office.offer({ need: { skills: ['billing'] } })
    await desk!.assign!(ticket, id('ben'))
    await desk!.unassign!(ticket, id('ana'))
    expect(await office.holder(ticket)).toBe('ben')
    await desk!.unassign!(ticket, id('ben'))
    await office.router.route()
    expect(await office.holder(ticket), 'whose turn it is').toBe('ana')
  })

  it('is refused where nobody could take it', async () => {
    office = await anOffice([person('Ana'), person('Ben'), person('Cem')])
    const { desk } = office.connection
    await office.online('Ana')
    await office.offer()
    await office.online('Ben')
    const ticket = await office.offer()
    await expect(desk!.assign!(ticket, id('ana'))).rejects.toThrow('Ana has all 1 places taken now')
    await expect(desk!.assign!(ticket, id('cem'))).rejects.toThrow('Cem is offline now')
    await expect(desk!.assign!(ticket, id('nobody'))).rejects.toThrow('There is no such agent')
    const paper = await office.offer({ mode: 'ticket' })
    await expect(desk!.assign!(paper, id('ben'))).rejects.toThrow('A ticket does not ring')
    expect(await office.holder(ticket)).toBe('ben')
    await desk!.end(ticket, 'abandoned', 'end-1')
    await expect(desk!.assign!(ticket, id('ben'))).rejects.toThrow('The customer left')
  })

  it('has agents to choose from: who is online, what they have in hand, and what they lack for it', async () => {
    office = await anOffice([
      person('Ana', { languages: ['de'], capacity: 2 }),
      person('Ben', { skills: ['billing'], capacity: 3 }),
      person('Cem'),
    ])
    const { desk } = office.connection
    await office.online('Ana', 'Ben')
    const ticket = await office.offer({ need: { skills: ['billing'], language: 'en' } })
    expect(await desk!.agents!(ticket)).toEqual([
      { id: id('ana'), name: 'Ana', languages: ['de'], load: 0, capacity: 2, lacks: ['billing'], speaks: false },
      { id: id('ben'), name: 'Ben', languages: [], load: 1, capacity: 3, lacks: [], speaks: true },
    ])
    expect((await desk!.agents!()).map(({ lacks, speaks }) => [lacks.length, speaks])).toEqual([
      [0, true],
      [0, true],
    ])
  })
})
