/** The directory: the shared promises over a file and over the table, then reading CSV. */
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Value } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { crmConformance } from '../../test/conformance/crm.ts'
import { aHost, type TestHost } from '../../test/host.ts'
import { parseCustomers } from './csv.ts'
import directory from './index.ts'
import { type Settings, settings } from './settings.ts'

const demo = new URL('../../config/demo/customers.csv', import.meta.url).pathname
const chosen = (over: Partial<Settings> = {}) => Value.Parse(settings, Value.Default(settings, over))
const maria = { id: 'C-1001', email: 'maria.keller@example.com', phone: '0049 (30) 5550-1001', name: 'Maria Keller' }

const logged = (host: TestHost) => async (handoff: string) => {
  const { rows } = await host.pool.query('SELECT * FROM directory_log WHERE connection = $1 AND handoff = $2', [
    host.name,
    handoff,
  ])
  return rows.length
}

crmConformance('directory, from a file', async () => {
  const host = await aHost({ name: 'customers', migrations: directory.migrations })
  const { crm } = await directory.open(chosen({ file: demo }), host)
  return { crm: crm!, onFile: maria, logged: logged(host), close: () => host.stop() }
})

crmConformance('directory, from its table', async () => {
  const host = await aHost({ name: 'customers', migrations: directory.migrations })
  const insert = `INSERT INTO directory_customers (connection, id, email, phone, name, value, facts) VALUES ($1, $2, $3, $4, $5, 4820, $6)`
  const { id, email, name } = maria
  const facts = { 'Open orders': '0' }
  await host.pool.query(insert, ['customers', id, 'Maria.Keller@example.com', '+49 30 5550 1001', name, facts])
  await host.pool.query(insert, ['another connection', 'C-9', email, '+49 30 5550 1001', 'Not Maria', facts])
  const { crm } = await directory.open(chosen(), host)
  return { crm: crm!, onFile: maria, logged: logged(host), close: () => host.stop() }
})

describe('a directory file', () => {
  const open = async (content: string, over: Partial<Settings> = {}) => {
    const folder = await mkdtemp(join(tmpdir(), 'directory-'))
    const file = join(folder, 'people.csv')
    await writeFile(file, content)
    const host = await aHost({ name: 'people', migrations: directory.migrations, now: 1_000_000 })
    const { crm } = await directory.open(chosen({ file, ...over }), host)
    return { crm: crm!, host, file, close: async () => Promise.all([host.stop(), rm(folder, { recursive: true })]) }
  }

  it('maps columns, and keeps the others as facts in their order', () => {
    const columns = chosen({ columns: { ...chosen().columns, email: 'Mail', value: 'Revenue' } }).columns
    const source = '\uFEFFMail;Zone;Revenue;Animal;Empty\r\nann@example.com;B;12.5;"a; zebra";\r\n'
    expect(parseCustomers(source, 'people.csv', columns)).toEqual([
      { email: 'ann@example.com', value: 12.5, facts: { Zone: 'B', Animal: 'a; zebra' } },
    ])
  })

  it.each([
    [
      'a wrong number',
      'id,value\n1,10\n2,much\n',
      'people.csv:3: column "value" must be a plain number such as 1200 or 99.5, found "much"',
    ],
    [
      'a wrong address',
      'id,email\n1,ann\n',
      'people.csv:2: column "email" must be an e-mail address such as ada@example.com',
    ],
    [
      'a wrong zone',
      'id,timeZone\n1,Berlin\n',
      'people.csv:2: column "timeZone" must be a time zone such as Europe/Berlin, found "Berlin"',
    ],
    [
      'an id that is there twice',
      'id\n1\n2\n1\n',
      'people.csv:4: column "id" is "1", as in line 2; each id may be there once',
    ],
    ['too few values', 'id,email\n1\n', 'people.csv:2: has 1 values, the heading has 2'],
    [
      'unknown headings',
      'No,Mail\n1,ann@example.com\n',
      'people.csv:1: has none of the columns "id", "email", "phone"; found No, Mail',
    ],
    ['a quote that never ends', 'id,name\n1,"Ann\n', 'people.csv:2: is not readable as CSV'],
  ])('names file, line and column of %s', (_, source, message) => {
    expect(() => parseCustomers(source, 'people.csv', chosen().columns)).toThrow(message)
  })

  it('is read again within five seconds after it was written, and a broken one changes nothing', async () => {
    const { crm, host, file, close } = await open('email,name\nann@example.com,Ann\n')
    const name = async () => (await crm.find({ email: 'ann@example.com' }))?.name
    const write = async (content: string, second: number) => {
      await writeFile(file, content)
      await utimes(file, second, second)
    }
    expect(await name()).toBe('Ann')
    await write('email,name\nann@example.com,Anna\n', 1_000)
    expect(await name()).toBe('Ann')
    host.advance(5_000)
    expect(await name()).toBe('Anna')
    await write('email,name\nann,Broken\n', 2_000)
    host.advance(5_000)
    expect(await name()).toBe('Anna')
    await close()
  })

  it('finds nobody by what two customers share', async () => {
    const shared = 'email,phone,name\nann@example.com,+1 555 000 111,Ann\nbob@example.com,+1 555 000 111,Bob\n'
    const { crm, close } = await open(shared)
    expect(await crm.find({ phone: '+1 555 000 111', verified: true })).toBeUndefined()
    expect((await crm.find({ email: 'bob@example.com', phone: '+1 555 000 111' }))?.name).toBe('Bob')
    await close()
  })

  it('shows facts to the unverified only where the settings say so', async () => {
    const { crm, close } = await open('email,Plan\nann@example.com,gold\n', { trustUnverified: true })
    expect((await crm.find({ email: 'ann@example.com' }))?.facts).toEqual({ Plan: 'gold' })
    await close()
  })

  it('that does not exist stops the start with its path', async () => {
    const host = await aHost({ migrations: directory.migrations })
    await expect(directory.open(chosen({ file: '/nowhere/people.csv' }), host)).rejects.toThrow(
      '"/nowhere/people.csv" does not exist',
    )
    await host.stop()
  })
})
