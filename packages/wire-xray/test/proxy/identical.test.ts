import { dial } from '@sse-from-scratch/http-raw'
import { FAULT_WORDS, startSimulator } from '@sse-from-scratch/llm-stream/simulator'
import { type Connection, wrapConnection } from '@sse-from-scratch/tcp-echo'
import { everySplit, memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { askRaw, rawRequest } from '../../../llm-stream/test/raw-answer.ts'
import { createHostRewriter, type HostRewriter } from '../../src/proxy/host-rewriter.ts'
import { relay } from '../../src/proxy/relay.ts'
import { startProxy } from '../../src/proxy/start-proxy.ts'
import { bytes, gone, readAll, setStage } from './stage.ts'
import { answers, eventStreams, type Stream, small } from './streams.ts'

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
  expect(eventStreams.length).toBeGreaterThan(1500)
})

test('every event stream of sse-client, and all that its EventSource is answered, leaves a relay as it came', async () => {
  for (const stream of eventStreams) {
    const text = Buffer.from(stream.bytes).toString('latin1')
    const bytewise = Array.from(stream.bytes.subarray(-40), (byte) => Uint8Array.of(byte))
    for (const reads of [[stream.bytes], [stream.bytes.subarray(0, -40), ...bytewise]])
      expect(
        await relayed(
          reads.filter(({ length }) => length > 0),
          stream,
        ),
        stream.name,
      ).toBe(text)
  }
}, 60_000)

test('a stream that is broken anywhere, in any way, leaves a relay as it came', async () => {
  const sources = [...small, ...answers, ...eventStreams].filter(({ direction }) => direction === 'down')
  const broken = fc
    .tuple(
      fc.constantFrom(...sources),
      fc.nat(),
      fc.nat(20),
      fc.uint8Array({ maxLength: 20 }),
      fc.nat(),
      fc.array(fc.nat(), { maxLength: 4 }),
    )
    .map(([{ bytes: whole }, at, remove, insert, end, cuts]) => {
      const place = at % (whole.length + 1)
      const bytes = Buffer.concat([whole.subarray(0, place), insert, whole.subarray(place + remove)])
      const kept = end % 3 === 0 ? bytes.subarray(0, end % (bytes.length + 1)) : bytes
      return { bytes: kept, cuts: cuts.map((cut) => cut % (kept.length + 1)).toSorted((a, b) => a - b) }
    })
  await fc.assert(
    fc.asyncProperty(broken, async ({ bytes, cuts }) => {
      const reads = [0, ...cuts].map((from, n) => bytes.subarray(from, cuts[n] ?? bytes.length))
      const text = await relayed(
        reads.filter(({ length }) => length > 0),
        { name: '', direction: 'down', bytes },
      )
      expect(text).toBe(bytes.toString('latin1'))
    }),
    { numRuns: 100 },
  )
}, 60_000)

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

/** Each fault of llm-stream's simulator that comes to an end by itself, as its help has it, but sooner. */
const faults = FAULT_WORDS.map(({ usage }) => usage.replace(/\b\d+m?s\b/, '5ms').replace('NAME', 'overloaded')).filter(
  (usage) => !/^(?:half-open|comments-only|times|stall-after|drip)/.test(usage),
)

test.each(faults)('what a model answers with %s crosses a real proxy as it came, and ends as it did', async (fault) => {
  await using simulator = await startSimulator({ tokensPerSecond: 0 })
  let came = ''
  let end = ''
  await using stage = await startProxy({
    target: simulator.url,
    dial: async (url, options) => {
      const connection = await dial(url, options)
      return wrapConnection(connection, {
        async read() {
          try {
            const bytes = await connection.read()
            came += Buffer.from(bytes ?? '').toString('latin1')
            if (bytes === null) end = 'fin'
            return bytes
          } catch (error) {
            end = 'reset'
            throw error
          }
        },
      })
    },
  })
  const chat = { model: 'm', messages: [{ role: 'user', content: 'hi' }], stream: true, max_tokens: 12 }
  const headers = { Connection: 'close', 'x-sim-fault': fault }
  const answer = await askRaw(stage.address.port, rawRequest('/v1/chat/completions', chat, headers))
  expect(answer.text).toBe(came)
  expect([came.length > 0, answer.end]).toEqual([true, end])
})
