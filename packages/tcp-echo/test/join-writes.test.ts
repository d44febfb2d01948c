import { type Connection, connect, listen } from '@sse-from-scratch/tcp-echo'
import { growthDuring, standstill } from '@sse-from-scratch/testkit'
import { describe, expect, test, vi } from 'vitest'
import { bytes, text, turns } from './bytes.ts'
import { tcpPair } from './pairs.ts'

const KIB = 1024

/** Three connections to one server: its ends, and what each client reads in all. */
async function threePairs(): Promise<{ servers: Connection[]; texts: () => Promise<string[]> } & AsyncDisposable> {
  const servers: Connection[] = []
  let allHere = () => {}
  const here = new Promise<void>((resolve) => {
    allHere = resolve
  })
  const listener = await listen(async (connection) => {
    if (servers.push(connection) === 3) allHere()
    while ((await connection.read()) !== null);
  })
  const clients = await Promise.all([1, 2, 3].map(() => connect({ port: listener.address.port })))
  await here
  return {
    servers,
    texts: () => Promise.all(clients.map(readAll)),
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  }
}

async function readAll(connection: Connection): Promise<string> {
  let all = ''
  for await (const part of connection) all += text(part)
  return all
}

const ways: readonly [how: string, write: (connection: Connection, ...parts: Uint8Array[]) => void][] = [
  ['in one write', (connection, ...parts) => void connection.write(...parts)],
  ['part by part', (connection, ...parts) => parts.forEach((part) => void connection.write(part))],
]

describe.each(ways)('%s', (_, write) => {
  test('what is written to many in one turn reaches each whole and in its own order, where it is alike and where not', async () => {
    await using pairs = await threePairs()
    const [shared, also, own] = [bytes('shared '), bytes('also '), bytes('own ')]
    const [first, second, third] = pairs.servers as [Connection, Connection, Connection]
    for (const connection of [first, second]) write(connection, shared, also)
    write(third, also, shared)
    write(second, own)
    await turns(2)
    for (const connection of pairs.servers) write(connection, shared)
    await Promise.all(pairs.servers.map((connection) => connection.end()))
    const texts = ['shared also shared ', 'shared also own shared ', 'also shared shared ']
    expect(new Set(await pairs.texts())).toEqual(new Set(texts))
  })

  test('a buffer that is used again in the next turn carries what is in it then', async () => {
    await using pairs = await threePairs()
    const [mark, buffer] = [bytes('> '), bytes('one ')]
    for (const connection of pairs.servers) write(connection, mark, buffer)
    await turns(2)
    buffer.set(bytes('two '))
    for (const connection of pairs.servers) write(connection, mark, buffer)
    await Promise.all(pairs.servers.map((connection) => connection.end()))
    expect(await pairs.texts()).toEqual(Array(3).fill('> one > two '))
  })

  test('a buffer that is used again carries what is in it then, also if it was last handed over by an end', async () => {
    await using pairs = await threePairs()
    const [first, second, third] = pairs.servers as [Connection, Connection, Connection]
    const [mark, buffer] = [bytes('> '), bytes('one')]
    write(first, mark, buffer)
    const ended = first.end()
    buffer.set(bytes('two'))
    write(second, mark, buffer)
    await Promise.all([ended, second.end(), third.end()])
    expect(new Set(await pairs.texts())).toEqual(new Set(['> one', '> two', '']))
  })
})

test('what three connections write in turn, in writes of all sizes, reaches each in its own order', async () => {
  await using pairs = await threePairs()
  const sent = pairs.servers.map(() => '')
  for (let n = 0; n < 400; n++) {
    const which = n % 7 === 0 ? 0 : n % 3
    const connection = pairs.servers[which] as Connection
    const parts = [`${which}:${n}=`, 'x'.repeat((n * 37) % 1300), '\r\n'].slice(0, n % 5 === 0 ? 1 : 3)
    sent[which] += parts.join('')
    void connection.write(...parts.map(bytes))
    if (n % 150 === 149) await turns(1)
  }
  await Promise.all(pairs.servers.map((connection) => connection.end()))
  expect(new Set(await pairs.texts())).toEqual(new Set(sent))
})

test('bytes that were given away before they left break their own connection, and not the one behind it', async () => {
  await using pairs = await threePairs()
  const [first, second] = pairs.servers as [Connection, Connection, Connection]
  const given = new Uint8Array(2 * KIB) // smaller ones are copied at once
  void first.write(bytes('a'), given)
  void second.write(bytes('b'), bytes('c'))
  structuredClone(given, { transfer: [given.buffer] })
  await vi.waitFor(() => expect(first.signal.aborted).toBe(true), 50_000)
  expect(second.signal.aborted).toBe(false)
  await second.end()
})

test('small writes to a reader who has stopped cost their bytes, and not the objects around them', async () => {
  await writeToStalled(1024 * KIB) // what is made once
  const { growth, waiting } = await writeToStalled(1024 * KIB)
  expect(growth).toBeLessThan(2 * waiting) // each object is several times as large as the 20 bytes in it
})

/** Pieces that are smaller than the objects they come in, until so many bytes of them wait in this process. */
async function writeToStalled(size: number): Promise<{ growth: number; waiting: number }> {
  await using pair = await tcpPair()
  do {
    for (let n = 0; n < 16; n++) void pair.server.write(new Uint8Array(64 * KIB)) // until the kernel takes no more
    await standstill(() => pair.server.unsent)
  } while (pair.server.unsent === 0)
  const before = pair.server.unsent
  const growth = await growthDuring(async () => {
    while (pair.server.unsent - before < size) {
      for (let n = 0; n < 100; n++) void pair.server.write(new Uint8Array(20))
      await turns(1)
    }
  })
  return { growth, waiting: pair.server.unsent - before }
}

test('what waited for a reader arrives once it reads, in order', async () => {
  await using pair = await tcpPair()
  let sent = 0
  for (let size = 0; pair.server.unsent < 2048 * KIB; size = (size + 703) % 1200) {
    const part = new Uint8Array(size)
    for (let i = 0; i < size; i++) part[i] = sent++ % 251
    void pair.server.write(part)
    if (size % 5 === 0) await turns(1)
  }
  const ended = pair.server.end()
  let received = 0
  for await (const part of pair.client)
    for (const byte of part) if (byte !== received++ % 251) throw new Error(`byte ${received}`)
  await ended
  expect(received).toBe(sent)
})
