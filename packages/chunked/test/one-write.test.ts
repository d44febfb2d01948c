import { createServer, type Socket } from 'node:net'
import { serve } from '@sse-from-scratch/chunked'
import type { ServeOptions } from '@sse-from-scratch/http-raw'
import { connect } from '@sse-from-scratch/tcp-echo'
import { expect, test } from 'vitest'
import { bytes, readBody } from './read-body.ts'

/** Notes what each accepted socket gives to the kernel, write by write. */
function watchWrites(writes: string[]): NonNullable<ServeOptions['createServer']> {
  return (options, onSocket) =>
    createServer(options, (socket: Socket) => {
      const { _write: write, _writev: writev } = socket
      socket._write = function (chunk: Buffer, ...rest) {
        writes.push(chunk.toString())
        write.call(this, chunk, ...rest)
      }
      socket._writev = function (chunks, done) {
        writes.push(chunks.map(({ chunk }) => String(chunk)).join(''))
        writev?.call(this, chunks, done)
      }
      onSocket(socket)
    })
}

test('32 small events of one turn are 32 chunks and one write', async () => {
  const writes: string[] = []
  const events = Array.from({ length: 32 }, (_, n) => `data: ${n}\n\n`)
  await using server = await serve(
    async (_, respond) => {
      const body = await respond(200)
      await new Promise(setImmediate) // the head is on its way
      for (const event of events) void body.write(bytes(event))
      await new Promise(setImmediate)
      await body.end()
    },
    { createServer: watchWrites(writes) },
  )
  await using client = await connect({ port: server.address.port })
  await client.write(bytes('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'))
  for await (const _ of client);
  const [head, chunks = '', last, ...more] = writes
  expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(chunks.match(/data: \d+\n\n/g)).toEqual(events)
  expect(readBody([bytes(chunks + last)])).toEqual({ data: events.join(''), trailers: '', last: 'end' })
  expect(more).toEqual([])
})

test.each([2, 16])(
  'the answers to %d requests that came in one read are one write, the last of them too',
  async (count) => {
    const writes: string[] = []
    await using server = await serve((_, respond) => respond(200, {}, 'hello').then(() => {}), {
      createServer: watchWrites(writes),
    })
    await using client = await connect({ port: server.address.port })
    const asking = 'GET / HTTP/1.1\r\nHost: a\r\n'
    await client.write(bytes(`${`${asking}\r\n`.repeat(count - 1)}${asking}Connection: close\r\n\r\n`))
    for await (const _ of client);
    expect(writes.map((write) => write.match(/hello/g)?.length)).toEqual([count])
  },
)
