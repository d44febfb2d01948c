import type { Connection } from '@sse-from-scratch/tcp-echo'
import { everySplit, memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { expect, test } from 'vitest'
import { createHostRewriter, type HostRewriter } from '../../src/proxy/host-rewriter.ts'
import { relay } from '../../src/proxy/relay.ts'
import { bytes, gone, readAll, setStage } from './stage.ts'
import { answers, type Stream, small } from './streams.ts'

const REQUEST = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const nobody = { onBytes: () => {}, onWait: () => {}, onFin: () => {} }

async function say(connection: Connection, reads: readonly Uint8Array[]): Promise<void> {
  for (const read of reads) await connection.write(read)
  await connection.end()
}

/** What comes out at the other end of a relay, in memory. */
async function relayed(reads: readonly Uint8Array[], { direction, bytes: stream }: Stream): Promise<string> {
  const [client, nearClient] = memoryPair()
  const [nearTarget, target] = memoryPair()
  const over = relay(nearClient, nearTarget, { ...nobody, ...rewriting(stream) }, nobody)
  const [from, to] = direction === 'up' ? [client, target] : [target, client]
  const [text] = await Promise.all([readAll(to), say(from, reads), to.end()])
  expect(await over).toBeUndefined()
  return text
}

/** As for a target of the name that the client uses; one that uses several gets no name. */
function rewriting(stream: Uint8Array): { readonly rewrite?: HostRewriter } {
  const hosts = Buffer.from(stream)
    .toString('latin1')
    .matchAll(/\nHost:[ \t]*([^\r\n]*?)[ \t]*(?=\r\n)/gi)
  const [name = 'a', ...others] = new Set([...hosts].map(([, host]) => host))
  return others.length === 0 ? { rewrite: createHostRewriter(name) } : {}
}

test.each(small.filter((stream) => stream.bytes.length <= 200))(
  '$name leaves a relay as it came, at every cut',
  async (stream) => {
    const expected = Buffer.from(stream.bytes).toString('latin1')
    for (const reads of everySplit(stream.bytes)) {
      const text = await relayed(reads, stream)
      if (text !== expected) expect(text).toBe(expected)
    }
  },
)

test('there are enough of them to be worth it', () => {
  expect(small.length).toBeGreaterThan(400)
  expect(answers.length).toBeGreaterThan(100)
})

test('every stream of every package, answers of models included, crosses a real proxy as it came', async () => {
  await using stage = await setStage({ onEntry: () => {} })
  for (const { name, direction, bytes: stream } of [...small, ...answers]) {
    if (direction === 'up') continue
    const { client, server } = await stage.open()
    await client.write(bytes(REQUEST))
    await say(server, [stream])
    expect(await readAll(client), name).toBe(Buffer.from(stream).toString('latin1'))
    client.abort()
    await gone(server)
  }
}, 60_000)

test('every request of every package crosses a real proxy, and loses nothing but the name of the proxy', async () => {
  await using stage = await setStage()
  for (const { name, direction, bytes: stream } of small) {
    if (direction === 'down') continue
    const { client, server } = await stage.open()
    await say(client, [stream])
    const rewrite = createHostRewriter(`127.0.0.1:${server.local.port}`)
    expect(await readAll(server), name).toBe(Buffer.concat(rewrite(stream)).toString('latin1'))
    client.abort()
    server.abort()
  }
}, 60_000)
