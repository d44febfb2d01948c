import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { outcomes } from './transcripts/outcomes.ts'
import { type Decoded, decode, type Transcript, transcripts } from './transcripts.ts'
import { told } from './wire.ts'

const ids: Readonly<Record<string, readonly [string, string]>> = {
  openai: ['chatcmpl-1', 'gpt-5.4-mini'],
  anthropic: ['msg_1', 'claude-haiku-5-5'],
  'openai-responses': ['resp_1', 'gpt-5.4-mini'],
  gemini: ['r1', 'gemini-3-flash'],
  ollama: ['', 'qwen3'],
}

describe.each(transcripts.map((transcript) => [transcript.name, transcript] as const))(
  '%s',
  { timeout: 60_000 },
  (_, transcript) => {
    const whole = decode(transcript.provider, [transcript.body])

    test('comes to what an engineer would want to be told', () => {
      expect(shown(whole)).toEqual(expectedOf(transcript))
      expect(whole.answer.toolCalls).toMatchObject(transcript.expected.calls ?? [])
    })

    test('begins with a start, if there is anything to begin', () => {
      const { events } = whole
      const start = transcript.expected.start ?? ids[transcript.provider.name]
      const heard = events.filter((event) => event.kind === 'start')
      expect(heard.length).toBe(events.length > 0 ? 1 : 0)
      if (heard[0] && transcript.name !== 'openai/json-body') expect([heard[0].id, heard[0].model]).toEqual(start)
    })

    test('is the same at every cut in two and byte by byte', () => {
      const expected = told(whole)
      let cut = 0
      for (const reads of splitsOf(transcript.body)) {
        const found = told(decode(transcript.provider, reads))
        if (found !== expected) expect(found, `cut ${cut}`).toBe(expected)
        cut++
      }
    })

    test('is the same when every read is written over by the next one', () => {
      expect(told(decode(transcript.provider, reusing(transcript.body)))).toBe(told(whole))
    })

    test('is not complete when it is cut before its end, and no call is made up', () => {
      const { provider, body } = transcript
      const end = endOf(transcript)
      for (let size = 0; size < body.length; size++) {
        const cut = decode(provider, [body.subarray(0, size)])
        if (size < end && cut.complete) expect(cut.complete, `after ${size} bytes`).toBe(false)
        assertHonestCalls(cut, whole, size)
      }
    })
  },
)

// All of this is work without a pause: the next test waits until whoever else has something to do has done it.
afterEach(() => new Promise<void>((resolve) => setImmediate(resolve)))

test('every outcome that is expected has its transcript', () => {
  const expected = Object.entries(outcomes).flatMap(([family, all]) =>
    Object.keys(all).map((name) => `${family}/${name}`),
  )
  expect(transcripts.map(({ name }) => name).sort()).toEqual(expected.sort())
})

/** A body longer than this is not cut in two at every byte, which takes time with its square. */
const SHORT = 1500
const STRIDE = 97

/** Every cut in two, and byte by byte. Of a long body: at every byte, too, but many cuts at a time. */
function* splitsOf(body: Uint8Array): Generator<Uint8Array[]> {
  if (body.length <= SHORT) return yield* everySplit(body)
  for (let first = 1; first <= STRIDE; first++) {
    const reads = [body.subarray(0, first)]
    for (let at = first; at < body.length; at += STRIDE) reads.push(body.subarray(at, at + STRIDE))
    yield reads
  }
  yield Array.from(body, (_, at) => body.subarray(at, at + 1))
}

/** Reads that are views of one small buffer, valid until the next: whoever keeps one without a copy reads something else. */
function* reusing(body: Uint8Array): Generator<Uint8Array> {
  const buffer = new Uint8Array(7)
  for (let at = 0; at < body.length; at += buffer.length) {
    const part = body.subarray(at, at + buffer.length)
    buffer.set(part)
    yield buffer.subarray(0, part.length)
  }
}

/** The outcome in the words of `Expected`. */
function shown({ error, answer }: Decoded): unknown {
  const second = answer.choices[1]
  return {
    error: error?.code,
    retryable: error?.retryable || undefined,
    text: answer.text,
    reasoning: answer.reasoning,
    refusal: answer.refusal,
    calls: answer.toolCalls.length,
    citations: answer.citations.length,
    stop: answer.rawStopReason === undefined ? undefined : [answer.stopReason, answer.rawStopReason],
    usage: answer.usage,
    turn: answer.turn?.provider,
    second: second && [second.text, second.stopReason],
  }
}

function expectedOf({ expected }: Transcript): unknown {
  const { error, retryable, text = '', reasoning = '', refusal = '', calls = [], citations = 0 } = expected
  const { stop, usage, turn, second } = expected
  return { error, retryable, text, reasoning, refusal, calls: calls.length, citations, stop, usage, turn, second }
}

/** What says that an answer is done, in each format: the last of it has to have come. */
const marks: Readonly<Record<string, RegExp>> = {
  openai: /"finish_reason": ?"[a-z_]+"/g,
  anthropic: /"type":"message_stop"|"stop_reason":"tool_use","usage"/g,
  'openai-responses': /"type":"response\.(?:completed|incomplete)"|"status":"completed","error"/g,
  gemini: /"finishReason":"[A-Z_]+"/g,
  ollama: /"done":true/g,
}

/** The number of bytes without which the answer cannot be complete. */
function endOf({ provider, body, expected }: Transcript): number {
  if (expected.error !== undefined) return body.length
  const text = Buffer.from(body).toString('latin1')
  if (expected.end !== undefined) return text.indexOf(expected.end) + expected.end.length
  const matches = [...text.matchAll(marks[provider.name] as RegExp)]
  const last = matches.at(-1)
  if (!last) throw new Error('a transcript without an end')
  return last.index + last[0].length
}

/** A call of a cut answer is either the call, or nothing that anybody could run. */
function assertHonestCalls(cut: Decoded, whole: Decoded, size: number): void {
  for (const [at, call] of cut.answer.toolCalls.entries()) {
    const meant = whole.answer.toolCalls[at]
    const honest = call.complete
      ? meant?.complete && JSON.stringify(call.args) === JSON.stringify(meant.args)
      : call.args === null
    if (!honest) expect(call, `after ${size} bytes`).toEqual(meant)
  }
}
