/** Builds what browsers are served of the console and of the customers' chat, into `console/dist/`. */
import { fileURLToPath } from 'node:url'

// Whatever this runs in, a test say, browsers get the real thing.
process.env.NODE_ENV = 'production'

const { build } = await import('vite').catch(() => {
  console.error('console/build.ts: vite is not installed (npm ci --omit=dev leaves it out); nothing was built.')
  process.exit(process.env.CI === 'true' ? 1 : 0)
})

for (const config of ['vite.app.config.ts', 'vite.widget.config.ts'])
  await build({ configFile: fileURLToPath(new URL(config, import.meta.url)), logLevel: 'warn' })
