import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { CASES_OUTVOTED, isAbout, type OutvotedCases } from './cases-outvoted.ts'
import { type DecoderCase, SENTENCES } from './decoder-cases/index.ts'
import type { Seen } from './decoder-cases/read.ts'
import { asUndiciTells, eventsourceParser3, eventsourceParser4, type Judge, undici } from './parsers.ts'

interface Judged {
  readonly says: string
  readonly one: DecoderCase
}

const ALL: readonly Judged[] = SENTENCES.flatMap(({ says, cases }) => cases.map((one) => ({ says, one })))

describe('other parsers read every case as the standard has it, but those that docs/judges.md lists', () => {
  test.each<[OutvotedCases['judge'], Judge, (seen: Seen) => Seen]>([
    ['eventsource-parser 3', eventsourceParser3, (seen) => seen],
    ['eventsource-parser 4', eventsourceParser4, (seen) => seen],
    ['undici', undici, asUndiciTells],
  ])('%s', (judge, theirs, told) => {
    const rows = CASES_OUTVOTED.filter((row) => row.judge === judge)
    const disputed = ALL.filter(({ one: { stream, seen, lastEventId } }) => {
      return JSON.stringify(theirs(stream)) !== JSON.stringify(told({ seen, lastEventId }))
    })
    const unlisted = disputed.filter(({ says, one }) => !rows.some((row) => isAbout(row, says, one.why)))
    expect(unlisted.map(({ says, one }) => ({ says, why: one.why, theirs: theirs(one.stream) }))).toEqual([])
  })
})

test('every row is about some case, and docs/judges.md has it', async () => {
  const judges = await readFile(new URL('../../../docs/judges.md', import.meta.url), 'utf8')
  for (const row of CASES_OUTVOTED) {
    expect(judges.includes(row.does), row.does).toBe(true)
    expect(
      ALL.some(({ says, one }) => isAbout(row, says, one.why)),
      `${row.sentence} ${row.cases}`,
    ).toBe(true)
  }
})

test('a BOM behind a TextDecoder is a second one for eventsource-parser 4 (HTML §9.2.6: "strips one leading")', () => {
  const stream = new TextEncoder().encode('\ufeff\ufeffdata: no\n\ndata: a\n\n')
  const first = eventsourceParser4(new TextEncoder().encode(new TextDecoder().decode(stream))).seen[0]
  expect(first).toMatchObject({ event: { data: 'no' } })
})
