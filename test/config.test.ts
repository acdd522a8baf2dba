// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the YAML under test holds references to secrets
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nearest } from '../src/config/problems.ts'
import { type Config, ConfigError, checkRoles, fitFallback, loadConfig, maskedConfig } from '../src/config.ts'
import type { Connection, Connector } from '../src/connector.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-config-'))
})
afterAll(() => rm(folder, { recursive: true }))

const settings = Type.Object(
  {
    subdomain: Type.String({
      title: 'Subdomain',
      description: 'The part before .example.com',
      pattern: '^[a-z]+$',
      examples: ['acme'],
    }),
    token: Type.String({ title: 'Token', description: 'From the admin page', writeOnly: true, minLength: 8 }),
    port: Type.Integer({ title: 'Port', default: 443, minimum: 1, maximum: 65_535 }),
    secure: Type.Boolean({ title: 'Secure', default: true }),
    level: Type.Union([Type.Literal('low'), Type.Literal('high')], { title: 'Level', default: 'low' }),
    folder: Type.Optional(Type.String({ title: 'Folder', format: 'path' })),
    tags: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.Number(), { title: 'Tags', additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
)
const aConnector = (name: string, roles?: readonly string[]): Connector =>
  ({ name, settings: Type.Object({}, { additionalProperties: false }), roles, open: async () => ({}) }) as Connector

const known = {
  webchat: async () => aConnector('webchat', ['channel']),
  faq: async () => aConnector('faq', ['bot', 'knowledge']),
  inbox: async () => aConnector('inbox', ['desk']),
  acme: async () => ({ ...aConnector('acme'), settings }) as Connector,
  broken: async (): Promise<Connector> => {
    throw new Error('Cannot find package "grpc"')
  },
}

let files = 0
async function load(yaml: string, env: Record<string, string> = {}): Promise<Config> {
  const file = join(folder, `${++files}.yaml`)
  await writeFile(file, yaml)
  return loadConfig(file, env, { known })
}

/** `line:column path: message` of each problem. */
async function problemsOf(yaml: string, env: Record<string, string> = {}): Promise<string[]> {
  try {
    await load(yaml, env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`)
  }
  return []
}

const fine = `connections:
  site: { use: webchat }
  first-line: { use: faq }
  people: { use: inbox }
mappings:
  - channel: site
    bot: first-line
    desks: [people]
`
const withAcme = (fields: string) =>
  fine.replace('mappings:', () => `  crm:\n    use: acme\n${fields.replaceAll(/^/gm, '    ')}\nmappings:`)
const inMapping = (fields: string) => `${fine}${fields.replaceAll(/^(?=.)/gm, '    ')}\n`
const acme = 'subdomain: acme\ntoken: a-long-token'

describe('a configuration that is right', () => {
  it('has every default filled in', async () => {
    const { connections, mappings } = await load(fine)
    expect(connections.map(({ name, use }) => [name, use])).toEqual([
      ['site', 'webchat'],
      ['first-line', 'faq'],
      ['people', 'inbox'],
    ])
    expect(mappings).toHaveLength(1)
    const { criteria: _, ...mapping } = mappings[0]!
    expect(mapping).toEqual({
      name: 'site',
      channel: 'site',
      bot: 'first-line',
      desks: [{ desk: 'people', mode: 'live', skills: [], waitMs: 300_000, answerMs: 90_000 }],
      fallback: [{ desk: 'people', mode: 'ticket', skills: [], waitMs: 300_000, answerMs: 90_000, assumed: true }],
      language: 'en',
      languages: ['en'],
      words: {},
      fields: {},
      limits: {
        botMs: 8_000,
        offerMs: 300_000,
        connectMs: 20_000,
        waitMs: 300_000,
        reassureMs: 120_000,
        agentSilentMs: 300_000,
        idleMs: 600_000,
        parkMs: 1_800_000,
        surveyDelayMs: 30_000,
        surveyEveryMs: 604_800_000,
      },
    })
  })

  it('takes what a mapping says', async () => {
    const yaml = inMapping(`name: support
fallback: [{ desk: people, mode: callback, waitMinutes: 1 }]
languages: [de]
limits: { waitMinutes: 2 }
hours: &office { timeZone: Europe/Berlin, week: { mon: ["09:00-17:00"] }, holidays: [2026-12-25] }
words: { de: { joined: "{agent} ist da." } }
fields: { subject: "{{ reason.text | truncate: 20 }} {{ customer.facts.plan }}" }`).replace(
      '[people]',
      '[{ desk: people, skills: [billing] }]',
    )
    const [mapping] = (await load(yaml)).mappings
    expect(mapping).toMatchObject({
      name: 'support',
      desks: [
        { desk: 'people', mode: 'live', skills: ['billing'], waitMs: 120_000, hours: { timeZone: 'Europe/Berlin' } },
      ],
      fallback: [{ mode: 'callback', waitMs: 60_000 }],
      languages: ['en', 'de'],
      words: { de: { joined: '{agent} ist da.' } },
      hours: { week: [[{ from: 540, to: 1020 }], [], [], [], [], [], []], holidays: ['2026-12-25'] },
    })
  })

  it('takes secrets from the environment and from files, also inside a text and as numbers', async () => {
    await writeFile(join(folder, 'token.txt'), 'from-a-file\n')
    const yaml = withAcme(
      'subdomain: ${env:SUB}\ntoken: "x-${env:A}-${file:token.txt}"\nport: ${env:PORT}\nsecure: ${env:OFF}\nfolder: ./data',
    )
    const { connections } = await load(yaml, { SUB: 'shop', A: 'one', PORT: '8443', OFF: 'false' })
    expect(connections.at(-1)!.settings).toEqual({
      subdomain: 'shop',
      token: 'x-one-from-a-file',
      port: 8443,
      secure: false,
      level: 'low',
      folder: join(folder, 'data'),
    })
  })

  it('leaves a doubled dollar alone', async () => {
    const { connections } = await load(withAcme('subdomain: acme\ntoken: $${env:NOT_THIS}'))
    expect(connections.at(-1)!.settings.token).toBe('${env:NOT_THIS}')
  })

  it('hides secrets when it is shown', async () => {
    const yaml = withAcme('subdomain: ${env:SUB}\ntoken: written-down-badly')
    const shown = JSON.stringify(maskedConfig(await load(yaml, { SUB: 'hush' })))
    expect(shown).not.toMatch(/written-down-badly|hush/)
    expect(shown).toContain('"subdomain":"${env:SUB}","token":"(hidden)","port":443')
  })

  it('imports a connector by its path', async () => {
    await writeFile(
      join(folder, 'own.mjs'),
      `export default { name: 'own', settings: { type: 'object', properties: {} }, open: async () => ({}) }`,
    )
    const { connections } = await load(fine.replace('use: inbox', 'use: ./own.mjs'))
    expect(connections[2]).toMatchObject({ name: 'people', use: './own.mjs', connector: { name: 'own' } })
  })

  it('imports only the connectors that are used', async () => {
    expect((await load(fine)).connections).toHaveLength(3) // `broken` would have thrown
  })
})

describe('what is wrong is named with its place and with what is right', () => {
  it.each<[string, string, string, Record<string, string>?]>([
    [
      'an unknown connector',
      fine.replace('faq', 'faqq'),
      '3:22 connections.first-line.use: "faqq" is not a connector. Allowed: webchat, faq, inbox, acme, broken, or a path or package. Did you mean "faq"?',
    ],
    [
      'a connector that fails to load',
      fine.replace('inbox', 'broken'),
      '4:18 connections.people.use: "broken" cannot be loaded: Cannot find package "grpc"',
    ],
    [
      'a path to nothing',
      fine.replace('inbox', './nothing.ts'),
      '4:18 connections.people.use: "./nothing.ts" cannot be loaded: there is no ',
    ],
    [
      'a connection without use',
      fine.replace('{ use: inbox }', '{}'),
      '4:11 connections.people: found a map without "use". A connection is a map that names its connector, like: { use: webchat }. Allowed: webchat, faq',
    ],
    [
      'a connection with a bad name',
      fine.replaceAll('first-line', 'First_Line'),
      '3:3 connections.First_Line: "First_Line" is not a name. Allowed: lower-case letters',
    ],
    [
      'an unknown field of a connector',
      withAcme(`${acme}\ntokn: x`),
      '9:5 connections.crm.tokn: "tokn" is not a field here. Allowed: use, subdomain, token, port, secure, level, folder, tags. Did you mean "token"?',
    ],
    [
      'a missing field',
      withAcme('token: a-long-token'),
      '5:3 connections.crm.subdomain: "subdomain" is missing (The part before .example.com).',
    ],
    [
      'a field of the wrong type',
      withAcme(`${acme}\nport: many`),
      '9:11 connections.crm.port: found "many". It must be a whole number (Port).',
    ],
    ['a number out of range', withAcme(`${acme}\nport: 0`), '9:11 connections.crm.port: found 0. It must be >= 1.'],
    [
      'a word that is not allowed',
      withAcme(`${acme}\nlevel: hihg`),
      '9:12 connections.crm.level: found "hihg". Allowed: low, high. Did you mean "high"?',
    ],
    [
      'a text of another form',
      withAcme('subdomain: Acme!\ntoken: a-long-token'),
      '7:16 connections.crm.subdomain: found "Acme!". It has another form. For example: acme.',
    ],
    [
      'a number as a name inside',
      withAcme(`${acme}\ntags: { A1: 2 }`),
      '9:13 connections.crm.tags.A1: "A1" is not a field here. A name must match ^[a-z]+$.',
    ],
    [
      'a missing variable',
      withAcme('subdomain: acme\ntoken: ${env:ACME_TOKEN}'),
      '8:12 connections.crm.token: The environment variable ACME_TOKEN is not set. Set it before the start, for example: export ACME_TOKEN=…',
    ],
    [
      'an empty variable',
      withAcme('subdomain: acme\ntoken: ${env:ACME_TOKEN}'),
      '8:12 connections.crm.token: The environment variable ACME_TOKEN is empty.',
      { ACME_TOKEN: '' },
    ],
    [
      'a missing file',
      withAcme('subdomain: acme\ntoken: ${file:/nowhere/token}'),
      '8:12 connections.crm.token: The file /nowhere/token cannot be read (there is no such file).',
    ],
    [
      'a strange reference',
      withAcme('subdomain: acme\ntoken: ${ENV.TOKEN}'),
      '8:12 connections.crm.token: "${ENV.TOKEN}" is not a reference. Allowed: ${env:NAME}, ${file:PATH}; write $${…} for the text itself.',
    ],
    [
      'a variable of the wrong kind',
      withAcme(`${acme}\nport: \${env:PORT}`),
      '9:11 connections.crm.port: found "${env:PORT}". It must be a whole number (Port).',
      { PORT: 'eighty' },
    ],
    [
      'a mapping that names no such connection',
      fine.replace('desks: [people]', 'desks: [peeple]'),
      '8:13 mappings[0].desks[0]: "peeple" is not among the connections. Allowed: site, first-line, people. Did you mean "people"?',
    ],
    [
      'the same, inside a map',
      fine.replace('[people]', '[{ desk: nobody, mode: ticket }]'),
      '8:21 mappings[0].desks[0].desk: "nobody" is not among the connections. Allowed: site, first-line, people.',
    ],
    [
      'a role the connection cannot play',
      fine.replace('bot: first-line', 'bot: site'),
      '7:10 mappings[0].bot: "site" cannot be a bot; it can be: channel. Allowed: first-line.',
    ],
    [
      'a role nobody can play',
      inMapping('crm: site'),
      '9:10 mappings[0].crm: "site" cannot be a crm; it can be: channel. Add a connection that can be a crm.',
    ],
    [
      'an unknown field of a mapping',
      inMapping('desk: people'),
      '9:5 mappings[0].desk: "desk" is not a field here. Allowed: name, channel, bot, desks',
    ],
    [
      'a mapping without a bot',
      fine.replace('    bot: first-line\n', ''),
      '6:5 mappings[0].bot: "bot" is missing (Who answers first',
    ],
    [
      'no desks',
      fine.replace('[people]', '[]'),
      '8:12 mappings[0].desks: found a list. It needs at least one entry (Who is asked when a person is needed, in this order).',
    ],
    [
      'a bad mode',
      fine.replace('[people]', '[{ desk: people, mode: liv }]'),
      '8:35 mappings[0].desks[0].mode: found "liv". Allowed: live, ticket, callback. Did you mean "live"?',
    ],
    [
      'a desk that is a number',
      fine.replace('[people]', '[7]'),
      '8:13 mappings[0].desks[0]: found 7. Allowed: text, a map.',
    ],
    [
      'a bad limit',
      inMapping('limits: { botSeconds: 0 }'),
      '9:27 mappings[0].limits.botSeconds: found 0. It must be >= 1.',
    ],
    [
      'an unknown limit',
      inMapping('limits: { botMinutes: 1 }'),
      '9:15 mappings[0].limits.botMinutes: "botMinutes" is not a field here. Allowed: botSeconds, offerMinutes',
    ],
    [
      'bad hours',
      inMapping('hours: { timeZone: Europe/Berlin, week: { mon: ["9-17"] } }'),
      '9:53 mappings[0].hours.week.mon[0]: found "9-17". It has another form. For example: 09:00-17:00, 22:00-06:00, 00:00-24:00.',
    ],
    [
      'a bad zone',
      inMapping('hours: { timeZone: Berlin, week: { mon: [] } }'),
      '9:24 mappings[0].hours.timeZone: found "Berlin". It must be an IANA time zone. For example: Europe/Berlin, America/New_York.',
    ],
    [
      'a bad holiday',
      inMapping('hours: { timeZone: UTC, week: { mon: [] }, holidays: [2026-02-30] }'),
      '9:59 mappings[0].hours.holidays[0]: found "2026-02-30". It must be a date. For example: 2026-12-25.',
    ],
    [
      'an unknown sentence',
      inMapping('words: { de: { ofer: Hm? } }'),
      '9:20 mappings[0].words.de.ofer: "ofer" is not a field here. Allowed: offer, yes',
    ],
    [
      'a placeholder that is not filled',
      inMapping('words: { de: { joined: "{name} ist da" } }'),
      '9:28 mappings[0].words.de.joined: {name} is not filled in here. Allowed: {agent}.',
    ],
    [
      'a template that does not end',
      inMapping('fields:\n  subject: "{{ reason.text"'),
      '10:16 mappings[0].fields.subject: This Liquid template is wrong: output "{{ reason.text" not closed',
    ],
    [
      'an unknown filter',
      inMapping('fields:\n  subject: "{{ wants | shout }}"'),
      '10:16 mappings[0].fields.subject: This Liquid template is wrong: undefined filter: shout.',
    ],
    [
      'an unknown variable',
      inMapping('fields:\n  subject: "{{ custmer.name }}"'),
      '10:16 mappings[0].fields.subject: "custmer.name" is not part of the context. Allowed: handoff.id',
    ],
    [
      'a template that reads files',
      inMapping('fields:\n  subject: "{% include \'secret\' %}"'),
      '10:16 mappings[0].fields.subject: This Liquid template is wrong:',
    ],
    [
      'an unknown criterion',
      inMapping('criteria:\n  frustation: { action: offer }'),
      '10:7 mappings[0].criteria.frustation: ',
    ],
    [
      'a bad condition',
      inMapping('criteria:\n  vip: { when: "turns >=", action: escalate }'),
      'mappings[0].criteria.vip',
    ],
    [
      'a condition over what is not known',
      inMapping('criteria:\n  vip: { when: "turnz > 3", action: escalate }'),
      'mappings[0].criteria.vip',
    ],
    [
      'a duplicate connection',
      fine.replace('  people:', '  site: { use: faq }\n  people:'),
      '4:3 connections.site: The name "site" is used twice here; each may be used once.',
    ],
    ['a field given twice', inMapping('bot: first-line'), '9:5 mappings[0].bot: The name "bot" is used twice here'],
    [
      'a channel with two mappings',
      `${fine}  - { channel: site, bot: first-line, desks: [people], name: other }`,
      '9:16 mappings[1].channel: "site" already belongs to mappings[0]; a channel has one mapping.',
    ],
    [
      'an unknown section',
      `${fine}conections: {}`,
      '9:1 conections: "conections" is not a field here. Allowed: connections, mappings. Did you mean "connections"?',
    ],
    ['an unclosed bracket', fine.replace('[people]', '[people'), ': This is not YAML: '],
    ['a reference in braces', fine.replace('{ use: inbox }', '{ use: inbox, token: ${env:T} }'), '4:'],
    ['a tab', fine.replace('  site', '\tsite'), '2:1 : This is not YAML: '],
    ['an empty file', '', '1:1 : found nothing. The file must be a map with: connections, mappings.'],
    ['a list', '- a', '1:1 : found a list. The file must be a map with: connections, mappings.'],
    [
      'no mappings',
      fine.slice(0, fine.indexOf('mappings:')),
      '1:1 mappings: found nothing. It must be a list of at least one mapping',
    ],
  ])('%s', async (_, yaml, problem, env) => {
    const problems = await problemsOf(yaml, env)
    expect(problems, 'one error for one mistake').toHaveLength(1)
    expect(problems[0]).toContain(problem)
  })

  it('a mistake in a file that is not there', async () => {
    const missing = join(folder, 'missing.yaml')
    await expect(loadConfig(missing, {}, { known })).rejects.toThrow(`${missing}:1:1  There is no such file.`)
  })

  it('all that is wrong comes at once, sorted by line', async () => {
    const yaml = withAcme('subdomain: acme\ntoken: ${env:ACME_TOKEN}\nport: many')
      .replace('webchat', 'webchatt')
      .replace('bot: first-line', 'bot: first-lin')
    const problems = await problemsOf(`${yaml}    fields: { a: "{{ b }}" }\n    limits: { botSeconds: x }`)
    expect(problems.map((problem) => problem.split(': ')[0])).toEqual([
      '2:16 connections.site.use',
      '8:12 connections.crm.token',
      '9:11 connections.crm.port',
      '12:10 mappings[0].bot',
      '14:18 mappings[0].fields.a',
      '15:27 mappings[0].limits.botSeconds',
    ])
  })

  it('no problem repeats a secret', async () => {
    const env = { SUB: 'Very-Secret!', PORT: 'also-secret' }
    const problems = await problemsOf(withAcme('subdomain: ${env:SUB}\ntoken: hushhus\nport: ${env:PORT}'), env)
    expect(problems).toHaveLength(3)
    expect(problems.join()).not.toMatch(/Very-Secret|hushhus|also-secret/)
    expect((await problemsOf('token: [ "top-secret" }')).join()).not.toContain('top-secret')
  })
})

describe('what YAML can do and a configuration must not', () => {
  it.each([
    [
      'merge keys',
      fine.replace('{ use: faq }', '&x { use: faq }').replace('{ use: inbox }', '{ <<: *x }'),
      'Merge keys ("<<") are not allowed',
    ],
    [
      'tags of others',
      fine.replace('use: faq', 'use: !!js/function faq'),
      'Tags (words that begin with "!") are not allowed',
    ],
    ['binary tags', fine.replace('use: faq', 'use: !!binary ZmFx'), 'Tags (words that begin with "!") are not allowed'],
    ['a second document', `${fine}---\n${fine}`, 'This is not YAML'],
    ['an alias of nothing', fine.replace('use: faq', 'use: *faq'), '"*faq" names no anchor above it'],
    ['an alias of itself', fine.replace('{ use: faq }', '&x { use: faq, y: *x }'), 'Nested deeper than 40 levels'],
    ['a map as a key', fine.replace('use: faq', '{ a: b }: faq'), 'A key must be plain text'],
    ['billion laughs', `${laughs(9)}${fine}`, 'More than 100 aliases'],
    [
      'few aliases of much',
      `much: &m [${'1, '.repeat(1000)}]\nmore: [${'*m, '.repeat(30)}]\n${fine}`,
      'grows to more than 20000 values',
    ],
    ['a huge file', `${fine}#${'x'.repeat(1_048_576)}`, 'The file has more than 1048576 bytes'],
  ])('%s', async (_, yaml, message) => {
    expect((await problemsOf(yaml)).join('\n')).toContain(message)
  })

  it.each(['__proto__', 'constructor', 'prototype'])('%s as a name, anywhere', async (key) => {
    const places = [
      `${key}: { polluted: yes }\n${fine}`,
      fine.replace('people:', `${key}:`),
      withAcme(`${acme}\n${key}: { polluted: yes }`),
      inMapping(`limits: { ${key}: { polluted: yes } }`),
      inMapping(`words: { ${key}: { offer: x } }`),
      inMapping(`fields: { ${key}: x }`),
    ]
    for (const yaml of places)
      expect((await problemsOf(yaml)).join('\n')).toContain(`"${key}" is not allowed as a name.`)
    expect(await problemsOf(fine.replace('use: faq', `use: ${key}`))).toEqual([
      expect.stringContaining('is not a connector'),
    ])
    expect(await problemsOf(fine.replace('bot: first-line', `bot: ${key}`))).toEqual([
      expect.stringContaining('is not among the connections'),
    ])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

/** Lists of aliases of lists of aliases. */
function laughs(levels: number): string {
  const line = (level: number) =>
    `l${level}: &l${level} [${Array(9)
      .fill(level ? `*l${level - 1}` : 'ha')
      .join(', ')}]\n`
  return Array.from({ length: levels }, (_, level) => line(level)).join('')
}

describe('roles of open connections', () => {
  const open = (people: Partial<Connection>) =>
    new Map<string, Connection>([
      ['site', { channel: {} } as Connection],
      ['first-line', { bot: {} } as Connection],
      ['people', people as Connection],
    ])

  it('are reported at the line that asks for them', async () => {
    const config = await load(fine)
    expect(checkRoles(config, open({ desk: { modes: ['live', 'ticket'] } as never }))).toEqual([])
    expect(checkRoles(config, open({ bot: {} as never, crm: {} as never }))).toMatchObject([
      { line: 8, column: 13, path: 'mappings[0].desks[0]', message: '"people" cannot be a desk; it can be: bot, crm.' },
    ])
    expect(checkRoles(config, new Map()), 'what is not open is not known').toEqual([])
  })

  it('a mode that the desk cannot be asked in', async () => {
    const config = await load(fine.replace('[people]', '[{ desk: people, mode: ticket }]'))
    expect(checkRoles(config, open({ desk: {} as never }))).toMatchObject([
      { line: 8, message: '"people" cannot be asked as ticket. Allowed: live.' },
    ])
  })

  it('a fallback that nobody asked for is left out where the desk cannot give it', async () => {
    const config = await load(fine)
    const liveOnly = open({ desk: {} as never })
    expect(checkRoles(config, liveOnly)).toEqual([])
    expect(fitFallback(config.mappings[0]!, liveOnly).fallback).toEqual([])
    expect(fitFallback(config.mappings[0]!, open({ desk: { modes: ['ticket'] } as never })).fallback).toHaveLength(1)
  })
})

it.each([
  ['freshdsk', 'freshdesk'],
  ['FAQ', 'faq'],
  ['inobx', 'inbox'],
  ['zebra', undefined],
  ['', undefined],
])('near misses: %s → %s', (found, meant) => {
  expect(nearest(found, ['freshdesk', 'faq', 'inbox', 'webchat'])).toBe(meant)
})

it('settings of the demo point to files beside it', async () => {
  const file = resolve(import.meta.dirname, '../config/demo.yaml')
  expect(await readFile(file, 'utf8')).toMatch(/^# yaml-language-server: \$schema=\.\/baton\.schema\.json\n/)
  const { connections } = await loadConfig(file, {})
  expect(connections.find(({ name }) => name === 'first-line')!.settings.folder).toBe(join(dirname(file), 'demo/faq'))
})
