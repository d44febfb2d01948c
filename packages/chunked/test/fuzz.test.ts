import fc from 'fast-check'
import { test } from 'vitest'
import { PROPERTIES } from './fuzz/properties.ts'

// The same inputs in every run: a failure here is a change of ours. `npm run fuzz` looks for new ones.
test.each(Object.entries(PROPERTIES))('%s', (_promise, property) => {
  fc.assert(property, { seed: 9112, numRuns: 600 })
})
