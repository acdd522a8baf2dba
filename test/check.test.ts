// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the YAML under test holds references to secrets
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { connectors } from '../connectors/index.ts'
import { check } from '../src/cli/check.ts'
import { schema, schemaFile } from '../src/cli/schema.ts'
import type { Connector } from '../src/connector.ts'
import type { Twin } from '../src/twin.ts'

const config = resolve(import.meta.dirname, '../config')
const examples = (await readdir(join(config, 'examples'))).filter((name) => name.endsWith('.yaml'))
const files = [join(config, 'demo.yaml'), ...examples.map((name) => join(config, 'examples', name))]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-check-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function run(path: string, { json = false, env = {} } = {}) {
  const lines: string[] = []
  const code = await check(path, { json, env, write: (line) => lines.push(line) })
  return { code, lines }
}

/** A value for every variable that the file refers to. */
async function secretsOf(file: string): Promise<Record<string, string>> {
  const names = (await readFile(file, 'utf8')).matchAll(/\$\{env:([^}]+)\}/g)
  return Object.fromEntries([...names].map(([, name]) => [name!, 'a secret of the test']))
}

async function aFile(yaml: string): Promise<string> {
  const file = join(folder, 'baton.yaml')
  await writeFile(file, yaml)
  return file
}

const wrong = `connections:
  site: { use: webchat }
  bot: { use: ecko }
  people: { use: inbox, agents: [{ name: Ana, token: "\${env:ANA_TOKEN}" }] }
mappings:
  - { channel: site, bot: bot, desks: [peeple] }
`

describe('check', () => {
  it('says what is fine, and what belongs together', async () => {
    const file = join(config, 'demo.yaml')
    expect(await run(file)).toEqual({
      code: 0,
      lines: [
        `${file} is fine: 5 connections, 1 mapping`,
        '',
        'MAPPING  CHANNEL  BOT         DESKS   FALLBACK         SURVEY      KNOWLEDGE   CRM        HOURS',
        'support  site     first-line  people  people (ticket)  how-was-it  first-line  customers  always',
        '',
        'What arrives in support:',
        '  site → first-line  kept     text',
        '                     changed  file: its name and a link, as text',
        '                     lost     typing: the other side cannot show it',
        '  first-line → site  kept     text (in pieces of at most 16000 characters), choices, articles',
        '  site → people      kept     text, file, typing',
        '  people → site      kept     text (in pieces of at most 16000 characters), file, typing',
      ],
    })
  })

  it('writes a line for each problem, as compilers do, and exits with 1', async () => {
    const file = await aFile(wrong)
    const { code, lines } = await run(file)
    expect(code).toBe(1)
    expect(lines[0]).toMatch(
      `${file}:3:15  connections.bot.use: "ecko" is not a connector. Allowed: dialogflow-cx, dialogflow-es, directory, echo, `,
    )
    expect(lines[0]).toMatch('Did you mean "echo"?')
    expect(lines.some((line) => line.startsWith(`${file}:4:`) && line.includes('ANA_TOKEN is not set'))).toBe(true)
    expect(lines.at(-2)).toMatch(`${file}:6:40  mappings[0].desks[0]: "peeple" is not among the connections.`)
    expect(lines.at(-1)).toBe(`${lines.length - 1} problems in ${file}; nothing was started.`)
  })

  it('speaks JSON', async () => {
    const file = await aFile(wrong)
    const { code, lines } = await run(file, { json: true })
    const told = JSON.parse(lines.join(''))
    expect([code, told.ok]).toEqual([1, false])
    expect(told.problems[0]).toMatchObject({ file, line: 3, column: 15, path: 'connections.bot.use' })
    const fine = JSON.parse((await run(join(config, 'demo.yaml'), { json: true })).lines.join(''))
    expect(fine).toMatchObject({
      ok: true,
      connections: [{ name: 'site', use: 'webchat' }, {}, {}, {}, {}],
      mappings: [{ name: 'support', bot: 'first-line' }],
    })
  })

  it('never shows a secret', async () => {
    const file = await aFile(wrong.replace('ecko', 'echo').replace('peeple', 'people'))
    const env = { ANA_TOKEN: 'hush-hush-hush-hush-hush-hush-hush' }
    for (const json of [true, false]) expect((await run(file, { json, env })).lines.join()).not.toContain('hush-hush')
  })

  it.each(files)('%s is fine once its secrets are set', async (file) => {
    expect((await run(file, { env: await secretsOf(file) })).lines[0]).toContain(`${file} is fine: `)
  })
})

describe('check --live', () => {
  const sample = resolve(import.meta.dirname, '../template/index.ts')
  let twin: Twin
  beforeAll(async () => {
    const { default: connector } = (await import(sample)) as { default: Connector }
    twin = await connector.twin!({ name: 'people', settings: {}, hooksUrl: 'http://127.0.0.1:1/hooks/people' })
  })
  afterAll(() => twin?.close())

  const tryWith = async (settings: object) => {
    const people = JSON.stringify({ use: sample, ...twin.settings, ...settings })
    const connections = `connections: { site: { use: webchat }, bot: { use: echo }, people: ${people} }`
    const file = await aFile(`${connections}\nmappings: [{ channel: site, bot: bot, desks: [people] }]\n`)
    const lines: string[] = []
    const code = await check(file, { json: false, live: true, env: {}, write: (line) => lines.push(line) })
    return { code, said: lines.filter((line) => /^ {2}(site|bot|people) +(fine|failed|not tried)/.test(line)) }
  }

  it('says who we are at the vendor, and what there was no need to try', async () => {
    expect(await tryWith({})).toEqual({
      code: 0,
      said: [
        '  site    not tried  lives in this hub, needs no credentials',
        '  bot     not tried  has no harmless call to try',
        '  people  fine       Signed in as Baton at Sample Desk',
      ],
    })
  })

  it('says what is wrong, without the credentials, and exits with 1', async () => {
    const { code, said } = await tryWith({ token: 'a-wrong-token' })
    expect(code).toBe(1)
    expect(said.at(-1)).toMatch(/^ {2}people {2}failed .*does not accept our credentials.*\[refused\]$/)
    expect(said.join()).not.toContain('a-wrong-token')
  })
})

describe('the schema for the editor', () => {
  const compile = async () =>
    new Ajv({
      allErrors: true,
      strict: false,
      formats: { 'time-zone': true, date: true, path: true, uri: true, email: true },
    }).compile(JSON.parse(await readFile(schemaFile, 'utf8')))

  it('is up to date', async () => {
    expect(await schema({ check: true, write: () => {} }), 'run: npm run schema').toBe(0)
  })

  it('is written when it is missing, and a difference is told', async () => {
    const file = join(folder, 'schema.json')
    const lines: string[] = []
    const write = (line: string) => lines.push(line)
    expect(await schema({ check: true, write, file })).toBe(1)
    expect(await schema({ check: false, write, file })).toBe(0)
    expect(await schema({ check: true, write, file })).toBe(0)
    expect(await readFile(file, 'utf8')).toBe(await readFile(schemaFile, 'utf8'))
    await writeFile(file, '{}')
    expect(await schema({ check: true, write, file })).toBe(1)
    expect(lines).toEqual([
      `${file} is missing. Run: npm run schema`,
      `${file} was written.`,
      `${file} is up to date.`,
      `${file} differs from the connectors’ settings. Run: npm run schema`,
    ])
  })

  it.each(files)('agrees that %s is fine', async (file) => {
    const validate = await compile()
    validate(parse(await readFile(file, 'utf8')))
    expect(validate.errors ?? []).toEqual([])
  })

  it.each([
    ['an unknown connector', 'use: ecko'],
    ['an unknown field of a connector', 'use: echo, prefixx: a'],
    ['a wrong value', 'use: form, scale: 99'],
    ['no use', 'scale: 5'],
  ])('refuses %s', async (_, fields) => {
    const validate = await compile()
    const yaml = (bot: string) =>
      parse(`connections: { bot: { ${bot} } }\nmappings: [{ channel: a, bot: bot, desks: [a] }]`)
    expect(validate(yaml('use: echo'))).toBe(true)
    expect(validate(yaml(fields))).toBe(false)
  })

  it('takes references to secrets, connectors of one’s own, and mappings with nothing but names', async () => {
    const validate = await compile()
    const connections = { a: { use: 'form', scale: '${env:SCALE}' }, b: { use: './own.ts', anything: 1 } }
    validate({ connections, mappings: [{ channel: 'a', bot: 'b', desks: ['b', { desk: 'b', mode: 'ticket' }] }] })
    expect(validate.errors ?? []).toEqual([])
    expect(validate({ connections, mappings: [{ channel: 'a', bot: 'b', desks: ['b'], desk: 'c' }] })).toBe(false)
  })
})

describe('every connector', () => {
  it.each(Object.keys(connectors))('%s goes by its own name and explains each of its settings', async (name) => {
    const connector = await connectors[name]!()
    expect(connector.name).toBe(name)
    expect(
      (connector.settings as { additionalProperties?: boolean }).additionalProperties,
      'unknown fields are errors',
    ).toBe(false)
    for (const [field, setting] of Object.entries(connector.settings.properties)) {
      expect(setting, field).toMatchObject({ title: expect.any(String), description: expect.any(String) })
    }
  })
})
