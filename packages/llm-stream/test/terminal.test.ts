import { fileURLToPath } from 'node:url'
import { serve } from '@sse-from-scratch/chunked'
import { describeWith, run } from '@sse-from-scratch/testkit'
import { expect, test } from 'vitest'
import { bytes, dataOnly } from './wire.ts'

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url))
const PACKAGE = fileURLToPath(new URL('..', import.meta.url))
const COMMAND = `${process.execPath} --import tsx --conditions=@sse-from-scratch/source ${CLI}`

const token = (content: string) => bytes(dataOnly({ choices: [{ index: 0, delta: { content } }] }))

/** A server that says what it is told to, and knows whether anybody is still there. */
async function speaking() {
  let say: (words: string) => void = () => {}
  let left: () => void = () => {}
  const hungUp = new Promise<void>((resolve) => {
    left = resolve
  })
  const server = await serve(async ({ signal }, respond) => {
    signal.addEventListener('abort', left)
    const body = await respond(200, { 'Content-Type': 'text/event-stream' })
    say = (words) => {
      for (const word of words.split(/(?<= )/)) void body.write(token(word)).catch(() => {})
    }
    await body.write(token('Once '))
    await hungUp
  })
  return {
    url: `http://127.0.0.1:${server.address.port}/v1`,
    say: (words: string) => say(words),
    hungUp,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

describeWith(['tmux'], 'in a terminal', ([tmux]) => {
  /** A window of its own server, in which a command runs. */
  async function open(name: string, command: string, env: Readonly<Record<string, string>>, columns = 80) {
    const socket = `${name}-${process.pid}`
    const control = async (...args: string[]) =>
      (await run(tmux?.path ?? 'tmux', ['-L', socket, '-f', '/dev/null', '-u', ...args])).stdout
    const variables = Object.entries({ TERM: 'screen-256color', NO_COLOR: '', ...env }).flatMap(([key, value]) => [
      '-e',
      `${key}=${value}`,
    ])
    const shell = `trap : INT; cd ${PACKAGE}; echo asked; ${command}; echo code $?; cat`
    await control('new-session', '-d', '-x', `${columns}`, '-y', '20', ...variables, 'sh', '-c', shell)
    const lines = async () => (await control('capture-pane', '-p', '-S', '-')).split('\n').map((line) => line.trimEnd())
    return {
      lines,
      type: (...keys: string[]) => control('send-keys', ...keys),
      resize: (to: number) => control('resize-window', '-x', `${to}`, '-y', '20'),
      /** Looks until it is there; the test's own timeout is the end of that. */
      async shows(pattern: RegExp) {
        for (;;) {
          const seen = await lines()
          if (pattern.test(seen.join('\n'))) return seen
        }
      },
      [Symbol.asyncDispose]: async () => void (await control('kill-server')),
    }
  }

  test('words are whole, a line with numbers is under them, Ctrl-C keeps what came and hangs up', async () => {
    await using server = await speaking()
    await using window = await open('chat', `${COMMAND} -m m hi`, { LLM_BASE_URL: server.url })
    await window.shows(/Once/)
    server.say(`upon a time there was a river, 世界 ${'that nobody had ever seen before, '.repeat(4)}and so `)
    const seen = await window.shows(/and so\n/)
    const at = seen.findIndex((line) => line.startsWith('Once'))
    expect(seen.slice(at, at + 3)).toEqual([
      'Once upon a time there was a river, 世界 that nobody had ever seen before, that',
      'nobody had ever seen before, that nobody had ever seen before, that nobody had',
      'ever seen before, and so',
    ])
    expect(seen[at + 3]).toMatch(/^\d+ tokens · first after \d+ ms · .*burst \d+ % · [\d.]+ s$/)
    await window.type('C-c')
    await server.hungUp
    const left = await window.shows(/code \d+/)
    expect(left.slice(at + 2).filter((line) => line !== '')).toEqual([
      'ever seen before, and so^C',
      '(stopped)',
      'code 130',
    ])
  }, 120_000)

  test('a window that gets narrower gets narrower lines, and still one line with numbers', async () => {
    await using server = await speaking()
    await using window = await open('resize', `${COMMAND} -m m hi`, { LLM_BASE_URL: server.url })
    await window.shows(/Once/)
    await window.resize(40)
    server.say(`${'upon a time there was a river '.repeat(4)}end `)
    const seen = await window.shows(/end\n/)
    expect(seen.filter((line) => line.includes('upon')).length).toBeGreaterThan(2)
    expect(seen.filter((line) => line.includes('tokens ·'))).toHaveLength(1)
    expect(seen.join(' ')).toContain(`Once ${'upon a time there was a river '.repeat(4)}end`)
  }, 120_000)

  test('NO_COLOR has no line with numbers, and no sequence of ours', async () => {
    await using server = await speaking()
    const command = `${COMMAND} -m m hi | cat -v`
    await using window = await open('plain', command, { LLM_BASE_URL: server.url, NO_COLOR: '1' })
    const seen = await window.shows(/Once/)
    expect(seen.filter((line) => line !== '')).toEqual(['asked', 'Once'])
  }, 120_000)

  test('the second Ctrl-C leaves at once, whatever is still to be done', async () => {
    await using server = await speaking()
    const command = `${COMMAND} compare --tokens-per-second 3 hi`
    await using window = await open('impatient', command, { LLM_BASE_URL: server.url })
    await window.shows(/waiting|tokens/)
    await window.type('C-c', 'C-c')
    await window.shows(/code 130/)
  }, 120_000)
})
