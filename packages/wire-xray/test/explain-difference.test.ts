import { type DifferenceSubject, explainDifference } from '@sse-from-scratch/wire-xray'
import { describe, expect, test } from 'vitest'
import { encode } from './look.ts'

const REQUEST = 'GET /a?x=1 HTTP/1.1\r\nHost: example.com\r\nAccept: text/event-stream\r\n\r\n'
const RESPONSE = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhéllo'
const CHUNKS = '6\r\nhéllo\r\na\r\n0123456789\r\n0\r\n\r\n'
const TRAILERS = '2\r\nhi\r\n0\r\nDone: yes\r\n\r\n'
const EVENTS = 'event: tick\nid: 7\nretry: 50\ndata: one\ndata: two\n\ndata: {"a":1}\n\n'

/** The words of an explanation, on one line. */
function words(expected: string, got: string | Uint8Array, as?: DifferenceSubject): string {
  const text = explainDifference(encode(expected), typeof got === 'string' ? encode(got) : got, as ? { as } : {})
  return (text.split('\n\n').at(-1) ?? '').replaceAll(/\n */g, ' ')
}

type Case = readonly [what: string, got: string | Uint8Array, said: RegExp | string]

describe('a chunked body', () => {
  test.each<Case>([
    [
      'whose size is counted in characters',
      CHUNKS.replace('6', '5'),
      'counted in characters: 5. A chunk-size counts bytes, and the text takes 6',
    ],
    [
      'whose size is decimal',
      CHUNKS.replace('a\r', '10\r'),
      'A chunk-size is hexadecimal: 10 means 16, and 10 bytes of data follow, which is a.',
    ],
    ['whose size has 0x', CHUNKS.replace('a\r', '0xa\r'), 'no 0x in front'],
    ['whose size is upper case', CHUNKS.replace('a\r', 'A\r'), 'The same size, written differently'],
    ['whose size has zeros in front', CHUNKS.replace('6\r', '006\r'), 'The same size, written differently'],
    ['whose size has a space in front', CHUNKS.replace('6\r', ' 6\r'), 'no space comes before it'],
    [
      'whose size counts the CRLF behind the data',
      CHUNKS.replace('6\r', '8\r'),
      'The CRLF behind the data was counted',
    ],
    ['whose size is one too many', CHUNKS.replace('a\r', 'b\r'), 'One too many'],
    ['whose size is any other', CHUNKS.replace('a\r', '3\r'), 'The chunk says 3 bytes, but 10 come before CRLF'],
    [
      'without a size',
      CHUNKS.replace('6\r\n', ''),
      'There is no chunk-size: a chunk begins with how many bytes of data it has, and here `h`',
    ],
    ['with an empty line for a size', CHUNKS.replace('6\r', '\r'), 'The line of the chunk-size is empty'],
    ['with a last chunk too early', CHUNKS.replace('a\r', '0\r'), 'Size 0 is the last chunk'],
    [
      'with data in place of the last chunk',
      CHUNKS.replace('0\r\n\r', '5\r\n\r'),
      'ends the body, and nothing else does',
    ],
    [
      'with more data than its size',
      CHUNKS.replace('llo', 'lloX'),
      'The chunk says 6 bytes but 7 come before CRLF: the receiver takes `X` for CR and refuses the message.',
    ],
    ['without CRLF behind the data', CHUNKS.replace('llo\r\n', 'llo'), 'the receiver takes `a` for CR'],
    ['without CRLF behind the data, at its end', '6\r\nhéllo', 'The CRLF behind the data of the chunk is missing'],
    ['without its last chunk', CHUNKS.slice(0, -5), 'There is no last chunk (0 CRLF CRLF)'],
    ['without its last CRLF', CHUNKS.slice(0, -2), 'A CRLF is missing behind the last chunk'],
    ['that stops in the middle', CHUNKS.slice(0, 14), 'It stops before the last chunk'],
    [
      'with bytes behind its end',
      `${CHUNKS}\r\n`,
      /2 bytes behind the end of the body.* A receiver takes the body, and refuses what is behind it/,
    ],
    [
      'with a beginning behind its end',
      `${CHUNKS}H`,
      /^1 byte behind the end of the body: the receiver takes it for.* waits for more of what is behind it/,
    ],
    [
      'with an empty chunk and its CRLF in the middle',
      CHUNKS.replace('a\r', '0\r\n\r\na\r'),
      /the body ends here, without the 10 bytes of data that should come\. 20 bytes behind the end of the body: the receiver takes them for the beginning of the next message\./,
    ],
    [
      'with an empty chunk that has no CRLF',
      CHUNKS.replace('a\r', '0\r'),
      'the receiver takes what follows for trailer fields, and refuses the message. A receiver refuses it: HTTP_BAD_FIELD',
    ],
    [
      'with an empty chunk at its end',
      CHUNKS.replace(/a\r.*$/s, '0\r\nx'),
      /the receiver takes what follows for trailer fields, and goes on waiting/,
    ],
    [
      'with its data in more chunks',
      '1\r\nh\r\n5\r\n\u00e9llo\r\n8\r\n01234567\r\n2\r\n89\r\n0\r\n\r\n',
      /^The same data in other chunks: a receiver gets the same content, .* But the bytes are others\.$/,
    ],
    [
      'with its data in one chunk',
      '10\r\nh\u00e9llo0123456789\r\n0\r\n\r\n',
      'The same data in other chunks: a receiver gets the same content',
    ],
    [
      'with a chunk whose data begins with CRLF',
      '9\r\n\r\n1234567\r\n0\r\n\r\n',
      /^The chunk says 9 bytes, and CRLF comes behind them; expected is a chunk of 6\.$/,
    ],
    [
      'with a size that is larger than all that follows',
      CHUNKS.replace('6\r', '60\r'),
      'The chunk says 96 bytes, but 6 come before CRLF: the receiver goes on waiting for the rest of it.',
    ],
    [
      'with a size that is not all digits',
      CHUNKS.replace('6\r', '6x\r'),
      'Behind the digits of a chunk-size comes CRLF',
    ],
    ['with an extension', CHUNKS.replace('6\r', '6;a=b\r'), /^There is a chunk extension, and none was asked for\.$/],
    [
      'with another byte for the LF behind its data',
      CHUNKS.replace('llo\r\n', 'llo\rX'),
      'CR without its LF: the line has not ended, and what follows is refused',
    ],
    ['with line feeds alone', CHUNKS.replaceAll('\r\n', '\n'), '\\n instead of \\r\\n: lines of HTTP end in CR LF.'],
    ['with carriage returns alone', CHUNKS.replaceAll('\r\n', '\r'), 'CR without its LF'],
    ['with \\n\\r', CHUNKS.replaceAll('\r\n', '\n\r'), '\\n\\r instead of \\r\\n'],
    ['whose line ends were translated twice', CHUNKS.replaceAll('\r\n', '\r\r\n'), 'CR comes twice'],
    [
      'whose escapes were written down',
      CHUNKS.replaceAll('\r\n', '\\r\\n'),
      'The two characters \\ and r are not a CR',
    ],
    ['of which nothing was written', '', 'Nothing was written.'],
    ['encoded twice', Buffer.from(Buffer.from(CHUNKS).toString('latin1')), 'encoded to UTF-8 twice'],
    ['in latin1', Buffer.from(CHUNKS, 'latin1'), 'Each character was written as one byte (latin1)'],
  ])('%s', (_what, got, said) => {
    expect(words(CHUNKS, got)).toMatch(said)
  })

  test.each<Case>([
    ['with one field missing', TRAILERS.replace('Done: yes\r\n', ''), 'The field done is missing'],
    ['without the line that ends them', TRAILERS.slice(0, -2), 'trailer fields could still come'],
    ['with another name', TRAILERS.replace('Done', 'Gone'), 'The field done is missing; in its place is gone'],
  ])('trailers %s', (_what, got, said) => {
    expect(words(TRAILERS, got)).toMatch(said)
  })

  test('a last chunk behind what was expected is one too many, and no missing CRLF', () => {
    expect(words('3\r\none\r\n', '3\r\none\r\n0\r\n\r\n')).toBe(
      'A last chunk comes behind it, which ends the body: here none was asked for.',
    )
  })

  test.each([
    ['LF', 'a\r\nb', 'a\nbc', /^\\n instead of \\r\\n: a byte less for each line/],
    ['CR', 'a\r\nb', 'a\rbc', /^A CR alone/],
  ])('%s alone is nothing to refuse in the data of a chunk', (_what, expected, got, said) => {
    expect(words(`4\r\n${expected}\r\n0\r\n\r\n`, `4\r\n${got}\r\n0\r\n\r\n`)).toMatch(said)
  })

  test('a message that stops at the end of its head has not reached its last chunk', () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n'
    expect(words(`${head}\r\n${CHUNKS}`, head)).toMatch('The empty line behind the fields is missing')
  })

  test('an extension that is missing changes nothing', () => {
    expect(words('1;a=b\r\nx\r\n0\r\n\r\n', '1\r\nx\r\n0\r\n\r\n')).toMatch('It changes nothing')
  })
})

describe('a request', () => {
  test.each<Case>([
    ['with a method in lower case', REQUEST.replace('GET', 'get'), 'Methods are case-sensitive'],
    ['for a whole URL', REQUEST.replace('/a', 'http://example.com/a'), 'The whole URL goes to proxies only'],
    ['for a path without /', REQUEST.replace('/a', 'a'), 'A request-target begins with `/`'],
    ['for a path with a fragment', REQUEST.replace('x=1', 'x=1#b'), 'The fragment of a URL is never sent'],
    ['for a path that is encoded', REQUEST.replace('/a', '/%61'), 'percent-encoded differently'],
    ['of HTTP/1.0', REQUEST.replace('1.1', '1.0'), 'HTTP/1.0 has no chunked bodies'],
    ['of http/1.1', REQUEST.replace('HTTP', 'http'), 'HTTP-version is case-sensitive'],
    ['of HTTP/2', REQUEST.replace('1.1', '2'), 'HTTP/2 is not written in lines'],
    ['without a version', REQUEST.replace('HTTP/1.1', ''), 'The HTTP-version is missing'],
    ['with two spaces', REQUEST.replace('GET ', 'GET  '), 'One space comes between the parts'],
    ['without Host', REQUEST.replace('Host: example.com\r\n', ''), 'The Host field is missing: a server answers 400'],
    ['without another field', REQUEST.replace(/Accept.*\r\n/, ''), /The head ends here|The field accept is missing/],
    ['with a field more', REQUEST.replace('\r\n\r\n', '\r\nX: y\r\n\r\n'), 'There is a field more than expected: X'],
    [
      'with its fields in another order',
      'GET /a?x=1 HTTP/1.1\r\nAccept: text/event-stream\r\nHost: example.com\r\n\r\n',
      'another order, which means the same',
    ],
    ['with a field twice', REQUEST.replace('Accept', 'Host: example.com\r\nAccept'), 'A field comes twice'],
    ['with a field name in lower case', REQUEST.replace('Host', 'host'), 'field names have no case'],
    ['with a space before the colon', REQUEST.replace('Host:', 'Host :'), 'A space before the colon: refused'],
    ['without a colon', REQUEST.replace('Host:', 'Host'), 'No colon behind the field name'],
    ['without a space behind the colon', REQUEST.replace('Host: ', 'Host:'), 'The space behind the colon is optional'],
    ['with a folded field', REQUEST.replace('\r\nAccept', '\r\n Accept'), 'continues the value of the field before it'],
    ['with another value', REQUEST.replace('example.com', 'example.org'), 'The value of Host is another one'],
    ['with a space behind a value', REQUEST.replace('.com\r', '.com \r'), 'Spaces behind a value are not part of it'],
    ['without its empty line', REQUEST.slice(0, -2), 'The empty line behind the fields is missing'],
    ['with line feeds alone', REQUEST.replaceAll('\r\n', '\n'), '\\n instead of \\r\\n'],
    ['with a byte order mark', `\ufeff${REQUEST}`, 'It begins with a byte order mark'],
    ['in UTF-16', Buffer.from(REQUEST, 'utf16le'), 'this is UTF-16'],
  ])('%s', (_what, got, said) => {
    expect(words(REQUEST, got)).toMatch(said)
  })
})

describe('a response', () => {
  test.each<Case>([
    [
      'whose length is counted in characters',
      RESPONSE.replace(': 6', ': 5'),
      'counted in characters: 5. Content-Length counts bytes',
    ],
    [
      'whose length is too small',
      RESPONSE.replace(': 6', ': 4'),
      'takes 2 bytes of the body for the beginning of the next message',
    ],
    ['whose length is too large', RESPONSE.replace(': 6', ': 9'), 'goes on waiting for 3 bytes that never come'],
    ['whose length is no number', RESPONSE.replace(': 6', ': six'), 'a number of bytes in decimal digits'],
    [
      'whose Content-Length is that of another body',
      RESPONSE.replace('6\r\n\r\nhéllo', '4\r\n\r\nhöl'),
      'Content-Length is right for the body that follows it, but that is another one: it has 4 bytes, and should have 6.',
    ],
    ['whose body is short', RESPONSE.slice(0, -1), 'The body has 5 bytes, but Content-Length announces 6'],
    ['whose body is long', `${RESPONSE}!`, 'The body has 7 bytes, but Content-Length announces 6'],
    [
      'without a reason-phrase, and without its space',
      RESPONSE.replace('200 OK', '200'),
      'The space behind the status-code is missing',
    ],
    ['with another reason-phrase', RESPONSE.replace('OK', 'Fine'), 'The reason-phrase is for people'],
    [
      'of another type',
      RESPONSE.replace('text/plain', 'text/event-stream'),
      'The media type says how to read the body',
    ],
    ['without its empty line', RESPONSE.replace('6\r\n\r\n', '6\r\n'), 'No empty line between the fields and the body'],
    [
      'decoded in the middle of a character',
      RESPONSE.replace('é', '\ufffd\ufffd'),
      'U+FFFD, the replacement character',
    ],
    ['in ASCII', RESPONSE.replace('é', '?'), 'A question mark stands for a character that is not ASCII'],
    ['composed differently', RESPONSE.replace('é', 'e\u0301'), 'The same characters, composed differently'],
  ])('%s', (_what, got, said) => {
    expect(words(RESPONSE, got)).toMatch(said)
  })

  test('whose length is hexadecimal', () => {
    const body = '0123456789ab'
    const response = (length: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${body}0123456789`
    expect(words(response('22'), response('16'))).toMatch('Content-Length is decimal; only a chunk-size is hexadecimal')
  })
})

describe('an event stream', () => {
  test.each<Case>([
    [
      'without its last blank line',
      EVENTS.slice(0, -1),
      /No blank line: the event is never dispatched.* A receiver gets 1 event instead of 2 events/,
    ],
    ['without a blank line in between', EVENTS.replace('two\n\n', 'two\n'), 'both are read as one'],
    [
      'with a blank line that has a space on it',
      EVENTS.replace('two\n\n', 'two\n \n'),
      'A line with a space on it is not blank',
    ],
    ['with a blank line too early', EVENTS.replace('tick\n', 'tick\n\n'), 'A blank line comes too early'],
    ['that stops inside an event', EVENTS.slice(0, 40), 'It stops inside an event'],
    [
      'with CRLF',
      EVENTS.replaceAll('\n', '\r\n'),
      /\\r\\n instead of \\n\. An event stream may have either.* A receiver gets the same events/,
    ],
    ['with CR', EVENTS.replaceAll('\n', '\r'), 'A CR alone. It ends a line of an event stream'],
    [
      'with data on a line without its name',
      EVENTS.replace('data: two', 'two'),
      'Each line of data needs its own `data: `',
    ],
    ['with Data', EVENTS.replace('data: one', 'Data: one'), 'have case: Data is none'],
    ['with a field nobody knows', EVENTS.replace('data: one', 'dato: one'), '`dato` is none, and the line is ignored'],
    ['with a space before a name', EVENTS.replace('data: one', ' data: one'), 'A field name begins the line'],
    ['with a space before the colon', EVENTS.replace('data: one', 'data : one'), '`data ` is not `data`'],
    ['without a colon', EVENTS.replace('data: one', 'data one'), 'No colon behind the field name'],
    [
      'without a space behind the colon',
      EVENTS.replace('data: one', 'data:one'),
      /The space behind the colon is optional.* A receiver gets the same events/,
    ],
    ['with two spaces behind the colon', EVENTS.replace('data: one', 'data:  one'), 'the other is part of the value'],
    ['with a comment in place of data', EVENTS.replace('data: one', ': one'), 'is a comment: nobody hears it'],
    [
      'with its fields in another order',
      EVENTS.replace('event: tick\nid: 7\n', 'id: 7\nevent: tick\n'),
      'another order, which means the same event',
    ],
    ['with JSON on several lines', EVENTS.replace('{"a":1}', '{\n  "a": 1\n}'), 'A line feed inside the JSON'],
    ['with a value on several lines', EVENTS.replace('one', 'o\nne'), 'A line feed inside the value'],
    ['with seconds and their unit', EVENTS.replace('retry: 50', 'retry: 50ms'), 'retry takes milliseconds in digits'],
    ['with another type', EVENTS.replace('tick', 'tock'), 'The event has another type'],
    ['with another id', EVENTS.replace('id: 7', 'id: 8'), 'The event has another id'],
    ['with another field', EVENTS.replace('id: 7', 'data: 7'), 'Another field than expected: data'],
    ['whose escapes were written down', EVENTS.replaceAll('\n', '\\n'), 'The two characters \\ and n are not a LF'],
    ['of which nothing was written', '', /Nothing was written.* A receiver gets 0 events instead of 2/],
  ])('%s', (_what, got, said) => {
    expect(words(EVENTS, got)).toMatch(said)
  })
})

describe('JSON', () => {
  const json = '{"a":[1,{"b":"x"}],"c":null}'
  test.each<Case>([
    ['with spaces', JSON.stringify(JSON.parse(json), null, 2), 'The same JSON value'],
    ['with its members in another order', '{"c":null,"a":[1,{"b":"x"}]}', 'The same JSON value'],
    ['with another value inside', json.replace('"x"', '"y"'), 'a[1].b is "y", and should be "x".'],
    ['with a number as text', json.replace('1', '"1"'), 'a[0] is "1", and should be 1.'],
    ['with an array for an object', json.replace('{"b":"x"}', '["x"]'), 'a[1] is an array, and should be an object.'],
    ['without a member', '{"a":[1,{"b":"x"}]}', 'c is missing.'],
    ['with a member more', json.replace('}],', '}],"d":0,'), 'd is more than was asked for.'],
    ['with single quotes', json.replaceAll('"', "'"), 'single ones are of JavaScript'],
    ['with a comma too many', json.replace('}]', '},]'), 'A comma before the closing bracket'],
    ['with bare names', json.replace('"a"', 'a'), 'Names of JSON are in double quotes'],
    ['with undefined', json.replace('null', 'undefined'), 'JSON has no undefined'],
    ['with None', json.replace('null', 'None'), 'These words are of Python'],
    ['with a line feed in a string', json.replace('x', 'x\n'), 'A line feed inside a string'],
    ['that is cut', json.slice(0, 10), 'It is cut'],
    ['that is an object written as text', '{"a":[object Object]}', 'JSON.stringify writes it'],
    ['with typographic quotes', json.replace('"a"', '“a”'), 'A typographic quotation mark'],
  ])('%s', (_what, got, said) => {
    expect(words(json, got)).toMatch(said)
  })
})

describe('text', () => {
  test.each<readonly [what: string, expected: string, got: string, said: string]>([
    ['with a line end too many', 'a\nb', 'a\nb\n', 'Only the spaces and line ends at the end differ.'],
    ['in capitals', 'hello', 'Hello', 'Only upper and lower case differ.'],
    ['with other spaces', 'a b', 'a\tb', 'Only spaces and line ends differ.'],
    ['with a no-break space', 'a b', 'a\u00a0b', 'A no-break space'],
    ['that stops too early', 'hello', 'hel', 'It stops 2 bytes too early.'],
    ['that goes on', 'hello', 'hello!!', 'There are 2 bytes too many.'],
    ['without its beginning', 'hello', 'llo', 'its beginning is missing'],
    ['that is another', 'hello', 'hallo', 'Here comes `a`, and should come `e`.'],
    ['that is another control', 'a\u0001', 'a\u0002', 'Here comes byte 02, and should come byte 01.'],
  ])('%s', (_what, expected, got, said) => {
    expect(words(expected, got, 'text')).toMatch(said)
  })
})

describe('the explanation', () => {
  test('shows the rows above each other, with a mark under the first byte that differs', () => {
    expect(`\n${explainDifference(encode(CHUNKS), encode(CHUNKS.replace('a\r', '10\r')))}\n`).toMatchInlineSnapshot(`
      "
      ✗ byte 11 of 31, chunk-size (chunked): - expected, + got

        0003  68 c3 a9 6c 6c 6f                │h▒▒llo      body message-body
        0009  0d 0a                            │␍␊          chunked crlf
      - 000b  61 0d 0a                         │a␍␊         chunked chunk-size
      - 000e  30 31 32 33 34 35 36 37 38 39    │0123456789  body message-body
      - 0018  0d 0a                            │␍␊          chunked crlf
      + 000b  31 30 0d 0a                      │10␍␊        chunked chunk-size
              ^^
      + 000f  30 31 32 33 34 35 36 …  0d 0a 0d │0123456…␍␊␍ body message-body, 16 B
      + 001f  0a                               │␊           body unreadable

      A chunk-size is hexadecimal: 10 means 16, and 10 bytes of data follow, which is
        a.
      A receiver refuses it: CHUNKED_BAD_DELIMITER, byte 31: chunk-data runs past its
        chunk-size.
      "
    `)
  })

  test('shows what is missing as nothing', () => {
    expect(`\n${explainDifference(encode('data: a\n\n'), encode('data: a\n'))}\n`).toMatchInlineSnapshot(`
      "
      ✗ byte 8 of 9, blank-line (sse): - expected, + got

        0000  64 61 74 61 3a 20                   │data:·       sse field-name
        0006  61 0a                               │a␊           sse field-value
      - 0008  0a                                  │␊            sse blank-line
      + 0008  (nothing more)
              ^^

      No blank line: the event is never dispatched. Whoever reads it drops what it has
        when the stream ends (HTML §9.2.6).
      A receiver gets 0 events instead of 1 event.
      "
    `)
  })

  test('shows what is around the difference in a long row', () => {
    const long = `${'x'.repeat(100)}A${'y'.repeat(100)}`
    const text = explainDifference(encode(long), encode(long.replace('A', 'B')), { as: 'text' })
    expect(`\n${text}\n`).toMatchInlineSnapshot(`
      "
      ✗ byte 100 of 201, line: - expected, + got

      - 005f  78 78 78 78 78 41 79 79 …  79 79 79 79 │xxxxxAyy…yyyy body line, 106 B
      + 005f  78 78 78 78 78 42 79 79 …  79 79 79 79 │xxxxxByy…yyyy body line, 106 B
                             ^^

      Here comes \`B\`, and should come \`A\`.
      "
    `)
  })

  test('says of equal bytes that they are', () => {
    expect(explainDifference(encode('a'), encode('a'))).toBe('no difference: the same 1 byte')
    expect(explainDifference(encode(''), encode(''))).toBe('no difference: the same 0 bytes')
  })

  test('hides credentials, unless they are asked for', () => {
    const request = REQUEST.replace('\r\n\r\n', '\r\nAuthorization: Bearer SECRET\r\n\r\n')
    const [got, columns] = [encode(request.replace('SECRET', 'SECRED')), 200]
    expect(explainDifference(encode(request), got, { columns })).not.toMatch(/SECRE|53 45 43/)
    expect(explainDifference(encode(request), got, { columns, showSecrets: true })).toContain('Bearer·SECRED')
  })

  test('hides nothing of a broken head that holds no credentials', () => {
    expect(explainDifference(encode(REQUEST), encode(REQUEST.replaceAll('\r\n', '\n')))).not.toContain('***')
  })

  test.each([39, 0, Number.NaN])('does not fit into %d columns', (columns) => {
    expect(() => explainDifference(encode('a'), encode('b'), { columns })).toThrow(RangeError)
  })

  test.each([REQUEST, RESPONSE, CHUNKS, TRAILERS, EVENTS])(
    'of %j keeps within its columns, and within 25 lines at 80, whatever byte is wrong',
    (text) => {
      const expected = encode(text)
      for (const got of wrongVersions(expected)) {
        const lines = explainDifference(expected, got).split('\n')
        expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80)
        expect(lines.length).toBeLessThanOrEqual(25)
        expect(lines.at(-1)).not.toBe('')
        const narrow = explainDifference(expected, got, { columns: 40 }).split('\n')
        expect(Math.max(...narrow.map(({ length }) => length))).toBeLessThanOrEqual(40)
      }
    },
  )
})

/** With a byte changed, all cut from there on, a byte left out, a byte more: at every sixth byte. */
function* wrongVersions(expected: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < expected.length; at += 6) {
    const [before, behind] = [expected.subarray(0, at), expected.subarray(at)]
    yield Buffer.concat([before, Uint8Array.of((expected[at] as number) ^ 0x41), behind.subarray(1)])
    yield before
    yield Buffer.concat([before, behind.subarray(1)])
    yield Buffer.concat([before, encode('\n'), behind])
  }
}

describe('bytes that are no text', () => {
  const image = Uint8Array.of(0x89, 0x50, 0xff, 0xfe, 0x0d)
  const decoded = encode(new TextDecoder().decode(image))
  const response = (body: Uint8Array, length = body.length) =>
    Buffer.concat([encode(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`), body])

  test.each([
    ['by themselves', image, decoded],
    ['in a message with their length', response(image), response(decoded)],
    ['in a message with the length they had', response(image), response(decoded, image.length)],
  ])('and were decoded are told from text that was cut, %s', (_, expected, got) => {
    const said = explainDifference(expected, got).replaceAll(/\s+/g, ' ')
    expect(said).toContain('what is no text became U+FFFD, the replacement character (EF BF BD). They are no text')
    expect(said).not.toContain('stream: true')
  })

  test('are not to be decoded, whatever else has become of them', () => {
    const said = explainDifference(response(image), response(Buffer.concat([decoded, encode('more')]), image.length))
    expect(said.replaceAll(/\s+/g, ' ')).toContain('What is no text must not be decoded: pass it on as it is.')
  })
})
