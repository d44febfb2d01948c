import { request, serve } from '@sse-from-scratch/chunked'
import { type Connection, connect, type Listener, listen } from '@sse-from-scratch/tcp-echo'
import { growthDuring } from '@sse-from-scratch/testkit'
import { describe, expect, test } from 'vitest'
import { KIB, lastWords, MIB, OK, readHead, urlOf } from './hostile.ts'
import { bytes } from './read-body.ts'

const POST = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
const REFUSED_OR_GONE = /^(?:CHUNKED_|HTTP_INCOMPLETE|TCP_RESET)/

/** Reads the body it is sent, piece by piece, and answers with its size. */
function counting(): Promise<Listener> {
  return serve(
    async ({ body }, respond) => {
      let size = 0
      for await (const piece of body) size += piece.length
      await respond(200, {}, `${size}`)
    },
    { lingerTimeout: 100 },
  )
}

async function expectToCount(server: Listener): Promise<void> {
  await using response = await request(urlOf(server), { method: 'POST', body: 'hello' })
  expect(await response.body.text()).toBe('5')
}

/** Sends `piece` until the other side has had enough. */
async function sendForEver(connection: Connection, piece: Uint8Array): Promise<void> {
  try {
    while (!connection.signal.aborted) {
      await connection.write(piece)
      await new Promise(setImmediate)
    }
  } catch {
    // it has
  }
}

/** What, how it begins, how it goes on for ever, and the answer to it. */
const ENDLESS: readonly (readonly [what: string, start: string, piece: string, status: string])[] = [
  ['chunk-size of zeros', '', '0'.repeat(64 * KIB), '413'],
  ['chunk extension', '5;a=', 'a'.repeat(64 * KIB), '413'],
  ['list of chunk extensions', '5', ';a=b'.repeat(16 * KIB), '413'],
  ['quoted value', '5;a="', 'a'.repeat(64 * KIB), '413'],
  ['row of chunks with more extension than data', '', '1;aaaaaaaaaaaaaaaa\r\nx\r\n'.repeat(3000), '413'],
  ['trailer', '0\r\nA: ', 'a'.repeat(64 * KIB), '431'],
  ['list of trailers', '0\r\n', 'A: b\r\n'.repeat(8 * KIB), '431'],
  ['list of trailers that are dropped', '0\r\n', 'Host: b\r\n'.repeat(8 * KIB), '431'],
]

describe('a client', () => {
  test.each(ENDLESS)(
    'that sends an endless %s is refused, and nothing of it is kept',
    async (_, start, piece, status) => {
      await using server = await counting()
      const client = await connect({ port: server.address.port })
      const said = lastWords(client)
      const growth = await growthDuring(async () => {
        await client.write(bytes(POST + start))
        await sendForEver(client, bytes(piece))
      })
      expect(growth).toBeLessThan(2 * MIB)
      expect(await said).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      await expectToCount(server)
    },
  )

  test('that announces chunks of the largest size, and sends none, holds nothing for what it announced', async () => {
    await using server = await counting()
    const clients: Connection[] = []
    const growth = await growthDuring(async () => {
      for (let count = 0; count < 50; count++) {
        const client = await connect({ port: server.address.port })
        clients.push(client)
        await client.write(bytes(`${POST}1fffffffffffff\r\nx`))
      }
      await expectToCount(server)
    })
    expect(growth).toBeLessThan(50 * 64 * KIB)
    for (const client of clients) client.abort()
  })

  test('that is asked for its body with a 100, and never sends it, is let go with a 408', async () => {
    await using server = await serve(async ({ body }) => void (await body.text()), {
      bodyIdleTimeout: 50,
    })
    const client = await connect({ port: server.address.port })
    await client.write(bytes('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n'))
    expect(await lastWords(client)).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 408 /)
    await client[Symbol.asyncDispose]()
    await server.close() // resolves when no connection is left
  })

  test('that sends a million chunks of one byte is read to its end, and none of them is kept', async () => {
    await using server = await counting()
    const client = await connect({ port: server.address.port })
    const chunks = bytes('1\r\nx\r\n'.repeat(10_000))
    const said = lastWords(client)
    await client.write(bytes(POST))
    const growth = await growthDuring(async () => {
      for (let sent = 0; sent < 1_000_000; sent += 10_000) await client.write(chunks)
    })
    expect(growth).toBeLessThan(4 * MIB) // at most what waits in this process to be sent, and to be read
    await client.write(bytes('0\r\n\r\n'))
    await client.end()
    expect(await said).toMatch(/\r\n\r\n1000000$/)
  })
})

describe('a server', () => {
  test.each(ENDLESS)('that sends an endless %s is hung up on, and nothing of it is kept', async (_, start, piece) => {
    let hungUp = () => {}
    const over = new Promise<void>((resolve) => {
      hungUp = resolve
    })
    await using server = await listen(async (connection) => {
      await readHead(connection)
      await connection.write(bytes(OK + start))
      await sendForEver(connection, bytes(piece))
      hungUp()
    })
    const growth = await growthDuring(async () => {
      await using response = await request(urlOf(server))
      await expect(response.body.text()).rejects.toMatchObject({ code: 'CHUNKED_TOO_MUCH_OVERHEAD' })
    })
    expect(growth).toBeLessThan(2 * MIB)
    await over
  })

  const wire = `${OK}5;a="b"\r\nhello\r\n0\r\nDone: yes\r\n\r\n`

  test.each(['reset', 'FIN'])('whose answer is cut at any byte by a %s has not answered', async (how) => {
    let cut = 0
    await using server = await listen(async (connection) => {
      await readHead(connection)
      await connection.write(bytes(wire.slice(0, cut)))
      if (how === 'reset') connection.abort()
    })
    const outcome = async () => {
      try {
        await using response = await request(urlOf(server))
        return await response.body.text()
      } catch (error) {
        return error
      }
    }
    for (; cut < wire.length; cut++) {
      const code = expect.stringMatching(how === 'FIN' ? /_INCOMPLETE$/ : REFUSED_OR_GONE)
      expect(await outcome(), `cut at ${cut}`).toEqual(expect.objectContaining({ code }))
    }
    if (how === 'FIN') expect(await outcome()).toBe('hello')
  })
})
