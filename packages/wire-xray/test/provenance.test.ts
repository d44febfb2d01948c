import { type Carriage, createXray, type Direction, type Finding } from '@sse-from-scratch/wire-xray'
import { describe, expect, test } from 'vitest'
import { CHUNKED, EVENT_STREAM, encode, look } from './look.ts'

const STREAM = CHUNKED.replace('Transfer', 'Content-Type: text/event-stream\r\nTransfer')
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

interface Heard extends Finding {
  readonly carriage: Carriage
}

function hear(...reads: readonly (readonly [direction: Direction, text: string, at: number])[]): Heard[] {
  const heard: Heard[] = []
  const xray = createXray(
    () => {},
    (finding, carriage) => heard.push({ ...finding, carriage }),
  )
  for (const [direction, text, at] of reads) xray.push(direction, encode(text), at)
  xray.end('up')
  xray.end('down')
  return heard
}

describe('from a token down to the reads', () => {
  const delta = '{"choices":[{"delta":{"content":"Hello"}}]}'
  const event = `data: ${delta}\n\n`
  const [one, two] = [event.slice(0, 42), event.slice(42)]
  const heard = hear(
    ['down', STREAM, 1],
    ['down', chunk(one).slice(0, 20), 2],
    ['down', chunk(one).slice(20) + chunk(two).slice(0, 8), 3],
    ['down', chunk(two).slice(8), 5],
  )
  const find = (kind: string) => heard.filter((finding) => finding.kind === kind)

  test('a delta is of an event, an event of chunks, a chunk of a message with a head', () => {
    expect(find('delta').map(({ parent }) => parent)).toEqual([{ kind: 'event', from: 0, to: 0 }])
    expect(find('event').map(({ parent }) => parent)).toEqual([{ kind: 'chunk', from: 0, to: 1 }])
    expect(find('chunk').map(({ no, parent }) => [no, parent])).toEqual([
      [0, { kind: 'head', from: 0, to: 0 }],
      [1, { kind: 'head', from: 0, to: 0 }],
    ])
  })

  test('each has its place in the body, where there is no framing', () => {
    const at = event.indexOf('Hello')
    expect(find('event').map(({ body }) => body)).toEqual([[0, event.length]])
    expect(find('delta').map(({ body }) => body)).toEqual([[at, at + 5]])
  })

  test('the reads say where the first and the last byte came from, and when', () => {
    expect(find('event')[0]?.carriage).toEqual({ first: { index: 1, at: 2 }, last: { index: 3, at: 5 } })
    expect(find('delta')[0]?.carriage).toEqual({ first: { index: 2, at: 3 }, last: { index: 2, at: 3 } })
    expect(find('head')[0]?.carriage).toEqual({ first: { index: 0, at: 1 }, last: { index: 0, at: 1 } })
  })
})

test('a finding that begins with a read is of that read, and not of the one before', () => {
  const [, event] = hear(['down', EVENT_STREAM, 1], ['down', 'data: a', 2], ['down', '\n', 3], ['down', '\n', 4])
  expect(event?.carriage).toEqual({ first: { index: 1, at: 2 }, last: { index: 3, at: 4 } })
})

test('findings of each kind are counted in their message, and messages by their exchange', () => {
  const events = `${STREAM}${chunk('data: a\n\n: c\n\ndata: b\n\n')}0\r\n\r\n`
  const heard = hear(['up', 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2), 0], ['down', events + events, 1])
  expect(heard.map(({ direction, exchange, kind, no }) => `${direction} ${exchange} ${kind} ${no}`)).toEqual([
    'up 0 head 0',
    'up 1 head 0',
    ...[0, 1].flatMap((exchange) =>
      ['head 0', 'event 0', 'comment 0', 'event 1', 'chunk 0', 'last-chunk 0'].map(
        (found) => `down ${exchange} ${found}`,
      ),
    ),
  ])
})

test('an interim response is of the same exchange as the one behind it', () => {
  const heard = hear(['down', 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 0])
  expect(heard.map(({ kind, exchange, no }) => [kind, exchange, no])).toEqual([
    ['interim', 0, 0],
    ['head', 0, 0],
  ])
})

test('what is in a body without chunks is of its head', () => {
  expect(look('down', `${EVENT_STREAM}data: a\n\n`).findings[1]?.parent).toEqual({ kind: 'head', from: 0, to: 0 })
})

test('of more reads than are remembered, the oldest one stands for those before it', () => {
  const heard: Carriage[] = []
  const xray = createXray(
    () => {},
    (_finding, carriage) => heard.push(carriage),
  )
  xray.push('down', encode(EVENT_STREAM), 0)
  for (let at = 1; at <= 10_000; at++) xray.push('down', encode('data: x'[at - 1] ?? 'x'), at)
  xray.push('down', encode('\n\n'), 10_001)
  expect(heard[1]?.last).toEqual({ index: 10_001, at: 10_001 })
  expect(heard[1]?.first.index).toBeGreaterThan(0)
  expect(heard[1]?.first.index).toBeLessThan(10_001 - 4096 + 1)
})

test('all bytes are looked at, whatever the listeners throw, and the first of it comes out', () => {
  const seen: string[] = []
  const xray = createXray(
    ({ element }) => {
      seen.push(element)
      throw new Error(`at ${element}`)
    },
    ({ kind }) => {
      seen.push(kind)
    },
  )
  expect(() => xray.push('down', encode('HTTP/1.1 204 No\r\n\r\n'))).toThrow('at http-version')
  expect(seen).toEqual(['http-version', 'sp', 'status-code', 'sp', 'reason-phrase', 'crlf', 'head', 'blank-line'])
})
