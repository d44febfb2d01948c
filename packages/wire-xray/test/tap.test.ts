import { request, serve } from '@sse-from-scratch/chunked'
import { dial } from '@sse-from-scratch/http-raw'
import { type Connection, connect, echo, listen } from '@sse-from-scratch/tcp-echo'
import { memoryPair } from '@sse-from-scratch/tcp-echo/testing'
import { createXray, type Finding, type TapEvent, tap } from '@sse-from-scratch/wire-xray'
import { expect, test } from 'vitest'
import { encode } from './look.ts'

const decode = (bytes: Uint8Array | null) => new TextDecoder().decode(bytes ?? new Uint8Array())

function overheard(): { events: [string, string][]; listener: (event: TapEvent) => void } {
  const events: [string, string][] = []
  return { events, listener: ({ direction, bytes }) => events.push([direction, decode(bytes)]) }
}

test('reads and writes are heard in their order, and pass unchanged', async () => {
  const [client, server] = memoryPair()
  const { events, listener } = overheard()
  const tapped = tap(client, listener)
  await tapped.write(encode('a'), encode('b'))
  await server.write(encode('c'))
  expect(decode(await tapped.read())).toBe('c')
  expect(decode(await server.read())).toMatch(/^ab?$/)
  await tapped.end()
  expect(events).toEqual([
    ['write', 'a'],
    ['write', 'b'],
    ['read', 'c'],
  ])
})

test('bytes that were given back are heard once', async () => {
  const [client, server] = memoryPair()
  const { events, listener } = overheard()
  const tapped = tap(client, listener)
  await server.write(encode('abcd'))
  const bytes = (await tapped.read()) as Uint8Array
  tapped.unread(bytes.subarray(1))
  await server.write(encode('ef'))
  await server.end()
  let text = ''
  for await (const more of tapped) text += decode(more)
  expect(text).toBe('bcdef')
  expect(events.map(([, heard]) => heard).join('')).toBe('abcdef')
})

test('times do not run backwards', async () => {
  const [client] = memoryPair()
  const times: number[] = []
  const before = performance.now()
  const tapped = tap(client, ({ at }) => times.push(at))
  await tapped.write(encode('a'))
  await tapped.write(encode('b'))
  const all = [before, ...times, performance.now()]
  expect(all).toEqual(all.toSorted((a, b) => a - b))
})

test('everything else is the connection: its ends, its signal, its counters', async () => {
  await using server = await listen(echo)
  const connection = await connect({ port: server.address.port })
  await using tapped = tap(connection, () => {})
  expect(tapped.remote).toEqual(connection.remote)
  expect(tapped.local).toEqual(connection.local)
  expect(tapped.unsent).toBe(connection.unsent)
  await tapped.write(encode('x'))
  await tapped.end()
  expect(decode(await tapped.read())).toBe('x')
  expect(await tapped.read()).toBeNull()
  tapped.abort(new Error('enough'))
  expect(tapped.signal).toBe(connection.signal)
})

/** All it has, of its own or from its class. */
function membersOf(connection: Connection): Set<string | symbol> {
  const members = new Set<string | symbol>()
  for (let at: object = connection; at !== Object.prototype; at = Reflect.getPrototypeOf(at) as object)
    for (const key of Reflect.ownKeys(at)) if (key !== 'constructor') members.add(key)
  return members
}

test('nothing a connection can do is missing', async () => {
  await using server = await listen(echo)
  await using real = await connect({ port: server.address.port })
  for (const connection of [real, memoryPair()[0]]) {
    const members = membersOf(connection)
    expect(members).toContain('read')
    for (const shortcut of ['receive', 'send']) members.delete(shortcut) // past the tap: it has read and write
    expect(membersOf(tap(connection, () => {}))).toEqual(members)
  }
})

test('ref and unref reach the connection', () => {
  const called: string[] = []
  const [client] = memoryPair()
  const tapped = tap(
    Object.assign(client, { ref: () => called.push('ref'), unref: () => called.push('unref') }),
    () => {},
  )
  tapped.unref?.()
  tapped.ref?.()
  expect(called).toEqual(['unref', 'ref'])
})

test('a write that fails fails for the caller, in the words of the connection', async () => {
  const [client] = memoryPair()
  const tapped = tap(client, () => {})
  await tapped.end()
  await expect(tapped.write(encode('x'))).rejects.toMatchObject({ code: 'TCP_CLOSED' })
})

test('an x-ray on a tap sees a real exchange of our own client and server', async () => {
  await using server = await serve(async (_request, respond) => {
    const body = await respond(200, { 'Content-Type': 'text/event-stream' })
    await body.write(encode('data: he'))
    await body.write(encode('llo\n\n'))
    await body.end()
  })
  const findings: Finding[] = []
  const xray = createXray(
    () => {},
    (finding) => findings.push(finding),
  )
  const response = await request(`http://127.0.0.1:${server.address.port}/chat`, {
    dial: async (url, options) =>
      tap(await dial(url, options), ({ direction, bytes }) => xray.push(direction === 'write' ? 'up' : 'down', bytes)),
  })
  expect(await response.body.text()).toBe('data: hello\n\n')
  await response[Symbol.asyncDispose]()
  expect(findings.map(({ direction, kind, summary }) => `${direction} ${kind}: ${summary}`)).toEqual([
    'up head: GET /chat',
    'down head: 200 OK',
    'down chunk: 8 bytes of data',
    'down event: message: hello',
    'down chunk: 5 bytes of data',
    'down last-chunk: size 0: the last chunk',
  ])
  const event = findings.find(({ kind }) => kind === 'event')
  expect(event?.bytes).toHaveLength(2)
})
