import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { chunked } from '@sse-from-scratch/chunked'
import { createResponseDecoder } from '@sse-from-scratch/http-raw'
import type { Compare, Row } from '../contract.ts'

export const compare: Compare = async (sizes, gapMs, clock) => {
  async function* made(count: number) {
    for (const size of sizes.slice(0, count)) {
      await clock.sleep(gapMs)
      yield Buffer.alloc(size, 'x')
    }
  }

  async function answer(socket: Socket, framing: Row['framing'], count: number): Promise<void> {
    if (framing === 'content-length') {
      const pieces: Buffer[] = []
      for await (const piece of made(sizes.length)) pieces.push(piece) // the length stands in front: first make, then count
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.concat(pieces).length}\r\n\r\n`)
      socket.end(Buffer.concat(pieces.slice(0, count)))
      return
    }
    const encoder = framing === 'chunked' ? chunked.createEncoder() : undefined
    socket.write(`HTTP/1.1 200 OK\r\n${encoder ? 'Transfer-Encoding: chunked\r\n' : ''}\r\n`)
    for await (const piece of made(count)) socket.write(Buffer.concat(encoder?.encode(piece) ?? [piece]))
    const isWhole = count === sizes.length
    socket.end(isWhole && encoder ? Buffer.concat(encoder.end()) : '')
  }

  async function measure(framing: Row['framing'], count: number): Promise<Row> {
    const server = createServer((socket) => void socket.once('data', () => answer(socket, framing, count)))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const start = clock.now()
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    const decoder = createResponseDecoder('GET', { transferCodings: [chunked] })
    const row = { framing, firstByteMs: 0, totalMs: 0, wireBytes: 0, sawTruncation: false }
    let wire = Buffer.alloc(0)
    let first: number | undefined
    for await (const bytes of socket) {
      first ??= clock.now() - start
      wire = Buffer.concat([wire, bytes])
      decoder.push(bytes, () => {})
    }
    try {
      decoder.end(() => {}) // FIN: under until-close it is the end, under the others perhaps an accident
    } catch {
      row.sawTruncation = true
    }
    server.close()
    return {
      ...row,
      firstByteMs: first ?? 0,
      totalMs: clock.now() - start,
      wireBytes: wire.length - wire.indexOf('\r\n\r\n') - 4,
    }
  }

  const rows: Row[] = []
  for (const framing of ['content-length', 'chunked', 'until-close'] as const) {
    const { sawTruncation } = await measure(framing, sizes.length - 1)
    rows.push({ ...(await measure(framing, sizes.length)), sawTruncation })
  }
  return rows
}
