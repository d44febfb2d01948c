import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { serve } from '@sse-from-scratch/chunked'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { printAnswer } from '../src/cli/answer.ts'
import { conclude } from '../src/cli/conclude.ts'
import { createScreen } from '../src/cli/screen.ts'
import { statusLine } from '../src/cli/status-line.ts'
import type { LlmEvent } from '../src/events.ts'
import { openai } from '../src/providers/openai.ts'
import { createLiveLine } from '../src/terminal/live-line.ts'
import { createRaceView } from '../src/terminal/race-view.ts'
import { screenOf } from './screen-of.ts'
import { dataOnly } from './wire.ts'

const ANSWER = dataOnly({ choices: [{ index: 0, delta: { content: 'Hello' }, finish_reason: 'stop' }] }, '[DONE]')
const text = (text: string): LlmEvent => ({ kind: 'text', choice: 0, text })

describe('a line under a text', () => {
  test('is always under it, once, also when the window scrolls', () => {
    const live = createLiveLine(() => 20)
    let sent = ''
    for (let i = 0; i < 8; i++) sent += live.frame(`line ${i}\n`, `status ${i}`)
    expect(screenOf(sent, 20, 5)).toEqual(['line 5', 'line 6', 'line 7', '', 'status 7'])
    expect(screenOf(sent + live.clear(), 20, 5)).toEqual(['line 5', 'line 6', 'line 7', '', ''])
  })

  test('leaves the cursor behind the text', () => {
    const live = createLiveLine(() => 20)
    const sent = live.frame('Hel', '3') + live.frame('lo', '5') + live.clear()
    expect(screenOf(sent, 20, 3)).toEqual(['Hello', '', ''])
  })

  test('is never wider than the window, whatever is in it', () => {
    const live = createLiveLine(() => 10)
    expect(screenOf(live.frame('a', '世'.repeat(20)), 10, 3)[1]).toBe('世'.repeat(4))
  })

  test('nothing is erased that was never there', () => {
    expect(createLiveLine(() => 20).clear()).toBe('')
  })
})

describe('answers side by side', () => {
  const race = (rows = 24) => createRaceView({ columns: 24, rows, names: ['left', 'right'] })

  test('are printed as they come, each in its half', () => {
    const view = race()
    let sent = view.frame(['a', 'b'])
    view.take(0, text('one two three four'))
    sent += view.frame(['a', 'b'])
    view.take(1, text('uno'))
    sent += view.frame(['a2', 'b2'])
    view.end(0)
    view.end(1)
    sent += view.frame(['done', 'done'])
    expect(screenOf(sent, 24, 6)).toEqual([
      'left       │ right',
      'one two    │ uno',
      'three four │',
      '           │',
      'done       │ done',
      '',
    ])
  })

  test('scroll out of the window whole, and are never written again there', () => {
    const view = race(5)
    const lines = Array.from({ length: 12 }, (_, i) => `line ${i}`)
    let sent = view.frame(['', ''])
    for (const line of lines) {
      view.take(0, text(`${line}\n`))
      sent += view.frame(['', ''])
    }
    for (const line of lines) {
      view.take(1, text(`${line}\n`))
      sent += view.frame(['', ''])
    }
    view.end(0)
    view.end(1)
    sent += view.frame(['', ''])
    const shown = screenOf(sent, 24, 5)
    expect(shown).toEqual([
      'line 9     │ line 9',
      'line 10    │ line 10',
      'line 11    │ line 11',
      '           │',
      '           │',
    ])
    expect(screenOf(sent, 24, 40).filter((line) => line.includes('line'))).toHaveLength(12)
  })

  test('cost nothing where nothing changes', () => {
    const view = race()
    view.take(0, text('one'))
    view.frame(['a', 'b'])
    expect(view.frame(['a', 'b']).length).toBeLessThan(12)
  })
})

describe('a screen', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  function terminal(isTTY: boolean) {
    const stdout = Object.assign(new PassThrough(), { isTTY, columns: 40 })
    const writes: string[] = []
    stdout.on('data', (part) => writes.push(String(part)))
    return { stdout, writes }
  }

  test('is written to thirty times a second at most, with everything that came', async () => {
    const { stdout, writes } = terminal(true)
    const screen = createScreen({ stdout })
    for (let i = 0; i < 1000; i++) {
      await screen.print('x')
      vi.advanceTimersByTime(1)
    }
    await screen.end()
    expect(writes.join('')).toBe('x'.repeat(1000))
    expect(writes.length).toBeLessThanOrEqual(32)
  })

  test('shows the first token at once', async () => {
    const { stdout, writes } = terminal(true)
    await createScreen({ stdout }).print('x')
    expect(writes).toEqual(['x'])
  })

  test('goes on counting while nothing comes, and takes the line away at the end', async () => {
    const { stdout, writes } = terminal(true)
    let now = 0
    const screen = createScreen({ stdout, status: () => `${now++}` })
    for (let i = 0; i < 5; i++) {
      vi.advanceTimersByTime(250)
      await Promise.resolve()
      await Promise.resolve()
    }
    expect(now).toBeGreaterThanOrEqual(5)
    await screen.print('done\n')
    await screen.end()
    expect(screenOf(writes.join(''), 40, 4)).toEqual(['done', '', '', ''])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that is no terminal gets each piece as it comes, and nothing else', async () => {
    const { stdout, writes } = terminal(false)
    const screen = createScreen({ stdout, status: () => 'never' })
    await screen.print('a')
    await screen.print('b')
    await screen.end()
    expect(writes).toEqual(['a', 'b'])
  })

  test('that has fallen behind holds up who prints', async () => {
    const stdout = Object.assign(new PassThrough({ highWaterMark: 4 }), { isTTY: true, columns: 40 })
    const screen = createScreen({ stdout })
    await screen.print('12345678')
    let printed = false
    const printing = screen.print('9').then(() => {
      printed = true
    })
    await Promise.resolve()
    expect(printed).toBe(false)
    const drained = once(stdout, 'drain')
    stdout.resume()
    await drained
    await printing
    expect(printed).toBe(true)
  })
})

test('the line of numbers says what there is to say', () => {
  const metrics = { total: 1234, bytes: 0, overheadBytes: 0 }
  expect(statusLine(metrics, 0)).toBe('waiting, 1.2 s')
  expect(statusLine({ ...metrics, firstToken: 99.6, burstFactor: 0.256, tokensPerSecond: 41.4 }, 12)).toBe(
    '12 tokens · first after 100 ms · 41 tokens/s · burst 26 % · 1.2 s',
  )
})

/** Node 26 gives what was written piece by piece, and those before it all at once. */
function allOf(stream: PassThrough): string {
  const pieces: Buffer[] = []
  for (let piece = stream.read(); piece !== null; piece = stream.read()) pieces.push(piece)
  return String(Buffer.concat(pieces))
}

test('a second attempt is announced where the numbers are, and both are in the summary', async () => {
  let asked = 0
  await using server = await serve(async (_request, respond) => {
    if (++asked === 1) await respond(503, { 'retry-after-ms': '600' }, '{}')
    else await respond(200, { 'Content-Type': 'text/event-stream' }, ANSWER)
  })
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80 })
  const stderr = Object.assign(new PassThrough(), { isTTY: true })
  const provider = openai({ baseUrl: `http://127.0.0.1:${server.address.port}/v1` })
  const chat = { model: 'm', messages: [{ role: 'user', content: 'hi' }] } as const
  const signal = new AbortController().signal
  const outcome = await printAnswer({ provider }, chat, { stdout, color: true, signal })
  const shown = allOf(stdout)
  expect(shown).toContain('LLM_OVERLOADED: attempt 2 in 0.6 s')
  expect(screenOf(shown, 80, 3)).toEqual(['Hello', '', ''])
  expect(conclude(outcome, stderr, false)).toBe(0)
  expect(allOf(stderr)).toMatch(/^\(.*, 2 attempts\)\n$/)
})
