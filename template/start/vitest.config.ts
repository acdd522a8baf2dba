import { defineConfig } from 'vitest/config'

// Starts a PostgreSQL of its own for the tests, and takes it away afterwards.
export default defineConfig({
  test: { globalSetup: 'baton/testing/setup', include: ['*.test.ts'], testTimeout: 30_000 },
})
