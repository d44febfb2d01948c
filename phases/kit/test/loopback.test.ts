import { createSocket } from 'node:dgram'
import { connect, createServer, type Server, Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import '../src/loopback.ts'

describe('a call to another machine is refused before a packet leaves', () => {
  test.each<[string, () => unknown]>([
    ['by name', () => connect(80, 'example.com')],
    ['by address', () => connect({ port: 80, host: '192.0.2.1' })],
    ['from a socket', () => new Socket().connect(80, '2001:db8::1')],
    ['that begins like ours', () => connect(80, 'localhost.example.com')],
  ])('%s', (_, call) => {
    expect(call).toThrow(/^it calls .*: everything in this course lives on 127\.0\.0\.1$/)
  })

  test('by fetch', async () => {
    await expect(fetch('http://192.0.2.1/')).rejects.toMatchObject({
      cause: { message: expect.stringContaining('it calls 192.0.2.1') },
    })
  })

  test('by a datagram', () => {
    const socket = createSocket('udp4')
    expect(() => socket.send('x', 9, '192.0.2.1')).toThrow('it calls 192.0.2.1')
    socket.close()
  })
})

describe('a call to this machine goes through', () => {
  let server: Server
  let port = 0
  beforeAll(async () => {
    server = createServer((socket) => socket.end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as { port: number }).port
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  test.each<[string, () => Socket]>([
    ['by address', () => connect(port, '127.0.0.1')],
    ['by name', () => connect({ port, host: 'localhost', family: 4 })],
    ['mapped', () => connect(port, '::ffff:127.0.0.1')],
  ])('%s', async (_, call) => {
    const socket = call()
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
    socket.destroy()
  })
})
