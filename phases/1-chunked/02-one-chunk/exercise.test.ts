import { asBytes, asText, expect, mistake } from '@sse-from-scratch/course'
import { test } from 'vitest'
import { encodeChunk } from '#ex/02-one-chunk'

const bareLf = mistake(
  'bare-lf',
  'Lines on the wire end in CR LF (0d 0a). You sent LF alone; a strict receiver refuses that (RFC 9112 §2.2).',
  (got) => /^[0-9a-f]+\n[\s\S]*\n$/i.test(asText(got)),
)
const numbersAsText = mistake(
  'numbers-as-text',
  'You put an array of bytes into a text. JavaScript then writes its numbers, with commas between: `104,101`. Data is bytes: copy it as it is.',
  (got) => asText(got).includes('104,101'),
)
const noTrailingCrlf = mistake(
  'no-trailing-crlf',
  'A CR LF ends the data as well as the size: without it the receiver takes the next size for the end of your data (RFC 9112 §7.1).',
  (got) => !asText(got).endsWith('\r\n'),
)
const decimalSize = mistake(
  'decimal-size',
  'The chunk-size is HEXADECIMAL. You wrote it in decimal: 26 bytes is `1a`, not `26` (RFC 9112 §7.1: chunk-size = 1*HEXDIG).',
  (got) => asText(got).startsWith('26\r\n'),
)
const charsNotBytes = mistake(
  'chars-not-bytes',
  'The size counts BYTES. You counted characters: in UTF-8 `ö` is two bytes, so the receiver stops one byte early.',
  (got) => asText(got).startsWith('4\r\n'),
)
const emptyEndsBody = mistake(
  'empty-ends-body',
  'A chunk of size 0 is the last chunk: it ends the body (RFC 9112 §7.1). Nothing to send is no chunk at all.',
  (got) => asText(got).startsWith('0'),
)
const textNotBytes = mistake(
  'text-not-bytes',
  'You made text of the data. Bytes that are no UTF-8 become U+FFFD (ef bf bd) on the way, and are lost. Data is bytes: copy it as it is.',
  (got) => asText(got).includes('\u00ef\u00bf\u00bd'),
)

test('a chunk is its size, CR LF, its data, CR LF', () => {
  expect(encodeChunk(asBytes('hello'))).toBeBytes('5\r\nhello\r\n', {
    as: 'chunked',
    mistakes: [numbersAsText, bareLf, noTrailingCrlf],
  })
})

test('a 26-byte chunk: the size is written in hexadecimal', () => {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz'
  expect(encodeChunk(asBytes(alphabet))).toBeBytes(`1a\r\n${alphabet}\r\n`, { as: 'chunked', mistakes: [decimalSize] })
})

test('the size counts bytes, not characters', () => {
  expect(encodeChunk(asBytes('wört'))).toBeBytes('5\r\nwört\r\n', { as: 'chunked', mistakes: [charsNotBytes] })
})

test('nothing to send is no chunk', () => {
  expect(encodeChunk(new Uint8Array(0))).toBeBytes('', { as: 'chunked', mistakes: [emptyEndsBody] })
})

test('data may be any bytes, also CR LF and bytes that are no text', () => {
  const data = Uint8Array.of(0x0d, 0x0a, 0x00, 0xff, 0x80)
  const expected = Uint8Array.of(0x35, 0x0d, 0x0a, ...data, 0x0d, 0x0a)
  expect(encodeChunk(data)).toBeBytes(expected, { as: 'bytes', mistakes: [textNotBytes] })
})
