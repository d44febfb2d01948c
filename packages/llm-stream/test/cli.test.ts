import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, openSync } from 'node:fs'
import { PassThrough, type Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { serve } from '@sse-from-scratch/chunked'
import { type Connection, listen } from '@sse-from-scratch/tcp-echo'
import { describe, expect, test, vi } from 'vitest'
import { parseChatOptions } from '../src/cli/chat-options.ts'
import { MAX_PIPED, readPiped } from '../src/cli/piped.ts'
import { run } from '../src/cli/run.ts'
import { findTarget } from '../src/cli/target.ts'
import { bytes, dataOnly } from './wire.ts'

const token = (content: string) => dataOnly({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content } }] })
const end = (reason: string) => dataOnly({ choices: [{ index: 0, delta: {}, finish_reason: reason }] }, '[DONE]')

interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function chat(
  argv: readonly string[],
  env: Record<string, string> = {},
  input = '',
  onInterrupt = (_: () => void) => () => {},
): Promise<Result> {
  const stdin = new PassThrough()
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  stdin.end(input)
  const said = Promise.all([text(stdout), text(stderr)])
  const code = await run(argv, env, { stdin, stdout, stderr, onInterrupt })
  stdout.end()
  stderr.end()
  const [out, err] = await said
  return { code, stdout: out, stderr: err }
}

/** The command in a process of its own. */
function startCli(argv: readonly string[], stdio: StdioOptions, env: Record<string, string> = {}): ChildProcess {
  const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
  const node = ['--import', 'tsx', '--conditions=@sse-from-scratch/source']
  const clean = Object.entries(process.env).filter(([name]) => !/^(?:LLM|OPENAI|ANTHROPIC)_/.test(name))
  return spawn(process.execPath, [...node, cli, ...argv], { env: { ...Object.fromEntries(clean), ...env }, stdio })
}

/** A server that lists one model and gives everybody the same answer. */
async function answering(
  body: string,
  status = 200,
): Promise<{ readonly env: Record<string, string> } & AsyncDisposable> {
  const server = await serve(async (request, respond) => {
    if (request.method === 'GET') await respond(200, {}, '{"data":[{"id":"only-one"}]}')
    else await respond(status, { 'Content-Type': 'text/event-stream' }, body)
  })
  return {
    env: { LLM_BASE_URL: `http://127.0.0.1:${server.address.port}/v1`, LLM_API_KEY: 'sk-very-secret' },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

test('without a key or a server the simulator answers, and one line on stderr says so', async () => {
  for (const provider of ['openai', 'anthropic']) {
    const { code, stdout, stderr } = await chat(['--provider', provider, 'hello there'], { NO_COLOR: '1' })
    expect(code).toBe(0)
    expect(stdout.length).toBeGreaterThan(20)
    expect(stdout.endsWith('\n')).toBe(true)
    expect(stderr).toBe('No key and no base URL are set: the built-in simulator answers.\n')
  }
}, 120_000)

test('the answer goes to stdout as it is, and nothing else does', async () => {
  await using server = await answering(token('Hel') + token('lo') + end('stop'))
  expect(await chat(['hi'], server.env)).toEqual({ code: 0, stdout: 'Hello\n', stderr: '' })
})

test('what is piped in is the prompt', async () => {
  await using server = await answering(token('Hello') + end('stop'))
  expect(await chat([], server.env, 'a question\n')).toMatchObject({ code: 0, stdout: 'Hello\n' })
})

test('what is piped in comes after the prompt, behind a blank line', async () => {
  const asked: string[] = []
  await using server = await serve(async ({ body }, respond) => {
    asked.push(JSON.parse(await body.text()).messages[0].content)
    await respond(200, { 'Content-Type': 'text/event-stream' }, token('Hello') + end('stop'))
  })
  const argv = ['--base-url', `http://127.0.0.1:${server.address.port}/v1`, '--model', 'm', 'summarise', 'this']
  expect(await chat(argv, {}, '\nsome\ncontext\n')).toMatchObject({ code: 0, stdout: 'Hello\n' })
  expect(await chat(argv, {}, ' \n')).toMatchObject({ code: 0 })
  expect(asked).toEqual(['summarise this\n\nsome\ncontext', 'summarise this'])
})

test('of what is piped in 4 MiB are read; a byte more is an error that says so', async () => {
  await using server = await answering(token('Hello') + end('stop'))
  expect(await chat([], server.env, 'hello'.padEnd(MAX_PIPED))).toMatchObject({ code: 0, stdout: 'Hello\n' })
  const { code, stderr } = await chat(['hi'], server.env, 'hello'.padEnd(MAX_PIPED + 1))
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(`more than ${MAX_PIPED} bytes`) })
})

test('a pipe that stays open and silent is mentioned once, and does not outlive an abort', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const leaving = new AbortController()
    let mentioned = 0
    const piped = readPiped(new PassThrough(), leaving.signal, () => mentioned++)
    vi.advanceTimersByTime(10_000)
    expect(mentioned).toBe(1)
    leaving.abort()
    await expect(piped).rejects.toMatchObject({ name: 'AbortError' })
  } finally {
    vi.useRealTimers()
  }
})

test('a setting that changes nothing is mentioned on stderr', async () => {
  await using server = await answering(token('Hello') + end('stop'))
  const { code, stderr } = await chat(['hi'], { ...server.env, OPENAI_BASE_URL: 'http://h' })
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'OPENAI_BASE_URL is ignored: LLM_BASE_URL comes first.\n' })
})

test.each([
  [[], { LLM_MODEL: 'm' }, ['LLM_MODEL']],
  [['--provider', 'openai'], { LLM_MODEL: 'm', ANTHROPIC_API_KEY: 'a' }, ['LLM_MODEL']],
  [['--provider', 'anthropic'], { LLM_MODEL: 'm', OPENAI_BASE_URL: 'http://h' }, ['LLM_MODEL']],
  [['--model', 'mine'], { LLM_MODEL: 'm' }, []],
  [['--base-url', 'http://h', '--model', 'm'], { LLM_API_KEY: 'l', OPENAI_BASE_URL: 'http://h' }, []],
] as const)('%j with %j leaves without effect: %j', async (argv, env, names) => {
  await using target = await findTarget(parseChatOptions(argv), env, new AbortController().signal)
  expect(target.notes.map((note) => note.split(' ')[0])).toEqual(names)
})

test('an address that cannot work is named after where it was given', async () => {
  const { stderr } = await chat(['hi'], { LLM_BASE_URL: 'localhost:1234/v1' })
  expect(stderr).toMatch(/^the base URL \(LLM_BASE_URL\) .* as in http:\/\/localhost:1234\/v1\n/)
  expect((await chat(['--base-url', 'localhost:1234/v1', 'hi'])).stderr).toMatch(/^the base URL \(--base-url\)/)
})

test('an answer that is cut is kept, and the exit code is 3', async () => {
  await using server = await answering(token('Hel'))
  expect(await chat(['hi'], server.env)).toEqual({
    code: 3,
    stdout: 'Hel\n',
    stderr: 'LLM_TRUNCATED: the stream ended without saying that it was done\n',
  })
})

test('a key that is refused is an error that names the variable and not the key', async () => {
  await using server = await answering('{"error":{"message":"Incorrect API key: sk-very-secret"}}', 401)
  const { code, stderr } = await chat(['hi'], server.env)
  expect(code).toBe(1)
  expect(stderr).toContain('check LLM_API_KEY')
  expect(stderr).not.toContain('sk-very-secret')
})

test('a server that is not there is an error that says what to check', async () => {
  const listener = await listen(() => {})
  const url = `http://127.0.0.1:${listener.address.port}/v1`
  await listener[Symbol.asyncDispose]()
  expect(await chat(['--base-url', url, '--model', 'm', 'hi'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^LLM_CONNECT: cannot reach http:\/\/[\d.:]+ \(--base-url\): .*Is the server running/,
    ),
  })
})

test('escape sequences of the model do not reach the terminal, also when they are cut', async () => {
  await using server = await answering(token('a\u001b') + token(']52;c;') + token('x\u0007b') + end('stop'))
  expect((await chat(['hi'], server.env)).stdout).toBe('ab\n')
})

test('escape sequences of a complaint do not reach the terminal either', async () => {
  await using server = await answering('{"error":{"message":"no\\u001b]0;pwned\\u0007 way\\u202e"}}', 400)
  expect((await chat(['hi'], server.env)).stderr).toMatch(/^LLM_STATUS: .* 400: no way\n$/)
})

test('an answer cut by the token limit says so, and the exit code is 4', async () => {
  await using server = await answering(token('Hel') + end('length'))
  expect(await chat(['hi'], server.env)).toEqual({ code: 4, stdout: 'Hel\n', stderr: '(cut by the token limit)\n' })
})

describe('wrong usage is exit code 2, with the usage', () => {
  test.each([[['--nope']], [['--provider', 'acme', 'hi']], [['--base-url', 'localhost:1234', 'hi']], [[]]])(
    '%j',
    async (argv) => {
      const { code, stdout, stderr } = await chat(argv)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^.+\n\nUsage: llm-stream .*\nllm-stream chat --help says more\.\n$/)
    },
  )
})

test('help is an answer, not an error', async () => {
  expect(await chat(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage:'), stderr: '' })
})

test('Ctrl-C stops the answer, keeps what came and is exit code 130', async () => {
  let gone: () => void = () => {}
  const hungUp = new Promise<void>((resolve) => {
    gone = resolve
  })
  await using listener = await listen(async (connection: Connection) => {
    connection.signal.addEventListener('abort', () => gone())
    await connection.read()
    await connection.write(bytes(`HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n${token('Hel')}`))
    for await (const _ of connection);
  })
  const child = startCli(['--model', 'm', 'hi'], ['ignore', 'pipe', 'pipe'], {
    LLM_BASE_URL: `http://127.0.0.1:${listener.address.port}/v1`,
  })
  let stdout = ''
  let stderr = ''
  child.stderr?.on('data', (bytes) => {
    stderr += bytes
  })
  for await (const part of child.stdout ?? []) {
    stdout += part
    if (stdout === 'Hel') child.kill('SIGINT')
  }
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
  expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: 'Hel\n', stderr: '(stopped)\n' })
  await hungUp
}, 120_000)

test('a recording that cannot be made ends the command, and the simulator with it', async () => {
  const path = fileURLToPath(import.meta.url)
  const child = startCli(['--record', path, 'hi'], ['ignore', 'ignore', 'pipe'])
  const said = text(child.stderr as Readable)
  const [code] = await once(child, 'exit')
  expect({ code, stderr: await said }).toEqual({
    code: 1,
    stderr: `${path} is there already: nothing is written over\n`,
  })
}, 120_000)

describe('an answer that nobody can take', () => {
  const full = existsSync('/dev/full') ? openSync('/dev/full', 'w') : undefined

  test.skipIf(full === undefined)(
    'because the disk is full is an error, not a success',
    async () => {
      await using server = await answering(token('Hello') + end('stop'))
      const child = startCli(['hi'], ['ignore', full, 'pipe'], server.env)
      const said = text(child.stderr as Readable)
      const [code] = await once(child, 'exit')
      expect(code).toBe(1)
      expect(await said).toContain('ENOSPC')
    },
    30_000,
  )

  test('because its reader has seen enough is fine', async () => {
    await using server = await serve(async (_request, respond) => {
      const body = await respond(200, { 'Content-Type': 'text/event-stream' })
      for (;;) await body.write(bytes(token('Hello ')))
    })
    const child = startCli(['--model', 'm', 'hi'], ['ignore', 'pipe', 'pipe'], {
      LLM_BASE_URL: `http://127.0.0.1:${server.address.port}/v1`,
    })
    const said = text(child.stderr as Readable)
    child.stdout?.once('data', () => child.stdout?.destroy())
    const [code] = await once(child, 'exit')
    expect({ code, stderr: await said }).toEqual({ code: 0, stderr: '' })
  }, 120_000)
})
