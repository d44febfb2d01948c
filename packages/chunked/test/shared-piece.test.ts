import { createChunkedEncoder, request, serve } from '@sse-from-scratch/chunked'
import { type BodyEncoder, createIdentityEncoder, type OutgoingBody, SharedPiece } from '@sse-from-scratch/http-raw'
import { describe, expect, test } from 'vitest'

const hello = new TextEncoder().encode('hello')

function encoded(encoder: BodyEncoder, piece: SharedPiece): string {
  return Buffer.concat(piece.encodedBy(encoder)).toString('latin1')
}

describe('a piece that is written to many bodies', () => {
  test('is made one chunk, once, for all that are chunked', () => {
    const piece = new SharedPiece(hello)
    expect(encoded(createChunkedEncoder(), piece)).toBe('5\r\nhello\r\n')
    expect(piece.encodedBy(createChunkedEncoder())[0]).toBe(piece.encodedBy(createChunkedEncoder())[0])
  })

  test('is left to encoders that count: a Content-Length holds for it, too', () => {
    const piece = new SharedPiece(hello)
    encoded(createChunkedEncoder(), piece)
    const counting = createIdentityEncoder(7)
    expect(encoded(counting, piece)).toBe('hello')
    expect(() => piece.encodedBy(counting)).toThrow(TypeError)
  })

  test('of no bytes is no chunk: one of size 0 would be the last', async () => {
    expect(await answered((body) => body.writeShared(new SharedPiece(new Uint8Array(0))))).toBe('')
  })

  test('arrives between others', async () => {
    const piece = new SharedPiece(hello)
    const text = await answered(async (body) => {
      await body.write(hello)
      await body.writeShared(piece)
      await body.writeShared(piece)
    })
    expect(text).toBe('hello'.repeat(3))
  })

  test('is refused after the end of a body', async () => {
    let refused: unknown
    await answered(async (body) => {
      await body.end()
      refused = await body.writeShared(new SharedPiece(hello)).catch((error: unknown) => error)
    })
    expect(refused).toBeInstanceOf(TypeError)
  })
})

/** The body of an answer to which `write` has written. */
async function answered(write: (body: OutgoingBody) => Promise<void>): Promise<string> {
  await using server = await serve(async (_, respond) => {
    const body = await respond(200)
    await write(body)
    await body.end()
  })
  const response = await request(`http://127.0.0.1:${server.address.port}/`)
  return response.body.text()
}
