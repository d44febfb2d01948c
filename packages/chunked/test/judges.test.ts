import { once } from 'node:events'
import { createServer, request as nodeRequest, type Server } from 'node:http'
import { Readable } from 'node:stream'
import { chunked, request, serve } from '@sse-from-scratch/chunked'
import { Fields } from '@sse-from-scratch/http-raw'
import { connect, type Listener } from '@sse-from-scratch/tcp-echo'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { request as undiciRequest } from 'undici'
import { describe, expect, test } from 'vitest'
import { BODIES, NOT_BODIES } from './cases.ts'
import { bytes } from './read-body.ts'

function urlOf({ address }: Listener): string {
  return `http://127.0.0.1:${address.port}/`
}

/** Answers in three chunks and a trailer. */
function serveChunks(): Promise<Listener> {
  return serve(async (_, respond) => {
    const body = await respond(200, { Trailer: 'Done' })
    for (const part of ['a', 'bc', 'x'.repeat(26)]) await body.write(bytes(part))
    await body.end({ Done: 'yes' })
  })
}

/** Answers with what it was sent, trailers included. */
function serveBack(): Promise<Listener> {
  return serve(async ({ body, fields }, respond) => {
    const text = await body.text()
    await respond(200, {}, `${fields.get('transfer-encoding')}|${text}|${body.trailers}`)
  })
}

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (const part of ['one ', 'two ', 'three']) yield bytes(part)
}

describe('undici', () => {
  test('reads our chunks and trailers', async () => {
    await using server = await serveChunks()
    const response = await undiciRequest(urlOf(server))
    expect(response.headers['transfer-encoding']).toBe('chunked')
    expect(await response.body.text()).toBe(`abc${'x'.repeat(26)}`)
    expect(response.trailers).toEqual({ done: 'yes' })
  })

  test('sends chunks that we read', async () => {
    await using server = await serveBack()
    const response = await undiciRequest(urlOf(server), { method: 'POST', body: Readable.from(pieces()) })
    expect(await response.body.text()).toBe('chunked|one two three|')
  })
})

describe('node:http', () => {
  async function listening(server: Server): Promise<{ url: string; port: number } & AsyncDisposable> {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    return {
      port,
      url: `http://127.0.0.1:${port}/`,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      },
    }
  }

  /** node's parser (llhttp) as a judge of request bodies: it answers with what it understood, or 400. */
  function nodeJudge(): Promise<{ url: string; port: number } & AsyncDisposable> {
    return listening(
      createServer(async (request, response) => {
        const parts: Uint8Array[] = []
        try {
          for await (const part of request) parts.push(part)
        } catch {
          return // refused: node has answered already
        }
        const trailers = new Fields(pairs(request.rawTrailers))
        response.end(Buffer.concat([Buffer.from(`${trailers}|`), ...parts]))
      }),
    )
  }

  test('reads our chunks and trailers', async () => {
    await using server = await serveChunks()
    const [response] = await once(nodeRequest(urlOf(server)).end(), 'response')
    let text = ''
    for await (const part of response) text += part
    expect(text).toBe(`abc${'x'.repeat(26)}`)
    expect(response.rawTrailers).toEqual(['Done', 'yes'])
  })

  test('sends chunks and trailers that we read', async () => {
    await using server = await serveBack()
    const outgoing = nodeRequest(urlOf(server), { method: 'POST', headers: { Trailer: 'Done' } })
    for await (const piece of pieces()) outgoing.write(piece)
    outgoing.addTrailers({ Done: 'yes' })
    const [response] = await once(outgoing.end(), 'response')
    let text = ''
    for await (const part of response) text += part
    expect(text).toBe('chunked|one two three|Done: yes\r\n')
  })

  test('sends a response whose chunks and trailers we read, and is told HTTP/1.1', async () => {
    const server = createServer((_, response) => {
      response.write('one ')
      response.write('two')
      response.addTrailers({ Done: 'yes' })
      response.end()
    })
    await using node = await listening(server)
    await using response = await request(node.url)
    expect(response.version).toBe('1.1')
    expect(await response.body.text()).toBe('one two')
    expect(String(response.body.trailers)).toBe('Done: yes\r\n')
  })

  test('understands the chunks of our requests', async () => {
    await using node = await nodeJudge()
    await using response = await request(node.url, { method: 'POST', body: pieces() })
    expect(await response.body.text()).toBe('|one two three')
  })

  /** Where llhttp reads RFC 9112 §7.1.1 otherwise than it stands there: BWS is allowed, an empty token is not. */
  const outvoted = new Set(['blanks around ; and =', 'a value without a name', '= without a value'])

  test.each(BODIES.filter(([why]) => !outvoted.has(why)))('agrees with us on %s', async (_, wire, data, trailers) => {
    await using node = await nodeJudge()
    expect(await post(node.port, wire)).toBe(`200 ${trailers}|${data}`)
  })

  test.each(NOT_BODIES.filter(([why]) => !outvoted.has(why)))('refuses with us: %s', async (_, wire) => {
    await using node = await nodeJudge()
    expect(await post(node.port, wire)).toMatch(/^400 /)
  })
})

describe('our server', () => {
  test.each(NOT_BODIES)('answers 400 to %s, and nothing behind it is served', async (_, wire) => {
    let served = 0
    await using server = await serve(async ({ body }, respond) => {
      await body.bytes()
      served++
      await respond(200, {}, '')
    })
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n'
    expect(await post(server.address.port, `${wire}${smuggled}`)).toMatch(/^400 /)
    expect(served).toBe(0)
  })

  test('keeps the connection for the next request after a chunked one', async () => {
    await using server = await serveBack()
    await using client = await connect({ port: server.address.port })
    const head = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n'
    await client.write(bytes(`${head}\r\n3\r\none\r\n0\r\n\r\n${head}Connection: close\r\n\r\n3\r\ntwo\r\n0\r\n\r\n`))
    const parts: Uint8Array[] = []
    for await (const part of client) parts.push(part)
    const answers = Buffer.concat(parts)
      .toString()
      .match(/chunked\|\w+\|/g)
    expect(answers).toEqual(['chunked|one|', 'chunked|two|'])
  })

  test('takes codings of the caller as well', async () => {
    const other = { ...chunked, name: 'other' }
    await using server = await serve(async ({ body }, respond) => void (await respond(200, {}, await body.text())), {
      transferCodings: [other],
    })
    for (const name of ['chunked', 'other']) {
      await using client = await connect({ port: server.address.port })
      await client.write(bytes(`POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: ${name}\r\n\r\n`))
      await client.write(bytes('2\r\nok\r\n0\r\n\r\n'))
      const parts: Uint8Array[] = []
      for await (const part of client) parts.push(part)
      expect(Buffer.concat(parts).toString(), name).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*ok$/)
    }
  })
})

describeWith(['curl'], 'curl', ([curl]) => {
  const program = curl?.path ?? 'curl'

  test('--raw shows the framing byte for byte', async () => {
    await using server = await serveChunks()
    const { stdout } = await run(program, ['-sS', '--raw', urlOf(server)])
    expect(stdout).toBe(`1\r\na\r\n2\r\nbc\r\n1a\r\n${'x'.repeat(26)}\r\n0\r\nDone: yes\r\n\r\n`)
  })

  test('reads our chunks', async () => {
    await using server = await serveChunks()
    const { stdout, code } = await run(program, ['-sS', urlOf(server)])
    expect([stdout, code]).toEqual([`abc${'x'.repeat(26)}`, 0])
  })

  test('sends chunks that we read', async () => {
    await using server = await serveBack()
    const upload = ['-sS', '-H', 'Transfer-Encoding: chunked', '--data-binary', '@-', urlOf(server)]
    const input = 'line\n'.repeat(50_000)
    expect((await run(program, upload, { input })).stdout).toBe(`chunked|${input}|`)
  })

  test('sees that a body is cut when a handler fails inside it (curl error 18, or 56 for the reset)', async () => {
    await using server = await serve(async (_, respond) => {
      const body = await respond(200)
      await body.write(bytes('half'))
      throw new Error('boom')
    })
    expect([18, 56]).toContain((await run(program, ['-sS', urlOf(server)])).code)
  })
})

/** Sends a chunked request body exactly as it stands, and FIN; returns the status and the body of the answer. */
async function post(port: number, body: string): Promise<string> {
  await using client = await connect({ port })
  await client.write(
    bytes(`POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${body}`),
  )
  await client.end().catch(() => {})
  const parts: Uint8Array[] = []
  try {
    for await (const part of client) parts.push(part)
  } catch {
    // a RST after the answer: the server did not read to the end
  }
  const answer = Buffer.concat(parts).toString('latin1')
  return `${answer.slice(9, 12)} ${answer.slice(answer.indexOf('\r\n\r\n') + 4)}`
}

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] as string] as [string, string]] : []))
}
