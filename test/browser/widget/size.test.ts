/** What a customer's browser has to fetch before the chat is there. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const built = fileURLToPath(new URL('../../../console/dist/widget/', import.meta.url))

test.skipIf(!existsSync(built) && process.env.CI !== 'true')('the chat is at most 20 KB', async () => {
  const manifest = JSON.parse(await readFile(`${built}.vite/manifest.json`, 'utf8')) as Record<
    string,
    { file: string; name: string; imports?: string[]; dynamicImports?: string[] }
  >
  // The script tag's file, all that it starts, and one language; a survey is fetched when there is one.
  const first = new Set(['loader.ts', ...manifest['loader.ts']!.dynamicImports!, 'words/en.ts'])
  for (const name of first) for (const other of manifest[name]!.imports ?? []) first.add(other)
  const sizes: Record<string, number> = {}
  for (const name of first) sizes[name] = gzipSync(await readFile(built + manifest[name]!.file)).length
  expect(Object.keys(sizes).length).toBeGreaterThanOrEqual(3)
  const total = Object.values(sizes).reduce((a, b) => a + b, 0)
  expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(20_000)
  for (const [name, { file }] of Object.entries(manifest)) {
    if (first.has(name)) continue
    expect(gzipSync(await readFile(built + file)).length, name).toBeLessThan(3_000)
  }
})

test.skipIf(!existsSync(built) && process.env.CI !== 'true')('its script tag is a classic script', async () => {
  const script = await readFile(`${built}widget.js`, 'utf8')
  // Else a browser would refuse it, or its names would become the page's.
  expect(script).toMatch(/^\(\(\)=>\{/)
  expect(script).not.toMatch(/\bexport\b|import\.meta|(^|;)import\b[^(]/)
  // Nor does it know its own address on another site's page, unless it asks.
  expect(script).not.toMatch(/import\([`'"]/)
})
