import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// The tests of a phase's exercises against its answers, as Stryker runs them: in a copy of the phase, with another mutant in it
// each time. What is no answer is imported from where it is.
const conditions = ['solution', '@sse-from-scratch/source', 'module', 'node', 'development|production']
const setup = ['packages/testkit/src/fresh-connections.ts', 'phases/kit/src/setup.ts']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['*/exercise.test.ts'],
    environment: 'node',
    setupFiles: setup.map((file) => fileURLToPath(new URL(`../../${file}`, import.meta.url))),
    isolate: false,
    testTimeout: 60_000,
  },
})
