import { request, serve } from '@sse-from-scratch/chunked'
import type { Handler, ServeOptions } from '@sse-from-scratch/http-raw'
import type { Listener } from '@sse-from-scratch/tcp-echo'
import { describeWith, type RunOptions, type RunResult, run, selfSignedCertificate } from '@sse-from-scratch/testkit'
import { expect, test } from 'vitest'
import { bytes } from './read-body.ts'

/** A server, and the connections it has had. */
async function watched(
  handler: Handler,
  options: ServeOptions = {},
): Promise<Listener & { readonly url: string; readonly connections: Set<unknown> }> {
  const connections = new Set<unknown>()
  const listener = await serve((req, respond) => {
    connections.add(req.connection)
    return handler(req, respond)
  }, options)
  const scheme = options.tls === undefined ? 'http' : 'https'
  return { ...listener, url: `${scheme}://127.0.0.1:${listener.address.port}`, connections }
}

/** What came, as it came, in chunks; how it came is in the first line. Reads before it answers: that asks for a body. */
const echo: Handler = async (req, respond) => {
  const pieces = req.body[Symbol.asyncIterator]()
  let piece = await pieces.next()
  const body = await respond(200, { 'Content-Type': 'text/plain' })
  const framing = req.fields.get('transfer-encoding') ?? req.fields.get('content-length') ?? 'nothing'
  await body.write(bytes(`${req.method} ${framing}\n`))
  for (; !piece.done; piece = await pieces.next()) await body.write(piece.value)
  await body.end()
}

describeWith(['curl'], 'curl', ([tool]) => {
  function curl(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return run(tool?.path ?? 'curl', ['-sS', '--noproxy', '*', '--max-time', '8', ...args], options)
  }

  test('-T - uploads what has no length yet, in chunks', async () => {
    await using server = await watched(echo)
    const input = 'line\n'.repeat(100_000)
    expect((await curl(['-T', '-', server.url], { input })).stdout).toBe(`PUT chunked\n${input}`)
    expect((await curl(['-T', '-', server.url], { input: '' })).stdout).toBe('PUT chunked\n')
  })

  test('-T - waits for our 100 before its first chunk, as long as it takes', async () => {
    await using server = await watched(echo)
    const expecting = ['-v', '--expect100-timeout', '600', '-H', 'Expect: 100-continue', '-T', '-', server.url]
    const { stdout, stderr } = await curl(expecting, { input: 'hello' })
    expect(stdout).toBe('PUT chunked\nhello')
    expect(stderr).toContain('< HTTP/1.1 100 Continue')
  })

  test('-T - sends its chunks unasked when it expects nothing, or is tired of waiting', async () => {
    const answerFirst: Handler = async (req, respond) => {
      const body = await respond(200)
      for await (const piece of req.body) await body.write(piece)
      await body.end()
    }
    await using server = await watched(answerFirst)
    expect((await curl(['-H', 'Expect:', '-T', '-', server.url], { input: 'hello' })).stdout).toBe('hello')
    const tired = ['--expect100-timeout', '0.01', '-H', 'Expect: 100-continue', '-T', '-', server.url]
    expect((await curl(tired, { input: 'hello' })).stdout).toBe('hello')
  })

  test('a chunked upload that is refused unread is answered, and the connection not used again', async () => {
    await using server = await watched(async (_req, respond) => {
      await respond(403, {}, 'no')
    })
    const upload = ['-w', ' %{http_code}\n', '-H', 'Expect:', '-T', '-', server.url]
    expect((await curl(upload, { input: 'x'.repeat(2_000_000) })).stdout).toBe('no 403\n')
  })

  test('chunks in both directions on one connection, as often as it likes', async () => {
    await using server = await watched(echo)
    const post = ['-H', 'Transfer-Encoding: chunked', '-d', 'abc', `${server.url}/[1-10]`]
    expect((await curl(post)).stdout).toBe('POST chunked\nabc'.repeat(10))
    expect(server.connections.size).toBe(1)
  })

  test('--raw shows each write as a chunk', async () => {
    await using server = await watched(echo)
    const { stdout } = await curl(['--raw', '-d', 'hello', server.url])
    expect(stdout).toBe('7\r\nPOST 5\n\r\n5\r\nhello\r\n0\r\n\r\n')
  })

  test('-I gets a head without a chunk, and the connection is kept', async () => {
    await using server = await watched(echo)
    const { stdout } = await curl(['-I', '--raw', '-w', '%{num_connects}', server.url, server.url])
    expect(stdout).toMatch(/^(HTTP\/1\.1 200 OK\r\n(?:[\w-]+: .+\r\n)+\r\n[10]){2}$/)
    expect(server.connections.size).toBe(1)
  })

  test('--http1.0 gets no chunk, and an end by closing (RFC 9112 §6.1)', async () => {
    await using server = await watched(echo)
    const { stdout } = await curl(['--http1.0', '-i', '--raw', '-d', 'hello', server.url])
    expect(stdout).not.toMatch(/transfer-encoding/i)
    expect(stdout).toMatch(/\r\n\r\nPOST 5\nhello$/)
  })

  test('a chunked request of HTTP/1.0 is a 400: its sender cannot mean it (RFC 9112 §6.1)', async () => {
    await using server = await watched(echo)
    const args = ['--http1.0', '-H', 'Transfer-Encoding: chunked', '-d', 'x', '-w', ' %{http_code}', server.url]
    expect((await curl(args)).stdout).not.toContain(' 200')
  })

  test('is shown the trailers behind the body, and does not mix them up with it', async () => {
    await using server = await watched(async (_req, respond) => {
      const body = await respond(200, { Trailer: 'Done' })
      await body.write(bytes('body'))
      await body.end({ Done: 'yes' })
    })
    expect((await curl([server.url])).stdout).toBe('body')
    expect((await curl(['-D', '-', '-o', '-', server.url])).stdout).toMatch(/bodyDone: yes\r\n$/)
    expect((await curl(['--tr-encoding', server.url])).stdout).toBe('body') // TE: gzip is an offer, not a demand
  })

  test('307 is followed with the chunked body sent once more', async () => {
    await using server = await watched(async (req, respond) => {
      if (req.target === '/') await respond(307, { Location: '/there' }, '')
      else await echo(req, respond)
    })
    const args = ['-L', '-H', 'Transfer-Encoding: chunked', '-d', 'again', server.url]
    expect((await curl(args)).stdout).toBe('POST chunked\nagain')
  })

  test('a body cut between two chunks is error 18, or 56 for the reset, and never success', async () => {
    await using server = await watched(async (_req, respond) => {
      const body = await respond(200)
      await body.write(bytes('half'))
      body.abort()
    })
    expect([18, 56]).toContain((await curl(['-N', server.url])).code)
  })

  test('chunks go through TLS in both directions', async () => {
    await using server = await watched(echo, { tls: { ...selfSignedCertificate() } })
    const input = 'secret line\n'.repeat(50_000)
    expect((await curl(['-k', '-T', '-', server.url], { input })).stdout).toBe(`PUT chunked\n${input}`)
  })

  test('64 at a time: no byte of one stream is in another', async () => {
    await using server = await watched(async (req, respond) => {
      const body = await respond(200)
      for (let i = 0; i < 50; i++) await body.write(bytes(`${req.target} `))
      await body.end(req.target === '/1' ? { Last: 'yes' } : undefined)
    })
    const { stdout } = await curl(['-Z', '--parallel-max', '64', '-o', '-', `${server.url}/[1-64]`])
    const words = stdout.trim().split(' ')
    for (let i = 1; i <= 64; i++) expect(words.filter((word) => word === `/${i}`).length).toBe(50)
  })

  test('and our own client get the same bytes', async () => {
    await using server = await watched(echo)
    const post = { method: 'POST', body: 'same' }
    const response = await request(server.url, post)
    expect(await response.body.text()).toBe((await curl(['-d', 'same', server.url])).stdout)
  })
})
