import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Handler, type IncomingRequest, type ServeOptions, serve } from '@sse-from-scratch/http-raw'
import type { Listener } from '@sse-from-scratch/tcp-echo'
import { describeWith, type RunOptions, type RunResult, run, selfSignedCertificate } from '@sse-from-scratch/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bytes, origin, toyChunked } from './support.ts'

/** A server, the connections it has had, and what was asked on them. */
async function watched(
  handler: Handler,
  options: ServeOptions = { transferCodings: [toyChunked] },
): Promise<
  Listener & { readonly url: string; readonly requests: IncomingRequest[]; readonly connections: Set<unknown> }
> {
  const requests: IncomingRequest[] = []
  const connections = new Set<unknown>()
  const listener = await serve((req, respond) => {
    requests.push(req)
    connections.add(req.connection)
    return handler(req, respond)
  }, options)
  return { ...listener, url: origin(listener), requests, connections }
}

const say =
  (text: (req: IncomingRequest) => string | Promise<string>): Handler =>
  async (req, respond) => {
    await respond(200, { 'Content-Type': 'text/plain' }, await text(req))
  }

const sayTarget = say(({ target }) => `${target}\n`)
const sayBody = say(async ({ method, body }) => `${method} ${await body.text()}\n`)

const WINDOWS = process.platform === 'win32' // no sh, no head

describeWith(['curl'], 'curl', ([tool]) => {
  const HELLO = 'hello, static world\n'
  let folder: string
  let file: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'http-raw-curl-'))
    file = join(folder, 'hello.txt')
    await writeFile(file, HELLO)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  function curl(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return run(tool?.path ?? 'curl', ['-sS', '--noproxy', '*', '--max-time', '8', ...args], options)
  }

  describe('one connection', () => {
    test('carries as many URLs as one command has, in their order', async () => {
      await using server = await watched(sayTarget)
      const { stdout, code } = await curl([`${server.url}/[1-20]`])
      expect([stdout, code]).toEqual([Array.from({ length: 20 }, (_, i) => `/${i + 1}\n`).join(''), 0])
      expect(server.connections.size).toBe(1)
    })

    test('carries HEAD, POST, PUT and DELETE one after the other', async () => {
      await using server = await watched(sayBody)
      const { stdout } = await curl([
        ...['-d', 'one', server.url],
        ...['--next', '-sS', '-I', '-o', join(folder, 'head'), server.url],
        ...['--next', '-sS', '-T', file, `${server.url}/hello.txt`],
        ...['--next', '-sS', '-X', 'DELETE', server.url],
      ])
      expect(stdout).toBe(`POST one\nPUT ${HELLO}\nDELETE \n`)
      expect(server.connections.size).toBe(1)
    })

    test('is closed after an answer to HTTP/1.0, and kept if that asks for it (RFC 9112 §9.3)', async () => {
      await using server = await watched(sayTarget)
      const urls = [`${server.url}/1`, `${server.url}/2`]
      expect((await curl(['--http1.0', ...urls])).stdout).toBe('/1\n/2\n')
      expect(server.connections.size).toBe(2)
      server.connections.clear()
      expect((await curl(['--http1.0', '-H', 'Connection: keep-alive', ...urls])).stdout).toBe('/1\n/2\n')
      expect(server.connections.size).toBe(1)
    })

    test('is closed when curl says close, and when we do', async () => {
      await using server = await watched(async (req, respond) => {
        await respond(200, req.target === '/ours' ? { Connection: 'close' } : {}, '.')
      })
      expect((await curl(['-H', 'Connection: close', `${server.url}/1`, `${server.url}/2`])).stdout).toBe('..')
      expect(server.connections.size).toBe(2)
      server.connections.clear()
      expect((await curl([`${server.url}/ours`, `${server.url}/2`, `${server.url}/3`])).stdout).toBe('...')
      expect(server.connections.size).toBe(2)
    })

    test('is not the only one: 16 at a time', async () => {
      await using server = await watched(sayTarget)
      const { stdout, code } = await curl(['-Z', '--parallel-max', '16', `${server.url}/[1-64]`])
      const answered = stdout.trim().split('\n')
      expect([new Set(answered).size, answered.length, code]).toEqual([64, 64, 0])
    })
  })

  describe('heads', () => {
    test('-I gets what GET would have said, and no byte of a body', async () => {
      await using server = await watched(sayTarget)
      const head = /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/plain\r\nContent-Length: 7\r\nDate: [^\r]+\r\n\r\n$/
      expect((await curl(['-I', `${server.url}/hello`])).stdout).toMatch(head)
      expect((await curl(['--raw', '-I', `${server.url}/hello`])).stdout).toMatch(head)
      const { stdout } = await curl(['-i', `${server.url}/hello`])
      expect(stdout.replace('/hello\n', '')).toMatch(head)
    })

    test('--request-target * reaches the handler of OPTIONS (RFC 9112 §3.2.4), and is a 400 for GET', async () => {
      await using server = await watched(say(({ method, target }) => `${method} ${target}`))
      const all = ['--request-target', '*', server.url]
      expect((await curl(['-X', 'OPTIONS', ...all])).stdout).toBe('OPTIONS *')
      expect((await curl(['-o', devNull, '-w', '%{http_code}', ...all])).stdout).toBe('400')
    })

    test.each([
      ['no Host', ['-H', 'Host:'], '400'],
      ['a Host that is none', ['-H', 'Host: a b'], '400'],
      ['a field name with a blank', ['-H', 'Bad Name: x'], '400'],
      ['a Content-Length with a sign', ['-H', 'Content-Length: +1', '-X', 'POST', '-d', 'x'], '400'],
      ['a length and a coding', ['-H', 'Transfer-Encoding: chunked', '-H', 'Content-Length: 1', '-d', 'x'], '400'],
      ['a coding nobody knows', ['-H', 'Transfer-Encoding: br, chunked', '-d', 'x'], '501'],
      ['an expectation nobody meets', ['-H', 'Expect: a-miracle', '-d', 'x'], '417'],
      ['20 KiB of fields', ['-H', `X-Long: ${'x'.repeat(20_000)}`], '431'],
    ])('%s is refused in words that curl can read', async (_, args, status) => {
      await using server = await watched(sayTarget)
      const { stdout, code } = await curl(['-w', ' %{http_code}', ...args, server.url])
      expect(stdout).toMatch(new RegExp(`^${status} .+\n ${status}$`))
      expect([code, server.requests.length]).toEqual([0, 0])
    })

    test('a target of 10,000 characters is a 414', async () => {
      await using server = await watched(sayTarget)
      const { stdout } = await curl(['-o', devNull, '-w', '%{http_code}', `${server.url}/${'x'.repeat(10_000)}`])
      expect(stdout).toBe('414')
    })
  })

  describe('bodies it sends', () => {
    test('a file, a form, and nothing at all', async () => {
      await using server = await watched(sayBody)
      expect((await curl(['-T', file, server.url])).stdout).toBe(`PUT ${HELLO}\n`)
      expect((await curl(['-d', 'a=b', '-d', 'c=%20', server.url])).stdout).toBe('POST a=b&c=%20\n')
      expect((await curl(['-X', 'POST', server.url])).stdout).toBe('POST \n')
      const form = await curl(['-F', `file=@${file}`, server.url])
      expect(form.stdout).toMatch(/^POST --[\s\S]+\r\n\r\nhello, static world\n\r\n--/)
    })

    test('4 MiB of every byte there is arrive as they were', async () => {
      let received = 0
      await using server = await watched(async (req, respond) => {
        let wrong = 0
        for await (const part of req.body) for (const byte of part) if (byte !== (received++ & 0xff)) wrong++
        await respond(200, {}, `${wrong} wrong`)
      })
      const input = Uint8Array.from({ length: 4 * 1024 * 1024 }, (_, i) => i & 0xff)
      expect((await curl(['--data-binary', '@-', server.url], { input })).stdout).toBe('0 wrong')
      expect(received).toBe(input.length)
    })

    test('are asked for when the handler reads: curl waits for the 100, however long it was told to', async () => {
      await using server = await watched(sayBody)
      const expecting = ['--expect100-timeout', '600', '-H', 'Expect: 100-continue', '-d', 'hello']
      const { stdout, stderr } = await curl(['-v', ...expecting, server.url])
      expect(stdout).toBe('POST hello\n')
      expect(stderr).toContain('< HTTP/1.1 100 Continue')
    })

    test('are not sent at all when the handler answers without reading (RFC 9110 §10.1.1)', async () => {
      await using server = await watched(async (_req, respond) => {
        await respond(403, {}, 'no')
      })
      const expecting = ['--expect100-timeout', '600', '-H', 'Expect: 100-continue', '--data-binary', '@-']
      const { stdout } = await curl(['-w', ' %{http_code} %{size_upload}', ...expecting, server.url], {
        input: 'x'.repeat(100_000),
      })
      expect(stdout).toBe('no 403 0')
    })

    test('come unasked when curl will not wait for the 100', async () => {
      await using server = await watched(async (req, respond) => {
        const interim = req.fields.get('expect')
        await respond(200, {}, `${interim} ${await req.body.text()}`)
      })
      const expecting = ['--expect100-timeout', '0.001', '-H', 'Expect: 100-continue', '-d', 'hello']
      expect((await curl([...expecting, server.url])).stdout).toBe('100-continue hello')
    })

    test('of fewer bytes than curl promised are never taken for whole', async () => {
      let tell: (outcome: unknown) => void = () => {}
      const outcome = new Promise((resolve) => {
        tell = resolve
      })
      await using server = await watched(async ({ body }, respond) => {
        tell(await body.text().catch((error) => error.code))
        await respond(200, {}, 'never')
      })
      const { stdout } = await curl(['-H', 'Content-Length: 100', '-d', 'short', '--max-time', '0.3', server.url])
      expect(stdout).not.toContain('never')
      expect(['HTTP_INCOMPLETE', 'TCP_RESET']).toContain(await outcome)
    })
  })

  describe('bodies it reads', () => {
    test.skipIf(WINDOWS)('-N shows a piece before the next is made', async () => {
      let proceed = () => {}
      const seen = new Promise<void>((resolve) => {
        proceed = resolve
      })
      await using server = await watched(async (req, respond) => {
        if (req.target === '/seen') {
          proceed()
          return void (await respond(204))
        }
        const body = await respond(200, { 'Content-Type': 'text/plain' })
        await body.write(bytes('one\n'))
        await seen
        await body.write(bytes('two\n'))
        await body.end()
      })
      // A second curl tells the server that the first has shown its line: no clock is involved.
      const script = `"$0" -sS -N --max-time 8 "$1/stream" | { read line; "$0" -sS "$1/seen"; echo "$line"; cat; }`
      const { stdout } = await run('sh', ['-c', script, tool?.path ?? 'curl', server.url])
      expect(stdout).toBe('one\ntwo\n')
    })

    test('a body with a length that is cut is error 18, or 56 for the reset, and never success', async () => {
      await using server = await watched(async (_req, respond) => {
        const body = await respond(200, { 'Content-Length': '10' })
        await body.write(bytes('half'))
      })
      expect([18, 56]).toContain((await curl([server.url])).code)
    })

    test('--limit-rate makes us wait, and no byte is lost', async () => {
      const size = 3_000_000
      await using server = await watched(async (_req, respond) => {
        const body = await respond(200, { 'Content-Length': String(size) })
        for (let i = 0; i < 30; i++) await body.write(new Uint8Array(size / 30).fill(i))
        await body.end()
      })
      const { bytes: got } = await curl(['--limit-rate', '12M', server.url], { maxOutput: 2 * size })
      expect([got.length, got.every((byte, i) => byte === Math.floor(i / (size / 30)))]).toEqual([size, true])
    })

    test.skipIf(WINDOWS)('a client that hangs up in the middle of a stream is noticed', async () => {
      let gone: (reason: unknown) => void = () => {}
      const reason = new Promise((resolve) => {
        gone = resolve
      })
      await using server = await watched(async (req, respond) => {
        req.signal.addEventListener('abort', () => gone(req.signal.reason), { once: true })
        const body = await respond(200)
        while (!req.signal.aborted) await body.write(new Uint8Array(10_000))
      })
      await run('sh', ['-c', '"$0" -s -N "$1" | head -c 1', tool?.path ?? 'curl', server.url]) // head has seen enough
      expect(await reason).toMatchObject({ code: 'TCP_RESET' })
    })
  })

  describe('redirects', () => {
    const redirecting: Handler = async (req, respond) => {
      const status = Number(req.target.slice(1))
      if (status >= 300) await respond(status, { Location: '/0' }, 'over there')
      else await respond(200, {}, `${req.method} ${await req.body.text()}`)
    }

    test.each([
      [301, 'GET '],
      [302, 'GET '],
      [303, 'GET '],
      [307, 'POST hello'],
      [308, 'POST hello'],
    ])('-L follows our %d and asks again as RFC 9110 §15.4 says: %s', async (status, asked) => {
      await using server = await watched(redirecting)
      expect((await curl(['-L', '-d', 'hello', `${server.url}/${status}`])).stdout).toBe(asked)
      expect(server.connections.size).toBe(1)
    })
  })

  describe('TLS', () => {
    const { key, cert } = selfSignedCertificate()

    test('--cacert believes our certificate, and nobody does without being told', async () => {
      await using server = await watched(sayTarget, { tls: { key, cert } })
      const authority = join(folder, 'ca.pem')
      await writeFile(authority, cert)
      const url = `https://localhost:${server.address.port}`
      const resolve = ['--resolve', `localhost:${server.address.port}:127.0.0.1`]
      expect((await curl([...resolve, '--cacert', authority, `${url}/a`])).stdout).toBe('/a\n')
      expect((await curl([...resolve, '-k', `${url}/b`, `${url}/c`])).stdout).toBe('/b\n/c\n')
      expect((await curl([...resolve, `${url}/d`])).code).toBe(60)
      expect(server.requests.map(({ target }) => target)).toEqual(['/a', '/b', '/c'])
    })

    test('carries bodies in both directions, and offers nothing but HTTP/1.1', async () => {
      await using server = await watched(sayBody, { tls: { key, cert }, transferCodings: [toyChunked] })
      const url = `https://127.0.0.1:${server.address.port}/`
      const input = 'x'.repeat(1_000_000)
      const { stdout } = await curl(['-k', '--http2', '-w', '%{http_version}', '--data-binary', '@-', url], { input })
      expect(stdout).toBe(`POST ${input}\n1.1`)
    })

    test('what is said without TLS to a port that speaks it is answered with nothing, and the next is served', async () => {
      await using server = await watched(sayTarget, { tls: { key, cert } })
      expect((await curl([`http://127.0.0.1:${server.address.port}/`])).code).not.toBe(0)
      expect((await curl(['-k', `https://127.0.0.1:${server.address.port}/x`])).stdout).toBe('/x\n')
    })
  })

  test('downloads what it uploaded', async () => {
    const stored = new Map<string, Uint8Array>()
    await using server = await watched(async ({ method, target, body }, respond) => {
      if (method === 'PUT') stored.set(target, (await body.bytes()).slice())
      const content = stored.get(target)
      if (content === undefined) return void (await respond(404, {}, ''))
      await respond(method === 'PUT' ? 201 : 200, {}, method === 'PUT' ? '' : content)
    })
    const copy = join(folder, 'copy.txt')
    expect((await curl(['-T', file, '-w', '%{http_code}', `${server.url}/x`])).stdout).toBe('201')
    expect((await curl(['-o', copy, '-w', '%{http_code}', `${server.url}/x`])).stdout).toBe('200')
    expect(await readFile(copy, 'utf8')).toBe(HELLO)
    expect((await curl(['-f', `${server.url}/y`])).code).toBe(22)
  })
})
