import { afterEach, beforeEach, expect, vi } from 'vitest'

// Loaded before every test file of `course verify`. Of a mutant only the first failure is looked at, and a wrong answer often never
// answers again: the rest of its story would only be waited for, 120 s for a POST that nobody can abort (npm run course verify 3.1).

/** Milliseconds for a test of a mutant that hangs where nobody waits for it by name. */
const PATIENCE = 15_000

if (/[\\/]course-entries-[^\\/]+[\\/]mutant-\d+[\\/]/.test(expect.getState().testPath ?? '')) {
  vi.setConfig({ testTimeout: PATIENCE })
  let hasFailed = false
  afterEach(({ task }) => {
    hasFailed ||= task.result?.state === 'fail'
  })
  beforeEach(({ skip }) => {
    if (hasFailed) skip('a test before it has failed')
  })
}
