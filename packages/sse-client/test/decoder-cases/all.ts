import { createEventDecoder } from '@sse-from-scratch/sse-client'
import { expect, test } from 'vitest'
import { SENTENCES } from './index.ts'
import { differencesIn } from './read.ts'

// The whole table again, a test for each sentence: for those who import this with other parts of the decoder in place.
test.each(SENTENCES)('HTML $section: "$says"', ({ cases }) => {
  expect(cases.flatMap((one) => differencesIn(createEventDecoder, one))).toEqual([])
})
