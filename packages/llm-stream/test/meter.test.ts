import { expect, test } from 'vitest'
import type { LlmEvent } from '../src/events.ts'
import { createMeter, type Meter } from '../src/meter.ts'
import { createQuantiles } from '../src/quantiles.ts'
import { utf8Length } from '../src/utf8-length.ts'

const text = (text: string): LlmEvent => ({ kind: 'text', choice: 0, text })
const call: LlmEvent = { kind: 'tool-call', choice: 0, index: 0, name: 'ls', arguments: '{"a"' }
const usage = (outputTokens: number, reasoningTokens?: number) => ({
  inputTokens: 1,
  outputTokens,
  totalTokens: outputTokens + 1,
  ...(reasoningTokens !== undefined && { reasoningTokens }),
})

interface Stage {
  now: number
  readonly meter: Meter
  at(time: number, bytes: number, ...events: readonly LlmEvent[]): void
}

/** A meter on a clock that stands still until it is told what time it is. */
function metered(): Stage {
  const clock = { now: 1000 }
  const meter = createMeter(() => clock.now)
  return Object.assign(clock, {
    meter,
    at(time: number, bytes: number, ...events: readonly LlmEvent[]) {
      clock.now = 1000 + time
      meter.read(bytes)
      for (const event of events) meter.event(event)
    },
  })
}

test('an answer that never came has a duration, and nothing else', () => {
  const stage = metered()
  stage.now += 250
  expect(stage.meter.metrics(undefined)).toEqual({ total: 250, bytes: 0, overheadBytes: 0 })
  expect(stage.meter.begun).toBe(false)
})

test('times count from the request, and tokens have the time of the read that brought them', () => {
  const stage = metered()
  stage.now += 20
  stage.meter.connected()
  stage.at(100, 50, { kind: 'start', id: 'c', model: 'm' })
  stage.at(180, 50, text('Hel'))
  stage.now += 5 // somebody takes his time
  stage.at(200, 50, text('lo'), { kind: 'stop', choice: 0, reason: 'stop', raw: 'stop' })
  stage.now = 1000 + 300
  expect(stage.meter.metrics(undefined)).toMatchObject({
    connect: 20,
    firstByte: 100,
    firstToken: 180,
    total: 300,
    bytes: 150,
    tokensPerSecond: 50, // one gap of 20 ms
    burstFactor: 0,
  })
})

test('the bytes that are not the answer are its overhead, in UTF-8', () => {
  const stage = metered()
  stage.at(1, 100, text('é世🌍'), call)
  expect(stage.meter.metrics(undefined)).toMatchObject({ bytes: 100, overheadBytes: 100 - 9 - 4 })
})

test('a compressed answer may have fewer bytes than its text: then there is no overhead', () => {
  const stage = metered()
  stage.at(1, 10, text('a'.repeat(1000)))
  expect(stage.meter.metrics(undefined).overheadBytes).toBe(0)
})

test('the burst factor is the share of tokens that came in the read of an earlier one', () => {
  const stage = metered()
  stage.at(10, 1, text('a'), text('b'), text('c'))
  stage.at(20, 1, text('d'))
  expect(stage.meter.metrics(undefined).burstFactor).toBe(0.5)
})

test('tokens are counted as the provider counts them, without thoughts that nobody was shown', () => {
  const stage = metered()
  stage.at(0, 1, text('a'))
  stage.at(1000, 1, text('b'))
  expect(stage.meter.metrics(usage(11)).tokensPerSecond).toBe(10)
  expect(stage.meter.metrics(usage(511, 500)).tokensPerSecond).toBe(10)
  stage.at(2000, 1, { kind: 'reasoning', choice: 0, text: 'Hm' })
  expect(stage.meter.metrics(usage(511, 500)).tokensPerSecond).toBe(255)
})

test('an answer that came in one read has no speed', () => {
  const stage = metered()
  stage.at(10, 1, text('a'), text('b'))
  expect(stage.meter.metrics(usage(2))).not.toHaveProperty('tokensPerSecond')
})

test('gaps between tokens are measured within 5 %', () => {
  const stage = metered()
  for (let i = 0; i < 100; i++) stage.at(i * 20, 1, text('a'))
  stage.at(99 * 20 + 900, 1, text('a'))
  stage.at(99 * 20 + 1800, 1, text('a'))
  const { interTokenP50 = 0, interTokenP99 = 0 } = stage.meter.metrics(undefined)
  expect(Math.abs(interTokenP50 / 20 - 1)).toBeLessThan(0.05)
  expect(Math.abs(interTokenP99 / 900 - 1)).toBeLessThan(0.05)
})

test('a quantile of nothing is nothing, and gaps of nothing are 0', () => {
  const quantiles = createQuantiles()
  expect(quantiles.at(0.5)).toBeUndefined()
  quantiles.add(0)
  expect(quantiles.at(0.5)).toBe(0)
})

test.each(['', 'abc', 'é', '世界', '🌍', 'a🌍b', '\ud83d', '\ude00', '\ud83d\ud83d\ude00', '\u07ff\u0800'])(
  'the UTF-8 of %j is as long as an encoder makes it',
  (text) => {
    expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
  },
)
