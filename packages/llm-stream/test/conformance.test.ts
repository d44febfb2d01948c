import { everySplit } from '@sse-from-scratch/tcp-echo/testing'
import { describe, expect, test } from 'vitest'
import { outcomes } from './transcripts/outcomes.ts'
import { type Decoded, decode, type Transcript, transcripts } from './transcripts.ts'

const ids: Readonly<Record<string, readonly [string, string]>> = {
  openai: ['chatcmpl-1', 'gpt-5.4-mini'],
  anthropic: ['msg_1', 'claude-haiku-5-5'],
  'openai-responses': ['resp_1', 'gpt-5.4-mini'],
  gemini: ['r1', 'gemini-3-flash'],
  ollama: ['', 'qwen3'],
}

describe.each(transcripts.map((transcript) => [transcript.name, transcript] as const))('%s', (_, transcript) => {
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
    const { error, ...rest } = whole
    const expected = JSON.stringify([error?.code, error?.message, rest])
    let cut = 0
    for (const reads of everySplit(transcript.body)) {
      const { error: found, ...other } = decode(transcript.provider, reads)
      if (JSON.stringify([found?.code, found?.message, other]) !== expected) expect(other, `cut ${cut}`).toEqual(rest)
      if (found?.code !== error?.code) expect(found?.code, `cut ${cut}`).toBe(error?.code)
      cut++
    }
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
})

test('every outcome that is expected has its transcript', () => {
  const expected = Object.entries(outcomes).flatMap(([family, all]) =>
    Object.keys(all).map((name) => `${family}/${name}`),
  )
  expect(transcripts.map(({ name }) => name).sort()).toEqual(expected.sort())
})

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
