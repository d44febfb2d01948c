import { gzipSync } from 'node:zlib'
import { toHar } from '@sse-from-scratch/wire-xray/export'
import type { RecordedRead } from '@sse-from-scratch/wire-xray/recording'
import { describe, expect, test } from 'vitest'
import { bytes, recorded, text } from '../recording/entries.ts'
import { wrongInHar } from './har-check.ts'

const ASK =
  'POST /v1/chat?trace=a%20b HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'
const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n'

const chunk = (data: string) => `${data.length.toString(16)}\r\n${data}\r\n`

const stream = recorded(
  ['up', ASK.slice(0, -2), 100],
  ['up', '{}', 110],
  ['down', HEAD, 150],
  ['down', chunk('data: {"n":1}\n\n'), 200],
  ['down', chunk('id: 7\nevent: end\ndata: x\ndata: y\n\n'), 260],
  ['down', '0\r\n\r\n', 300],
)

describe('The HTTP Archive of a recording', () => {
  test.each([
    ['a stream', stream],
    ['an answer that was cut', recorded(['up', ASK], ['down', `${HEAD}5\r\nhel`], ['fin', 'down'])],
    ['a request without an answer', recorded(['up', ASK], ['reset', 'down'])],
    ['no HTTP at all', recorded(['up', '\x16\x03\x01'])],
    ['nothing', recorded()],
  ])('of %s is one by the text of HAR 1.2', async (_name, recording) => {
    expect(wrongInHar(JSON.parse(JSON.stringify(await toHar(recording))))).toEqual([])
  })

  test('has what was asked and answered, and how long that took', async () => {
    const { entries } = (await toHar(stream)).log
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject({
      startedDateTime: '2026-11-20T10:00:00.100Z',
      time: 200,
      timings: { send: 10, wait: 40, receive: 150 },
      request: {
        method: 'POST',
        url: 'http://example.test/v1/chat?trace=a%20b',
        httpVersion: 'HTTP/1.1',
        queryString: [{ name: 'trace', value: 'a b' }],
        bodySize: 2,
        postData: { mimeType: 'application/json', text: '{}' },
      },
      response: { status: 200, statusText: 'OK', content: { mimeType: 'text/event-stream; charset=utf-8' } },
      _xray: { end: 'complete' },
    })
    expect(entries[0]?.response.headers.map(({ name }) => name)).toEqual(['Content-Type', 'Transfer-Encoding'])
    expect(entries[0]?.response.content.text).toBe('data: {"n":1}\n\nid: 7\nevent: end\ndata: x\ndata: y\n\n')
  })

  test('has each event with the time of the read that completed it', async () => {
    const [entry] = (await toHar(stream)).log.entries
    const start = Date.parse(stream.head.startedAt) / 1000
    expect(entry?._eventSourceMessages).toEqual([
      { time: start + 0.2, eventName: 'message', eventId: '', data: '{"n":1}' },
      { time: start + 0.26, eventName: 'end', eventId: '7', data: 'x\ny' },
    ])
  })

  test('has each read with its time and size', async () => {
    const [entry] = (await toHar(stream)).log.entries
    expect(entry?._xray.reads.map(({ t, d }) => `${t} ${d}`)).toEqual([
      '100 up',
      '110 up',
      '150 down',
      '200 down',
      '260 down',
      '300 down',
    ])
  })

  test('has the plain text of a compressed body, and its events at their times', async () => {
    const body = gzipSync('data: one\n\ndata: two\n\n')
    const head = HEAD.replace('\r\n\r\n', '\r\nContent-Encoding: gzip\r\n\r\n')
    const recording = recorded(['up', ASK, 0], ['down', head, 1], ['down', `${chunk(text(body))}0\r\n\r\n`, 9])
    const [entry] = (await toHar(recording)).log.entries
    expect(entry?.response.content).toMatchObject({
      size: 22,
      text: 'data: one\n\ndata: two\n\n',
      compression: 22 - body.length,
    })
    expect(entry?._eventSourceMessages?.map(({ data }) => data)).toEqual(['one', 'two'])
    expect(wrongInHar(await toHar(recording))).toEqual([])
  })

  test('has a compressed body that was cut as far as it can be read', async () => {
    const body = gzipSync('data: one\n\n')
    const head = HEAD.replace('\r\n\r\n', '\r\nContent-Encoding: gzip\r\n\r\n')
    const part = text(body.subarray(0, -4))
    const recording = recorded(['up', ASK], ['down', head], ['down', chunk(part)], ['reset', 'down'])
    const [entry] = (await toHar(recording)).log.entries
    expect(entry?.response.content.text).toBe('data: one\n\n')
    expect(entry?._xray).toMatchObject({ end: 'cut', failure: 'reset' })
  })

  test.each([
    ['a FIN inside of a chunk', ['fin', 'down'], { end: 'cut', failure: 'fin' }],
    ['a RST', ['reset', 'down'], { end: 'cut', failure: 'reset' }],
    ['an error', { kind: 'error', at: 9, connection: 1, code: 'TCP_TIMEOUT' }, { end: 'cut', failure: 'TCP_TIMEOUT' }],
  ] as const)('says how the answer ended: %s', async (_name, ending, expected) => {
    const recording = recorded(['up', ASK], ['down', `${HEAD}5\r\nhel`], ending as RecordedRead)
    const [entry] = (await toHar(recording)).log.entries
    expect(entry?._xray).toMatchObject(expected)
  })

  test('takes FIN for the end of an answer that has no other', async () => {
    const answer = 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello'
    const [entry] = (await toHar(recorded(['up', ASK], ['down', answer], ['fin', 'down']))).log.entries
    expect(entry?._xray).toMatchObject({ end: 'complete' })
    expect(entry?.response.content.text).toBe('hello')
  })

  test('has every exchange of a connection, and bytes that are no text as base64', async () => {
    const answer = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    const get = 'GET /a HTTP/1.1\r\nHost: a\r\n\r\n'
    const recording = recorded(['up', get + get], ['down', answer('\xff\xfe') + answer('two')])
    const { entries } = (await toHar(recording)).log
    expect(entries.map(({ response }) => response.content.text)).toEqual([btoa('\xff\xfe'), 'two'])
    expect(entries[0]?.response.content.encoding).toBe('base64')
    expect(bytes('\xff')[0]).toBe(255)
  })
})

test('The checker of archives finds what is wrong with one', async () => {
  const har = JSON.parse(JSON.stringify(await toHar(stream)))
  har.log.version = '1.1'
  har.log.entries[0].time = 5
  har.log.entries[0].timings.wait = -1
  har.log.entries[0].request.headers[0].value = 7
  har.log.entries[0].surprise = true
  delete har.log.entries[0].response.content
  expect(wrongInHar(har).map((each) => each.split(':')[0])).toEqual([
    'log.version',
    'entries[0].surprise',
    'entries[0].request.headers[0].value',
    'content',
    'entries[0].content.size',
    'entries[0].content.size',
    'entries[0].content.mimeType',
    'entries[0].timings.wait',
    'entries[0].time',
  ])
})
