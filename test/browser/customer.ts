/** A customer at the shop: does what a person can do, and reads what a person can see. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { type Look, patienceMs, type Stage, type Visit } from './stage.ts'

export interface Row {
  readonly by: 'customer' | 'bot' | 'agent' | 'hub'
  readonly text: string
}

export interface Customer extends Visit {
  open(): Promise<void>
  say(text: string): Promise<void>
  pick(choice: string): Promise<void>
  /** What stands in the chat, from top to bottom; without news of the line, which depend on who came before. */
  rows(): Promise<Row[]>
  /** Resolves once somebody has said something that contains these words. */
  sees(text: string | RegExp): Promise<void>
  /** The end of the chat is exactly this: order, authors, nothing between and nothing twice. */
  endsWith(...rows: Row[]): Promise<void>
  /** Asks a question and for a person, up to the line. */
  joinTheLine(): Promise<void>
}

export const says = (by: Row['by'], text: string): Row => ({ by, text })

export async function aCustomer(stage: Stage, look: Look = {}): Promise<Customer> {
  const visit = await stage.visit('customer', '/demo', look)
  const { page } = visit
  const customer: Customer = {
    ...visit,
    async open() {
      await page.getByRole('button', { name: /^Open chat/ }).click()
      await page.getByRole('dialog').waitFor()
    },
    async say(text) {
      const box = page.getByRole('textbox', { name: 'Write a message' })
      await box.fill(text)
      await box.press('Enter')
    },
    pick: (choice) => page.getByRole('button', { name: choice, exact: true }).last().click(),
    rows: () => rowsOf(page),
    async sees(text) {
      const found = page.locator('.log .row', { hasText: text }).first()
      await found.waitFor().catch(async (error: Error) => {
        throw new Error(`The customer does not see "${text}" but ${JSON.stringify(await rowsOf(page))}`, {
          cause: error,
        })
      })
    },
    async endsWith(...rows) {
      await expect.poll(async () => (await rowsOf(page)).slice(-rows.length), { timeout: patienceMs }).toEqual(rows)
    },
    async joinTheLine() {
      await customer.open()
      await customer.say('How long does delivery take?')
      await customer.sees('Standard delivery takes 2 to 4 working days')
      await customer.say('I want to talk to a person')
      await customer.sees('You are in line for a person')
    },
  }
  return customer
}

const newsOfTheLine = /^(You are number \d+ in line\.|It should take about \d+ to \d+ minutes\.)$/

async function rowsOf(page: Page): Promise<Row[]> {
  const rows: Row[] = await page.locator('.log > .row').evaluateAll((rows) =>
    rows.map((row) => ({
      by: (row.classList.contains('own')
        ? 'customer'
        : ['bot', 'agent', 'hub'].find((by) => row.classList.contains(by))) as Row['by'],
      text: [...row.querySelectorAll('.bubble')].map((bubble) => bubble.textContent).join('\n'),
    })),
  )
  return rows.filter(({ text }) => !newsOfTheLine.test(text))
}
