/** What a text must never become on a page of ours, looked for in the page itself. */
import type { Page } from 'playwright-core'

/** Elements that run, load or lead where none of ours does; open shadow roots included. One line each. */
export const strangersOn = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const all = (root: ParentNode): Element[] =>
      [...root.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])])
    const isOurs = (url: string) => new URL(url, location.href).origin === location.origin
    const mayLead = new Set(['http:', 'https:', 'mailto:', 'tel:'])
    const wrong = (one: Element): string | undefined => {
      const handler = one.getAttributeNames().find((name) => name.startsWith('on'))
      if (handler) return `has ${handler}`
      const href = one.getAttribute('href') ?? one.getAttribute('xlink:href') ?? one.getAttribute('action')
      if (href !== null && !mayLead.has(new URL(href, location.href).protocol)) return `leads to ${href}`
      const src = one.getAttribute('src') ?? one.getAttribute('data')
      if (src !== null && !/^(blob|data):/.test(src) && !isOurs(src)) return `loads ${src}`
      if (one.localName === 'script' && src === null) return 'is a script'
      if (/^(iframe|object|embed|base|math|foreignobject)$/i.test(one.localName)) return 'is a frame or an object'
      if (one.localName === 'style' && /@import|url\(/.test(one.textContent ?? '')) return 'loads styles'
      return undefined
    }
    return all(document).flatMap((one) => {
      const found = wrong(one)
      return found === undefined ? [] : [`${one.localName} ${found}: ${one.outerHTML.slice(0, 120)}`]
    })
  })

/** All text of the page, and what stands in its boxes; open shadow roots included. */
export const wordsOn = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const read = (root: ParentNode & Node): string =>
      [
        root.textContent,
        ...[...root.querySelectorAll('input, textarea')].map((one) => (one as HTMLInputElement).value),
        ...[...root.querySelectorAll('*')].flatMap((one) => (one.shadowRoot ? [read(one.shadowRoot)] : [])),
      ].join('\n')
    return read(document.documentElement)
  })
