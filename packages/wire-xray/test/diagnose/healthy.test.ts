import { constants, createGzip } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diagnoseAll } from '../../src/diagnose/index.ts'
import { asked, chunk, END, entriesOf, event, exchangesOf, GET, head, type Line, token } from './made.ts'

const RUNS = 25

/** What an honest server sends, and after how many milliseconds each. */
type Stream = readonly Line[]

const after = (start: number, gaps: readonly number[], what: (n: number) => string, end: string = END): Stream => {
  let at = start
  const lines = gaps.map((gap, n): Line => {
    at += gap
    return [at, 'down', what(n)]
  })
  return [...lines, [at + 1, 'down', end]]
}

const size = fc.integer({ min: 10, max: 900 })
const first = fc.integer({ min: 1, max: 3000 }) // until the head, or the first event
const begun = (at: number): Stream => [asked, [at, 'down', head()]]

const tokens = (least: number, most: number) =>
  fc
    .record({ first, gaps: fc.array(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 80 }) })
    .map(
      ({ first, gaps }): Stream => [
        ...begun(3),
        ...after(first, gaps, (n) => chunk(token(`t${n}`)), chunk('data: [DONE]\n\n') + END),
      ],
    )

const bigEvents = fc
  .record({ first, sizes: fc.array(fc.integer({ min: 5000, max: 60_000 }), { minLength: 1, maxLength: 12 }) })
  .map(
    ({ first, sizes }): Stream => [
      ...begun(3),
      ...after(
        first,
        sizes.map((_, n) => 50 + 13 * n),
        (n) => chunk(event(n, sizes[n])),
      ),
    ],
  )

const heartbeats = fc
  .record({ every: fc.integer({ min: 5000, max: 29_000 }), count: fc.integer({ min: 1, max: 30 }), size })
  .map(
    ({ every, count, size }): Stream => [
      ...begun(3),
      ...after(
        5,
        Array.from({ length: count }, () => every),
        (n) => chunk(n % 7 === 6 ? event(n, size) : ': ping\n\n'),
      ),
    ],
  )

const closeDelimited = fc
  .record({ first, gaps: fc.array(fc.integer({ min: 5, max: 900 }), { minLength: 1, maxLength: 40 }), size })
  .map(
    ({ first, gaps, size }): Stream => [
      asked,
      [3, 'down', head({ 'Transfer-Encoding': '', Connection: 'close' })],
      ...after(first, gaps, (n) => event(n, size), 'FIN'),
    ],
  )

const lines = fc
  .record({ first, gaps: fc.array(fc.integer({ min: 2, max: 900 }), { minLength: 1, maxLength: 40 }) })
  .map(
    ({ first, gaps }): Stream => [
      asked,
      [3, 'down', head({ 'Content-Type': 'application/x-ndjson' })],
      ...after(first, gaps, (n) => chunk(`{"n":${n}}\n`)),
    ],
  )

const several = fc
  .array(fc.record({ first, gaps: fc.array(fc.integer({ min: 3, max: 60 }), { maxLength: 20 }), size }), {
    maxLength: 5,
  })
  .map((answers): Stream => {
    let at = 0
    return answers.flatMap(({ first, gaps, size }): Stream => {
      const start = at + 10
      const answer: Stream = [
        [start, 'up', GET],
        [start + 1, 'down', head()],
        ...after(start + first + 1, gaps, (n) => chunk(event(n, size))),
      ]
      at = (answer.at(-1) as Line)[0]
      return answer
    })
  })

const whole = fc
  .record({
    first,
    answer: fc.constantFrom(
      `${head({ 'Content-Type': 'application/json', 'Transfer-Encoding': '', 'Content-Length': '13' })}{"error":"x"}`,
      head({ 'Content-Type': '', 'Transfer-Encoding': '' }, '204 No Content'),
      head({ 'Content-Type': '', 'Transfer-Encoding': '', ETag: '"x"' }, '304 Not Modified'),
      `${head({ 'Content-Type': 'text/plain' })}${chunk('data is what this text is about\n\n')}${END}`,
      `${head({ 'Content-Type': 'application/json' }, '503 Service Unavailable')}${chunk('{"error":{}}')}${END}`,
    ),
  })
  .map(({ first, answer }): Stream => [asked, [first, 'down', answer]])

const headOnly = first.map(
  (at): Stream => [
    [0, 'up', GET.replace('GET', 'HEAD')],
    [at, 'down', head({ 'Transfer-Encoding': '', 'Content-Length': '900' })],
  ],
)

/** Several events at a time, since that is how the server learns of them; every 200 ms, too. */
const batches = fc
  .record({
    every: fc.constantFrom(40, 90, 150, 200, 270, 400, 1000),
    count: fc.integer({ min: 4, max: 20 }),
    each: fc.integer({ min: 1, max: 9 }),
    size,
  })
  .map(
    ({ every, count, each, size }): Stream => [
      ...begun(3),
      ...after(
        4,
        Array.from({ length: count }, () => every),
        (n) => Array.from({ length: each }, (_, m) => chunk(event(n * each + m, size))).join(''),
      ),
    ],
  )

/** The same of a server whose head goes out with the first of them. */
const lateBatches = fc
  .record({
    every: fc.constantFrom(190, 195, 200, 204, 210, 250, 400),
    count: fc.integer({ min: 4, max: 20 }),
    each: fc.integer({ min: 1, max: 9 }),
    size,
  })
  .map(
    ({ every, count, each, size }): Stream => [
      asked,
      ...after(
        0,
        Array.from({ length: count }, () => every),
        (n) =>
          (n === 0 ? head() : '') + Array.from({ length: each }, (_, m) => chunk(event(n * each + m, size))).join(''),
      ),
    ],
  )

/** A slow server that says so at once, and one that does not. */
const slow = fc
  .record({
    headAt: fc.integer({ min: 1, max: 20_000 }),
    gaps: fc.array(fc.integer({ min: 100, max: 9000 }), { minLength: 1, maxLength: 30 }),
    size,
  })
  .map(
    ({ headAt, gaps, size }): Stream => [
      asked,
      [headAt, 'down', head() + chunk(event(0, size))],
      ...after(headAt, gaps, (n) => chunk(event(n + 1, size))),
    ],
  )

test.each<[string, fc.Arbitrary<Stream>]>([
  ['slow tokens', tokens(60, 2000)],
  ['tokens', tokens(10, 60)],
  ['fast tokens', tokens(1, 4)],
  ['big events', bigEvents],
  ['long silences with heartbeats', heartbeats],
  ['bodies that end with their connection, on purpose', closeDelimited],
  ['NDJSON', lines],
  ['several answers of one connection', several],
  ['answers that are no streams', whole],
  ['answers without content', headOnly],
  ['batches', batches],
  ['batches with a late head', lateBatches],
  ['slow servers', slow],
])('of %s nothing is said to be wrong', async (_, streams) => {
  await fc.assert(
    fc.asyncProperty(streams, async (stream) => {
      const found = diagnoseAll(await exchangesOf(entriesOf(stream)))
      expect(found.filter(({ severity }) => severity !== 'info')).toEqual([])
    }),
    { numRuns: RUNS },
  )
})

test('of a compressed stream whose events are flushed nothing is said to be wrong', async () => {
  const gzip = createGzip()
  let pieces: Buffer[] = []
  gzip.on('data', (data) => pieces.push(data))
  const stream: Line[] = [asked, [3, 'down', head({ 'Content-Encoding': 'gzip' })]]
  for (let n = 0; n < 30; n++) {
    gzip.write(event(n, 100))
    await new Promise<void>((resolve) => gzip.flush(constants.Z_SYNC_FLUSH, resolve))
    const piece = Buffer.concat(pieces)
    pieces = []
    stream.push([
      900 + 35 * n,
      'down',
      Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]),
    ])
  }
  const found = diagnoseAll(await exchangesOf(entriesOf([...stream, [2000, 'up', 'FIN']])))
  expect(found.filter(({ severity }) => severity !== 'info')).toEqual([])
})
