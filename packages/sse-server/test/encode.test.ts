import { encodeComment, encodeEvent, MAX_ID_LENGTH, type OutgoingEvent } from '@sse-from-scratch/sse-server'
import { createParser } from 'eventsource-parser-3'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dispatch } from './reference-reader.ts'

const text = (encoded: { readonly bytes: Uint8Array }) => new TextDecoder().decode(encoded.bytes)

describe('an event on the wire (HTML §9.2.5)', () => {
  test.each<[OutgoingEvent, string]>([
    [{ data: 'x' }, 'data: x\n\n'],
    [{ data: '' }, 'data: \n\n'],
    [{ data: ' x ' }, 'data:  x \n\n'],
    [{ data: ': x' }, 'data: : x\n\n'],
    [{ data: '{"a":\n1}' }, 'data: {"a":\ndata: 1}\n\n'],
    [{ data: 'a\nb\r\nc\rd' }, 'data: a\ndata: b\ndata: c\ndata: d\n\n'],
    [{ data: 'a\n' }, 'data: a\ndata: \n\n'],
    [{ data: '\n\n' }, 'data: \ndata: \ndata: \n\n'],
    [{ data: 'a\r\r\nb' }, 'data: a\ndata: \ndata: b\n\n'],
    [{ data: 'ü 水 🌊\0\u2028' }, 'data: ü 水 🌊\0\u2028\n\n'],
    [{ event: 'tick', data: 'x' }, 'event: tick\ndata: x\n\n'],
    [{ id: '1' }, 'id: 1\n\n'],
    [{ id: 'a\tb c' }, 'id: a\tb c\n\n'],
    [{ id: 'ü 水 🌊\u0080\u00a0' }, 'id: ü 水 🌊\u0080\u00a0\n\n'],
    [{ id: '', data: 'x' }, 'id: \ndata: x\n\n'],
    [{ retry: 0 }, 'retry: 0\n\n'],
    [
      { event: 'a', id: '1', data: 'x', retry: Number.MAX_SAFE_INTEGER },
      'event: a\nid: 1\nretry: 9007199254740991\ndata: x\n\n',
    ],
    [{}, '\n'],
  ])('%j', (event, wire) => {
    expect(text(encodeEvent(event))).toBe(wire)
  })

  test('the encoded event remembers its id, so that a history can find it', () => {
    expect(encodeEvent({ id: '7' }).id).toBe('7')
    expect('id' in encodeEvent({ data: 'x' })).toBe(false)
  })
})

describe('what would be read as something else is refused', () => {
  test.each(['a\nb', 'a\rb', 'a\r\ndata: forged', '\n'])('a line break in event or id: %j', (value) => {
    expect(() => encodeEvent({ event: value })).toThrow(TypeError)
    expect(() => encodeEvent({ id: value })).toThrow(TypeError)
  })

  test('NUL in an id, which clients ignore (HTML §9.2.6)', () => {
    expect(() => encodeEvent({ id: 'a\0' })).toThrow(TypeError)
  })

  test.each([' a', 'a ', ' ', '\ta', 'a\t', 'a\x01', '\x1fa', 'a\x7f', '\ud800', 'a\udc00b'])(
    'an id that no header field brings back as it was sent (RFC 9110 §5.5): %j',
    (id) => {
      expect(() => encodeEvent({ id })).toThrow(TypeError)
    },
  )

  test('an id of more than 1024 bytes, since servers refuse long heads', () => {
    for (const [unit, most] of [
      ['x', 1024],
      ['ü', 512],
      ['水', 341],
      ['🌊', 256],
    ] as const) {
      expect(encodeEvent({ id: unit.repeat(most) }).id).toBe(unit.repeat(most))
      expect(() => encodeEvent({ id: unit.repeat(most + 1) }), unit).toThrow(RangeError)
    }
    expect(MAX_ID_LENGTH).toBe(1024)
  })

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('retry: %d', (retry) => {
    expect(() => encodeEvent({ retry })).toThrow(RangeError)
  })

  test('an object where text is meant, instead of sending [object Object]', () => {
    for (const field of ['event', 'data', 'id']) {
      expect(() => encodeEvent({ [field]: { a: 1 } } as OutgoingEvent), field).toThrow(TypeError)
    }
  })

  test('the refused value is not in the message: it may be a secret', () => {
    expect(() => encodeEvent({ id: 'sk-secret\n' })).toThrow(/^id cannot hold character 10 \(at index 9\)$/)
  })
})

test.each([
  [undefined, ':\n\n'],
  ['', ':\n\n'],
  ['still here', ': still here\n\n'],
  ['a\rb\nc\r\n', ': a\n: b\n: c\n:\n\n'],
  ['x\ndata: forged', ': x\n: data: forged\n\n'],
])('a comment stays a comment: %j', (comment, wire) => {
  expect(text(encodeComment(comment))).toBe(wire)
})

/** The parser that most clients use. It dispatches what it is given, without carrying ids over. */
function parsed(stream: string) {
  const events: { type: string; data: string; id: string | undefined }[] = []
  const parser = createParser({
    onEvent: ({ event = 'message', data, id }) => events.push({ type: event, data, id }),
    onError: (error) => expect.unreachable(error.message),
  })
  parser.feed(stream)
  return events
}

test('any event the encoder takes is read back as it was meant, and as nothing more', () => {
  const line = fc.string({ unit: 'grapheme' }).filter((value) => !/[\r\n\0]/.test(value))
  const ids = line.filter((value) => !/^ | $/.test(value))
  const data = fc.array(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\r', '\n', '\r\n', ':', ' ', 'data: ')),
  )
  const event = fc.record(
    { event: line, id: ids, data: data.map((parts) => parts.join('')) },
    { requiredKeys: ['data'] },
  )
  fc.assert(
    fc.property(fc.array(event), (events) => {
      let lastEventId = ''
      const meant = events.map(({ event, data, id }) => {
        lastEventId = id ?? lastEventId
        return { type: event || 'message', data: data.replace(/\r\n?/g, '\n'), lastEventId }
      })
      const stream = events.map((one) => text(encodeEvent(one)) + text(encodeComment(one.data))).join('')
      expect(dispatch(stream)).toEqual(meant)
      expect(parsed(stream)).toEqual(meant.map(({ type, data }, i) => ({ type, data, id: events[i]?.id })))
    }),
  )
})
