import { once } from 'node:events'
import { PassThrough, type Readable } from 'node:stream'
import { serve } from '@sse-from-scratch/chunked'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { run } from '../src/cli/run.ts'
import { MAX_WAITING } from '../src/cli/typed-lines.ts'
import { bytes, dataOnly } from './wire.ts'

const token = (content: string) => bytes(dataOnly({ choices: [{ index: 0, delta: { content } }] }))
const end = bytes(dataOnly({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }, '[DONE]'))
const CTRL_C = '\u0003'
const CTRL_D = '\u0004'

/** What has been printed, without the sequences by which readline moves the cursor. */
interface Screen {
  readonly text: string
  /** With them. */
  readonly raw: string
  /** Resolves once this has been printed, in its place. */
  shows(text: string): Promise<void>
}

function watch(output: Readable): Screen {
  let all = ''
  output.on('data', (part) => {
    all += part
  })
  const screen = {
    get raw() {
      return all
    },
    get text() {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      return all.replace(/\x1b\[\d*[A-Z]/g, '').replaceAll('\r', '')
    },
    async shows(text: string) {
      while (!screen.text.includes(text)) await once(output, 'data')
    },
  }
  return screen
}

/** A server that says "Hel", and "lo" once it is let to; it keeps what it was asked last in each request. */
async function hesitant(): Promise<
  { readonly url: string; readonly asked: string[]; letGo(): void } & AsyncDisposable
> {
  const asked: string[] = []
  let letGo: () => void = () => {}
  const server = await serve(async ({ body, signal }, respond) => {
    asked.push(JSON.parse(await body.text()).messages.at(-1).content)
    const allowed = new Promise<void>((resolve) => {
      letGo = resolve
      signal.addEventListener('abort', () => resolve())
    })
    const answer = await respond(200, { 'Content-Type': 'text/event-stream' })
    await answer.write(token('Hel'))
    await allowed
    await answer.write(token('lo'))
    await answer.write(end)
    await answer.end()
  })
  return {
    url: `http://127.0.0.1:${server.address.port}/v1`,
    asked,
    letGo: () => letGo(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

function talk(url: string, isTTY = true) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true })
  const stdout = Object.assign(new PassThrough(), { isTTY })
  const stderr = new PassThrough()
  const env = { LLM_BASE_URL: url, LLM_MODEL: 'm', NO_COLOR: '1' }
  return {
    stdout: watch(stdout),
    stderr: watch(stderr),
    type: (text: string) => stdin.write(text),
    exitCode: run([], env, { stdin, stdout, stderr, onInterrupt: () => () => {} }),
  }
}

afterEach(() => vi.unstubAllEnvs())

describe.each(['xterm', 'dumb'])('on the terminal %s a line typed during an answer', (terminal) => {
  beforeEach(() => vi.stubEnv('TERM', terminal))

  test('is not shown in it, and is asked next; half a line waits at the prompt', async () => {
    await using server = await hesitant()
    const { stdout, stderr, type, exitCode } = talk(server.url)
    await stdout.shows('> ')
    type('first\r')
    await stdout.shows('Hel')
    type('second\rthi')
    server.letGo()
    await stdout.shows('> second\nHel')
    server.letGo()
    await stdout.shows('> thi')
    if (terminal !== 'dumb') expect(stdout.raw).toContain('> thi\u001b[6G') // the cursor is behind it
    type('rd\r')
    await stdout.shows('> third\nHel')
    server.letGo()
    await stdout.shows('third\nHello\n> ')
    type(CTRL_D)
    expect(await exitCode).toBe(0)
    expect(server.asked).toEqual(['first', 'second', 'third'])
    expect(stdout.text).toContain('Hello\n> second\nHello\n')
    expect(stderr.text).toMatch(/Ctrl-C.*Ctrl-D/)
  })

  test('is one of 100 at most: the next one is dropped, and stderr says so', async () => {
    await using server = await hesitant()
    const { stdout, stderr, type, exitCode } = talk(server.url)
    type('first\r')
    await stdout.shows('Hel')
    type('again\r'.repeat(MAX_WAITING))
    type('one too many\r')
    await stderr.shows(`(${MAX_WAITING} lines wait already: this one is dropped)`)
    type(CTRL_D)
    expect(await exitCode).toBe(0)
    expect(stderr.text.match(/dropped/g)).toHaveLength(1)
  })
})

describe('Ctrl-C', () => {
  test('during an answer stops it, says so, and goes on with what waits', async () => {
    await using server = await hesitant()
    const { stdout, stderr, type, exitCode } = talk(server.url)
    type('first\r')
    await stdout.shows('Hel')
    type(`second\r${CTRL_C}`)
    await stderr.shows('(stopped)\n')
    await stdout.shows('> second\nHel')
    server.letGo()
    await stdout.shows('Hello\n> ')
    type(CTRL_C)
    expect(await exitCode).toBe(130)
    expect(server.asked).toEqual(['first', 'second'])
    expect(stderr.text.match(/stopped/g)).toHaveLength(1)
  })
})

test('Ctrl-D during an answer stops it and leaves', async () => {
  await using server = await hesitant()
  const { stdout, stderr, type, exitCode } = talk(server.url)
  type('first\r')
  await stdout.shows('Hel')
  type(CTRL_D)
  expect(await exitCode).toBe(0)
  expect(stderr.text).toMatch(/\(stopped\)\n$/)
})

test('answers that go to a file go there without the prompt', async () => {
  await using server = await hesitant()
  const { stdout, stderr, type, exitCode } = talk(server.url, false)
  type('first\r')
  await stdout.shows('Hel')
  server.letGo()
  await stdout.shows('Hello\n')
  await stderr.shows('> first\n> ')
  type(CTRL_D)
  expect(await exitCode).toBe(0)
  expect(stdout.text).toBe('Hello\n')
})

describe('a line that begins with a slash', () => {
  test('changes what is sent, and is not sent itself', async () => {
    const sent: { model: string; messages: { role: string; content: string }[] }[] = []
    await using server = await serve(async ({ body }, respond) => {
      sent.push(JSON.parse(await body.text()))
      const answer = await respond(200, { 'Content-Type': 'text/event-stream' })
      await answer.write(token('Hello'))
      await answer.write(end)
      await answer.end()
    })
    const { stdout, stderr, type, exitCode } = talk(`http://127.0.0.1:${server.address.port}/v1`)
    await stdout.shows('> ')
    type('/model other\r')
    await stderr.shows('(the model is other)\n')
    type('/system Be brief\r')
    await stderr.shows('(the model is told this from now on)\n')
    type('one\r')
    await stdout.shows('Hello\n> ')
    type('//two\r')
    await stdout.shows('//two\nHello\n> ')
    type('/clear\r')
    await stderr.shows('(nothing has been said)\n')
    type('three\r')
    await stdout.shows('three\nHello\n> ')
    type('/file /nowhere/at/all\r')
    await stderr.shows('(/nowhere/at/all cannot be read')
    type('/nonsense\r')
    await stderr.shows('(there is no /nonsense; there is:)\n  /model')
    type('/bye\r')
    expect(await exitCode).toBe(0)
    expect(sent.map(({ model, messages }) => [model, ...messages.map(({ content }) => content)])).toEqual([
      ['other', 'Be brief', 'one'],
      ['other', 'Be brief', 'one', 'Hello', '/two'],
      ['other', 'Be brief', 'three'],
    ])
  })
})

test('a second Ctrl-C during an answer ends the conversation', async () => {
  await using server = await hesitant()
  const { stdout, stderr, type, exitCode } = talk(server.url)
  type('first\r')
  await stdout.shows('Hel')
  type(`${CTRL_C}${CTRL_C}`)
  expect(await exitCode).toBe(130)
  expect(stderr.text).toMatch(/\(stopped\)\n$/)
})
