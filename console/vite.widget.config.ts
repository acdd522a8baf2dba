/** Builds the customers' chat into `console/dist/widget`, laid out as it is addressed: `/widget.js`, which pages name, and its parts. */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const loader = fileURLToPath(new URL('./widget/loader.ts', import.meta.url))

export default defineConfig({
  root: fileURLToPath(new URL('./widget/', import.meta.url)),
  publicDir: false,
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
