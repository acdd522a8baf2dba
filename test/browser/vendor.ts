/** A person at the page of a twin: plays the vendor's side with its buttons, and reads what it has. */
import type { Locator } from 'playwright-core'
import type { Look, Stage, Visit } from './stage.ts'

export interface VendorPage extends Visit {
  /** The newest case that contains these words. */
  caseWith(words: string): Locator
  /** Presses a button of this case, and answers what it asks for. */
  press(inside: Locator, label: string, input?: string): Promise<void>
}

export async function aVendorPage(stage: Stage, connection: string, look: Look = {}): Promise<VendorPage> {
  const visit = await stage.visit('vendor', `/twins/${connection}`, look)
  const { page } = visit
  return {
    ...visit,
    caseWith: (words) => page.locator('.case', { hasText: words }).first(),
    async press(inside, label, input) {
      await inside.getByRole('button', { name: label, exact: true }).click()
      if (input === undefined) return
      const dialog = page.getByRole('dialog', { name: label })
      const field = dialog.locator('textarea, select')
      if ((await field.evaluate((node) => node.tagName)) === 'SELECT') await field.selectOption(input)
      else await field.fill(input)
      await dialog.getByRole('button', { name: label, exact: true }).click()
    },
  }
}
