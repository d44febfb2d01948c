import { request } from '@sse-from-scratch/http-raw'
import { type Connection, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { growthDuring, standstill } from '@sse-from-scratch/testkit'
import { expect, test } from 'vitest'
import { KIB, MIB, sendForEver } from './hostile.ts'
import { bytes, origin, readUntil } from './support.ts'

/** Answers each request with `start`, and then with `piece` for ever. */
function endless(start: string, piece: string, onSent: (sent: number) => void = () => {}): Promise<Listener> {
  return listen(async (connection) => {
    await readUntil(connection, '\r\n\r\n')
    await connection.write(bytes(start))
    onSent(await sendForEver(connection, bytes(piece)))
  })
}

const OK = 'HTTP/1.1 200 OK\r\n'

test.each([
  ['status line', '', 'HTTP/1.1 200 '.padEnd(64 * KIB, 'a'), 'HTTP_HEAD_TOO_LARGE'],
  ['field', `${OK}A: `, 'a'.repeat(64 * KIB), 'HTTP_HEAD_TOO_LARGE'],
  ['list of fields', OK, 'A: b\r\n'.repeat(8 * KIB), 'HTTP_HEAD_TOO_LARGE'],
  ['list of interim responses', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000), 'HTTP_TOO_MANY_INTERIM'],
  ['list of empty lines', '', '\r\n'.repeat(32 * KIB), 'HTTP_BAD_START_LINE'],
])(
  'a server that sends an endless %s is hung up on, and no more of it is kept than its limit',
  async (_, start, piece, code) => {
    let hungUp: (sent: number) => void = () => {}
    const over = new Promise<number>((resolve) => {
      hungUp = resolve
    })
    await using server = await endless(start, piece, hungUp)
    const growth = await growthDuring(async () => {
      await expect(request(origin(server))).rejects.toMatchObject({ code })
    })
    expect(growth).toBeLessThan(2 * MIB)
    await over
  },
)

test.each([
  ['until close', `${OK}\r\n`],
  ['under a length', `${OK}Content-Length: 9007199254740991\r\n\r\n`],
])('an endless body %s, asked for as a whole, is given up at collectedSize', async (_, start) => {
  let hungUp = () => {}
  const over = new Promise<void>((resolve) => {
    hungUp = resolve
  })
  await using server = await endless(start, 'a'.repeat(64 * KIB), hungUp)
  await using response = await request(origin(server), { limits: { collectedSize: MIB } })
  const growth = await growthDuring(async () => {
    await expect(response.body.text()).rejects.toMatchObject({ code: 'HTTP_BODY_TOO_LARGE' })
  })
  expect(growth).toBeLessThan(3 * MIB)
  await over
})

test('an endless body that nobody reads stays with the server', async () => {
  let sent = 0
  await using server = await listen(async (connection: Connection) => {
    await readUntil(connection, '\r\n\r\n')
    await connection.write(bytes(`${OK}\r\n`))
    const piece = new Uint8Array(64 * KIB)
    for (; !connection.signal.aborted; sent += piece.length) await connection.write(piece)
  })
  const growth = await growthDuring(async () => {
    await using response = await request(origin(server))
    await standstill(() => sent)
    expect(response.status).toBe(200)
  })
  expect(growth).toBeLessThan(2 * MIB)
})

test('a server that drips its head is given up after headTimeout, however often it sends another byte', async () => {
  await using server = await listen(async (connection) => {
    await readUntil(connection, '\r\n\r\n')
    await connection.write(bytes(`${OK}A: `))
    const dripping = setInterval(() => void connection.write(bytes('a')), 5)
    await new Promise((resolve) => connection.signal.addEventListener('abort', resolve, { once: true }))
    clearInterval(dripping)
  })
  await expect(request(origin(server), { headTimeout: 100 })).rejects.toMatchObject({ code: 'HTTP_TIMEOUT' })
})
