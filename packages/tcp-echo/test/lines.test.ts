import { createLineDecoder } from '@sse-from-scratch/tcp-echo'
import { decodeAll, everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { expect, test } from 'vitest'
import { bytes } from './bytes.ts'

test.each([
  ['', []],
  ['\n', ['']],
  ['a', ['a']],
  ['a\n', ['a']],
  ['a\r\n', ['a']],
  ['a\r', ['a']],
  ['a\rb\n', ['a\rb']],
  ['héllo\r\nwörld\n\r\n€ 😀', ['héllo', 'wörld', '', '€ 😀']],
  ['\ufeffa\n\ufeffb\n', ['\ufeffa', '\ufeffb']],
])('%j is the same lines however it is cut', (input, lines) => {
  for (const reads of everySplit(bytes(input))) expect(decodeAll(createLineDecoder(), reads)).toEqual(lines)
})

test('bytes that are no UTF-8 become U+FFFD and spoil no other line', () => {
  const input = Uint8Array.of(0xc3, 0x0a, 0x61, 0x0a, 0xe2, 0x82)
  for (const reads of everySplit(input)) {
    expect(decodeAll(createLineDecoder(), reads)).toEqual(['\ufffd', 'a', '\ufffd'])
  }
})

test('a line may be as long as maxLength and not a byte longer, however it is cut', () => {
  const tooLong = expect.objectContaining({ name: 'TcpError', code: 'TCP_LINE_TOO_LONG' })
  for (const reads of everySplit(bytes('12345\nabcde'))) {
    expect(decodeAll(createLineDecoder(5), reads)).toEqual(['12345', 'abcde'])
  }
  for (const wire of ['123456', '123456\n', '1\n123456', '€€']) {
    for (const reads of everySplit(bytes(wire))) expect(() => decodeAll(createLineDecoder(5), reads)).toThrow(tooLong)
  }
})
