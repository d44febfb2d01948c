import { createClock, expect, type Mistake, mistake, within } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { compare } from '#ex/06-length-chunked-close'
import type { Row } from './contract.ts'

const SIZES = [5, 26, 300, 1, 1, 1]
const GAP = 100

/** A column of the table: what a row has, by the name of its framing. */
type Column = Readonly<Record<string, unknown>>

const knowsTheFuture = mistake<Column>(
  'knows-the-future',
  'Your Content-Length was on the wire before the pieces were made. A server that thinks while it talks cannot know it: it must make all, count, and only then begin.',
  (got) => got['content-length'] === 'early',
)
const headIsNoAnswer = mistake<Column>(
  'head-is-no-answer',
  'You stopped the clock at the first byte of the HEAD. Nobody can read a head: measure when the first byte of the body is there.',
  (got) => got['chunked'] === 'at once, before a piece was made',
)
const collectsAll = mistake<Column>(
  'collects-all',
  'Under chunked and until-close the first piece waits for the last one. Write each piece when it is made: that is what these framings are for.',
  (got) => got['chunked'] === 'at the end' || got['until-close'] === 'at the end',
)
const dataOnly = mistake<Column>(
  'data-only',
  'You counted the data, not what was sent. Each chunk costs its size in hexadecimal and two CR LF, and the end costs five bytes (RFC 9112 §7.1).',
  (got) => got['chunked'] === sum(SIZES),
)
const countsTheHead = mistake<Column>(
  'counts-the-head',
  'You counted the head, too. It ends with the empty line; what comes behind that is the body.',
  (got) => Number(got['until-close']) > sum(SIZES),
)
const endIsSuccess = mistake<Column>(
  'end-is-success',
  'You take the end of the connection for the end of the body. Content-Length and chunked say what is missing: ask for it (RFC 9112 §8).',
  (got) => got['content-length'] === false || got['chunked'] === false,
)
const knowsTheSizes = mistake<Column>(
  'knows-the-sizes',
  'Your client saw a cut body under until-close. It can only have known the sizes from you. On the wire a cut body looks like a whole one there (RFC 9112 §8).',
  (got) => got['until-close'] === true,
)

test('there is a row for each framing', async () => {
  const rows = await measured()
  const framings = rows.map(({ framing }) => framing)
  expect(framings).toMean<Row['framing'][]>(['content-length', 'chunked', 'until-close'])
})

test('the body of unknown length begins early; the one with a length, when all is made', async () => {
  await expectColumn(
    ({ firstByteMs, totalMs }) => whenOf(firstByteMs, totalMs),
    { 'content-length': 'at the end', chunked: 'early', 'until-close': 'early' },
    headIsNoAnswer,
    collectsAll,
    knowsTheFuture,
  )
})

test('all take as long as the pieces take to be made', async () => {
  const total = SIZES.length * GAP
  const isRight = ({ totalMs }: Row) => (totalMs >= total && totalMs < 2 * total ? total : totalMs)
  await expectColumn(isRight, { 'content-length': total, chunked: total, 'until-close': total })
})

test('chunked costs some bytes for each piece, the others cost none', async () => {
  const size = sum(SIZES)
  const framing = sum(SIZES.map((bytes) => bytes.toString(16).length + 4)) + 5
  await expectColumn(
    ({ wireBytes }) => wireBytes,
    { 'content-length': size, chunked: size + framing, 'until-close': size },
    countsTheHead,
    dataOnly,
  )
})

test('a cut body shows under Content-Length and chunked, and never under until-close', async () => {
  await expectColumn(
    ({ sawTruncation }) => sawTruncation,
    { 'content-length': true, chunked: true, 'until-close': false },
    knowsTheSizes,
    endIsSuccess,
  )
})

async function expectColumn(
  shown: (row: Row) => unknown,
  expected: Readonly<Record<Row['framing'], unknown>>,
  ...mistakes: Mistake<Column>[]
): Promise<void> {
  const rows = await measured()
  const got: Column = Object.fromEntries(rows.map((row) => [row.framing, shown(row)]))
  expect(got).toMean<Column>(expected, { mistakes })
}

function whenOf(firstByteMs: number, totalMs: number): string {
  if (firstByteMs <= 0) return 'at once, before a piece was made'
  return firstByteMs < totalMs / 2 ? 'early' : 'at the end'
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0)
}

/** The table, measured with a clock that goes on only when everybody sleeps, so that it always says the same. */
async function measured(): Promise<readonly Row[]> {
  const clock = createClock()
  let isOver = false
  const rows = compare(SIZES, GAP, clock).finally(() => {
    isOver = true
  })
  const result = within(1500, rows, 'compare to come to an end').finally(() => {
    isOver = true
  })
  result.catch(() => {})
  while (!isOver) {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve)) // what is on the wire arrives
    const [next] = clock.sleeping
    if (next !== undefined) await clock.advance(next)
  }
  return result
}
