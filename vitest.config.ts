import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'connectors/**/*.test.ts',
      'template/**/*.test.ts',
      'console/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // As patient as everything else that waits: a page may be slow where the machine is.
    expect: { poll: { timeout: 30_000 } },
    // More than the cores of the smallest machine it runs on: most tests wait for something.
    maxWorkers: 3,
  },
})
