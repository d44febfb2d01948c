import { createEventDecoder, type EventStreamItem, type ServerSentEvent, SseError } from '@sse-from-scratch/sse-client'
import { decodeAll, everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { growthDuring } from '@sse-from-scratch/testkit'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'

const bytes = (text: string) => new TextEncoder().encode(text)
const event = (data: string, type = 'message', lastEventId = ''): ServerSentEvent => ({ type, data, lastEventId })
const items = (reads: Iterable<Uint8Array>) => decodeAll<EventStreamItem>(createEventDecoder(), reads)
const eventsIn = (all: readonly EventStreamItem[]) => all.flatMap((item) => (item.kind === 'event' ? [item.event] : []))
const pushed = (...reads: readonly string[]) => {
  const decoder = createEventDecoder()
  const seen: EventStreamItem[] = []
  for (const read of reads) decoder.push(bytes(read), (item) => seen.push(item))
  return { seen, decoder }
}

type Case = [why: string, input: string, expected: ServerSentEvent[]]

/** Bytes in, events out, and the same at every cut and byte by byte. */
function decodes(cases: readonly Case[]): void {
  test.each(cases)('%s', (_why, input, expected) => {
    for (const reads of everySplit(bytes(input))) expect(eventsIn(items(reads))).toEqual(expected)
    if (input.startsWith('\ufeff')) return // only the very first bytes are a BOM
    for (const reads of everySplit(bytes(`${LONG_COMMENT}\n${input}`))) {
      expect(eventsIn(items(reads))).toEqual(expected)
    }
  })
}

/** In front of a case, it makes a read that is long enough for the shortcut. */
const LONG_COMMENT = ': a comment that is longer than what counts as a few bytes'

describe('the examples of HTML §9.2.6 mean what the standard says', () => {
  decodes([
    ['three data lines are one event', 'data: YHOO\ndata: +2\ndata: 10\n\n', [event('YHOO\n+2\n10')]],
    [
      'a comment, an id, an id reset, and two spaces',
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
      [event('first event', 'message', '1'), event('second event'), event(' third event')],
    ],
    ['empty data, two empty lines, and an unfinished end', 'data\n\ndata\ndata\n\ndata:\n', [event(''), event('\n')]],
    ['the space after the colon is optional', 'data:test\n\ndata: test\n\n', [event('test'), event('test')]],
  ])
})

describe('ids (HTML §9.2.6, readings 1, 4)', () => {
  decodes([
    [
      'an id stays for the events after it',
      'id: 7\ndata: a\n\ndata: b\n\n',
      [event('a', 'message', '7'), event('b', 'message', '7')],
    ],
    ['an id in a block without data counts', 'id: 7\n\ndata: a\n\n', [event('a', 'message', '7')]],
    ['an id with NUL is ignored', 'id: 7\nid: a\0b\ndata: a\n\n', [event('a', 'message', '7')]],
    ['an id may be empty', 'id: 7\n\nid:\ndata: a\n\n', [event('a')]],
    ['an id may be any text', 'id: ☃ é\ndata: a\n\n', [event('a', 'message', '☃ é')]],
    ['an id may have control characters', 'id: a\x01b\ndata: a\n\n', [event('a', 'message', 'a\x01b')]],
  ])

  test('the last event ID moves at the blank line and not before, also without data', () => {
    const { decoder, seen } = pushed('id: 9\n')
    expect(decoder.lastEventId).toBe('')
    decoder.push(bytes('\n'), () => {})
    expect(decoder.lastEventId).toBe('9')
    expect(seen).toEqual([])
  })

  test('an id whose blank line never comes is forgotten at the end', () => {
    const decoder = createEventDecoder({ lastEventId: '1' })
    decoder.push(bytes('id: 2\ndata: a\n'), () => {})
    decoder.end(() => {})
    expect(decoder.lastEventId).toBe('1')
  })

  test('a decoder starts from the id that an earlier connection ended with', () => {
    const all = decodeAll(createEventDecoder({ lastEventId: 'before' }), [bytes('data: a\n\n')])
    expect(eventsIn(all)).toEqual([event('a', 'message', 'before')])
  })
})

describe('retry (HTML §9.2.6, reading 5)', () => {
  test('retry takes effect when its line ends, in a block that is never dispatched', () => {
    expect(pushed('retry: 7\n').seen).toEqual([{ kind: 'retry', milliseconds: 7 }])
  })

  test.each(['-1', '1e3', '٣', '', '1_0', ' 1', '1 ', '+1', '0x1', '1.5'])('retry does not take %j', (value) => {
    expect(pushed(`retry: ${value}\n\n`).seen).toEqual([])
  })

  test.each([
    ['0', 0],
    ['007', 7],
    ['2147483648', 2 ** 31 - 1],
    ['9'.repeat(40), 2 ** 31 - 1],
    [`1${'0'.repeat(400)}`, 2 ** 31 - 1],
  ])('retry: %.20s is a time that a timer can hold', (value, milliseconds) => {
    expect(pushed(`retry:${value}\n`).seen).toEqual([{ kind: 'retry', milliseconds }])
  })
})

describe('types (HTML §9.2.6, reading 6)', () => {
  decodes([
    ['a type is for one event', 'event: x\ndata: 1\n\ndata: 2\n\n', [event('1', 'x'), event('2')]],
    ['an empty type after a named one is message', 'event: a\nevent:\ndata: x\n\n', [event('x')]],
    ['a type without data is dropped with its block', 'event: a\n\ndata: x\n\n', [event('x')]],
    ['the last type of a block counts', 'event: a\ndata: x\nevent: b\n\n', [event('x', 'b')]],
  ])
})

describe('line ends (HTML §9.2.5, reading 7)', () => {
  decodes([
    ['CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', [event('a'), event('b')]],
    ['CR', 'data: a\r\rdata: b\r\r', [event('a'), event('b')]],
    ['any mix', 'data: a\rdata: b\r\ndata: c\n\rdata: d\n\r\n', [event('a\nb\nc'), event('d')]],
    ['LF CR is two line ends', 'data: a\n\rdata: b\n\n', [event('a'), event('b')]],
    ['CR CR LF is two line ends', 'data: a\r\r\ndata: b\r\r\n', [event('a'), event('b')]],
    ['no other separator is a line end', 'data: a\u2028b\u0085c\vd\fe\n\n', [event('a\u2028b\u0085c\vd\fe')]],
  ])

  test('a CR at the end of a read ends the line at once', () => {
    const { seen, decoder } = pushed('data: a\rdata: b\r\r')
    expect(eventsIn(seen)).toEqual([event('a\nb')])
    expect(decoder.state).toBe('after-cr')
  })

  test('a LF after that CR is swallowed, also behind an empty read, and only one', () => {
    const { seen, decoder } = pushed('data: a\r', '', '\n', '\n')
    expect(eventsIn(seen)).toEqual([event('a')])
    expect(decoder.state).toBe('line')
  })

  test('a LF behind a line that began after a CR ends that line, also in a read of its own', () => {
    const { seen } = pushed('\rid', '\ndata: a\n\ndata: more than a few bytes\n')
    expect(eventsIn(seen)).toEqual([event('a')])
  })

  test('only one LF belongs to a CR, also at the start of a long read', () => {
    const { seen } = pushed('data: a\r', '\n\ndata: more than a few bytes\n')
    expect(eventsIn(seen)).toEqual([event('a')])
  })

  test('push takes every byte', () => {
    expect(createEventDecoder().push(bytes('data: a\n\nda'), () => {})).toBe(11)
  })
})

describe('fields (HTML §9.2.6, reading 8)', () => {
  decodes([
    ['exactly one space is removed', 'data:  a \n\n', [event(' a ')]],
    ['a tab is not a space', 'data:\ta\n\n', [event('\ta')]],
    ['a field without colon has the empty value', 'data\n\n', [event('')]],
    ['field names are case-sensitive', 'Data: a\nDATA: b\n\n', []],
    ['field names are not trimmed', ' data: a\ndata : b\n\n', []],
    ['unknown fields are ignored', 'foo: 1\ndata: a\nbar\n\n', [event('a')]],
    ['only the first colon counts', 'data: a: b:c\n\n', [event('a: b:c')]],
  ])

  test('a comment is told, without its space, and dispatches nothing', () => {
    expect(pushed(': beat\n:\n:\n\n').seen).toEqual([
      { kind: 'comment', text: 'beat' },
      { kind: 'comment', text: '' },
      { kind: 'comment', text: '' },
    ])
  })
})

describe('UTF-8 (HTML §9.2.6, reading 9)', () => {
  decodes([
    ['one BOM at the start is removed', '\ufeffdata: a\n\n', [event('a')]],
    ['a second one belongs to the line', '\ufeff\ufeffdata: a\n\ndata: b\n\n', [event('b')]],
    ['a later one is data', 'data: a\n\ndata: \ufeffb\n\n', [event('a'), event('\ufeffb')]],
    ['characters of every length survive any cut', 'data: aé€🎉\n\n', [event('aé€🎉')]],
  ])

  test.each<[string, number[], string]>([
    ['a lone continuation byte', [0x80], '\ufffd'],
    ['an overlong form', [0xc0, 0xaf], '\ufffd\ufffd'],
    ['a surrogate', [0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
    ['a character that is cut by an ASCII one', [0xf0, 0x9f, 0x41], '\ufffdA'],
    ['a character that is cut by the line end', [0xe2, 0x82], '\ufffd'],
  ])('%s becomes U+FFFD as Encoding §4.2 counts it', (_why, wrong, expected) => {
    const stream = Uint8Array.of(...bytes('data: '), ...wrong, ...bytes('\n\n'))
    for (const reads of everySplit(stream)) expect(eventsIn(items(reads))).toEqual([event(expected)])
  })
})

describe('the end (HTML §9.2.6, reading 10)', () => {
  decodes([
    ['an unfinished block is no event', 'data: a\n\ndata: never finished\n', [event('a')]],
    ['an unfinished line is no event', 'data: a\n\ndata: never', [event('a')]],
    ['an empty data buffer dispatches nothing', 'event: x\nid: 1\n\n', []],
    ['an empty data line in front of another is kept', 'data:\ndata: a\n\n', [event('\na')]],
    ['an empty stream is no event', '', []],
  ])
})

describe('long lines', () => {
  const long = 'x'.repeat(70_000)
  const cuts = (stream: Uint8Array) =>
    [-5, -4, -3, -2, -1, 0].flatMap((back) => {
      const at = stream.length + back
      const [first, second] = [stream.subarray(0, 66_000), stream.subarray(66_000, at)]
      return [
        [first, second, stream.subarray(at)],
        [first, ...Array.from(second.subarray(0, 9), (byte) => Uint8Array.of(byte)), stream.subarray(66_009)],
      ]
    })

  test.each(['\n\n', '\r\r', '\r\n\r\n', '\r\n\n', '\n\r'])('end in %j as short ones do, at every cut', (ends) => {
    for (const reads of cuts(bytes(`data: ${long}${ends}`))) expect(eventsIn(items(reads))).toEqual([event(long)])
  })

  test.each(['\n', '\r', '\r\n'])('end in %j with other lines behind them in the read', (end) => {
    const stream = bytes(`data: ${long}é${end}data: b${end}id: 7${end}${end}data: c${end}${end}`)
    for (const reads of cuts(stream)) {
      expect(eventsIn(items(reads))).toEqual([event(`${long}é\nb`, 'message', '7'), event('c', 'message', '7')])
    }
  })

  test('are refused at the byte that is one too many, and not before', () => {
    const stream = bytes(`id: 12\ndata: ${long}`)
    const size = stream.length - 'id: \n'.length
    for (const reads of cuts(stream)) {
      expect(() => decodeAll(createEventDecoder({ maxEventSize: size }), reads)).not.toThrow()
      expect(() => decodeAll(createEventDecoder({ maxEventSize: size - 1 }), reads)).toThrow(SseError)
    }
  })
})

test('any bytes, cut anywhere, mean what they mean in one read', () => {
  const token = fc.constantFrom(
    ...[
      'data',
      'event',
      'id',
      'retry',
      ':',
      ': ',
      ' ',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      'x',
      '7',
      'é',
      '🎉',
      '\0',
      '\ufeff',
    ].map(bytes),
    Uint8Array.of(0xff),
    Uint8Array.of(0xf0, 0x9f),
    Uint8Array.of(0xe2),
  )
  fc.assert(
    fc.property(fc.array(token, { maxLength: 30 }), fc.array(fc.nat(60), { maxLength: 6 }), (tokens, cuts) => {
      const stream = Uint8Array.from(tokens.flatMap((part) => [...part]))
      const at = [0, ...cuts.map((cut) => Math.min(cut, stream.length)).sort((a, b) => a - b), stream.length]
      const reads = at.slice(1).map((end, i) => stream.subarray(at[i], end))
      expect(items(reads)).toEqual(items([stream]))
      expect(items(Array.from(stream, (byte) => Uint8Array.of(byte)))).toEqual(items([stream]))
    }),
    { numRuns: 300 },
  )
})

describe('maxEventSize', () => {
  const tooLarge = expect.objectContaining({ name: 'SseError', code: 'SSE_EVENT_TOO_LARGE' })

  test.each<[string, string, number]>([
    ['one line', 'data: 12345', 11],
    ['lines that add up', 'data: 12345\ndata: 67890\n\n', 16],
    ['empty lines that add up', 'data\n'.repeat(10), 12],
    ['a type', 'event: 1234\nevent: 5678', 15],
    ['an id', 'id: 123456\nid: 1', 11],
    ['a comment', ': 1234567', 9],
    ['a field nobody knows', 'unknown', 7],
  ])('%s: %j needs %i bytes, at every cut', (_what, input, size) => {
    for (const reads of everySplit(bytes(input))) {
      expect(() => decodeAll(createEventDecoder({ maxEventSize: size }), reads)).not.toThrow()
      expect(() => decodeAll(createEventDecoder({ maxEventSize: size - 1 }), reads)).toThrow(tooLarge)
    }
  })

  test('comments and finished events are not counted for ever', () => {
    const decoder = createEventDecoder({ maxEventSize: 20 })
    for (let i = 0; i < 1000; i++) decoder.push(bytes(': beat\ndata: 12345\n\n'), () => {})
  })

  test('events in front of the one that is too large are delivered, and a decoder that refused goes on refusing', () => {
    const decoder = createEventDecoder({ maxEventSize: 10 })
    const seen: EventStreamItem[] = []
    expect(() => decoder.push(bytes('data: a\n\ndata: 1234567890\n\n'), (item) => seen.push(item))).toThrow(tooLarge)
    expect(eventsIn(seen)).toEqual([event('a')])
    expect(() => decoder.push(bytes('\n\ndata: b\n\n'), (item) => seen.push(item))).toThrow(tooLarge)
    expect(seen).toHaveLength(1)
  })

  test('a decoder that refused refuses a read of one byte, too, for which an earlier line would have had room', () => {
    const decoder = createEventDecoder({ maxEventSize: 16 })
    decoder.push(bytes('x'), () => {})
    expect(() => decoder.push(bytes('\ndata: 1234567890\nid: 123456'), () => {})).toThrow(SseError)
    expect(() => decoder.push(bytes('x'), () => {})).toThrow(SseError)
  })

  test('the default is 16 MiB', () => {
    const decoder = createEventDecoder()
    const piece = new Uint8Array(64 * 1024).fill(0x78)
    for (let i = 0; i < 256; i++) decoder.push(piece, () => {})
    expect(() => decoder.push(piece.subarray(0, 1), () => {})).toThrow(tooLarge)
  })

  test('a character counts as the bytes it took', () => {
    const stream = bytes('data: é€🎉')
    for (const reads of everySplit(stream)) {
      expect(() => decodeAll(createEventDecoder({ maxEventSize: 15 }), reads)).not.toThrow()
      expect(() => decodeAll(createEventDecoder({ maxEventSize: 14 }), reads)).toThrow(tooLarge)
    }
  })

  test.each([0, -1, Number.NaN])('a limit of %d is refused before a byte is read', (maxEventSize) => {
    expect(() => createEventDecoder({ maxEventSize })).toThrow(RangeError)
  })
})

describe('what a caller keeps', () => {
  const ALLOWED = 8.5 * 1024 // half a KiB for what the collector makes of 500

  /** Bytes held on to by `count` values, each of a read of 64 KiB of its own. */
  async function keep(count: number, event: string): Promise<number> {
    const read = bytes(event.repeat(Math.ceil((64 * 1024) / event.length)))
    const kept: string[] = []
    const grown = await growthDuring(async () => {
      for (let i = 0; i < count; i++) {
        const decoder = createEventDecoder()
        let seen = 0
        decoder.push(read, (item) => {
          if (item.kind === 'event' && ++seen === 500) kept.push(item.event.data)
        })
      }
    })
    expect(kept).toHaveLength(count)
    return grown
  }

  test.each([
    ['values of 24 characters', 24, ''],
    ['values that are not ASCII', 24, 'é'],
  ])(
    '%s hold on to no more than 8 KiB each',
    async (_what, length, foreign) => {
      const event = `data: ${foreign}${'x'.repeat(length)}\n\n`
      let each = Number.POSITIVE_INFINITY
      // What is pinned is so each time; what else the process has made meanwhile is not.
      for (let tries = 0; tries < 3 && each > ALLOWED; tries++) {
        const [few, many] = [await keep(100, event), await keep(600, event)]
        each = (many - few) / 500 // what is there once, however many there are, is no matter
      }
      expect(each).toBeLessThan(ALLOWED)
    },
    60_000,
  )

  test('a long line leaves no room behind', async () => {
    const decoder = createEventDecoder()
    const grown = await growthDuring(async () => {
      for (let i = 0; i < 128; i++) decoder.push(new Uint8Array(64 * 1024).fill(0x78), () => {})
      decoder.push(bytes('\n: and a line that ends with its read\n'), () => {})
    })
    expect(grown).toBeLessThan(1024 * 1024)
  })
})

describe('work', () => {
  afterEach(() => vi.restoreAllMocks())

  /** Characters that a decode looks at or copies, counted where the engine is asked to do it. */
  function workFor(reads: Iterable<Uint8Array>): number {
    let work = 0
    const { indexOf } = String.prototype
    const { join } = Array.prototype
    const { set } = Uint8Array.prototype
    vi.spyOn(Uint8Array.prototype, 'set').mockImplementation(function (this: Uint8Array, source, at) {
      set.call(this, source, at)
      work += source.length
    })
    vi.spyOn(String.prototype, 'indexOf').mockImplementation(function (this: string, searched: string, from = 0) {
      const at = indexOf.call(this, searched, from)
      work += (at === -1 ? this.length : at + 1) - from
      return at
    })
    vi.spyOn(Array.prototype, 'join').mockImplementation(function (this: unknown[], separator) {
      const text = join.call(this, separator)
      work += text.length
      return text
    })
    try {
      items(reads)
    } finally {
      vi.restoreAllMocks()
    }
    return work
  }

  function* inReadsOf(size: number, text: string): Generator<Uint8Array> {
    const all = bytes(text)
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size)
  }

  test.each<[string, number, number, (n: number) => string]>([
    ['one long line in small reads', 64, 100_000, (n) => `data: ${'x'.repeat(n)}\n\n`],
    ['one long line byte by byte', 1, 10_000, (n) => `data: ${'x'.repeat(n)}\n\n`],
    ['short lines that end in LF in one read', 1e9, 40_000, (n) => 'data: x\n'.repeat(n / 8)],
    ['short lines that end in CR in one read', 1e9, 40_000, (n) => 'data: x\r'.repeat(n / 8)],
    ['LF lines with one CR at the end', 1e9, 40_000, (n) => `${'data: x\n'.repeat(n / 8)}\r`],
    ['empty data lines', 1024, 40_000, (n) => `${'data\n'.repeat(n / 5)}\n`],
  ])('%s, when they are twice as many, are twice the work', (_what, size, length, stream) => {
    const once = workFor(inReadsOf(size, stream(length)))
    const twice = workFor(inReadsOf(size, stream(2 * length)))
    expect(once).toBeGreaterThan(length / 8)
    expect(twice / once).toBeLessThan(2.2)
  })
})
