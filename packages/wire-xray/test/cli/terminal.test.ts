import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request, serve } from '@sse-from-scratch/chunked'
import type { OutgoingBody } from '@sse-from-scratch/http-raw'
import { parseRecording } from '@sse-from-scratch/llm-stream/recording'
import { describeWith, run, start } from '@sse-from-scratch/testkit'
import { expect, test } from 'vitest'

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
const PACKAGE = fileURLToPath(new URL('../..', import.meta.url))
const NODE = [process.execPath, '--import', 'tsx', '--conditions=@sse-from-scratch/source', CLI]

const bytes = (text: string) => new TextEncoder().encode(text)

/** A server whose answer goes on for as long as its test wants. */
async function speaking() {
  let answer: OutgoingBody | undefined
  const server = await serve(async ({ signal }, respond) => {
    answer = await respond(200, { 'Content-Type': 'text/event-stream' })
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  })
  return {
    port: server.address.port,
    say: (content: string) =>
      answer?.write(bytes(`data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`)),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

describeWith(['tmux'], 'in a terminal', ([tmux]) => {
  async function open(args: string, columns: number) {
    const socket = `xray-${columns}-${process.pid}`
    const control = async (...words: string[]) =>
      (await run(tmux?.path ?? 'tmux', ['-L', socket, '-f', '/dev/null', '-u', ...words])).stdout
    const shell = `cd ${PACKAGE}; ${NODE.join(' ')} ${args}; echo code $?; stty -a | grep -o '[- ]icanon'; cat`
    await control('new-session', '-d', '-x', `${columns}`, '-y', '24', '-e', 'NO_COLOR=', 'sh', '-c', shell)
    return {
      type: (...keys: string[]) => control('send-keys', ...keys),
      resize: (to: number) => control('resize-window', '-x', `${to}`, '-y', '24'),
      /** Looks until it is there; the test's own timeout is the end of that. */
      async shows(pattern: RegExp) {
        for (;;) {
          const seen = (await control('capture-pane', '-p')).split('\n').map((line) => line.trimEnd())
          const match = pattern.exec(seen.join('\n'))
          if (match) return { seen, match }
        }
      },
      [Symbol.asyncDispose]: async () => void (await control('kill-server')),
    }
  }

  test('rows grow, numbers stand under them, keys work, and the terminal is given back as it was', async () => {
    await using server = await speaking()
    await using window = await open(`localhost:${server.port} --port 0`, 80)
    const { match } = await window.shows(/xray listens at (\S+)[\s\S]*\[q\] quit/)
    await using response = await request(`${match[1]}/chat`)
    await server.say('Hello 世界')
    const { seen } = await window.shows(/1 event\n/)
    const rows = seen.join('\n')
    expect(rows).toMatch(/▼llm {3}choices\[0\]\.delta\.content = "Hello 世界"\s+\[\d+,\d+\)\n/)
    expect(rows).toMatch(/\n xray http:\/\/127\.0\.0\.1:\d+ → http:\/\/localhost:\d+ {2}1 connection\n/)
    expect(rows).toMatch(
      /\n #1 GET \/chat {2}200 OK {2}TTFB \d+(\.\d)? {2}TTFE \d+(\.\d)? {2}TTFT \d+(\.\d)? ms {2}1 event\n/,
    )
    await window.type('Space')
    await server.say('paused')
    await window.shows(/\[space\] go on \(4 lines\)/)
    await window.type('Space')
    await window.shows(/content = "paused"/)
    await window.resize(40)
    await window.shows(/\n \[q\] quit \[space\] pause \[l\] layer: all\n \[r\] record \[f\] fault \[h\] hex\n*$/)
    await window.type('q')
    await window.shows(/\ncode 0\n icanon\n*$/)
    expect(response.status).toBe(200)
  }, 120_000)
})

test('a disk that is full costs the recording, and not the traffic', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xray-full-'))
  const path = join(folder, 'a.xray.jsonl')
  await using server = await serve(async (_request, respond) => {
    await respond(200, {}, 'x'.repeat(100_000))
  })
  const command = `ulimit -f 8; exec ${NODE.join(' ')} 127.0.0.1:${server.address.port} --port 0 --view none --record ${path}`
  await using xray = await start('sh', ['-c', command], { cwd: PACKAGE, ready: /xray listens at (\S+)[\s\S]*OLLAMA/ })
  for (let n = 0; n < 3; n++) {
    await using response = await request(`${xray.match[1]}/`)
    expect(await response.body.text()).toHaveLength(100_000)
    while (n === 1 && !xray.output.includes('cannot')) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const { code, stderr } = await xray.stop()
  expect(stderr).not.toContain('Recorded in')
  expect([code, stderr.match(/cannot be written on \(EFBIG[^\n]*the traffic goes on\.\n/g)]).toEqual([
    0,
    [expect.anything()],
  ])
  expect(parseRecording(await readFile(path, 'utf8')).cut).toBe(true)
  await rm(folder, { recursive: true })
}, 120_000)
