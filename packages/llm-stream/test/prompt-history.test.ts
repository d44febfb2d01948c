import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, type Readable } from 'node:stream'
import { serve } from '@sse-from-scratch/chunked'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { historyPath, MAX_LINES, openHistory } from '../src/cli/prompt-history.ts'
import { run } from '../src/cli/run.ts'
import { dataOnly } from './wire.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'history-'))
})
afterAll(() => rm(folder, { recursive: true }))

let files = 0
const fresh = () => join(folder, String(++files), 'history')
const fail = (error: Error) => {
  throw error
}
const modeOf = async (path: string) => (await stat(path)).mode & 0o777

async function kept(path: string, env = {}): Promise<readonly string[]> {
  return (await openHistory(path, env, fail)).lines
}

test.each([
  [{ XDG_STATE_HOME: '/state', HOME: '/h/a' }, '/state/llm-stream/history'],
  [{ XDG_STATE_HOME: 'not/absolute', HOME: '/h/a' }, '/h/a/.local/state/llm-stream/history'],
  [{ HOME: '/h/a' }, '/h/a/.local/state/llm-stream/history'],
  [{}, undefined],
])('with %j the history is at %s', (env, path) => {
  expect(historyPath(env)).toBe(path)
})

describe('the history', () => {
  test('has what was typed before, newest first, and nobody else may read it', async () => {
    const path = fresh()
    const history = await openHistory(path, {}, fail)
    for (const line of ['first', 'second ', 'größer 🎉']) await history.add(line)
    expect(await kept(path)).toEqual(['größer 🎉', 'second', 'first'])
    expect([await modeOf(path), await modeOf(join(path, '..'))]).toEqual([0o600, 0o700])
  })

  test.each([
    ' begins with a blank',
    '',
    `my key is ${['sk', 'proj', 'abcdefghijklmnop0123'].join('-')}`,
    'curl -H "Authorization: Bearer abcdefgh12345"',
    `${'AIza'}SyA-1234567890abcdefghijk`,
    'here: hunter2hunter2, right?',
  ])('does not keep %j', async (line) => {
    const path = fresh()
    const history = await openHistory(path, { MY_API_KEY: 'hunter2hunter2', HOME: 'hello' }, fail)
    await history.add('hello')
    await history.add(line)
    expect(await readFile(path, 'utf8')).toBe('hello\n')
  })

  test('gives the terminal no commands that somebody else has written into it', async () => {
    const path = fresh()
    await openHistory(path, {}, fail).then((history) => history.add('x'))
    await writeFile(path, 'a\u001b]52;c;eA==\u0007b\n\n\u009b31mc\r\n')
    expect(await kept(path)).toEqual(['31mc', 'a]52;c;eA==b'])
  })

  test('is made private again when it was not', async () => {
    const path = join(folder, 'public')
    await writeFile(path, 'a\n', { mode: 0o644 })
    await kept(path)
    expect(await modeOf(path)).toBe(0o600)
  })

  test('keeps the newest lines when there are too many, and reads no more than its end', async () => {
    const path = join(folder, 'long')
    const lines = Array.from({ length: 2 * MAX_LINES + 1 }, (_, n) => `${n}`)
    await writeFile(path, `${'x'.repeat(1 << 21)}\n${lines.join('\n')}\n`)
    const newest = lines.slice(-MAX_LINES)
    expect(await kept(path)).toEqual(newest.toReversed())
    expect(await readFile(path, 'utf8')).toBe(`${newest.join('\n')}\n`)
    expect(await modeOf(path)).toBe(0o600)
  })

  test('that cannot be read or written is mentioned once, and nothing fails', async () => {
    const errors: string[] = []
    const history = await openHistory('/dev/null/history', {}, ({ message }) => errors.push(message))
    await history.add('a')
    await history.add('b')
    expect(history.lines).toEqual([])
    expect(errors).toHaveLength(1)
  })
})

describe('in a conversation', () => {
  const UP = '\u001b[A'
  const CTRL_D = '\u0004'
  const answer = dataOnly({ choices: [{ index: 0, delta: { content: 'Yes.' }, finish_reason: 'stop' }] }, '[DONE]')

  /** Asks each line in its turn, then leaves; resolves with what the server was asked. */
  async function converse(argv: readonly string[], typed: readonly string[], env: Record<string, string>) {
    const asked: string[] = []
    await using server = await serve(async ({ body }, respond) => {
      asked.push(JSON.parse(await body.text()).messages.at(-1).content)
      await respond(200, { 'Content-Type': 'text/event-stream' }, answer)
    })
    const stdin = Object.assign(new PassThrough(), { isTTY: true })
    const stdout = Object.assign(new PassThrough(), { isTTY: true })
    const all = { LLM_BASE_URL: `http://127.0.0.1:${server.address.port}/v1`, LLM_MODEL: 'm', NO_COLOR: '1', ...env }
    const terminal = { stdin, stdout, stderr: new PassThrough().resume(), onInterrupt: () => () => {} }
    const lines = typed.map((line) => `${line}\r`)
    let given = 0
    onPrompt(stdout, () => {
      if (asked.length === given) stdin.write(lines[given++] ?? CTRL_D) // else it is shown again while we type
    })
    expect(await run(argv, all, terminal)).toBe(0)
    return asked
  }

  function onPrompt(output: Readable, type: () => void): void {
    output.on('data', (part) => {
      if (String(part).includes('> ')) setImmediate(type) // a person does not type while it is being printed
    })
  }

  test('the line before is an arrow key away, also in the next one', async () => {
    const env = { XDG_STATE_HOME: join(folder, 'state') }
    expect(await converse([], ['hello', 'again'], env)).toEqual(['hello', 'again'])
    expect(await converse([], [UP, `${UP}${UP}`], env)).toEqual(['again', 'hello'])
    expect(await readFile(join(folder, 'state/llm-stream/history'), 'utf8')).toBe('hello\nagain\nagain\nhello\n')
  })

  test('--no-history reads none and keeps none', async () => {
    const env = { XDG_STATE_HOME: join(folder, 'none') }
    await converse([], ['hello'], env)
    expect(await converse(['--no-history'], [`${UP}other`], env)).toEqual(['other'])
    expect(await readFile(join(folder, 'none/llm-stream/history'), 'utf8')).toBe('hello\n')
  })
})
