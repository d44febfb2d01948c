import type { Connection, Receiver } from '@sse-from-scratch/tcp-echo'
import { describe, expect, test } from 'vitest'
import { readingRoom } from '../src/reading-room.ts'
import { bytes, text } from './bytes.ts'
import { tcpPair } from './pairs.ts'

const KIB = 1024

type Room = ReturnType<typeof readingRoom>

/** Bytes of which each is told from its neighbours, and each `seed` from the others. */
function pattern(size: number, seed: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => at * 31 + (at >> 8) + seed)
}

/** Everything until the end, in the pieces that came. */
async function piecesOf(connection: Connection): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  for await (const piece of connection) pieces.push(piece)
  return pieces
}

/** What a receiver is told of the next bytes. */
function received(connection: Connection): Promise<{ piece: string; mayOverwrite: boolean }> {
  return new Promise((resolve, reject) => {
    const receiver: Receiver = {
      onBytes: (piece, mayOverwrite = false) => resolve({ piece: text(piece ?? bytes('')), mayOverwrite }),
      onBroken: reject,
    }
    connection.receive?.(receiver)
  })
}

describe('what has been read stays as it is, whoever reads next', () => {
  test('small pieces, of two connections in turns', async () => {
    await using one = await tcpPair()
    await using two = await tcpPair()
    const kept: [Uint8Array, string][] = []
    for (let n = 0; n < 50; n++)
      for (const pair of [one, two]) {
        const said = `${pair === one ? 'one' : 'two'} ${n}`
        await pair.server.write(bytes(said))
        kept.push([(await pair.client.read()) ?? bytes('nothing'), said])
      }
    expect(kept.map(([piece]) => text(piece))).toEqual(kept.map(([, said]) => said))
  })

  test('large pieces, of two connections at once', async () => {
    await using one = await tcpPair()
    await using two = await tcpPair()
    const sent = [one, two].map((pair, n) => ({ pair, content: pattern(2048 * KIB, n * 7) }))
    const all = sent.map(async ({ pair: { client, server }, content }) => {
      void server.write(content).then(() => server.end())
      return Buffer.compare(Buffer.concat(await piecesOf(client)), content)
    })
    expect(await Promise.all(all)).toEqual([0, 0])
  })

  test('large and small pieces of one connection', async () => {
    await using pair = await tcpPair()
    const sizes = [200 * KIB, 3, 64 * KIB, 64 * KIB, 1, 40 * KIB, 31 * KIB, 100 * KIB]
    const contents = sizes.map((size, n) => pattern(size, n))
    const sending = (async () => {
      for (const content of contents) await pair.server.write(content)
      await pair.server.end()
    })()
    const got = Buffer.concat(await piecesOf(pair.client))
    await sending
    expect(Buffer.compare(got, Buffer.concat(contents))).toBe(0)
  })
})

describe('whether bytes may be overwritten', () => {
  test('yes, on a connection that we have opened', async () => {
    await using pair = await tcpPair()
    const next = received(pair.client)
    await pair.server.write(bytes('for you alone'))
    expect(await next).toEqual({ piece: 'for you alone', mayOverwrite: true })
  })

  test('no, if they have been given back, by nobody knows whom', async () => {
    await using pair = await tcpPair()
    pair.client.unread(bytes('shared'))
    expect(await received(pair.client)).toEqual({ piece: 'shared', mayOverwrite: false })
  })

  test('no, of a socket that reads by itself: nobody knows what else it tells', async () => {
    await using pair = await tcpPair()
    const next = received(pair.server)
    await pair.client.write(bytes('accepted'))
    expect(await next).toEqual({ piece: 'accepted', mayOverwrite: false })
  })
})

describe('the room', () => {
  test('is the same for all connections that read little, and is not what they are given', () => {
    const got: Uint8Array[] = []
    const [one, two] = [0, 1].map(() => readingRoom((piece) => got.push(piece))) as [Room, Room]
    expect(one.buffer()).toBe(two.buffer())
    one.callback(10, one.buffer())
    expect(got.map((piece) => [piece.length, piece.buffer.byteLength])).toEqual([[10, 10]])
    expect(one.buffer()).toBe(two.buffer())
  })

  test('is one of its own for a connection that reads much, goes with the bytes, and is not held by one that is idle', () => {
    const got: Uint8Array[] = []
    const [room, other] = [readingRoom((piece) => got.push(piece)), readingRoom(() => {})]
    const reads = [64, 64, 40, 1].map((kib) => {
      const into = room.buffer()
      room.callback(kib * KIB, into)
      return into.buffer
    })
    expect(new Set(reads).size).toBe(4)
    expect(got.map((piece) => piece.constructor)).toEqual([Uint8Array, Uint8Array, Uint8Array, Uint8Array])
    expect(got.map((piece) => reads.indexOf(piece.buffer))).toEqual([-1, 1, 2, -1])
    expect(room.buffer()).toBe(other.buffer())
  })
})
