import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  Agent as NodeAgent,
  request as nodeRequest,
  type RequestListener,
} from 'node:http'
import { json, text } from 'node:stream/consumers'
import { type Handler, type HttpOptions, request, serve } from '@sse-from-scratch/http-raw'
import type { Listener } from '@sse-from-scratch/tcp-echo'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { Agent, fetch } from 'undici'
import { describe, expect, test } from 'vitest'
import { bytes, origin, toyChunked } from './support.ts'

/** Once as this floor is, HTTP/1.0, and once with a transfer coding plugged in. */
const floors: [string, HttpOptions][] = [
  ['HTTP/1.0', {}],
  ['HTTP/1.1', { transferCodings: [toyChunked] }],
]

const echo: Handler = async (req, respond) => {
  const body = await respond(200, { 'Content-Type': 'text/plain', 'X-Seen': `${req.method} ${req.target}` })
  for await (const part of req.body) await body.write(part)
  await body.end()
}

/** A server, and how many connections it has accepted. */
async function counting(handler: Handler, options: HttpOptions): Promise<Listener & { readonly count: () => number }> {
  const connections = new Set()
  const listener = await serve((req, respond) => {
    connections.add(req.connection)
    return handler(req, respond)
  }, options)
  return { ...listener, count: () => connections.size }
}

describe.each(floors)('our server at %s', (_version, options) => {
  test('streams to undici what undici posts', async () => {
    await using server = await serve(echo, options)
    const dispatcher = new Agent()
    const answer = await fetch(`${origin(server)}/a?b=c`, { method: 'POST', body: 'caf\u00e9', dispatcher })
    expect([answer.status, answer.headers.get('x-seen'), await answer.text()]).toEqual([
      200,
      'POST /a?b=c',
      'caf\u00e9',
    ])
    await dispatcher.close()
  })

  test('keeps the connection that undici wants to keep', async () => {
    const handler: Handler = async (req, respond) => {
      await respond(200, {}, req.target)
    }
    await using server = await counting(handler, options)
    const dispatcher = new Agent({ connections: 1 })
    for (const path of ['/1', '/2', '/3']) {
      expect(await (await fetch(origin(server) + path, { dispatcher })).text()).toBe(path)
    }
    expect(server.count()).toBe(1)
    await dispatcher.close()
  })

  test('keeps the connection that node:http wants to keep, also after HEAD, 204 and 304', async () => {
    const handler: Handler = async (req, respond) => {
      const status = Number(req.target.slice(1))
      await respond(status, {}, status === 204 ? undefined : 'hello')
    }
    await using server = await counting(handler, options)
    const agent = new NodeAgent({ keepAlive: true, maxSockets: 1 })
    for (const [method, path, body] of [
      ['HEAD', '/200', ''],
      ['GET', '/204', ''],
      ['GET', '/304', ''],
      ['GET', '/200', 'hello'],
    ]) {
      const asked = nodeRequest(origin(server) + path, { agent, method }).end()
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      expect(await text(answer)).toBe(body)
    }
    expect(server.count()).toBe(1)
    agent.destroy()
  })

  test('cuts a body that node:http then takes for cut', async () => {
    await using server = await serve(async (_request, respond) => {
      const body = await respond(200, { 'Content-Length': '10' })
      await body.write(bytes('half'))
      body.abort()
    }, options)
    const asked = nodeRequest(origin(server)).end()
    asked.on('error', () => {}) // Node 24 tells the request, too, and it has been answered
    const outcome = once(asked, 'response').then(([answer]) => text(answer as IncomingMessage))
    await expect(outcome).rejects.toMatchObject({ code: 'ECONNRESET' })
  })
})

test('our server hears node:http wait for a 100 and sends it', async () => {
  await using server = await serve(
    async (req, respond) => {
      await respond(200, {}, await req.body.text())
    },
    { transferCodings: [toyChunked] },
  )
  const asked = nodeRequest(origin(server), {
    method: 'POST',
    headers: { Expect: '100-continue', 'Content-Length': 5 },
  })
  asked.flushHeaders()
  await once(asked, 'continue')
  asked.end('hello')
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  expect(await text(answer)).toBe('hello')
})

test('our server sends early hints that node:http understands', async () => {
  await using server = await serve(
    async (_request, respond) => {
      await respond(103, { Link: '</x>; rel=preload' })
      await respond(200, {}, '')
    },
    { transferCodings: [toyChunked] },
  )
  const asked = nodeRequest(origin(server)).end()
  const [[hints], [answer]] = await Promise.all([once(asked, 'information'), once(asked, 'response')])
  expect(hints).toMatchObject({ statusCode: 103, headers: { link: '</x>; rel=preload' } })
  expect([answer.statusCode, await text(answer)]).toEqual([200, ''])
})

/** Runs `use` against a server of node:http. */
async function withNode(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  try {
    await use(`http://127.0.0.1:${port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

describe.each(floors)('our client at %s', (version, options) => {
  test('reads what node:http writes in pieces', async () => {
    await withNode(
      (req, res) => {
        res.write('streamed ')
        res.end(`over ${req.httpVersion}`)
      },
      async (url) => {
        await using response = await request(url, options)
        const framing = response.fields.get('transfer-encoding') ?? 'close'
        expect([framing, await response.body.text()]).toEqual([
          version === 'HTTP/1.1' ? 'chunked' : 'close',
          `streamed over ${version.slice(5)}`,
        ])
      },
    )
  })

  test('posts what node:http then reads', async () => {
    await withNode(
      async (req, res) => res.end(JSON.stringify([req.method, req.headers['content-length'], await json(req)])),
      async (url) => {
        const fields = { 'Content-Type': 'application/json' }
        await using response = await request(url, { ...options, method: 'POST', fields, body: '{"a":"ü"}' })
        expect(JSON.parse(await response.body.text())).toEqual(['POST', '10', { a: 'ü' }])
      },
    )
  })

  test('passes over the interim responses of node:http', async () => {
    await withNode(
      (_request, res) => {
        res.writeEarlyHints({ link: '</x>; rel=preload' })
        res.writeProcessing()
        res.end('done')
      },
      async (url) => {
        await using response = await request(url, options)
        expect([response.status, await response.body.text()]).toEqual([200, 'done'])
      },
    )
  })

  test('takes for cut what node:http has cut', async () => {
    await withNode(
      (_request, res) => {
        res.writeHead(200, { 'Content-Length': 10 })
        res.write('half', () => res.destroy())
      },
      async (url) => {
        await using response = await request(url, options)
        await expect(response.body.text()).rejects.toMatchObject({ code: 'HTTP_INCOMPLETE' })
      },
    )
  })
})

test('our client streams to node:http', async () => {
  await withNode(
    async (req, res) => res.end(`${req.headers['transfer-encoding']} ${await text(req)}`),
    async (url) => {
      const body = (async function* () {
        for (const part of ['one ', 'two ', 'three']) yield bytes(part)
      })()
      await using response = await request(url, { method: 'POST', body, transferCodings: [toyChunked] })
      expect(await response.body.text()).toBe('chunked one two three')
    },
  )
})

describeWith(['curl'], 'curl', (tools) => {
  const curl = async (...args: string[]) =>
    (await run(tools[0]?.path ?? 'curl', ['-sS', '--max-time', '8', ...args])).stdout

  test.each(floors)('reads a stream at %s', async (version, options) => {
    await using server = await serve(async (_request, respond) => {
      const body = await respond(200)
      for (const part of ['a', 'b', 'c']) await body.write(bytes(part))
      await body.end()
    }, options)
    const said = await curl('-w', ' %{http_version} %{http_code}', origin(server))
    expect(said.replace(' 1 ', ' 1.0 ')).toBe(`abc ${version.slice(5)} 200`) // curl 7 calls HTTP/1.0 "1"
  })

  test('uses one connection for two requests, and asks HEAD', async () => {
    await using server = await serve(
      async (req, respond) => {
        await respond(200, {}, req.method)
      },
      { transferCodings: [toyChunked] },
    )
    const url = origin(server)
    expect(await curl('-w', '(%{num_connects})', url, url)).toBe('GET(1)GET(0)')
    expect(await curl('-I', url)).toMatch(/^HTTP\/1.1 200 OK\r\nContent-Length: 4\r\nDate: .*\r\n\r\n$/)
  })

  test('waits for 100 and sends its chunks', async () => {
    await using server = await serve(
      async (req, respond) => {
        await respond(200, {}, `${req.fields.get('expect')} ${(await req.body.bytes()).length}`)
      },
      { transferCodings: [toyChunked] },
    )
    const sent = await curl(
      '-v',
      '--stderr',
      '-',
      '-H',
      'Expect: 100-continue',
      '-H',
      'Transfer-Encoding: chunked',
      '-d',
      'hello',
      origin(server),
    )
    expect(sent).toContain('< HTTP/1.1 100 Continue')
    expect(sent).toMatch(/\n100-continue 5/)
  })

  test('reads why its upload was refused', async () => {
    await using server = await serve(echo, { limits: { bodySize: 1000 } })
    const answer = await curl(
      '-w',
      ' %{http_code}',
      '-H',
      'Expect:',
      '--data-binary',
      'x'.repeat(100_000),
      origin(server),
    )
    expect(answer).toBe('413 Content Too Large: the body is larger than 1000 bytes\n 413')
  })

  test('follows the form of target that a proxy gets', async () => {
    await using server = await serve(async (req, respond) => {
      await respond(200, {}, `${req.target} ${req.fields.get('host')}`)
    })
    expect(await curl('-x', origin(server), 'http://a.example/x')).toBe('http://a.example/x a.example')
  })
})
