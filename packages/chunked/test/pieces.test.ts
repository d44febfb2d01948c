import { request } from '@sse-from-scratch/chunked'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { expect, test } from 'vitest'
import { bytes } from './read-body.ts'

// What a reader of `response.body` gets when one read of the connection holds many chunks.

/** The pieces of a response whose body is `wire`, in one read, and what the reader is told at the end. */
async function read(wire: string): Promise<{ pieces: string[]; error: unknown }> {
  const [client, server] = memoryPair()
  void server.write(bytes(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${wire}`))
  void server.end()
  const response = await request('http://localhost/', { dial: async () => client })
  const pieces: string[] = []
  try {
    for await (const piece of response.body) pieces.push(Buffer.from(piece).toString())
    return { pieces, error: undefined }
  } catch (error) {
    return { pieces, error }
  }
}

const chunk = (data: string) => `${data.length.toString(16)}\r\n${data}\r\n`
const LAST = '0\r\n\r\n'

test('small chunks of one read are one piece', async () => {
  const { pieces } = await read(`${chunk('one')}${chunk(' two')}${chunk(' three')}${LAST}`)
  expect(pieces).toEqual(['one two three'])
})

test('a large chunk is a piece of its own, between the small ones before and after it', async () => {
  const large = 'x'.repeat(5000)
  const { pieces } = await read(`${chunk('a')}${chunk('b')}${chunk(large)}${chunk('c')}${chunk('d')}${LAST}`)
  expect(pieces).toEqual(['ab', large, 'cd'])
})

test('a thousand small chunks come in order and whole', async () => {
  const parts = Array.from({ length: 1000 }, (_, n) => `<${n}>`)
  const { pieces } = await read(`${parts.map(chunk).join('')}${LAST}`)
  expect(pieces.join('')).toBe(parts.join(''))
  expect(pieces.length).toBeLessThan(5)
})

test('what was good before a refusal is handed on, and then the refusal', async () => {
  const { pieces, error } = await read(`${chunk('good')}${chunk(' news')}5 x`)
  expect(pieces).toEqual(['good news'])
  expect(error).toMatchObject({ code: 'CHUNKED_BAD_SIZE' })
})
