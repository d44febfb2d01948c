import { once } from 'node:events'
import { createServer as createTlsServer, connect as tlsConnect } from 'node:tls'
import { type Connection, connect, echo, fromSocket, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { selfSignedCertificate } from '@sse-from-scratch/testkit'
import { expect, test } from 'vitest'
import { bytes, readAll, text, turns, whenOver } from './bytes.ts'

const { key, cert } = selfSignedCertificate()

function listenWithTls(handler: (connection: Connection) => Promise<void>): Promise<Listener> {
  return listen(handler, {
    createServer: (_, onSocket) => createTlsServer({ key, cert, allowHalfOpen: false }, onSocket),
  })
}

async function connectWithTls({ address }: Listener): Promise<Connection> {
  const socket = tlsConnect({ port: address.port, host: '127.0.0.1', ca: cert })
  await once(socket, 'secureConnect')
  return fromSocket(socket)
}

test('a TLS socket makes the same connection: bytes, ends and all', async () => {
  await using listener = await listenWithTls(echo)
  await using client = await connectWithTls(listener)
  await client.write(bytes('hel'), bytes('lo'))
  expect(text((await client.read()) as Uint8Array)).toBe('hello')
  await client.end()
  expect(await readAll(client)).toBe('')
  expect(await whenOver(client)).toMatchObject({ code: 'TCP_CLOSED' })
})

test('a large write arrives whole over TLS', async () => {
  const size = 8 * 1024 * 1024
  await using listener = await listenWithTls(async (connection) => {
    await connection.write(new Uint8Array(size))
    await connection.end()
  })
  await using client = await connectWithTls(listener)
  let total = 0
  for await (const part of client) total += part.length
  expect(total).toBe(size)
})

test('abort over TLS, where Node has no RST, cuts the connection all the same', async () => {
  let accepted = (_: Connection) => {}
  const server = new Promise<Connection>((resolve) => {
    accepted = resolve
  })
  await using listener = await listenWithTls(async (connection) => {
    accepted(connection)
    await echo(connection)
  })
  const client = await connectWithTls(listener)
  await client.write(bytes('x'))
  await client.read()
  client.abort()
  await whenOver(await server)
})

test('close waits for TLS connections and then resolves: nothing of them is left open', async () => {
  const listener = await listenWithTls(echo)
  const client = await connectWithTls(listener)
  await client.write(bytes('x'))
  await client.read()
  const closing = listener.close()
  await client.end()
  await closing
  await whenOver(client)
})

test('a peer that never finishes its handshake cannot keep a listener from closing', async () => {
  const listener = await listenWithTls(echo)
  await using silent = await connect({ port: listener.address.port })
  await silent.write(Uint8Array.of(22, 3, 1)) // the beginning of a ClientHello
  await turns(20)
  await listener.close(AbortSignal.abort())
})

test('a peer that speaks no TLS does not hurt the others', async () => {
  await using listener = await listenWithTls(echo)
  await using confused = await connect({ port: listener.address.port })
  await confused.write(bytes('GET / HTTP/1.1\r\n\r\n'))
  await readAll(confused).catch(() => {})
  await using client = await connectWithTls(listener)
  await client.write(bytes('hello'))
  await client.end()
  expect(await readAll(client)).toBe('hello')
})
