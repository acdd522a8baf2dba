/** Customers of the inbox's tests, who speak by the chat's API, and what a person does with a page of it. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { aVisitor, type Visitor } from '../app.ts'
import { patienceMs, type Stage } from './stage.ts'

export interface Caller extends Visitor {
  /** What agents have said to them, in order. */
  heard(): Promise<string[]>
  hears(...texts: string[]): Promise<void>
  /** All that was ever sent to their side, as it came. */
  everything(): Promise<string>
}

/** Has asked the bot something, and then for a person. */
export async function aCaller({ url }: Stage, words = 'How long does delivery take?'): Promise<Caller> {
  const visitor = await aVisitor(url)
  await visitor.say(words)
  await visitor.say('I want to talk to a person')
  const heard = async () =>
    (await visitor.entries())
      .filter(({ by }) => by === 'agent')
      .map(({ message }) => message.parts.map((part: { text?: string }) => part.text).join('\n'))
  return {
    ...visitor,
    heard,
    hears: (...texts) => expect.poll(heard, { timeout: patienceMs }).toEqual(texts),
    everything: async () => JSON.stringify(await visitor.entries()),
  }
}

/** The box one writes in. */
export const boxOf = (page: Page) => page.getByRole('form', { name: 'Composer' }).getByRole('textbox')

export async function choosePresence(page: Page, presence: 'Online' | 'Away' | 'Offline'): Promise<void> {
  await page.getByRole('button', { name: /^Presence/ }).click()
  await page.getByRole('menuitemradio', { name: new RegExp(`^${presence}`) }).click()
  await page.getByRole('button', { name: new RegExp(`^Presence: ${presence}`) }).waitFor()
}

/** What has the focus, as people name it; `body` when nothing has. */
export const focusOf = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.tagName.toLowerCase() ?? 'body')
