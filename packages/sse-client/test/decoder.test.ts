import { createEventDecoder, EventDecoderStream, readEvents, type ServerSentEvent } from '@sse-from-scratch/sse-client'
import { decodeAll, everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { expect, test } from 'vitest'

const bytes = (text: string) => new TextEncoder().encode(text)
const events = (reads: Uint8Array[]) =>
  decodeAll(createEventDecoder(), reads).flatMap((i) => (i.kind === 'event' ? [i.event] : []))
const e = (data: string, type = 'message', lastEventId = ''): ServerSentEvent => ({ type, data, lastEventId })

// The examples of HTML §9.2.6, then the corners.
test.each<[string, ServerSentEvent[]]>([
  ['data: YHOO\ndata: +2\ndata: 10\n\n', [e('YHOO\n+2\n10')]],
  [
    ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
    [e('first event', 'message', '1'), e('second event'), e(' third event')],
  ],
  ['data\n\ndata\ndata\n\ndata:\n', [e(''), e('\n')]],
  ['data:test\n\ndata: test\n\n', [e('test'), e('test')]],
  ['\ufeffdata: a\r\ndata: b\rdata: c\n\r\n', [e('a\nb\nc')]],
  ['data: a\r\n\r\ndata: b\r\r', [e('a'), e('b')]],
  ['event: x\ndata: 1\n\ndata: 2\n\n', [e('1', 'x'), e('2')]],
  ['id: 7\n\ndata: a\n\n', [e('a', 'message', '7')]],
  ['id: 7\nid: a\0b\ndata: a\n\n', [e('a', 'message', '7')]],
  ['data: héé 🎉\n\n', [e('héé 🎉')]],
  ['event: a\nevent:\ndata: x\n\n', [e('x')]],
  ['data: never finished\n', []],
])('%j', (input, expected) => {
  for (const reads of everySplit(bytes(input))) expect(events(reads)).toEqual(expected)
})

test('retry takes only ASCII digits', () => {
  const items = decodeAll(createEventDecoder(), [bytes('retry: 10\nretry: -1\nretry: 1e3\nretry: ٣\nretry:\n')])
  expect(items).toEqual([{ kind: 'retry', milliseconds: 10 }])
})

test('an id without data moves lastEventId but dispatches nothing', () => {
  const decoder = createEventDecoder()
  decoder.push(bytes('id: 9\n\n'), () => {
    throw new Error('no')
  })
  expect(decoder.lastEventId).toBe('9')
})

test('limits', () => {
  expect(() => createEventDecoder({ maxEventSize: 10 }).push(bytes('data: 123456789'), () => {})).toThrow(
    expect.objectContaining({ code: 'SSE_EVENT_TOO_LARGE' }),
  )
})

test('reads a fetch Response, a ReadableStream, and through a TransformStream', async () => {
  const make = () => new Response('data: 1\n\ndata: 2\n\n')
  expect(await collect(readEvents(make()))).toEqual([e('1'), e('2')])
  expect(await collect(readEvents(make().body!))).toEqual([e('1'), e('2')])
  expect(await collect(make().body!.pipeThrough(new EventDecoderStream()) as any)).toEqual([e('1'), e('2')])
})

async function collect<T>(iterable: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = []
  for await (const x of iterable) out.push(x)
  return out
}
