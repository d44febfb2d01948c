import { expect, test } from 'vitest'
import { JoinedData } from '../../packages/chunked/src/joined-data.ts'
import { takeWholeChunks } from '../../packages/chunked/src/whole-chunks.ts'
import { createRequestDecoder, DEFAULT_LIMITS } from '../../packages/http-raw/src/index.ts'
import { takeWholeRequestHead, takeWholeResponseHead } from '../../packages/http-raw/src/whole-head.ts'

test('the tests beside this one run without the shortcuts', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const request = bytes('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(takeWholeRequestHead(request, 0, DEFAULT_LIMITS, () => {})).toBe(0)
  expect(takeWholeResponseHead(bytes('HTTP/1.1 200 OK\r\n\r\n'), 0, DEFAULT_LIMITS, () => {})).toBe(0)
  expect(takeWholeChunks(bytes('1\r\na\r\n'), 0, { size: 0 }, Number.POSITIVE_INFINITY, new JoinedData())).toBe(0)

  const kinds: string[] = []
  createRequestDecoder().push(request, ({ kind }) => kinds.push(kind))
  expect(kinds).toEqual(['head', 'end'])
})
