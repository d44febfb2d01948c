import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { textWidth } from '@sse-from-scratch/llm-stream/terminal'
import { explain, type Subject } from '@sse-from-scratch/wire-xray'
import { describe, expect, test } from 'vitest'
import { CHUNKED, EVENT_STREAM, encode } from './look.ts'

const HEAD = EVENT_STREAM.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n')
const ONE_TOKEN = encode(`${HEAD}22\r\ndata: {"choices":[{"delta":{"conte\r\n0e\r\nnt":"lo"}}]}\n\n\r\n0\r\n\r\n`)

describe('the annotated hexdump', () => {
  test('has a row for each element, with its offset, bytes, text and name', () => {
    expect(`\n${explain(ONE_TOKEN, { columns: 80 })}\n`).toMatchInlineSnapshot(`
      "
      0000  48 54 54 50 2f 31 2e 31 20          │HTTP/1.1·    http http-version
      0009  32 30 30 20                         │200·         http status-code
      000d  4f 4b 0d 0a                         │OK␍␊         http reason-phrase
      0011  43 6f 6e 74 65 6e 74 2d …  65 3a 20 │Content-…e:· http field-name, 14 B
      001f  74 65 78 74 2f 65 76 65 …  6d 0d 0a │text/eve…m␍␊ http field-value, 19 B
      0032  54 72 61 6e 73 66 65 72 …  67 3a 20 │Transfer…g:· http field-name, 19 B
      0045  63 68 75 6e 6b 65 64 0d 0a          │chunked␍␊    http field-value
      004e  0d 0a                               │␍␊           http blank-line
      0050  32 32 0d 0a                         │22␍␊         chunked chunk-size
      0054  64 61 74 61 3a 20                   │data:·       sse field-name
      005a  7b 22 63 68 6f 69 63 65 …  6e 74 65 │{"choice…nte llm json, 28 B
      0076  0d 0a                               │␍␊           chunked crlf
      0078  30 65 0d 0a                         │0e␍␊         chunked chunk-size
      007c  6e 74 22 3a 22                      │nt":"        llm json
      0081  6c 6f                               │lo           llm delta
      0083  22 7d 7d 5d 7d                      │"}}]}        llm json
      0088  0a                                  │␊            sse end-of-line
      0089  0a                                  │␊            sse blank-line
      008a  0d 0a                               │␍␊           chunked crlf
      008c  30 0d 0a                            │0␍␊          chunked chunk-size
      008f  0d 0a                               │␍␊           chunked blank-line
      "
    `)
  })

  test('narrow terminals get fewer bytes, and still every name and length', () => {
    expect(explain(ONE_TOKEN.subarray(0, 0x50), { columns: 40 }).split('\n').slice(0, 9)).toEqual([
      '0000  48 54 …  │HT… http-version, 9 B',
      '0009  32 30 …  │20… status-code, 4 B',
      '000d  4f 4b …  │OK… reason-phrase, 4 B',
      '0011  43 6f …  │Co… field-name, 14 B',
      '001f  74 65 …  │te… field-value, 19 B',
      '0032  54 72 …  │Tr… field-name, 19 B',
      '0045  63 68 …  │ch… field-value, 9 B',
      '004e  0d 0a    │␍␊  blank-line',
      '✗ CHUNKED_INCOMPLETE, the stream ends at',
    ])
  })

  test.each([40, 41, 47, 64, 80, 100, 200])('no line is longer than %i columns', (columns) => {
    const inputs = [
      ONE_TOKEN,
      ONE_TOKEN.subarray(0, -5),
      encode(`GET /${'x'.repeat(300)} HTTP/1.1\r\nHost: x\r\n\r\n`),
      encode(`GET / HTTP/1.1\r\n${'x'.repeat(300)}\r\n\r\n`),
      encode(`${EVENT_STREAM}data: ${'y'.repeat(2000)}\n\n`),
    ]
    for (const input of inputs) {
      for (const line of explain(input, { columns }).split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
    }
  })

  test('colours add nothing but colour', () => {
    const coloured = explain(ONE_TOKEN, { color: true })
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d*m`, 'g')
    expect(coloured).not.toBe(explain(ONE_TOKEN))
    expect(coloured.replace(escapes, '')).toBe(explain(ONE_TOKEN))
  })

  test('no byte reaches the terminal as itself unless it is printable ASCII', () => {
    const hostile = encode(`HTTP/1.1 200 \u009b31m\u001b[2J\r\n\r\n\u0007\u007f\u202e`)
    expect(explain(hostile)).toMatch(/^[\x20-\x7e\n│·␀-␡▒…✗]*$/)
  })

  test('a byte that breaks the protocol is marked without colour, and the code says how', () => {
    expect(
      explain(encode(`${CHUNKED}zz`), { columns: 100 })
        .split('\n')
        .slice(-2),
    ).toEqual([
      '002f  7a 7a                                           │zz               body unreadable',
      expect.stringMatching(/^✗ CHUNKED_BAD_SIZE, byte 47: /),
    ])
  })

  test('what begins like a response is one, and all else a request', () => {
    expect(explain(encode('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))).toContain('http method')
    expect(explain(encode('HTTP/1.0 200 OK\r\n\r\nx'))).toContain('http status-code')
    expect(explain(new Uint8Array())).toBe('')
  })

  test('what a peer says of an error keeps within the width, however wide its characters are', () => {
    const request = encode(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'字'.repeat(40)}\u0001\r\n\r\n`)
    for (const line of explain(request, { columns: 40 }).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(40)
  })

  test.each([39, 0, -1, Number.NaN])('%d columns are too few', (columns) => {
    expect(() => explain(ONE_TOKEN, { columns })).toThrow(RangeError)
  })

  test('thousands of elements are no more than thousands of lines', () => {
    const comments = ':\n'.repeat(130_000) // more than a call can have arguments
    expect(explain(encode(EVENT_STREAM + comments)).split('\n').length).toBeGreaterThan(130_000)
  })
})

describe('parts that are shown by themselves', () => {
  const lastRows = (text: string, as: Subject) =>
    explain(encode(text), { as })
      .split('\n')
      .map((line) => line.replace(/^.*│/, '').replace(/ +/, ' '))

  test('a chunked body', () => {
    expect(lastRows('2\r\nhi\r\n0\r\n\r\n', 'chunked-body')).toEqual([
      '2␍␊ chunked chunk-size',
      'hi body message-body',
      '␍␊ chunked crlf',
      '0␍␊ chunked chunk-size',
      '␍␊ chunked blank-line',
    ])
  })

  test('an event stream', () => {
    expect(lastRows('data: {"delta":"a"}\n\n', 'event-stream')).toEqual([
      'data:· sse field-name',
      '{"delta":" llm json',
      'a llm delta',
      '"} llm json',
      '␊ sse end-of-line',
      '␊ sse blank-line',
    ])
  })

  test('JSON line by line', () => {
    expect(lastRows('{"response":"a"}\nhi\n', 'json-lines')).toEqual([
      expect.stringContaining('llm json'),
      'a llm delta',
      '"} llm json',
      '␊ body end-of-line',
      'hi␊ body line',
    ])
  })

  test('offsets begin with the part, also in what is said of an error', () => {
    expect(explain(encode('zz'), { as: 'chunked-body' }).split('\n')).toEqual([
      expect.stringMatching(/^0000 {2}7a 7a .* body unreadable$/),
      '✗ CHUNKED_BAD_SIZE, byte 0: a chunk must begin with its size in hexadecimal',
    ])
    expect(explain(encode('5\r\nab'), { as: 'chunked-body' })).toContain('the stream ends at byte 5')
  })

  test('a response to HEAD has no body, whatever its length says', () => {
    const head = encode('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n')
    expect(explain(head, { method: 'HEAD' })).not.toContain('✗')
    expect(explain(head)).toContain('✗ HTTP_INCOMPLETE')
    expect(explain(encode('HTTP/1.1 200 OK\r\n\r\nxyz'), { method: 'CONNECT' })).toContain('body tunnel')
  })
})

describe('compressed content', () => {
  const events = 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'
  const codings: readonly (readonly [coding: string, bytes: Uint8Array])[] = [
    ['gzip', gzipSync(events)],
    ['deflate', deflateSync(events)],
    ['br', brotliCompressSync(events)],
  ]

  test.each(codings)('in %s is shown as it was sent, and as it reads', (coding, bytes) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: ${coding}\r\n\r\n`
    const dump = explain(Buffer.concat([encode(head), bytes]))
    const [sent = '', reads = ''] = dump.split(`decompressed, ${events.length} B out of ${bytes.length} B:\n`)
    expect(sent).toContain(`body message-body, ${bytes.length} B`)
    expect(reads).toMatch(/^0000 {2}64 61 74 61 3a 20 /)
    expect(reads).toMatch(/│Hi +llm delta/)
  })

  test('that is cut is shown as far as it goes, and that is none says so', () => {
    const head = encode('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n\r\n')
    const long = gzipSync(events.repeat(100), { level: 0 })
    expect(explain(Buffer.concat([head, long.subarray(0, 1000)]))).toContain('llm delta')
    expect(explain(Buffer.concat([head, encode('no gzip')]))).toContain('✗')
  })
})

describe('credentials', () => {
  const request = encode(
    'GET /v1?alt=sse&key=AIzaSECRET&x=1 HTTP/1.1\r\nHost: x\r\nAUTHORIZATION: Bearer SECRET\r\nX-Api-Key:SECRET\r\nX: plain\r\n\r\n',
  )

  test('are stars of the same length', () => {
    const dump = explain(request, { columns: 200 })
    expect(dump).not.toMatch(/SECRET|53 45 43/)
    expect(dump).toContain('Bearer'.replaceAll(/./g, '*'))
    expect(dump).toContain('plain')
    expect(dump.split('\n').map((line) => line.slice(0, 4))).toEqual(
      explain(request, { columns: 200, showSecrets: true })
        .split('\n')
        .map((line) => line.slice(0, 4)),
    )
  })

  test('show when asked for', () => {
    expect(explain(request, { columns: 200, showSecrets: true })).toContain('SECRET')
  })
})
