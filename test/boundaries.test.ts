/** Who may know whom: read from the imports, so that a shortcut shows before it spreads. */
import { readdir, readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { dirname, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

interface Source {
  /** From the root, with slashes. */
  readonly path: string
  readonly text: string
  readonly imports: readonly string[]
}

const isTest = ({ path }: Source): boolean => /\.test\.ts$|\/fixtures\/|\/tests?\//.test(path)

let sources: Source[]
beforeAll(async () => {
  sources = (await Promise.all(['src', 'connectors', 'template', 'console', 'test', 'bin'].map(read))).flat()
})

/** What Vite makes of the rest of `console/`. */
const built = join('console', 'dist')

async function read(folder: string): Promise<Source[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  const files = entries.filter(
    (entry) => entry.isFile() && /\.(tsx?|js)$/.test(entry.name) && !relative(root, entry.parentPath).startsWith(built),
  )
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const file = join(parentPath, name)
      const text = await readFile(file, 'utf8')
      return { path: relative(root, file).replaceAll('\\', '/'), text, imports: importsOf(text) }
    }),
  )
}

export function importsOf(text: string): string[] {
  const from = /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]/g
  const bare = /(?:^|\n)\s*import\s*['"]([^'"]+)['"]/g
  const called = /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g
  return [from, bare, called].flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1]!))
}

const isPackage = (name: string): boolean => !/^[.#/]/.test(name)
const isNode = (name: string): boolean => name.startsWith('node:') || builtinModules.includes(name)
const target = (path: string, name: string): string => normalize(join(dirname(path), name)).replaceAll('\\', '/')
/** `connectors/faq/turn.ts` → `connectors/faq`; the list of connectors belongs to none. The template is one connector. */
const homeOf = (path: string): string => (isTemplate(path) ? 'template' : path.split('/').slice(0, 2).join('/'))
const isTemplate = (path: string): boolean => path.startsWith('template/')
/** Of the package around a new connector: it is copied from here and never runs here. */
const isStart = (path: string): boolean => path.startsWith('template/start/')

it('reads imports in every form', () => {
  const text = [
    "import a from 'one'",
    "import type {} from 'two'",
    "import {\n  b,\n  c,\n} from './three.ts'",
    "export * from '#hub/four.ts'",
    "import 'five'",
    "const x = await import('six')",
    "const said = 'import me from here'",
  ]
  expect(importsOf(text.join('\n'))).toEqual(['one', 'two', './three.ts', '#hub/four.ts', 'five', 'six'])
})

describe('a connector', () => {
  /** Words of the contract that some connectors take from where they are defined. */
  const words = [
    'connector',
    'errors',
    'files',
    'upload',
    'message',
    'handoff',
    'customer',
    'context',
    'clock',
    'vendor-errors',
    'own-text',
    'file-settings',
    'twin',
  ].map((name) => `#hub/${name}.ts`)
  const connectors = () =>
    sources.filter(({ path }) => /^connectors\/[^/]+\//.test(path) || (isTemplate(path) && !isStart(path)))

  it('was found', () => {
    const homes = new Set(connectors().map(({ path }) => homeOf(path)))
    for (const name of ['webchat', 'inbox', 'faq', 'form', 'directory', 'echo'])
      expect(homes).toContain(`connectors/${name}`)
    expect(homes).toContain('template')
  })

  it('knows the contract, its own folder and packages, nothing else', () => {
    const wrong = connectors()
      .filter((source) => !isTest(source) && !importsTests(source))
      .flatMap(({ path, imports }) =>
        imports
          .filter((name) => !isPackage(name) && !words.includes(name))
          .filter((name) => name.startsWith('#') || homeOf(target(path, name)) !== homeOf(path))
          .map((name) => `${path}: ${name}`),
      )
    expect(wrong).toEqual([])
  })

  const mayReach: Record<string, string> = {
    'src/postgres/migrate.ts': 'brings up its own tables, as the hub does before it opens a connection',
  }

  it('is not tested through another connector or the inside of the hub', () => {
    const wrong = connectors()
      .filter((source) => isTest(source) || importsTests(source))
      .flatMap(({ path, imports }) =>
        imports
          .filter((name) => !isPackage(name))
          .filter(
            (name) =>
              !name.startsWith('#hub/') &&
              homeOf(target(path, name)) !== homeOf(path) &&
              !/^(test|console)\//.test(target(path, name)),
          )
          .filter((name) => !(target(path, name) in mayReach))
          .map((name) => `${path}: ${name}`),
      )
    expect(wrong).toEqual([])
  })

  /** `connector new` writes these by their published names; anything else would not be found outside. */
  const published = /^test\/(conformance\/[\w-]+|vendor-stage)\.ts$/

  it('made from the template is tested with what is published, and nothing else', () => {
    const wrong = connectors()
      .filter(({ path }) => isTemplate(path))
      .flatMap(({ path, imports }) =>
        imports
          .filter((name) => name.startsWith('.') && !target(path, name).startsWith('template/'))
          .filter((name) => !published.test(target(path, name)))
          .map((name) => `${path}: ${name}`),
      )
    expect(wrong).toEqual([])
  })

  it('leaves its test gear out of what runs', () => {
    const gear = new Set(
      connectors()
        .filter(importsTests)
        .map(({ path }) => path),
    )
    const wrong = connectors()
      .filter((source) => !isTest(source) && !importsTests(source))
      .flatMap(({ path, imports }) =>
        imports
          .filter((name) => name.startsWith('.') && gear.has(target(path, name)))
          .map((name) => `${path}: ${name}`),
      )
    expect(wrong).toEqual([])
  })

  /** Gear of a connector's tests: an office with agents, a visitor's screen. */
  const importsTests = ({ path, text, imports }: Source): boolean =>
    /import \{ WebSocket \} from 'ws'/.test(text) ||
    imports.some((name) => name === 'vitest' || (name.startsWith('.') && target(path, name).startsWith('test/')))
})

describe('the hub', () => {
  const hub = () => sources.filter((source) => source.path.startsWith('src/') && !isTest(source))

  it('reaches connectors only through their list, and pages only through theirs', () => {
    const outside = hub().flatMap(({ path, imports }) =>
      imports
        .filter((name) => name.startsWith('.') && !target(path, name).startsWith('src/'))
        .map((name) => `${path}: ${target(path, name)}`),
    )
    expect(outside.sort()).toEqual([
      'src/cli/schema.ts: connectors/index.ts',
      'src/config.ts: connectors/index.ts',
      'src/http/pages.ts: console/pages.ts',
      'src/http/survey.ts: console/pages.ts',
    ])
  })

  it('never runs what belongs to tests', () => {
    const wrong = hub().flatMap(({ path, imports }) =>
      imports.filter((name) => /^(vitest|fast-check|nock|playwright)/.test(name)).map((name) => `${path}: ${name}`),
    )
    expect(wrong).toEqual([])
  })

  /** Every word that is a product's name; `echo` and `form` are ordinary words too, and are left to the imports. */
  const products =
    /\b(zendesk|freshdesk|freshchat|salesforce|liveperson|genesys|intercom|dialogflow|watson|lex|rasa|botpress|surveymonkey|typeform|qualtrics|hubspot|zoho|webchat|inbox|faq)\b/i
  const mayName: [RegExp, string][] = [
    [
      /^src\/cli\/replay(\/|\.ts)/,
      'replay writes to the built-in chat and answers at the built-in desk: that is what it is for',
    ],
    [/^src\/access\.ts/, 'a right is called as the screen of the console that it opens'],
    [/^src\/cli\/start\.ts/, 'tells who tries the sandbox where its pages are'],
    [/^src\/config\/connections\.ts/, 'an example in an error sentence'],
    [/^src\/config\.ts/, 'an example in an error sentence'],
  ]

  it('names no product', () => {
    const wrong = hub()
      .filter(({ path }) => !mayName.some(([pattern]) => pattern.test(path)))
      .flatMap(({ path, text }) => linesWith(text, products).map((line) => `${path}:${line}`))
    expect(wrong).toEqual([])
  })

  it('has no exception that is not needed', () => {
    for (const [pattern] of mayName) {
      expect([pattern, hub().some(({ path, text }) => pattern.test(path) && products.test(text))]).toEqual([
        pattern,
        true,
      ])
    }
  })

  const mayTellTime: Record<string, string> = {
    'src/clock.ts': 'the one place that knows the time',
    'src/postgres/folder-lock.ts': 'compares with the times of files, which are the system’s own',
    'src/vendor-errors.ts': 'a default for a pure function; a vendor’s own clock is taken where it is told',
  }

  it('tells the time in one place', () => {
    const telling = hub().filter(({ text }) => /\bDate\.now\(\)|\bnew Date\(\)/.test(text))
    expect(telling.map(({ path }) => path).filter((path) => !(path in mayTellTime))).toEqual([])
  })

  it('speaks through its logger; only the command line prints', () => {
    const printing = hub().filter(({ text }) => /\bconsole\.\w+\(/.test(text))
    expect(
      printing.map(({ path }) => path).filter((path) => path !== 'src/main.ts' && !path.startsWith('src/cli/')),
    ).toEqual([])
  })

  it('never compares secrets by ===', () => {
    const wrong = [...hub(), ...sources.filter(({ path }) => path.startsWith('connectors/') || isTemplate(path))]
      .filter((source) => !isTest(source))
      .flatMap(({ path, text }) =>
        linesWith(text, /\b(digest|signature|hmac)\w*\s*[!=]==?\s|[!=]==\s*\w*(signature|hmac|digest)\b(?!['"])/i).map(
          (line) => `${path}:${line}`,
        ),
      )
      .filter((line) => !/undefined|null|''/.test(line))
    expect(wrong).toEqual([])
  })

  it('runs no text as a program', () => {
    const wrong = sources
      .filter((source) => !isTest(source) && !source.path.startsWith('test/'))
      .flatMap(({ path, text }) =>
        linesWith(text, /\beval\(|\bnew Function\(|from 'node:vm'|\bdocument\.write\(/).map(
          (line) => `${path}:${line}`,
        ),
      )
    expect(wrong).toEqual([])
  })
})

describe('files', () => {
  const mayBeLong: Record<string, string> = {
    'src/postgres/log.ts': 'one transaction, read top down',
    'src/reports/measures.ts': 'a glossary: one entry for each number, with its definition',
  }

  it('have at most 400 lines where they run', () => {
    const long = sources.filter(
      (source) => !source.path.startsWith('test/') && !isTest(source) && source.text.split('\n').length > 401,
    )
    expect(long.map(({ path }) => path).filter((path) => !(path in mayBeLong))).toEqual([])
  })

  it('are erasable TypeScript with whole import names', () => {
    const wrong = sources.flatMap(({ path, text, imports }) => [
      ...imports
        .filter((name) => name.startsWith('.') && !/\.(tsx?|js|json|css(\?inline)?)$/.test(name))
        .map((name) => `${path}: ${name} has no ending`),
      ...(path.endsWith('.ts')
        ? linesWith(text, /^\s*(export )?(const )?(enum|namespace) \w/).map((line) => `${path}:${line}`)
        : []),
    ])
    expect(wrong).toEqual([])
  })

  it('import only packages that package.json names, and what runs only what is installed to run', async () => {
    const { dependencies, devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    const start = JSON.parse(await readFile(join(root, 'template/start/package.json'), 'utf8'))
    const others = sources.filter(({ path }) => path !== 'test/boundaries.test.ts')
    const wrong = others.flatMap((source) => {
      const all = isStart(source.path) ? start.devDependencies : { ...dependencies, ...devDependencies }
      const known = isRun(source) && !isBundled(source) ? dependencies : all
      return source.imports
        .filter((name) => isPackage(name) && !isNode(name))
        .map((name) =>
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        )
        .filter((name) => !(name in known) && !isTypeOnly(source, name))
        .map((name) => `${source.path}: ${name}`)
    })
    expect([...new Set(wrong)]).toEqual([])
  })

  it('of the pages know the hub by its types alone, so that nothing of it is sent to a browser', () => {
    const wrong = sources
      .filter((source) => isBundled(source) && !isTest(source))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/(?:^|\n)(import|export)\s+(?!type\b)[^'"`;]*?from\s*['"]([^'"]+)['"]/g)]
          .map((match) => match[2]!)
          .filter((name) => name.startsWith('.') && !target(path, name).startsWith('console/'))
          .filter((name) => !isShared(target(path, name)))
          .map((name) => `${path}: ${name}`),
      )
    expect(wrong).toEqual([])
  })

  /** Pure words and tables that both sides have to agree on. */
  const isShared = (path: string): boolean => sharedWords.includes(path)
  const sharedWords = ['src/access.ts', 'src/message.ts']

  /** Vite puts these and what they import into the files that browsers get; the rest of `console/` is served as it is. */
  const isBundled = ({ path }: Source): boolean => /^console\/(app\/|widget\/|link|marks|build\.ts|vite\.)/.test(path)
  const isRun = (source: Source): boolean =>
    !isTest(source) &&
    !/^test\//.test(source.path) &&
    !isStart(source.path) &&
    !/from '(\.\.\/)+test\/|from 'ws'/.test(source.text)
  const isTypeOnly = ({ text }: Source, name: string): boolean =>
    !new RegExp(`import (?!type)[^\\n]*from '${name}(/[^']*)?'`).test(text) &&
    new RegExp(`import type[^\\n]*from '${name}(/[^']*)?'`).test(text)
})

function linesWith(text: string, pattern: RegExp): string[] {
  return text
    .split('\n')
    .flatMap((line, index) => (pattern.test(line) ? [`${index + 1}: ${line.trim().slice(0, 100)}`] : []))
}
