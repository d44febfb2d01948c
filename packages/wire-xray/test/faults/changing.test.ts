import { request, serve } from '@sse-from-scratch/chunked'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { type Fault, parseFaults, withFaults } from '@sse-from-scratch/wire-xray/faults'
import { startProxy } from '@sse-from-scratch/wire-xray/proxy'
import { expect, test } from 'vitest'
import { createChangingChain } from '../../src/faults/changing-chain.ts'
import type { Arrival } from '../../src/faults/hop.ts'
import { bytes, text } from '../recording/entries.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const answer = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`

/** A connection whose faults are changed, and the server behind it. */
function changing(first: readonly Fault[]) {
  const [ours, theirs] = memoryPair()
  let faults = first
  const connection = withFaults(ours, () => faults)
  return {
    set: (words: string) => {
      faults = words === '' ? [] : parseFaults(words)
    },
    ask: () => connection.write(bytes(GET)),
    /** The reads of the client, when the server says that. */
    async reads(said: string): Promise<readonly string[]> {
      await theirs.write(bytes(said))
      const parts: string[] = []
      for (let size = 0; size < said.length; size += parts.at(-1)?.length ?? 0)
        parts.push(text((await connection.read()) as Uint8Array))
      return parts
    },
  }
}

test('faults that are changed hold from the next request on', async () => {
  const { set, ask, reads } = changing([])
  await ask()
  expect(await reads(answer('abcd'))).toEqual([answer('abcd')])
  set('split=20')
  await ask()
  expect((await reads(answer('abcd')))[0]).toHaveLength(20)
  set('')
  await ask()
  expect(await reads(answer('abcd'))).toEqual([answer('abcd')])
})

test('faults that are changed in the middle of an answer leave the rest of it alone', async () => {
  const { set, ask, reads } = changing(parseFaults('split=20'))
  await ask()
  const whole = answer('x'.repeat(80))
  expect((await reads(whole.slice(0, 60)))[0]).toHaveLength(20)
  set('')
  expect((await reads(whole.slice(60)))[0]).toHaveLength(20)
})

test('faults that are changed while another answer is owed wait until it has come', async () => {
  const { set, ask, reads } = changing([])
  await ask()
  set('split=20')
  await ask()
  expect(await reads(answer('a'))).toEqual([answer('a')])
  expect(await reads(answer('b'))).toEqual([answer('b')])
  await ask()
  expect((await reads(answer('c')))[0]).toHaveLength(20)
})

test('faults that are changed while one of them holds an answer back do not lose it', () => {
  let faults = parseFaults('delay=20ms')
  const chain = createChangingChain(() => faults, { maxHeld: 1000, random: () => 0 })
  const left: string[] = []
  const leave = (arrival: Arrival) => void left.push(arrival.kind === 'bytes' ? text(arrival.bytes) : arrival.kind)
  chain.asked(bytes(GET))
  chain.take({ kind: 'bytes', bytes: bytes(answer('a')) }, 0, leave)
  faults = []
  chain.asked(bytes(GET))
  chain.wake(20, leave)
  expect(left).toEqual([answer('a')])
})

test('a proxy asks for its faults when a request begins, also on a connection that is kept', async () => {
  await using server = await serve((_request, respond) => void respond(200, {}, 'plain'))
  let faults: readonly Fault[] = []
  await using proxy = await startProxy({ target: `http://127.0.0.1:${server.address.port}`, faults: () => faults })
  const ask = async () => {
    await using response = await request(proxy.url)
    await response.body.text()
    return response.fields.has('content-length')
  }
  expect(await ask()).toBe(true)
  faults = parseFaults('strip-header=content-length')
  expect(await ask()).toBe(false)
})
