import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { behindHead, EVENT_STREAM, encode, look } from './look.ts'

/** What is said about an event stream whose only framing is the end of the connection. */
function stream(...reads: readonly (string | Uint8Array)[]) {
  const seen = look('down', EVENT_STREAM, ...reads)
  return { named: behindHead(seen), found: seen.found.slice(1), findings: seen.findings.slice(1) }
}

describe('the lines of an event stream (HTML §9.2.5)', () => {
  test('a field is a name, a colon, one space and a value', () => {
    expect(stream('event: x\nid:  1\nretry:5\ndata\n').named).toEqual([
      ['sse field-name', 'event'],
      ['sse colon', ':'],
      ['sse space', ' '],
      ['sse field-value', 'x'],
      ['sse end-of-line', '\n'],
      ['sse field-name', 'id'],
      ['sse colon', ':'],
      ['sse space', ' '],
      ['sse field-value', ' 1'],
      ['sse end-of-line', '\n'],
      ['sse field-name', 'retry'],
      ['sse colon', ':'],
      ['sse field-value', '5'],
      ['sse end-of-line', '\n'],
      ['sse field-name', 'data'],
      ['sse end-of-line', '\n'],
    ])
  })

  test.each([['\n'], ['\r'], ['\r\n']])('lines may end in %j, and an empty one dispatches', (eol) => {
    const { named, found } = stream(`data: a${eol}${eol}: c${eol}`)
    expect(named).toEqual([
      ['sse field-name', 'data'],
      ['sse colon', ':'],
      ['sse space', ' '],
      ['sse field-value', 'a'],
      ['sse end-of-line', eol],
      ['sse blank-line', eol],
      ['sse comment', ': c'],
      ['sse end-of-line', eol],
    ])
    expect(found).toEqual(['sse event: message: a', 'sse comment: c'])
  })

  test('LF CR ends two lines, CR LF ends one', () => {
    expect(stream('data: a\n\rdata: b\r\n').named.filter(([name]) => name.endsWith('line'))).toEqual([
      ['sse end-of-line', '\n'],
      ['sse blank-line', '\r'],
      ['sse end-of-line', '\r\n'],
    ])
  })

  test('a blank line right behind the head is not part of the head', () => {
    expect(look('down', `${EVENT_STREAM}\n`).named.slice(-2)).toEqual([
      ['http blank-line', '\r\n'],
      ['sse blank-line', '\n'],
    ])
  })

  test('a byte order mark counts at the very start only', () => {
    const { named, found } = stream('\ufeffdata: \ufeffa\n\n\ufeffdata: b\n\n')
    expect(named.slice(0, 5)).toEqual([
      ['sse bom', '\ufeff'],
      ['sse field-name', 'data'],
      ['sse colon', ':'],
      ['sse space', ' '],
      ['sse field-value', '\ufeffa'],
    ])
    expect(named[7]).toEqual(['sse field-name', '\ufeffdata'])
    expect(found).toEqual(['sse event: message: \ufeffa'])
  })

  test('a stream of nothing but a byte order mark has no line', () => {
    expect(stream('\ufeff\n').named).toEqual([
      ['sse bom', '\ufeff'],
      ['sse blank-line', '\n'],
    ])
  })

  test('characters may be cut anywhere', () => {
    const bytes = encode('data: grün 🌍\n\n')
    for (let at = 0; at <= bytes.length; at++) {
      expect(stream(bytes.subarray(0, at), bytes.subarray(at)).found).toEqual(['sse event: message: grün 🌍'])
    }
  })
})

describe('what is found in an event stream', () => {
  test('an event covers all its bytes since the last blank line, without chunk framing', () => {
    const head = EVENT_STREAM.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n')
    const { findings } = look('down', `${head}8\r\n: c\n\ndat\r\n8\r\na: hi\n\n:\r\n0\r\n\r\n`)
    const at = head.length
    expect(findings.find(({ kind }) => kind === 'event')).toMatchObject({
      text: 'hi',
      bytes: [
        [at + 3 + 5, at + 3 + 8],
        [at + 16, at + 16 + 7],
      ],
    })
  })

  test('a line feed that completes a CRLF belongs to no later event', () => {
    const { findings } = stream('data: a\r\n\r\ndata: b\r\n\r\n')
    const at = EVENT_STREAM.length
    expect(findings.map(({ bytes }) => bytes)).toEqual([[[at, at + 10]], [[at + 11, at + 21]]])
  })

  test('a comment and a retry cover their line', () => {
    const { findings } = stream('data: a\n: b\nretry: 20\n')
    const at = EVENT_STREAM.length
    expect(findings.slice(0, 2).map(({ kind, summary, bytes }) => [kind, summary, bytes])).toEqual([
      ['comment', 'b', [[at + 8, at + 12]]],
      ['retry', 'reconnect after 20 ms', [[at + 12, at + 22]]],
    ])
  })

  test('an event the stream ends in is reported: nobody will ever dispatch it (HTML §9.2.6)', () => {
    const { findings } = stream('data: a\n\nid: 7\ndata: b\n')
    const at = EVENT_STREAM.length + 9
    expect(findings.map(({ kind }) => kind)).toEqual(['event', 'unfinished'])
    expect(findings[1]?.bytes).toEqual([[at, at + 14]])
    expect(stream('data: b\nid: 7\n').found).toHaveLength(1)
    expect(stream('data: a\n\ndat').found).toEqual(['sse event: message: a'])
    expect(stream('data: a\n\n: bye\n').found).toEqual(['sse event: message: a', 'sse comment: bye'])
  })

  test('a summary is one printable line, and the whole text is beside it', () => {
    const { findings } = stream(`data: \u001b[31m\u0085\u007f${'x'.repeat(500)}\ndata: y\n\n`)
    expect(findings[0]?.summary).toBe(`message: ␛[31m\ufffd␡${'x'.repeat(73)}… (509 characters)`)
    expect(findings[0]?.text).toBe(`\u001b[31m\u0085\u007f${'x'.repeat(500)}\ny`)
  })

  test.each([['text/event-stream; charset=utf-8'], ['Text/Event-Stream'], ['text/event-stream;x']])(
    'an event stream is known by its type alone: %s',
    (type) => {
      expect(look('down', `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n\r\ndata: a\n\n`).found[1]).toBe(
        'sse event: message: a',
      )
    },
  )

  test('other content is not looked into', () => {
    const seen = look('down', 'HTTP/1.1 200 OK\r\nContent-Type: text/event-streams\r\n\r\ndata: a\n\n')
    expect(behindHead(seen)).toEqual([['body message-body', 'data: a\n\n']])
  })

  test('content in a coding nobody knows here is not looked into, and the finding says why', () => {
    const head = EVENT_STREAM.replace('\r\n\r\n', '\r\nContent-Encoding: zstd\r\n\r\n')
    const seen = look('down', `${head}\u001f\u008b`)
    expect(behindHead(seen).map(([name]) => name)).toEqual(['body message-body'])
    expect(seen.found[1]).toBe('body opaque: the content is compressed with zstd: what is in it cannot be seen here')
  })
})

describe('JSON in the data of an event', () => {
  test.each([
    ['choices[0].delta.content', '{"id":"a","choices":[{"index":0,"delta":{"content":"Hi"}}],"usage":null}'],
    ['choices[1].delta.reasoning_content', '{"choices":[{"delta":{}},{"delta":{"reasoning_content":"Hi"}}]}'],
    [
      'choices[0].delta.tool_calls[0].function.arguments',
      '{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"Hi"}}]}}]}',
    ],
    ['delta', '{"type":"response.output_text.delta","delta":"Hi"}'],
    ['delta.text', '{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}'],
    ['delta.partial_json', '{"delta":{"type":"input_json_delta","partial_json":"Hi"}}'],
    ['candidates[0].content.parts[1].text', '{"candidates":[{"content":{"parts":[{"x":[]},{"text":"Hi"}]}}]}'],
  ])('the text at %s is a delta', (path, json) => {
    const { named, found } = stream(`data: ${json}\n\n`)
    const at = json.indexOf('"Hi"') + 1
    expect(named.slice(3, 6)).toEqual([
      ['llm json', json.slice(0, at)],
      ['llm delta', 'Hi'],
      ['llm json', json.slice(at + 2)],
    ])
    expect(found).toEqual([
      `sse event: message: ${json.length > 80 ? `${json.slice(0, 80)}… (${json.length} characters)` : json}`,
      `llm delta: ${path} = "Hi"`,
    ])
  })

  test('strings elsewhere, keys and empty texts are no deltas', () => {
    const json = '{"delta":{"content":"x","texts":"x"},"text":"x","choices":[{"delta":{"content":""}}],"a":["delta"]}'
    const { named, found } = stream(`data: ${json}\n\n`)
    expect(named[3]).toEqual(['llm json', json])
    expect(found).toHaveLength(1)
  })

  test('escapes belong to the delta, and its text is what they stand for', () => {
    const { named, findings } = stream('data: {"delta":"a\\"\\u00e9\\\\"}\n\n')
    expect(named[4]).toEqual(['llm delta', 'a\\"\\u00e9\\\\'])
    expect(findings[1]?.text).toBe('a"é\\')
  })

  test('an escape may be cut anywhere', () => {
    for (const reads of everySplit(encode('data: {"delta":"a\\"b\\\\"}\n\n'))) {
      expect(stream(...reads).findings[1]?.text).toBe('a"b\\')
    }
  })

  test('several data lines are one value', () => {
    const { named, found } = stream('data: {"delta":\ndata:  "a" }\n\n')
    expect(named.slice(3)).toEqual([
      ['llm json', '{"delta":'],
      ['sse end-of-line', '\n'],
      ['sse field-name', 'data'],
      ['sse colon', ':'],
      ['sse space', ' '],
      ['llm json', ' "'],
      ['llm delta', 'a'],
      ['llm json', '" }'],
      ['sse end-of-line', '\n'],
      ['sse blank-line', '\n'],
    ])
    expect(found[1]).toBe('llm delta: delta = "a"')
  })

  test('a line feed inside a string is no JSON', () => {
    expect(stream('data: {"delta":"a\ndata: b"}\n\n').found.map((line) => line.slice(0, 9))).toEqual(['sse event'])
  })

  test('each event starts on JSON of its own, whatever became of the one before', () => {
    const { found } = stream('data: {"delta":"a"}\n\ndata: {"delta\n\ndata: {"delta":"b"}\n\n')
    expect(found.filter((line) => line.startsWith('llm'))).toEqual(['llm delta: delta = "a"', 'llm delta: delta = "b"'])
  })

  test.each([['[DONE]'], ['hello'], ['"a"'], ['1']])('%s is a plain value', (value) => {
    expect(stream(`data: ${value}\n\n`).named[3]).toEqual(['sse field-value', value])
  })

  test.each([
    ['{"delta":"a",', ']', ']'],
    ['{"delta"', '"', '"'],
    ['{"delta":"a"}', '{', '{}'],
    ['{"a":', 'x', 'x1}'],
    ['{', ',', ',}'],
    ['{"a":"', '\t', '\t"}'],
  ])('%s is JSON up to where %j makes it something else', (json, wrong, rest) => {
    const { named, found } = stream(`data: ${json}${rest}\n\n`)
    expect(
      named
        .filter(([name]) => name.startsWith('llm'))
        .map(([, text]) => text)
        .join(''),
    ).toBe(json)
    expect(named.find(([name]) => name === 'sse field-value')?.[1]?.startsWith(wrong)).toBe(true)
    expect(found).toHaveLength(1)
  })

  test('a value as deep as nobody means it is not followed', () => {
    const json = `{"a":${'['.repeat(1000)}`
    expect(stream(`data: ${json}\n\n`).named[3]).toEqual(['llm json', `{"a":${'['.repeat(63)}`])
  })

  test('only data is looked into: other fields are values', () => {
    for (const name of ['event', 'dat', 'datas', 'Data']) {
      expect(stream(`${name}: {"delta":"a"}\n`).named[3]).toEqual(['sse field-value', '{"delta":"a"}'])
    }
  })
})
