/** An agent at the inbox: does what a person can do, and reads what a person can see. */
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Look, patienceMs, type Stage, type Visit } from './stage.ts'

export interface Said {
  readonly by: 'customer' | 'bot' | 'agent' | 'hub' | 'note'
  readonly text: string
}

export interface Agent extends Visit {
  /** Accepts what rings, once the history is on the screen. */
  accept(): Promise<void>
  reply(text: string): Promise<void>
  note(text: string): Promise<void>
  /** Presses a button of the conversation and the one of the dialog that asks once more. */
  giveAway(button: string, confirm: string): Promise<void>
  signOut(): Promise<void>
  /** What stands in the conversation, from top to bottom: history first. */
  said(): Promise<Said[]>
  sees(text: string | RegExp): Promise<void>
  /** The end of the conversation is exactly this. */
  endsWith(...said: Said[]): Promise<void>
}

/** Goes there by Tab alone, and presses Enter. */
async function pressByKeys(page: Page, button: Locator): Promise<void> {
  await button.waitFor()
  const isThere = () => button.evaluate((one) => one === document.activeElement)
  for (let tabs = 0; tabs < 20 && !(await isThere()); tabs++) await page.keyboard.press('Tab')
  expect(await isThere(), 'reached by Tab').toBe(true)
  await page.keyboard.press('Enter')
}

export interface AgentLook extends Look {
  /** Comes in without a pointer. */
  readonly byKeys?: boolean
}

export async function anAgent(stage: Stage, name = 'Ana', { byKeys, ...look }: AgentLook = {}): Promise<Agent> {
  const visit = await stage.visit(name, '/inbox', look)
  const { page, troubles } = visit
  // The browser writes down that nobody was signed in before, and is none after.
  troubles.expect(/status of 401/)
  const door = page.getByRole('button', { name: `As ${name}`, exact: true })
  await (byKeys ? pressByKeys(page, door) : door.click())
  await page.getByRole('button', { name: /^Presence: Online/ }).waitFor()
  const conversation = page.getByRole('region', { name: /^Conversation with/ })
  const write = async (tab: RegExp, text: string, button: RegExp) => {
    await page.getByRole('tab', { name: tab }).click()
    await conversation.getByRole('textbox').fill(text)
    await conversation.getByRole('button', { name: button }).click()
  }
  const said = () =>
    page.locator('.talk .said').evaluateAll((all) =>
      all.map((one) => ({
        by: ['note', 'customer', 'bot', 'agent', 'hub'].find((by) => one.classList.contains(by)) as Said['by'],
        text: [...one.querySelectorAll('.body > p[dir]')].map((part) => part.textContent).join('\n'),
      })),
    )
  return {
    ...visit,
    said,
    async accept() {
      await page.locator('.history').waitFor()
      await conversation.getByRole('button', { name: /^Accept/ }).click()
      await page.getByRole('tab', { name: /^Reply to/ }).waitFor()
    },
    reply: (text) => write(/^Reply to/, text, /^Send to/),
    note: (text) => write(/Note$/, text, /^Add note/),
    async giveAway(button, confirm) {
      await conversation.getByRole('button', { name: button, exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: confirm, exact: true }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    },
    async signOut() {
      await page.getByRole('button', { name: `Account of ${name}` }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor()
    },
    sees: (text) => page.locator('.talk .said', { hasText: text }).first().waitFor(),
    async endsWith(...expected) {
      await expect.poll(async () => (await said()).slice(-expected.length), { timeout: patienceMs }).toEqual(expected)
    },
  }
}
