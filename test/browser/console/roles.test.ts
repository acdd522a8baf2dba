/** What each role finds on each screen, as the design's table of roles says it: which controls are there, and who can be recognised. */
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Role, roles } from '../../../src/access.ts'
import { findByEmail } from '../../../src/staff/users.ts'
import { askAs, foundIn, type Planted, plant, twoDesks } from '../../planted.ts'
import { aConsole, type ConsoleStage, explain, missing, patienceMs, people, picture } from './stage.ts'

explain()

type Acts = Readonly<Record<Role, readonly string[]>>
interface Place {
  /** Below `/console/`. */
  readonly path: (planted: Planted) => string
  /** A heading or region that is there once it has loaded. */
  readonly shows: string | RegExp
  /** Every control that does something, beyond reading, filtering and going elsewhere. Undefined: the screen is not theirs. */
  readonly acts: { readonly [role in Role]: readonly string[] | undefined }
}

const nobody: Acts = { agent: [], viewer: [], admin: [] }
const inInbox = 'Open in the inbox'
const onHandoff = ['Move to the next desk', 'End handoff']
const onLetter = ['Replay 1', 'Tell the agent by note', 'Dismiss…']
const exported = 'as CSV'
const onSelf = [
  ...['Change name', 'Change password', 'Sign out everywhere else', 'Shortcuts of one key'],
  ...['Light', 'Dark', 'As the system', 'Compact', 'Comfortable'],
  ...['Show the current password', 'Show the new password'],
]
const only = (role: Role, ...acts: readonly string[]): Place['acts'] => ({ ...nobody, [role]: acts })
const without = (role: Role, acts: Place['acts']): Place['acts'] => ({ ...acts, [role]: undefined })

const places: readonly Place[] = [
  { path: () => 'queue', shows: /^Queue/, acts: nobody },
  {
    path: ({ waiting }) => `queue?peek=${waiting}-1`,
    shows: 'Why a person',
    acts: { agent: ['Accept', inInbox], viewer: [], admin: ['Accept', inInbox, 'Assign…', ...onHandoff] },
  },
  {
    path: ({ held }) => `queue?tab=agent&peek=${held}-1`,
    shows: 'Why a person',
    acts: { agent: [inInbox], viewer: [], admin: [inInbox, ...onHandoff] },
  },
  { path: () => 'conversations', shows: /^Conversations/, acts: nobody },
  {
    path: ({ held }) => `conversations/${held}`,
    shows: 'Why a person',
    acts: {
      agent: [inInbox, 'Download the transcript'],
      viewer: [],
      admin: [inInbox, ...onHandoff, 'Download the transcript', 'Erase the customer…'],
    },
  },
  { path: () => 'connections', shows: /^Connections/, acts: only('admin', 'Queues') },
  { path: () => 'connections/people', shows: /^(people|Connections)$/, acts: only('admin', 'Queues', 'Pause…') },
  { path: () => 'mappings', shows: /^Mappings/, acts: without('agent', nobody) },
  {
    path: () => 'mappings/support',
    shows: 'support',
    acts: without('agent', {
      ...nobody,
      viewer: ['Try transcript', 'Use an example', 'The customer takes the first offer'],
      admin: ['Try transcript', 'Use an example', 'The customer takes the first offer'],
    }),
  },
  { path: () => 'dead-letters', shows: /^Dead letters/, acts: nobody },
  {
    path: ({ cause }) => `dead-letters/${cause}`,
    shows: /^people rejected/,
    acts: only('admin', 'Replay all 4', 'Dismiss all 4…', ...onLetter),
  },
  { path: () => 'suggestions', shows: /^Suggestions/, acts: nobody },
  {
    path: ({ suggestion }) => `suggestions/${suggestion}`,
    shows: 'returns people',
    acts: only('admin', 'Approve', 'Edit', 'Reject…'),
  },
  ...['overview', 'escalations', 'waiting', 'people', 'feedback', 'topics', 'trust'].map(
    (tab): Place => ({ path: () => `reports/${tab}`, shows: 'Reports', acts: only('admin', exported) }),
  ),
  { path: () => 'settings/me', shows: 'Look and keys', acts: { agent: onSelf, viewer: onSelf, admin: onSelf } },
  // What is not theirs leads to what is.
  ...(
    [
      ['team', 'Team', ['Invite somebody', 'What to do with Ada', 'What to do with Ana', 'What to do with Vera']],
      ['tokens', 'API tokens', ['Make a token']],
      ['widget', 'Widget', ['Copy the script tag']],
      ['audit', 'Audit', ['Filter']],
    ] as const
  ).map(
    ([part, title, acts]): Place => ({
      path: () => `settings/${part}`,
      shows: new RegExp(`^(${title}|Look and keys)$`),
      acts: { agent: onSelf, viewer: onSelf, admin: acts },
    }),
  ),
]

describe.skipIf(missing !== undefined)('a role', { timeout: 240_000 }, () => {
  let stage: ConsoleStage
  let mine: Planted
  beforeAll(async () => {
    stage = await aConsole({ yaml: twoDesks })
    for (const who of Object.values(people)) await stage.cookieOf(who)
    mine = await plant(stage.hub, { chat: 'site', desk: 'people', cookie: await stage.cookieOf(people.agent) })
  }, 180_000)
  afterEach(async () => {
    expect(await stage.clear(), 'what pages complained of').toEqual([])
  })
  afterAll(() => stage?.close())

  test.each(roles)('%s finds what is theirs on every screen, and nothing else', async (role) => {
    const { page } = await stage.visit(people[role], '/console/settings/me')
    const heard: string[] = []
    page.on('response', (answer) => {
      if (answer.url().includes('/api/'))
        void answer.text().then(
          (text) => heard.push(text),
          () => {},
        )
    })
    let seen = ''
    for (const { path, shows, acts } of places) {
      const at = path(mine)
      await page.goto(`/console/${at}`)
      const mayOpen = acts[role] !== undefined
      await heading(page, mayOpen ? shows : 'Not for your role').waitFor()
      await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count(), { timeout: patienceMs }).toBe(0)
      await expect
        .poll(() => actsOn(page), { message: `${role} at ${at}`, timeout: patienceMs })
        .toEqual((acts[role] ?? []).toSorted())
      seen += await page.content()
    }
    if (role === 'viewer')
      expect(foundIn(seen + heard.join(), mine.secrets), 'who or what can be recognised').toEqual([])
    else expect(foundIn(seen, ['Quibblewickpeople', 'canarywordpeople', 'canarynotepeople'])).toHaveLength(3)
  })

  test('an inbox is not shown to a viewer, nor let in by its address', async () => {
    const { page } = await stage.visit(people.viewer, '/console/inbox')
    await heading(page, 'Not for your role').waitFor()
    expect(await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Inbox' }).count()).toBe(0)
    await picture(page, 'roles-not-mine')
  })

  test('who is made a viewer loses names and actions within seconds, without signing in again', async () => {
    const { page } = await stage.visit({ name: 'Olga', role: 'admin' }, `/console/queue?peek=${mine.waiting}-1`)
    await page.getByRole('button', { name: 'End handoff' }).waitFor()
    await page.getByRole('table', { name: 'Handoffs' }).getByText('Quibblewickpeople').waitFor()
    const olga = await findByEmail(stage.hub.database.pool, 'olga@team.example')
    const made = await askAs(
      stage.hub,
      await stage.cookieOf(people.admin),
      `/api/v1/users/${olga!.id}`,
      { role: 'viewer' },
      'PATCH',
    )
    expect(made.status).toBe(200)
    await page.getByRole('button', { name: 'End handoff' }).waitFor({ state: 'detached', timeout: 2 * patienceMs })
    await page.getByRole('table', { name: 'Handoffs' }).getByText('Z. Q.').waitFor()
    await expect.poll(async () => foundIn(await page.content(), mine.secrets)).toEqual([])
    expect(await actsOn(page)).toEqual([])
    expect(await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Inbox' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Account of Olga' }).click()
    await page.getByText('Olga, viewer').waitFor()
  })
})

const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { name }).or(page.getByRole('region', { name })).first()

/** The names of what does something, sorted. Reading, filtering and going to another screen does nothing. */
async function actsOn(page: Page): Promise<string[]> {
  const more = page.getByRole('button', { name: 'More to do with this conversation' })
  if ((await more.count()) > 0 && (await page.getByRole('menu').count()) === 0) await more.click()
  return page.evaluate((exported) => {
    const reading =
      /^(Close|Payload|Messages|Decisions|Deliveries|All|Dismissed|Show \d+ more|“.*”\d+|Raw event .*|More to do with this conversation|How ".*" is counted|.* as table)$/
    const isReading = (one: HTMLElement, name: string) =>
      reading.test(name) ||
      one.matches(
        '[role=tab], [role=combobox], [role=switch][aria-label=Dismissed], input:not([type]), input[type=search], input[type=text], input[type=password], textarea',
      ) ||
      // A figure or a bar of a report opens what is behind it.
      (one.closest('.tiles, .charts') !== null && !name.endsWith(exported)) ||
      (one instanceof HTMLAnchorElement && !/^\/(api|console\/(inbox|queues))/.test(new URL(one.href).pathname))
    const found = [
      ...document.querySelectorAll<HTMLElement>(
        'main :is(button, a[href], input, textarea), aside :is(button, a[href]), [role=menu] [role=menuitem]',
      ),
    ]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }))
      .map((one) => {
        const label = (one as HTMLInputElement).labels?.[0]?.textContent
        return [one, (one.getAttribute('aria-label') ?? label ?? one.textContent ?? '').trim()] as const
      })
      .filter(([one, name]) => !isReading(one, name))
      .map(([, name]) => /^(Shortcuts of one key)|(as CSV)$/.exec(name)?.slice(1).find(Boolean) ?? name)
    return [...new Set(found)].sort()
  }, exported)
}
