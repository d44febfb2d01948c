import type { Handler } from '@sse-from-scratch/http-raw'
import { describe, expect, test } from 'vitest'
import { bytes, exchange, undated } from './support.ts'

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
const connectTo = (target: string, fields = '') => `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${fields}\r\n`
const upgrade = (fields = '', version = '1.1') =>
  `POST / HTTP/${version}\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: shout\r\n${fields}\r\n`

/** Answers whatever comes with one status, and tells what was asked of it. */
function answering(status: number): { readonly handler: Handler; readonly asked: string[] } {
  const asked: string[] = []
  const handler: Handler = async ({ method, target }, respond) => {
    asked.push(`${method} ${target}`)
    await respond(status, {}, 'no')
  }
  return { handler, asked }
}

/** Switches, and gives back what comes in upper case. */
const shout: Handler = async ({ method, connection }, respond) => {
  await respond(method === 'CONNECT' ? 200 : 101, { Upgrade: 'shout', Connection: 'upgrade' })
  for await (const part of connection) await connection.write(bytes(Buffer.from(part).toString().toUpperCase()))
}

describe('behind a CONNECT', () => {
  test.each([403, 405, 407, 502])(
    'that was answered %i comes no request: it could be the first bytes for a tunnel (RFC 9931)',
    async (status) => {
      const { handler, asked } = answering(status)
      const output = undated(await exchange(handler, connectTo('b:443') + SMUGGLED))
      expect(asked).toEqual(['CONNECT b:443'])
      expect(output).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      expect(output).toMatch(/\r\nConnection: close\r\n\r\nno$/)
    },
  )

  test.each([
    ['a length', 'Content-Length: 5\r\n', 'hello'],
    ['chunks', 'Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n0\r\n\r\n'],
  ])('with %s nobody can say where the tunnel begins: 400 (RFC 9110 §9.3.6)', async (_, fields, body) => {
    const { handler, asked } = answering(405)
    const output = await exchange(handler, connectTo('b:443', fields) + body + SMUGGLED)
    expect(output.match(/HTTP\/1.1 \d{3}/g)).toEqual(['HTTP/1.1 400'])
    expect(asked).toEqual([])
  })

  test('with a body of no bytes begins what the client has sent for the tunnel', async () => {
    const output = await exchange(shout, `${connectTo('b:443', 'Content-Length: 0\r\n')}hello`)
    expect(output).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*\r\n\r\nHELLO$/)
  })
})

describe('a change of protocol (RFC 9110 §7.8)', () => {
  test('that we do not make is no change: what follows is HTTP', async () => {
    const { handler, asked } = answering(200)
    const output = await exchange(handler, `${upgrade('Content-Length: 2\r\n')}hi${SMUGGLED}`)
    expect(output.match(/HTTP\/1.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200'])
    expect(asked).toEqual(['POST /', 'GET /smuggled'])
  })

  test('is not made in the middle of a message: its body would be read as the new protocol', async () => {
    const output = await exchange(
      async (request, respond) => {
        await expect(respond(101, { Upgrade: 'shout' })).rejects.toThrow(TypeError)
        expect(await request.body.text()).toBe('hello')
        return shout(request, respond)
      },
      `${upgrade('Content-Length: 5\r\n')}hellohi`,
    )
    expect(output).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n[\s\S]*\r\n\r\nHI$/)
  })

  test.each([
    ['in HTTP/1.0', upgrade('', '1.0')],
    ['without an Upgrade field', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('that was not offered %s is a TypeError before a byte leaves', async (_, input) => {
    const output = await exchange(async (_request, respond) => {
      await expect(respond(101, { Upgrade: 'shout' })).rejects.toThrow(TypeError)
      await respond(200, {}, 'fine')
    }, input)
    expect(output).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*\r\n\r\nfine$/)
  })
})
