import { expect, test, vi } from 'vitest'
import { Failure } from '../src/failure.ts'
import { mistake, within } from '../src/index.ts'

const forever = new Promise<never>(() => {})

test('what comes in time is passed on, a value or an error', async () => {
  expect(await within(10_000, Promise.resolve(1), 'a number')).toBe(1)
  await expect(within(10_000, Promise.reject(new Error('no')), 'a number')).rejects.toThrow('no')
})

test.each([
  ['nothing known', undefined, 'waited 2 s for the server to answer, in vain'],
  ['no bytes', () => new Uint8Array(0), 'waited 2 s for the server to answer, in vain: not one byte came'],
  ['some bytes', () => Buffer.from('HTTP/1.1 200 OK\r\n'), /: 17 bytes had come\n\n 0000 {2}48 54 54 50 /],
])('what does not come says what was waited for, and what had come: %s', async (_, arrived, words) => {
  vi.useFakeTimers()
  try {
    const late = within(2_000, forever, 'the server to answer', arrived).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(2_000)
    const error = await late
    expect(error).toBeInstanceOf(Failure)
    expect(error).toHaveProperty('message', typeof words === 'string' ? words : expect.stringMatching(words))
  } finally {
    vi.useRealTimers()
  }
})

test('a machine that stood still makes nothing late', async () => {
  let isLate = false
  const answer = new Promise<string>((resolve) => setImmediate(() => setImmediate(() => resolve('here'))))
  const waited = within(50, answer, 'the answer').catch(() => {
    isLate = true
  })
  const until = performance.now() + 200
  while (performance.now() < until); // longer than the patience, and nothing can happen meanwhile
  expect([await waited, isLate]).toEqual(['here', false])
})

test('a wait in vain names the mistake that the bytes tell of', async () => {
  vi.useFakeTimers()
  try {
    const silent = mistake('silent', 'You never write.', (bytes) => bytes.length === 0)
    const late = (arrived: string) =>
      within(1, forever, 'it', () => Buffer.from(arrived), [silent]).catch(({ message }: Error) => message)
    const messages = Promise.all([late(''), late('x')])
    await vi.advanceTimersByTimeAsync(1)
    expect((await messages)[0]).toMatch(/not one byte came\n\nWhy: You never write\. \[mistake:silent\]$/)
    expect((await messages)[1]).not.toContain('Why')
  } finally {
    vi.useRealTimers()
  }
})

test('what has come is named by its grammar, and so is what is missing in it', async () => {
  vi.useFakeTimers()
  try {
    const late = within(1, forever, 'the body to end', () => Buffer.from('5\r\nhello\r\n'), [], 'chunked').catch(
      ({ message }: Error) => message,
    )
    await vi.advanceTimersByTimeAsync(1)
    expect(await late).toMatch(/10 bytes had come\n\n.*chunk-size(.|\n)*CHUNKED_INCOMPLETE/)
  } finally {
    vi.useRealTimers()
  }
})
