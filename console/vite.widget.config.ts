/** Builds the customers' chat into `console/dist/widget`, laid out as it is addressed: `/widget.js`, which pages name, and its parts. */
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const loader = fileURLToPath(new URL('./widget/loader.ts', import.meta.url))

/** On another site's page a classic script imports relative to nothing: the address of its parts is made from its own. */
const fromOwnAddress: Plugin = {
  name: 'from-own-address',
  generateBundle(_options, bundle) {
    const script = bundle['widget.js']
    if (script?.type !== 'chunk') throw new Error('There is no widget.js')
    script.code = script.code.replace(
      /import\([`'"]\.\/([^`'"]+)[`'"]\)/,
      'import(new URL("$1",document.currentScript.src).href)',
    )
  },
}

export default defineConfig({
  root: fileURLToPath(new URL('./widget/', import.meta.url)),
  publicDir: false,
  plugins: [fromOwnAddress],
  logLevel: 'warn',
  build: {
    outDir: fileURLToPath(new URL('./dist/widget/', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // As written: what browsers lack of it cannot be made up for in CSS.
    cssTarget: ['chrome125', 'firefox128', 'safari17.5'],
    cssMinify: true,
    manifest: true,
    // As a library: a page's code would import the parts through a helper as large as the loader, and export it.
    lib: { entry: loader, formats: ['es'], fileName: () => 'widget.js' },
    rolldownOptions: { output: { minify: true, comments: false, chunkFileNames: 'widget/[name]-[hash].js' } },
  },
})
