/** A desk made the ticket and its answer never came: the handoff goes on elsewhere, and nobody is left sitting before that ticket. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Desk } from '../../src/connector.ts'
import { effectRules } from '../../src/effects.ts'
import { HubError } from '../../src/errors.ts'
import { aHub, anOutside, connectionsOf, type Outside, type TestHub, until } from '../hub.ts'

let at: TestHub | undefined
afterEach(() => at?.stop())

const silence = () => new HubError('unreachable', 'No answer in time', { certain: false })

/** Its offers go through, but none is answered until `isBack`. */
function aSilentDesk(outside: Outside) {
  const { desk } = connectionsOf(outside).people as { desk: Desk }
  const state = { isBack: false }
  return {
    state,
    desk: {
      ...desk,
      async offer(handoff, key) {
        const ticket = await desk.offer(handoff, key)
        if (!state.isBack) throw silence()
        return ticket
      },
    } satisfies Desk,
  }
}

/** Gives the first offer up. */
async function give(hub: TestHub): Promise<string> {
  await hub.write('visitor', 'hello')
  await hub.write('visitor', 'I want to talk to a human please')
  await until('the desk was asked', () => hub.outside.offers.length === 1)
  // As if all tries had been made.
  const giveUp = `UPDATE effects SET attempts = ${effectRules.open.attempts - 1} WHERE kind = 'open' AND status = 'pending' AND attempts > 0`
  await until('it has no try left', async () => (await hub.database.pool.query(giveUp)).rowCount === 1)
  return hub.outside.offers[0]!.ticket
}

const rowsOf = async (hub: TestHub) =>
  (await hub.database.pool.query('SELECT ticket, stage FROM attempts ORDER BY handoff, number')).rows

describe('the ticket of an offer that was given up', () => {
  it('is found by its key and ended', async () => {
    const outside = anOutside()
    const { desk, state } = aSilentDesk(outside)
    const finding: Desk = {
      ...desk,
      dedupes: false,
      async find(key) {
        if (!state.isBack) throw silence()
        return outside.offers.find((offer) => offer.key === key)?.ticket
      },
    }
    at = await aHub({ outside, connections: { people: { desk: finding } } })
    const ticket = await give(at)
    await until('it was given up', async () => (await rowsOf(at!))[0]?.stage === 'over')
    expect(outside.ended).toEqual([])
    state.isBack = true
    await until('its ticket was ended', () => outside.ended.includes(ticket))
    await until('its ticket is known', async () => (await rowsOf(at!))[0]?.ticket === ticket)
    expect(outside.offers).toHaveLength(1)
  })

  it('is asked for once more under its key where the desk knows its keys, and ended', async () => {
    const outside = anOutside()
    const { desk, state } = aSilentDesk(outside)
    at = await aHub({ outside, connections: { people: { desk } } })
    const ticket = await give(at)
    await until('it was given up', async () => (await rowsOf(at!))[0]?.stage === 'over')
    state.isBack = true
    await until('its ticket was ended', () => outside.ended.includes(ticket))
    await until('its ticket is known', async () => (await rowsOf(at!))[0]?.ticket === ticket)
    expect(await rowsOf(at)).toEqual([{ ticket, stage: 'over' }])
    expect(outside.offers).toHaveLength(1)
  })

  it('is found although the customer has asked again meanwhile', async () => {
    const outside = anOutside()
    const { desk, state } = aSilentDesk(outside)
    at = await aHub({ outside, connections: { people: { desk } } })
    const ticket = await give(at)
    await until('it was given up', async () => (await rowsOf(at!))[0]?.stage === 'over')
    await at.hub.append({
      connection: 'hub',
      externalId: 'again',
      event: { type: 'staff-command', at: Date.now(), command: { do: 'escalate' }, by: 'a test' },
      at: 1,
    })
    state.isBack = true
    await until('the desk was asked again', () => outside.offers.length === 2)
    await until('the first ticket was ended', () => outside.ended.includes(ticket))
    await until('both are known', async () => (await rowsOf(at!)).every((row) => row.ticket !== null))
    expect(outside.ended).toEqual([ticket])
    expect((await rowsOf(at)).map((row) => [row.ticket, row.stage])).toEqual([
      [ticket, 'over'],
      [outside.offers[1]!.ticket, 'opened'],
    ])
  })

  it('tells the customer what its agent has said, and the agent that it is over', async () => {
    const outside = anOutside()
    const { desk, state } = aSilentDesk(outside)
    at = await aHub({ outside, connections: { people: { desk } } })
    const ticket = await give(at)
    const agent = { ref: 'ana', name: 'Ana' }
    const told = { ticket, agent, at: Date.now() }
    await at.receive('people', { ...told, type: 'desk-accepted', externalId: 'e1' })
    await at.receive('people', {
      ...told,
      type: 'agent-message',
      externalId: 'e2',
      visibility: 'public',
      message: { parts: [{ kind: 'text', text: 'Hello, this is Ana' }] },
    })
    await until('it was given up', async () => (await rowsOf(at!))[0]?.stage === 'over')
    state.isBack = true
    await until('the customer hears it', () => outside.toCustomer.some(({ text }) => text === 'Hello, this is Ana'))
    expect(outside.ended).toContain(ticket)
  })
})
