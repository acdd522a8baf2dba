/** Builds the console of staff into `console/dist/app`, which the hub serves under `/console`. */
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** What changes least gets a file of its own; a release that leaves it alone leaves it in the cache. The rest is cut by what needs it. */
const groups = [{ name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ }]

export default defineConfig({
  root: fileURLToPath(new URL('./app/', import.meta.url)),
  base: '/console/',
  plugins: [react()],
  logLevel: 'warn',
  build: {
    outDir: fileURLToPath(new URL('./dist/app/', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    manifest: true,
    // The policy of the page allows nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
})
