import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { serve } from '@sse-from-scratch/chunked'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../src/cli/run.ts'
import { encodeRecordedRead, encodeRecordingHead } from '../src/recording.ts'
import { bytes, dataOnly } from './wire.ts'

const token = (content: string) => dataOnly({ id: 'c', model: 'm', choices: [{ index: 0, delta: { content } }] })
const end = (reason: string) => dataOnly({ choices: [{ index: 0, delta: {}, finish_reason: reason }] }, '[DONE]')

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verbs-'))
})
afterAll(() => rm(folder, { recursive: true }))

interface Result {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function cli(
  argv: readonly string[],
  { env = {}, input = '', onOutput = (_text: string, _stop: () => void) => {} } = {},
): Promise<Result> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  stdin.end(input)
  let stop = () => {}
  stdout.on('data', (part) => onOutput(String(part), stop))
  const said = Promise.all([text(stdout), text(stderr)])
  const code = await run(argv, env, {
    stdin,
    stdout,
    stderr,
    onInterrupt(interrupt) {
      stop = interrupt
      return () => {}
    },
  })
  stdout.end()
  stderr.end()
  const [out, err] = await said
  return { code, stdout: out, stderr: err }
}

/** A server that gives everybody the same answer, and keeps what it was asked. */
async function answering(body: string) {
  const asked: { messages: { role: string; content: string }[]; [name: string]: unknown }[] = []
  const server = await serve(async (request, respond) => {
    asked.push(JSON.parse(await request.body.text()))
    await respond(200, { 'Content-Type': 'text/event-stream' }, body)
  })
  return {
    asked,
    argv: ['--base-url', `http://127.0.0.1:${server.address.port}/v1`, '--model', 'm'],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

describe('chat', () => {
  test('sends a system prompt, limits and files along', async () => {
    await using server = await answering(token('Hello') + end('stop'))
    const path = join(folder, 'notes.txt')
    await writeFile(path, 'some notes\n')
    const flags = ['--system', 'Be brief', '--max-tokens', '7', '--temperature', '0.5', '--file', path]
    expect(await cli([...server.argv, ...flags, 'Read', 'this'], { input: 'piped' })).toMatchObject({ code: 0 })
    expect(server.asked[0]).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief' },
        { role: 'user', content: `Read this\n\n${path}:\n\nsome notes\n\npiped` },
      ],
      temperature: 0.5,
    })
    expect(JSON.stringify(server.asked[0])).toMatch(/"max\w*_tokens":7/)
  })

  test('with --json prints a line for each event, and one for the outcome', async () => {
    await using server = await answering(token('Hel') + token('lo\u009b31m\u202e') + end('stop'))
    const { code, stdout } = await cli([...server.argv, '--json', 'hi'])
    const lines = stdout.trimEnd().split('\n')
    expect(code).toBe(0)
    expect(lines.map((line) => JSON.parse(line).kind)).toEqual(['start', 'text', 'text', 'stop', 'outcome'])
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ text: 'lo\u009b31m\u202e' })
    expect(JSON.parse(lines[4] ?? '')).toMatchObject({ complete: true, text: 'Hello\u009b31m\u202e', attempts: 1 })
    expect(stdout).not.toMatch(/[\x7f-\x9f\u202e]/)
  })

  test('with --json says in the outcome why an answer is not whole', async () => {
    await using server = await answering(token('Hel'))
    const { code, stdout } = await cli([...server.argv, '--json', 'hi'])
    expect(code).toBe(3)
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      complete: false,
      error: { code: 'LLM_TRUNCATED' },
      text: 'Hel',
    })
  })

  test('with --think leaves the thoughts out of what is piped on', async () => {
    await using server = await answering(token('<thi') + token('nk>Hm.</think>\n\nYes.') + end('stop'))
    expect(await cli([...server.argv, '--think', 'hi'])).toMatchObject({ code: 0, stdout: 'Yes.\n' })
    expect(await cli([...server.argv, 'hi'])).toMatchObject({ stdout: '<think>Hm.</think>\n\nYes.\n' })
  })

  test('a content filter is exit code 4', async () => {
    await using server = await answering(token('Hel') + end('content_filter'))
    expect(await cli([...server.argv, 'hi'])).toMatchObject({ code: 4, stderr: '(cut by a content filter)\n' })
  })

  test('a verb is only the first word', async () => {
    await using server = await answering(token('Hello') + end('stop'))
    expect(await cli([...server.argv, 'compare'])).toMatchObject({ code: 0, stdout: 'Hello\n' })
    expect(await cli(['chat', ...server.argv, 'compare'])).toMatchObject({ code: 0, stdout: 'Hello\n' })
    expect(server.asked.map(({ messages }) => messages[0]?.content)).toEqual(['compare', 'compare'])
  })
})

test('a file that is no text is not sent: it would be another one', async () => {
  const path = join(folder, 'latin1.txt')
  await writeFile(path, Buffer.from('Gr\u00fc\u00dfe', 'latin1'))
  await using server = await answering(token('Hello') + end('stop'))
  const { code, stderr } = await cli([...server.argv, '--file', path, 'hi'])
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is not a text in UTF-8') })
  expect(server.asked).toEqual([])
})

describe('wrong usage is exit code 2, says what is wrong, and asks nobody', () => {
  test.each([
    [['--max-tokens', '0', 'hi'], '--max-tokens'],
    [['--max-tokens', '1.5', 'hi'], 'whole number'],
    [['--temperature', 'hot', 'hi'], '--temperature'],
    [['compare'], 'compare wants a prompt'],
    [['compare', '--providers', 'openai', 'hi'], 'two different names'],
    [['compare', '--providers', 'openai,acme', 'hi'], 'acme'],
    [['compare', '--real', 'hi'], 'OPENAI_API_KEY'],
    [['simulate', '--fault', 'cut=nowhere'], 'cut'],
    [['simulate', '--port', '70000'], '--port'],
    [['simulate', 'now'], '"now"'],
    [['replay'], 'one recording'],
    [['simulate', '--speed', '2'], '--speed is for --replay'],
    [['simulate', '--replay', 'x', '--seed', '2'], '--seed is for answers that are made up'],
    [['simulate', '--replay', 'x', '--fault', 'stall'], '--fault is for answers that are made up'],
  ])('%j', async (argv, named) => {
    const { code, stdout, stderr } = await cli(argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.split('\n')[0]).toContain(named)
    expect(stderr).toContain('Usage: llm-stream')
  })
})

describe('what cannot be done is exit code 1, and a sentence without any help', () => {
  test.each([
    [['replay', '/nowhere/at/all'], '/nowhere/at/all cannot be read'],
    [['simulate', '--port', '0', '--replay', '/nowhere/at/all'], '/nowhere/at/all cannot be read'],
    [['--file', process.execPath, 'hi'], process.execPath],
    [['--file', '/nowhere/at/all', 'hi'], '/nowhere/at/all cannot be read'],
    [['--record', '/nowhere/at/all', 'hi'], '/nowhere/at/all'],
  ])('%j', async (argv, named) => {
    const { code, stdout, stderr } = await cli(argv)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(named)
    expect(stderr.indexOf('\n')).toBe(stderr.length - 1)
  })
})

test.each(['chat', 'compare', 'simulate', 'replay'])('%s --help is its own help', async (verb) => {
  const { code, stdout, stderr } = await cli([verb, '--nonsense', '--help'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(verb === 'chat' ? /^Usage: llm-stream \[chat\]/ : new RegExp(`^Usage: llm-stream ${verb}`))
})

describe('a recording', () => {
  test('holds no key, is for its owner only, and is replayed as it came', async () => {
    await using server = await answering(token('Hello 世界') + end('stop'))
    const path = join(folder, 'answer.xray.jsonl')
    const env = { LLM_API_KEY: 'sk-very-secret' }
    const asked = await cli([...server.argv, '--record', path, 'hi'], { env })
    expect(asked).toEqual({ code: 0, stdout: 'Hello 世界\n', stderr: '' })
    expect(await readFile(path, 'utf8')).not.toContain('sk-very-secret')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await cli(['replay', '--speed', '0', path])).toEqual(asked)
    expect(server.asked).toHaveLength(1)
  })

  test('is not written over', async () => {
    const path = join(folder, 'there.xray.jsonl')
    await writeFile(path, 'mine')
    const { code, stderr } = await cli(['--record', path, 'hi'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is there already') })
    expect(await readFile(path, 'utf8')).toBe('mine')
  })

  const head = encodeRecordingHead({ startedAt: '2026-11-20T00:00:00.000Z', target: 'http://h', redacted: [] })
  const request = 'POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\n\r\n'
  const response = `HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n${token('Hello 🌍')}`

  async function recorded(name: string, ...entries: readonly Parameters<typeof encodeRecordedRead>[0][]) {
    const path = join(folder, name)
    await writeFile(path, head + entries.map(encodeRecordedRead).join(''))
    return path
  }

  const sent = { kind: 'bytes', at: 0, connection: 1, direction: 'up', bytes: bytes(request) } as const
  const came = (part: Uint8Array, at = 1) =>
    ({ kind: 'bytes', at, connection: 1, direction: 'down', bytes: part }) as const

  test('is replayed the same at every cut of its reads', async () => {
    const whole = bytes(response + end('stop'))
    for (let at = 1; at < whole.length; at += 7) {
      const path = await recorded('cut', sent, came(whole.subarray(0, at)), came(whole.subarray(at)), {
        kind: 'fin',
        at: 2,
        connection: 1,
        direction: 'down',
      })
      expect(await cli(['replay', '--speed', '0', path])).toEqual({ code: 0, stdout: 'Hello 🌍\n', stderr: '' })
    }
  })

  test.each([
    ['reset', { kind: 'reset', at: 2, connection: 1, direction: 'down' }, 'LLM_TRUNCATED', 3],
    ['fin', { kind: 'fin', at: 2, connection: 1, direction: 'down' }, 'LLM_TRUNCATED', 3],
    ['gap', { kind: 'gap', at: 2, connection: 1, direction: 'down', size: 5 }, 'LLM_BAD_RECORDING', 3],
    ['error', { kind: 'error', at: 2, connection: 1, code: 'TCP_TIMEOUT' }, 'LLM_TRUNCATED', 3],
  ] as const)('that ends in a %s is an answer that broke off', async (name, last, error, code) => {
    const path = await recorded(name, sent, came(bytes(response)), last)
    const replayed = await cli(['replay', '--speed', '0', path])
    expect(replayed).toMatchObject({ code, stdout: 'Hello 🌍\n', stderr: expect.stringContaining(error) })
  })

  test('that we left says so', async () => {
    const left = { kind: 'reset', at: 2, connection: 1, direction: 'up' } as const
    const path = await recorded('left', sent, came(bytes(response)), left)
    expect((await cli(['replay', '--speed', '0', path])).stderr).toContain('(who recorded this left here)')
  })

  test('keeps its pauses, and can be stopped in one', async () => {
    const path = await recorded('slow', sent, came(bytes(response)), came(bytes(end('stop')), 3_600_000))
    const onOutput = (_: string, stop: () => void) => stop()
    expect(await cli(['replay', path], { onOutput })).toEqual({
      code: 130,
      stdout: 'Hello 🌍\n',
      stderr: '(stopped)\n',
    })
  })

  test('of several answers has them by number', async () => {
    const second = { ...came(bytes(response.replace('Hello', 'Bye') + end('stop'))), connection: 2 }
    const path = await recorded('two', sent, came(bytes(response + end('stop'))), { ...sent, connection: 2 }, second)
    expect(await cli(['replay', '--speed', '0', path])).toMatchObject({ stdout: 'Bye 🌍\n' })
    expect(await cli(['replay', '--speed', '0', '--connection', '1', path])).toMatchObject({ stdout: 'Hello 🌍\n' })
    expect(await cli(['replay', '--connection', '3', path])).toMatchObject({ code: 2 })
  })

  test('of an unknown path needs its format named; a file that is none is refused', async () => {
    const odd = { ...sent, bytes: bytes('POST /api/llm HTTP/1.1\r\nHost: h\r\n\r\n') }
    const path = await recorded('odd', odd, came(bytes(response + end('stop'))))
    expect(await cli(['replay', path])).toMatchObject({ code: 2, stderr: expect.stringContaining('--provider') })
    expect(await cli(['replay', '--speed', '0', '--provider', 'openai', path])).toMatchObject({ code: 0 })
    await writeFile(path, '{}')
    expect(await cli(['replay', path])).toMatchObject({ code: 1, stderr: expect.stringContaining('LLM_BAD_RECORDING') })
  })
})

describe('compare', () => {
  test('shows both answers, both wires and what differs, from the bytes', async () => {
    const { code, stdout, stderr } = await cli([
      'compare',
      '--lines',
      '0',
      '--tokens-per-second',
      '2000',
      'What is a token?',
    ])
    expect(code).toBe(0)
    expect(stderr).toContain('simulator answers for both')
    const [answers = '', openai = '', anthropic = '', table = ''] = stdout.split(/^── .*$/m)
    expect(answers).toMatch(/^openai:\n\n.+\n\nanthropic:\n\n.+\n$/s)
    expect(openai).toMatch(/> POST \/v1\/chat\/completions HTTP\/1\.1\n.*< data: \[DONE\]/s)
    expect(anthropic).toMatch(/> POST \/v1\/messages HTTP\/1\.1\n.*< event: message_stop/s)
    expect(stdout).not.toContain('sk-not-a-real-key')
    for (const row of [
      /^asked +│ POST \/v1\/chat\/completions +│ POST \/v1\/messages$/m,
      /^the key is in +│ Authorization: \*{4} +│ x-api-key: \*{4}$/m,
      /^text is in +│ choices\[0\]\.delta\.content +│ delta\.text$/m,
      /^the stop reason is in +│ choices\[0\]\.finish_reason +│ delta\.stop_reason$/m,
      /^and says +│ stop +│ end_turn$/m,
      /^ends with +│ \[DONE\] +│ message_stop$/m,
      /^went +│ complete +│ complete$/m,
    ]) {
      expect(table).toMatch(row)
    }
    for (const line of table.trim().split('\n')) expect(line.length).toBeLessThan(100)
  }, 120_000)

  test('compares any two formats', async () => {
    const { code, stdout } = await cli(['compare', '--providers', 'gemini,ollama', '--tokens-per-second', '2000', 'Hi'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^text is in +│ candidates\[0\]\.content\.parts\[0\]\.text +│ message\.content$/m)
  }, 120_000)
})

describe('simulate', () => {
  test('listens until Ctrl-C, for every client, with the faults it was told', async () => {
    const answers: Promise<Result>[] = []
    const onOutput = (said: string, stop: () => void) => {
      const url = /http:\/\/[\d.:]+/.exec(said)?.[0] ?? ''
      const ask = ['--base-url', url, '--model', 'm', 'hi']
      answers.push(cli(ask), cli(['--provider', 'anthropic', ...ask]))
      void Promise.all(answers).then(stop)
    }
    const flags = ['--port', '0', '--tokens-per-second', '0', '--fault', 'cut=fin@5']
    const { code, stdout, stderr } = await cli(['simulate', ...flags], { onOutput })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^The simulator listens at http:/)
    for (const answer of await Promise.all(answers)) {
      expect(answer).toMatchObject({ code: 3, stderr: expect.stringContaining('LLM_TRUNCATED') })
    }
    expect(stderr).toMatch(/\/v1\/chat\/completions: \d+ tokens, not to the end/)
  })

  test('answers other clients from a recording, as it came', async () => {
    await using server = await answering(token('Hello 世界') + end('length'))
    const path = join(folder, 'for-others.xray.jsonl')
    const asked = await cli([...server.argv, '--record', path, 'hi'])
    const answers: Promise<Result>[] = []
    const onOutput = (said: string, stop: () => void) => {
      const url = /http:\/\/[\d.:]+/.exec(said)?.[0] ?? ''
      answers.push(cli(['--base-url', `${url}/v1`, '--model', 'm', 'another question']))
      void Promise.all(answers).then(stop)
    }
    const { code } = await cli(['simulate', '--port', '0', '--replay', path, '--speed', '0'], { onOutput })
    expect(code).toBe(0)
    expect(await Promise.all(answers)).toEqual([asked])
    expect(server.asked).toHaveLength(1)
  })

  test('says what to do when the port is taken', async () => {
    await using server = await serve(() => {})
    const { code, stderr } = await cli(['simulate', '--port', String(server.address.port)])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^port \d+ is taken by another program\. --port 0 takes any that is free\.\n$/)
  })
})
