import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Small files that take minutes: in turn those that wait and those that work. */
const long = [
  'test/vendors/messaging.test.ts',
  'test/browser/console/looks.test.ts',
  'test/faults.test.ts',
  'test/browser/console/inbox-looks.test.ts',
  'test/vendors/journeys.test.ts',
  'test/browser/console/states.test.ts',
  'test/vendors/surveys.test.ts',
  'test/bench.test.ts',
]

/** What begins last is waited for alone: never one that takes long. The others the largest first, as ever. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const first = long.flatMap((path) => sorted.filter(({ moduleId }) => moduleId.endsWith(`/${path}`)))
    return [...new Set([...first, ...sorted])]
  }
}

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
    maxWorkers: 4,
    sequence: { sequencer: LongFirst },
  },
})
