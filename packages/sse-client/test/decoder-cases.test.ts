import { createEventDecoder } from '@sse-from-scratch/sse-client'
import { describe, expect, test } from 'vitest'
import { type DecoderCase, SENTENCES } from './decoder-cases/index.ts'
import { differencesIn } from './decoder-cases/read.ts'

const bySentence = SENTENCES.map(({ section, says, cases }): [string, readonly DecoderCase[]] => [
  `HTML ${section}: "${says}"`,
  cases,
])

describe.each(bySentence)('%s', (_says, cases) => {
  test.each(cases.map((one): [string, DecoderCase] => [one.why, one]))('%s', (_why, one) => {
    expect(differencesIn(createEventDecoder, one)).toEqual([])
  })
})

test('no stream is there twice, and none of 574 has gone', () => {
  const cases = SENTENCES.flatMap(({ cases }) => cases)
  const streams = cases.map(({ stream }) => String(stream))
  const twice = cases.filter((_, at) => streams.indexOf(streams[at] as string) < at)
  expect(twice.map(({ why, stream }) => `${why}: ${new TextDecoder().decode(stream)}`)).toEqual([])
  expect(streams.length).toBeGreaterThanOrEqual(574)
})

test('no sentence of the two sections that a decoder can follow has gone, and none is without a case', () => {
  expect(new Set(SENTENCES.map(({ says }) => says)).size).toBe(35)
  expect(SENTENCES.filter(({ cases }) => cases.length === 0)).toEqual([])
})
