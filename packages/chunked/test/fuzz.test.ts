import { expect, test } from 'vitest'
import { searchBroken } from './fuzz/broken.ts'
import { PROPERTIES } from './fuzz/properties.ts'

// The same inputs in every run: a failure here is a change of ours. `npm run fuzz` looks for new ones.
test.each(Object.keys(PROPERTIES))('%s', async (promise) => {
  expect(await searchBroken(promise, { seed: 9112, runs: 500, time: 8000 })).toBeUndefined()
})
