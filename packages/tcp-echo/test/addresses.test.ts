import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createConnection, type LookupFunction, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { connect, echo, listen } from '@sse-from-scratch/tcp-echo'
import { expect, test } from 'vitest'
import { bytes, readAll, turns } from './bytes.ts'

const NAME = 'two-addresses.test' // RFC 6761 §6.2: no resolver but ours knows it

const hasIPv6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1')
const WITHOUT_IPV6 = 'needs IPv6 on this machine'

/** A resolver that knows one name, and tells who asks. */
function resolver(...addresses: readonly string[]): LookupFunction & { readonly asked: string[] } {
  const asked: string[] = []
  const lookup: LookupFunction = (host, _options, found) => {
    asked.push(host)
    const list = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    found(null, list)
  }
  return Object.assign(lookup, { asked })
}

test.each([
  ['IPv6 first', ['::1', '127.0.0.1']],
  ['IPv4 first', ['127.0.0.1', '::1']],
])('a name with an address that refuses is tried at the other one: %s', async (_, addresses) => {
  await using listener = await listen(echo)
  const lookup = resolver(...addresses)
  await using client = await connect({ host: NAME, port: listener.address.port, lookup })
  expect([client.remote.address, lookup.asked]).toEqual(['127.0.0.1', [NAME]])
  await client.write(bytes('hello'))
  await client.end()
  expect(await readAll(client)).toBe('hello')
})

test('the first address that answers is the one that is used', async ({ skip }) => {
  if (!hasIPv6) skip(WITHOUT_IPV6)
  await using listener = await listen(echo, { host: '::' })
  const { port } = listener.address
  for (const [first = '', second = ''] of [
    ['::1', '127.0.0.1'],
    ['127.0.0.1', '::1'],
  ]) {
    await using client = await connect({ host: NAME, port, lookup: resolver(first, second) })
    expect(client.remote.address).toBe(first)
  }
})

test('when every address refuses, the error says what each of them did', async () => {
  const listener = await listen(echo)
  await listener.close()
  const { port } = listener.address
  await expect(connect({ host: NAME, port, lookup: resolver('::1', '127.0.0.1') })).rejects.toMatchObject({
    code: 'TCP_REFUSED',
    message: expect.stringMatching(/::1.*127\.0\.0\.1/),
  })
})

test('a resolver that knows nothing, or breaks, is TCP_UNREACHABLE, and crashes nobody', async () => {
  await expect(connect({ host: NAME, port: 9, lookup: resolver() })).rejects.toMatchObject({ code: 'TCP_UNREACHABLE' })
  const breaks: LookupFunction = (_host, _options, found) =>
    found(Object.assign(new Error('the resolver is not there'), { code: 'EAI_AGAIN' }), [])
  await expect(connect({ host: NAME, port: 9, lookup: breaks })).rejects.toMatchObject({
    code: 'TCP_UNREACHABLE',
    message: 'the resolver is not there',
  })
})

test('a resolver that never answers is TCP_TIMEOUT: connectTimeout is for names too', async () => {
  const silent: LookupFunction = () => {}
  const connecting = connect({ host: NAME, port: 9, lookup: silent, connectTimeout: 10 })
  await expect(connecting).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
})

test('nobody is asked for an address', async () => {
  await using listener = await listen(echo)
  const lookup = resolver('192.0.2.1') // RFC 5737: nobody's
  await using client = await connect({ host: '127.0.0.1', port: listener.address.port, lookup })
  expect([client.remote.address, lookup.asked]).toEqual(['127.0.0.1', []])
})

test.each([-1, Number.NaN])('attemptTimeout %j is a RangeError', async (attemptTimeout) => {
  await expect(connect({ port: 9, attemptTimeout })).rejects.toBeInstanceOf(RangeError)
})

test('an address that never answers costs attemptTimeout, and then the next is tried', async ({ skip }) => {
  if (process.platform !== 'linux')
    skip('needs Linux: all of 127.0.0.0/8 is this machine, and a full backlog is silent')
  await using listener = await listen(echo)
  const { port } = listener.address
  await using _ = await blackHole('127.0.0.2', port)
  const lookup = resolver('127.0.0.2', '127.0.0.1')
  await using client = await connect({ host: NAME, port, lookup, attemptTimeout: 20 })
  expect(client.remote.address).toBe('127.0.0.1')
  const patient = connect({ host: NAME, port, lookup, attemptTimeout: 0, connectTimeout: 400 })
  await expect(patient).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
  const alone = connect({ host: '127.0.0.2', port, connectTimeout: 20 })
  await expect(alone).rejects.toMatchObject({ code: 'TCP_TIMEOUT' })
})

/** A server that is stopped (SIGSTOP) and whose backlog is full: the kernel drops every further SYN without a word. */
async function blackHole(host: string, port: number): Promise<AsyncDisposable> {
  const script = `require('net').createServer().listen({ port: ${port}, host: '${host}', backlog: 1 }, () => console.log('listening'))`
  const server = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(server.stdout, 'data')
  server.kill('SIGSTOP')
  while (!/\) T /.test(readFileSync(`/proc/${server.pid}/stat`, 'utf8'))) await turns(1)
  const waiting: Socket[] = Array.from({ length: 8 }, () => createConnection({ host, port }).on('error', () => {}))
  await once(waiting[0] as Socket, 'connect') // by then all eight have asked, and at most two have room
  return {
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy()
      server.kill('SIGKILL')
      await once(server, 'exit')
    },
  }
}

test('an IPv6 listener and its client know each other by their IPv6 addresses', async ({ skip }) => {
  if (!hasIPv6) skip(WITHOUT_IPV6)
  let seen: unknown
  await using listener = await listen(
    async (connection) => {
      seen = connection.remote
      await echo(connection)
    },
    { host: '::1' },
  )
  expect(listener.address.address).toBe('::1')
  await using client = await connect({ host: '::1', port: listener.address.port })
  await client.write(bytes('hello'))
  await client.end()
  expect(await readAll(client)).toBe('hello')
  expect([client.remote, seen]).toEqual([listener.address, client.local])
  await expect(connect({ port: listener.address.port })).rejects.toMatchObject({ code: 'TCP_REFUSED' })
})

test(':: is everybody, and a client of IPv4 shows as ::ffff: (RFC 4291 §2.5.5.2)', async ({ skip }) => {
  if (!hasIPv6) skip(WITHOUT_IPV6)
  const seen: string[] = []
  await using listener = await listen(({ remote }) => void seen.push(remote.address), { host: '::' })
  for (const host of ['127.0.0.1', '::1']) {
    await using client = await connect({ host, port: listener.address.port })
    expect(await client.read()).toBeNull()
  }
  expect(seen).toEqual(['::ffff:127.0.0.1', '::1'])
})
