/** What must never happen on a page of ours, written down while a journey runs. */
import type { BrowserContext, Locator, Page } from 'playwright-core'

export interface Troubles {
  /** One sentence each: thrown errors, console errors, CSP violations, dialogs, requests to elsewhere. */
  readonly list: readonly string[]
  /** From here on failed requests are no trouble: the network is taken away. */
  expectOffline(): void
  /** What is meant, and no trouble, whenever it comes. */
  expect(what: RegExp): void
}

/** Watches every page the context opens; only these origins may be asked for anything. */
export async function watch(context: BrowserContext, who: string, ...homes: string[]): Promise<Troubles> {
  const list: string[] = []
  let isOffline = false
  const meant: RegExp[] = []
  const note = (what: string) => {
    if (!meant.some((pattern) => pattern.test(what))) list.push(`${who}: ${what}`)
  }
  await context.exposeBinding('reportViolation', (_source, what: string) => note(`CSP violation: ${what}`))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      (window as unknown as { reportViolation(what: string): void }).reportViolation(
        `${violatedDirective} ${blockedURI}`,
      ),
    )
  })
  context.on('weberror', (error) => note(`page error: ${error.error().stack ?? error.error().message}`))
  context.on('console', (message) => {
    if (message.type() !== 'error') return
    if (isOffline && /net::ERR_|WebSocket connection to/.test(message.text())) return
    note(`console error: ${message.text()}`)
  })
  context.on('dialog', (dialog) => {
    note(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  context.on('request', (request) => {
    if (!homes.some((home) => isLocal(request.url(), home))) note(`request to elsewhere: ${request.url()}`)
  })
  return {
    list,
    expect(what) {
      meant.push(what)
      list.splice(0, list.length, ...list.filter((one) => !what.test(one)))
    },
    expectOffline() {
      isOffline = true
    },
  }
}

const isLocal = (url: string, home: string): boolean => url.startsWith(`${home}/`) || /^(blob|data):/.test(url)

/** True when a person sees it without scrolling. */
export const isInSight = (element: Locator): Promise<boolean> =>
  element.evaluate(
    (node) =>
      new Promise<boolean>((resolve) => {
        const eye = new IntersectionObserver(([entry]) => {
          eye.disconnect()
          resolve((entry?.intersectionRatio ?? 0) > 0.9)
        })
        eye.observe(node)
      }),
  )

/** Pixels by which the page is wider than its window: more than none is a broken layout. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
