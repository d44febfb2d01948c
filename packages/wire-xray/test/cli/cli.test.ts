import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request, serve } from '@sse-from-scratch/chunked'
import { parseRecording } from '@sse-from-scratch/llm-stream/recording'
import { listen } from '@sse-from-scratch/tcp-echo'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { baseUrls } from '../../src/cli/base-urls.ts'
import { helpFor } from '../../src/cli/help.ts'
import { byteSize, UsageError } from '../../src/cli/options.ts'
import { targetIn } from '../../src/cli/target-word.ts'
import { xray, xrayed } from './xray.ts'

const CADDY = fileURLToPath(new URL('../../recordings/caddy.xray.jsonl', import.meta.url))

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xray-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A server that answers everybody with two events. */
function answering() {
  return serve(async (_request, respond) => {
    const body = await respond(200, { 'Content-Type': 'text/event-stream' })
    await body.write(Buffer.from('data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n'))
    await body.write(Buffer.from('data: [DONE]\n\n'))
    await body.end()
  })
}

/** Asks the proxy that has been started, once. */
async function askThrough(running: ReturnType<typeof xray>): Promise<string> {
  const [, url = ''] = await running.says(/xray listens at (\S+)/)
  await using response = await request(`${url}/v1/chat`, {
    fields: { Authorization: 'Bearer SECRET-0123456789', Connection: 'close' },
  })
  return response.body.text()
}

const at = (port: number) => [`127.0.0.1:${port}`, '--port', '0']

describe('xray <target>', () => {
  test('says where to send clients, shows what goes by as lines, and ends well with Ctrl-C', async () => {
    await using server = await answering()
    const running = xray(at(server.address.port))
    expect(await askThrough(running)).toContain('[DONE]')
    await running.says(/the end mark/)
    running.stop()
    const { code, stdout, stderr } = await running.ended
    expect(code).toBe(0)
    expect(stderr).toMatch(/OPENAI_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/v1\n +ANTHROPIC_BASE_URL=http/)
    expect(stdout).toMatch(/▲http {2}GET \/v1\/chat/)
    expect(stdout).toMatch(/▼llm {3}choices\[0\]\.delta\.content = "Hi"/)
    expect(stdout + stderr).not.toContain('SECRET')
  })

  test('what a server repeats of a key, in pieces too, is stars in every view and in the recording', async () => {
    await using server = await serve(async (request, respond) => {
      const key = request.fields.get('authorization') ?? ''
      const body = await respond(401, { 'Content-Type': 'text/event-stream' })
      for (const piece of [`data: wrong ${key.slice(0, 12)}`, `${key.slice(12)}\n\n`])
        await body.write(Buffer.from(piece))
      await body.end()
    })
    for (const view of ['json', 'plain']) {
      const path = join(folder, `echoed-${view}.xray.jsonl`)
      const running = xray([...at(server.address.port), '--view', view, '--record', path])
      expect(await askThrough(running)).toContain('wrong Bearer SECRET-0123456789')
      await running.says(/message: wrong/)
      running.stop()
      const { stdout, stderr } = await running.ended
      expect(stdout).toContain('wrong Bearer ')
      expect(stderr).toContain(`Recorded in ${path}, which only you may read. xray explain ${path} reads it.\n`)
      for (const shown of [stdout, await readFile(path, 'utf8')]) expect(shown).not.toMatch(/SECRET|456789/)
    }
  })

  test('--redact-body and --no-request-body hide more, in views and recordings', async () => {
    await using server = await answering()
    const path = join(folder, 'less.xray.jsonl')
    const running = xray([
      ...at(server.address.port),
      '--json',
      '--record',
      path,
      '--redact-body',
      'content',
      '--no-request-body',
    ])
    const [, url = ''] = await running.says(/xray listens at (\S+)/)
    await using response = await request(url, {
      method: 'POST',
      body: Buffer.from('a request'),
      fields: { Connection: 'close' },
    })
    expect(await response.body.text()).toContain('"Hi"')
    await running.says(/"kind":"done"/)
    running.stop()
    const { stdout } = await running.ended
    for (const shown of [stdout, await readFile(path, 'utf8')]) {
      expect(shown).not.toMatch(/a request|Hi/)
      expect(shown).toContain('[DONE]')
    }
  })

  test('--json is a line of JSON for each item, --view none is nothing', async () => {
    await using server = await answering()
    for (const flags of [['--json'], ['--view', 'none']]) {
      const running = xray([...at(server.address.port), ...flags])
      await askThrough(running)
      if (flags[0] === '--json') await running.says(/"kind":"fin"/)
      running.stop()
      const { stdout } = await running.ended
      const kinds = stdout.split('\n').flatMap((line) => (line ? JSON.parse(line).kind : []))
      if (flags[0] === '--json')
        expect(kinds).toEqual(expect.arrayContaining(['open', 'read', 'head', 'event', 'delta']))
      else expect(stdout).toBe('')
    }
  })

  test('--record writes all of it without credentials, for its owner only; explain, replay and export can read it', async () => {
    await using server = await answering()
    const path = join(folder, 'a.xray.jsonl')
    const running = xray([...at(server.address.port), '--record', path])
    const answer = await askThrough(running)
    running.stop()
    await running.ended
    const text = await readFile(path, 'utf8')
    expect(text).not.toContain('SECRET')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(parseRecording(text)).toMatchObject({
      cut: false,
      head: { target: `http://127.0.0.1:${server.address.port}` },
    })

    expect(await xrayed(['explain', path, '--fail-on', 'error'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('▼llm'),
    })
    expect((await xrayed(['explain', '--json', '-'], { input: text })).stdout).toContain('"kind":"delta"')
    expect(await xrayed(['export', '--md', path])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('GET /v1/chat'),
    })
    expect(await xrayed(['export', '--pcap', path, '--out', join(folder, 'a.pcap')])).toMatchObject({
      code: 0,
      stdout: '',
    })

    const again = xray(['replay', '--port', '0', '--speed', '0', path])
    const [, url = ''] = await again.says(/(http:\/\/127\.0\.0\.1:\d+) answers as/)
    await using response = await request(`${url}/v1/chat`)
    expect(await response.body.text()).toBe(answer)
    again.stop()
    expect(await again.ended).toMatchObject({ code: 0 })

    const target = `127.0.0.1:${server.address.port}`
    expect(await xrayed(['replay', '--as', 'client', '--speed', '0', path, target])).toMatchObject({ code: 0 })
  })

  test('--record is whole when it is stopped in the middle of an answer', async () => {
    await using server = await serve(async ({ signal }, respond) => {
      const body = await respond(200, { 'Content-Type': 'text/event-stream' })
      await body.write(Buffer.from('data: on and on\n\n'))
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    const path = join(folder, 'stopped.xray.jsonl')
    const running = xray([...at(server.address.port), '--record', path])
    const [, url = ''] = await running.says(/xray listens at (\S+)/)
    const response = await request(url)
    await running.says(/on and on/)
    running.stop()
    await running.ended
    await response[Symbol.asyncDispose]()
    const { cut, entries } = parseRecording(await readFile(path, 'utf8'))
    const down = entries.flatMap((entry) =>
      entry.kind === 'bytes' && entry.direction === 'down' ? [Buffer.from(entry.bytes)] : [],
    )
    expect([cut, entries.at(-1)]).toEqual([false, expect.objectContaining({ kind: 'error', code: 'TCP_CLOSED' })])
    expect(Buffer.concat(down).toString()).toContain('on and on')
  })

  test('--fault breaks what clients get, and --imitate behaves like a hop', async () => {
    await using server = await answering()
    const running = xray([...at(server.address.port), '--fault', 'drop=event:1', '--imitate', 'kaspersky'])
    await running.says(/^On purpose, on the way back: kaspersky,drop=event:1$/m)
    expect(await askThrough(running)).toBe('data: [DONE]\n\n')
    running.stop()
    await running.ended
  })

  test.each([
    ['no target', [], /target is missing/],
    ['two of them', ['a', 'b'], /one target only/],
    ['a target that is none', ['ftp://a'], /the target is a URL/],
    ['credentials in it', ['http://a:b@c'], /credentials/],
    ['a query in it', ['http://a/?b'], /query/],
    ['an address that others can reach', ['a', '--host', '0.0.0.0'], /--i-know/],
    ['no port', ['a', '--port', 'x'], /--port is a number/],
    ['no view', ['a', '--view', 'x'], /--view is one of tty, plain, json, web, none/],
    ['no size', ['a', '--max-mem', 'much'], /--max-mem is a number of bytes such as 64M/],
    ['no fault', ['a', '--fault', 'dealy=1s'], /delay/],
    ['no imitation', ['a', '--imitate', 'ngnix-stock'], /nginx-stock/],
    ['no certificates', ['a', '--ca', '/nowhere'], /--ca: ENOENT/],
    ['an option that there is not', ['a', '--speed', '1'], /^there is no option --speed\n/],
    ['an option that is mistyped', ['a', '--prot', '1'], /^there is no option --prot; did you mean --port\?\n/],
    [
      'a value that looks like an option',
      ['replay', 'a', '--speed', '-1'],
      /^Option '--speed' argument is ambiguous\. Did/,
    ],
    ['nothing to explain', ['explain'], /file is missing/],
    ['nothing to export', ['export', '--md'], /file is missing/],
    ['no format', ['export', 'a'], /one of --pcap, --har, --md, --fixture/],
    ['no side', ['replay', '--as', 'x', 'a'], /server, client/],
  ])('%s is wrong usage, and it is said how it is written', async (_what, argv, message) => {
    const { code, stderr, stdout } = await xrayed(argv)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/^[^\n]+\n\nUsage: xray [\s\S]*\nxray (?:\w+ )?--help says more\.\n$/)
    expect(stdout).toBe('')
  })

  test('a port that is taken, a recording that is there already, and files that are not, are said in a sentence', async () => {
    await using taken = await listen(() => {})
    const path = join(folder, 'there')
    await writeFile(path, 'not a recording')
    const empty = join(folder, 'empty')
    await writeFile(empty, '')
    const failures = await Promise.all([
      xrayed(['a', '--port', `${taken.address.port}`]),
      xrayed(['a', '--port', '0', '--record', path]),
      xrayed(['explain', join(folder, 'nowhere')]),
      xrayed(['replay', path]),
      xrayed(['export', '--har', path]),
      xrayed(['export', '--har', join(folder, 'nowhere')]),
      xrayed(['explain', empty]),
      xrayed(['export', '--md', '--out', path, CADDY]),
    ])
    expect(failures.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
    for (const { stderr } of failures) expect(stderr).toMatch(/^[^\n]+\n$/)
    expect(failures[0]?.stderr).toContain('0 takes any that is free')
    expect(failures[1]?.stderr).toContain('nothing is written over')
    expect(failures[6]?.stderr).toContain('there is not a byte in ')
    expect(failures[7]?.stderr).toContain('nothing is written over')
  })

  test('of a large recording it says that it is being read, and still what could not be', async () => {
    const path = join(folder, 'large.xray.jsonl')
    const [head = ''] = (await readFile(CADDY, 'utf8')).split('\n', 1)
    await writeFile(path, `${head}\n${' '.repeat(16 * 1024 * 1024)}\n`)
    const { stderr } = await xrayed(['export', '--md', path])
    expect(stderr).toMatch(/^Reading large\.xray\.jsonl, 16 MiB…\n/)
  })

  test.each([[[]], [['explain']], [['replay']], [['export']]])(
    '%j --help explains it, and what its exit codes mean',
    async (verb) => {
      const { code, stdout } = await xrayed([...verb, '--help'])
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^Usage: xray[\s\S]*Exit code: 0/)])
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(125)
    },
  )

  test.each(['proxy', 'probe', 'check', 'sandwich', 'explain', 'diff', 'replay', 'export', 'web', 'quiz'] as const)(
    'the help of %s fits into a terminal of 60 columns, and says the same there',
    (verb) => {
      const [whole, narrow] = [helpFor(verb, undefined), helpFor(verb, 60)]
      for (const line of narrow.split('\n')) expect(line.length).toBeLessThanOrEqual(60)
      const words = (text: string) => text.split(/\s+/)
      expect(words(narrow)).toEqual(words(whole))
      expect(narrow).toMatch(/\n\nExit code: |quiz\nExit code: /)
    },
  )
})

describe('explain', () => {
  const raw = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n'

  test('draws bytes as they were on the wire, and finds what is wrong with them', async () => {
    expect(await xrayed(['explain', '-'], { input: raw })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('CHUNKED_BAD_DELIMITER'),
    })
    expect(await xrayed(['explain', '-', '--fail-on', 'error'], { input: raw })).toMatchObject({ code: 1 })
    expect(await xrayed(['explain', '-', '--fail-on', 'error'], { input: raw.replace('!', '') })).toMatchObject({
      code: 0,
    })
  })

  test('reads a recording that was cut, and says so', async () => {
    const head = '{"xray":1,"wall":"","clock":"ms","target":"http://a","redacted":[]}\n'
    const lines = `${head}{"t":1,"c":1,"k":"up","s":"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"}\n{"t":2,"c":1,"k":"do`
    const { stdout, stderr, code } = await xrayed(['explain', '-', '--fail-on', 'error'], { input: lines })
    expect(stdout).toContain('GET /')
    expect(stderr).toMatch(/cut/)
    expect(code).toBe(1)
  })

  test('goes on behind a line that is broken, says which one it is, and blames nobody for what was in it', async () => {
    const path = new URL('../../recordings/caddy.xray.jsonl', import.meta.url)
    const lines = (await readFile(path, 'utf8')).split('\n')
    const broken = lines.toSpliced(5, 1, (lines[5] as string).slice(0, 40)).join('\n')
    const { stdout, stderr, code } = await xrayed(['explain', '-', '--fail-on', 'error'], { input: broken })
    expect(stderr).toContain('line 6 (not JSON)')
    expect(stdout.match(/^[✗!·] [A-Z_0-9]+/gm)).toEqual(['· HOP_FINGERPRINT', '· CANNOT_TELL'])
    expect(code).toBe(1)
  })
})

describe('words', () => {
  test.each([
    ['8089', 'http://127.0.0.1:8089/'],
    ['localhost:8089', 'http://localhost:8089/'],
    ['api.openai.com', 'http://api.openai.com/'],
    ['https://openrouter.ai/api/v1', 'https://openrouter.ai/api/v1'],
    ['[::1]:80', 'http://[::1]/'],
  ])('%s is the target %s', (word, url) => {
    expect(targetIn(word).href).toBe(url)
  })

  test('a known service has its own variable, with the path that was given, and a stranger has all', () => {
    expect(baseUrls('http://x', new URL('https://api.openai.com'))).toEqual(['OPENAI_BASE_URL=http://x/v1'])
    expect(baseUrls('http://x', new URL('https://eu.api.openai.com/v2/'))).toEqual(['OPENAI_BASE_URL=http://x/v2'])
    expect(baseUrls('http://x', new URL('https://api.anthropic.com'))).toEqual(['ANTHROPIC_BASE_URL=http://x'])
    expect(baseUrls('http://x', new URL('http://localhost:1'))).toHaveLength(4)
  })

  test.each([
    ['0', 0],
    ['512', 512],
    ['64M', 64 * 1024 ** 2],
    ['1.5k', 1536],
    ['2GiB', 2 * 1024 ** 3],
  ])('%s is a size of %d bytes', (word, size) => {
    expect(byteSize(word, '--x')).toBe(size)
  })

  test.each(['', '-1', '1T', 'M', '1 M'])('%j is no size', (word) => {
    expect(() => byteSize(word, '--x')).toThrow(UsageError)
  })
})
