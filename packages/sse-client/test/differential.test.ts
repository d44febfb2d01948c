import { createRequire } from 'node:module'
import { createEventDecoder } from '@sse-from-scratch/sse-client'
import { createParser as createParser4 } from 'eventsource-parser'
import { createParser as createParser3 } from 'eventsource-parser-3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** What all of them can say about an event. */
type Seen = readonly [type: string, data: string]
type Parse = (reads: readonly Uint8Array[]) => Seen[]

const ours: Parse = (reads) => {
  const decoder = createEventDecoder()
  const seen: Seen[] = []
  for (const read of reads)
    decoder.push(read, (item) => item.kind === 'event' && seen.push([item.event.type, item.event.data]))
  return seen
}

const parser =
  (create: typeof createParser4 | typeof createParser3): Parse =>
  (reads) => {
    const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
    const seen: Seen[] = []
    const { feed } = create({ onEvent: ({ event, data }) => seen.push([event || 'message', data]) })
    for (const read of reads) feed(utf8.decode(read, { stream: true }))
    return seen
  }

interface Transformer {
  _transform(bytes: Buffer, encoding: string, done: (error?: Error) => void): void
}
const { EventSourceStream } = createRequire(import.meta.url)('undici/lib/web/eventsource/eventsource-stream.js') as {
  EventSourceStream: new (options: {
    push: (event: { type: string; options: { data: string } }) => void
  }) => Transformer
}

const undici: Parse = (reads) => {
  const seen: Seen[] = []
  const stream = new EventSourceStream({ push: ({ type, options }) => seen.push([type, options.data]) })
  for (const read of reads)
    stream._transform(Buffer.from(read), 'buffer', (error) => {
      if (error) throw error
    })
  return seen
}

/** Streams of lines that mean something, ended in all ways, over any cut. */
const FIELDS = [
  'data: a',
  'data:b',
  'data',
  'data: é🎉',
  'data:  two',
  'event: x',
  'event',
  'event:',
  'id: 1',
  'id',
  ': c',
]
const OTHERS = ['Data: no', 'retry: 5', 'unknown: 1', ' data: no', 'dat', '']
const ENDS = ['\n', '\r', '\r\n']

const streams = fc.array(fc.tuple(fc.constantFrom(...FIELDS, ...OTHERS, '', '', ''), fc.constantFrom(...ENDS)), {
  maxLength: 14,
})
const cuts = fc.array(fc.nat(120), { maxLength: 4 })

function cutAt(bytes: Uint8Array, at: readonly number[]): Uint8Array[] {
  const ends = [...at.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
  return ends.map((end, nth) => bytes.subarray(nth === 0 ? 0 : ends[nth - 1], end))
}

/** Whether the judges are known to be wrong about a stream, by the rows of docs/judges.md. */
function isDisputed(
  lines: readonly (readonly [string, string])[],
  by: (text: string, before: string) => boolean,
): boolean {
  return lines.some(([text], nth) =>
    by(
      text,
      lines
        .slice(0, nth)
        .map(([line]) => line)
        .join('\n'),
    ),
  )
}

/** undici keeps the type of a line before when `event` is empty. */
const isEmptyType = (text: string, before: string) => /^event:?$/.test(text) && before.includes('event: x')

describe('other parsers see the same events, or docs/judges.md says why not', () => {
  test.each<[string, Parse, (text: string, before: string) => boolean]>([
    ['eventsource-parser 4.1.3', parser(createParser4), () => false],
    ['undici 7.30.2', undici, isEmptyType],
  ])('%s', (_who, theirs, disputed) => {
    fc.assert(
      fc.property(streams, cuts, (lines, at) => {
        fc.pre(!isDisputed(lines, disputed))
        const bytes = new TextEncoder().encode(lines.map(([text, end]) => text + end).join(''))
        const reads = cutAt(bytes, at)
        expect(ours(reads)).toEqual(theirs(reads))
      }),
      { numRuns: 1000 },
    )
  })

  test('eventsource-parser 3.1.1, whatever the cut, once a line has followed', () => {
    fc.assert(
      fc.property(streams, cuts, (lines, at) => {
        const text = lines.map(([line, end]) => line + end).join('')
        const reads = cutAt(new TextEncoder().encode(`${text}: and on\n`), at)
        expect(ours(reads)).toEqual(parser(createParser3)(reads))
      }),
      { numRuns: 1000 },
    )
  })
})

test('any bytes are a stream: nothing but SSE_EVENT_TOO_LARGE is ever thrown', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), cuts, fc.integer({ min: 1, max: 60 }), (bytes, at, maxEventSize) => {
      const decoder = createEventDecoder({ maxEventSize })
      try {
        for (const read of cutAt(bytes, at)) expect(decoder.push(read, () => {})).toBe(read.length)
        decoder.end(() => {})
      } catch (error) {
        expect(error).toMatchObject({ name: 'SseError', code: 'SSE_EVENT_TOO_LARGE' })
      }
    }),
    { numRuns: 1000 },
  )
})

describe('where eventsource-parser 3.1.1 is outvoted', () => {
  const silent = (stream: string, parse: Parse) => parse([new TextEncoder().encode(stream)])

  test('a CR ends a line at once (HTML §9.2.5: "end-of-line = ( cr lf / cr / lf )"), not when the next read comes', () => {
    const stream = 'data: a\rdata: b\r\r'
    expect(silent(stream, ours)).toEqual([['message', 'a\nb']])
    expect(silent(stream, parser(createParser3))).toEqual([])
    expect(silent(stream, parser(createParser4))).toEqual([['message', 'a\nb']])
  })

  test('an id without data moves the last event ID (HTML §9.2.6: it is set before the data is looked at)', () => {
    const stream = new TextEncoder().encode('id: 5\n\ndata: x\n\n')
    const decoder = createEventDecoder()
    decoder.push(stream, () => {})
    expect(decoder.lastEventId).toBe('5')
    const ids: (string | undefined)[] = []
    createParser3({ onEvent: ({ id }) => ids.push(id) }).feed(new TextDecoder().decode(stream))
    expect(ids).toEqual([undefined]) // it tells nobody of the id
    createParser4({ onEvent: () => {}, onId: (id) => ids.push(id) }).feed(new TextDecoder().decode(stream))
    expect(ids).toEqual([undefined, '5'])
  })
})
