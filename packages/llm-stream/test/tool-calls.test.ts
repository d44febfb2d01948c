import { anthropic, openai } from '@sse-from-scratch/llm-stream'
import { describe, expect, test, vi } from 'vitest'
import { dataOnly, named, outcomeAtEveryCut, outcomeOf } from './wire.ts'

const provider = openai({ baseUrl: 'http://localhost:1234/v1' })
const calls = (...tool_calls: readonly unknown[]) => ({
  id: 'c',
  model: 'm',
  choices: [{ index: 0, delta: { tool_calls } }],
})
const end = { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] }
const fn = (name: string | undefined, args: unknown) => ({ ...(name !== undefined && { name }), arguments: args })
/** An empty id is what the server gave: the outcome has one of ours. */
const call = (id: string, name: string, args: unknown) => ({ id, name, args, complete: true })

const twoCalls = [call('a', 'read', { path: 'a' }), call('b', 'read', { path: 'b' })]
const transcripts: readonly (readonly [string, readonly unknown[], readonly ReturnType<typeof call>[]])[] = [
  [
    'OpenAI: index, then only arguments, interleaved',
    [
      calls({ index: 0, id: 'a', type: 'function', function: fn('read', '') }),
      calls({ index: 1, id: 'b', type: 'function', function: fn('read', '') }),
      calls({ index: 0, function: fn(undefined, '{"path":') }, { index: 1, function: fn(undefined, '{"path":"b"}') }),
      calls({ index: 0, function: fn(undefined, '"a"}') }),
    ],
    twoCalls,
  ],
  [
    'Ollama: the same index for both',
    [
      calls({ index: 0, id: 'a', function: fn('read', '{"path":"a"}') }),
      calls({ index: 0, id: 'b', function: fn('read', '{"path":"b"}') }),
    ],
    twoCalls,
  ],
  [
    'the same index for both, and no id',
    [
      calls({ index: 0, function: fn('read', '{"path":"a"}') }),
      calls({ index: 0, function: fn('read', '{"path":"b"}') }),
    ],
    [call('', 'read', { path: 'a' }), call('', 'read', { path: 'b' })],
  ],
  [
    'Gemini: no index, whole arguments, empty ids, one event',
    [calls({ id: '', function: fn('read', '{"path":"a"}') }, { id: '', function: fn('read', '{"path":"b"}') })],
    [call('', 'read', { path: 'a' }), call('', 'read', { path: 'b' })],
  ],
  [
    'no index, no arguments yet, one event',
    [calls({ id: '', function: fn('now', '') }, { id: '', function: fn('today', '') })],
    [call('', 'now', {}), call('', 'today', {})],
  ],
  [
    'no index: deltas go on with the last call',
    [
      calls({ id: 'a', function: fn('read', '{"path"') }),
      calls({ function: fn(undefined, ':"a"}') }),
      calls({ id: 'b', function: fn('read', '{"path":') }),
      calls({ function: fn(undefined, '"b"}') }),
    ],
    twoCalls,
  ],
  [
    'id and name repeated with every delta',
    [
      calls({ index: 0, id: 'a', function: fn('read', '{"a":"}') }),
      calls({ index: 0, id: 'a', function: fn('read', '"}') }),
    ],
    [call('a', 'read', { a: '}' })],
  ],
  [
    'the name repeated without an id, over a string that looks finished',
    [
      calls({ index: 0, function: fn('read', '{"a":"{}') }),
      calls({ index: 0, function: fn('read', '"}') }),
      calls({ index: 0, function: fn('read', '') }),
    ],
    [call('', 'read', { a: '{}' })],
  ],
  [
    'id and name that come late',
    [
      calls({ index: 0, function: fn(undefined, '{"path":') }),
      calls({ index: 0, id: 'a', function: fn('read', '"a"}') }),
    ],
    [call('a', 'read', { path: 'a' })],
  ],
  [
    'LM Studio: numeric ids',
    [calls({ index: 0, id: 17, function: fn('read', '{"path":"a"}') })],
    [call('17', 'read', { path: 'a' })],
  ],
  [
    'arguments that are an object already',
    [calls({ index: 0, id: 'a', function: fn('read', { path: 'a' }) })],
    [call('a', 'read', { path: 'a' })],
  ],
  [
    'an id that comes late and without its index, and later again with it',
    [
      calls({ index: 0, function: fn('read', '{"path"') }),
      calls({ id: 'a', function: fn(undefined, ':') }),
      calls({ index: 0, id: 'a', function: fn(undefined, '"a"}') }),
      calls({ index: 1, id: 'b', function: fn('read', '{"path":"b"}') }),
    ],
    twoCalls,
  ],
  [
    'the same index for both, no id, and blanks behind the first',
    [
      calls({ index: 0, function: fn('read', '{"path":"a"}') }),
      calls({ index: 0, function: fn(undefined, '\n') }),
      calls({ index: 0, function: fn('read', '{"path":"b"}') }),
    ],
    [call('', 'read', { path: 'a' }), call('', 'read', { path: 'b' })],
  ],
  [
    'the name repeated without an id, in the middle of a nested object and behind an escaped quote',
    [
      calls({ index: 0, function: fn('read', '{"a":{"b":[1]}') }),
      calls({ index: 0, function: fn('read', ',"c":"\\"}') }),
      calls({ index: 0, function: fn('read', '"}') }),
    ],
    [call('', 'read', { a: { b: [1] }, c: '"}' })],
  ],
  [
    'function_call, before there were several',
    [
      { id: 'c', choices: [{ index: 0, delta: { function_call: { name: 'read', arguments: '{"path":' } } }] },
      { id: 'c', choices: [{ index: 0, delta: { function_call: { arguments: '"a"}' } } }] },
    ],
    [call('', 'read', { path: 'a' })],
  ],
]

test.each(transcripts)('calls are told apart: %s', async (_, events, expected) => {
  const outcome = await outcomeAtEveryCut(provider, dataOnly(...events, end, '[DONE]'))
  expect(outcome.toolCalls.map(({ arguments: _text, ...rest }) => rest)).toEqual(
    expected.map((one, at) => ({ ...one, id: one.id || `call-0-${at}` })),
  )
})

describe('a call that was cut', () => {
  const cut = (args: string, ...rest: readonly unknown[]) =>
    outcomeOf(provider, dataOnly(calls({ index: 0, id: 'a', function: fn('write', args) }), ...rest))

  test('is not complete, and is never repaired', async () => {
    const { toolCalls, complete } = await cut('{"path":"/etc/x","content":"abc')
    expect(complete).toBe(false)
    expect(toolCalls).toEqual([
      { id: 'a', name: 'write', arguments: '{"path":"/etc/x","content":"abc', args: null, complete: false },
    ])
  })

  test('by the token limit is not complete although the answer is', async () => {
    const outcome = await cut('{"path":"a.t', { choices: [{ index: 0, delta: {}, finish_reason: 'length' }] }, '[DONE]')
    expect(outcome).toMatchObject({
      complete: true,
      stopReason: 'length',
      toolCalls: [{ args: null, complete: false }],
    })
  })

  test.each(['', '12', '"a"'])('after %j is not complete: more might have come', async (args) => {
    expect((await cut(args)).toolCalls).toMatchObject([{ args: null, complete: false }])
  })

  test('after its last brace is complete: nothing can follow', async () => {
    expect((await cut('{"a":1}')).toolCalls).toMatchObject([{ args: { a: 1 }, complete: true }])
  })
})

describe('what a server can make grow', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ index, id: `${index}`, function: fn('f', '{}') }))
  const blocks = (count: number) =>
    many(count).map(({ id }) => ({
      type: 'content_block_start',
      index: 0, // the same for all: another block is another call all the same
      content_block: { type: 'tool_use', id, name: 'f', input: {} },
    }))

  test('is tool calls up to 1024 in one choice, whatever the format', async () => {
    const openaiCalls = dataOnly(calls(...many(1024)), end, '[DONE]')
    const anthropicCalls = named(...blocks(1024), { type: 'message_stop' })
    expect((await outcomeOf(provider, openaiCalls)).toolCalls.length).toBe(1024)
    const { toolCalls } = await outcomeOf(anthropic(), anthropicCalls)
    expect(toolCalls.map(({ id }) => id)).toEqual(many(1024).map(({ id }) => id))
  })

  test('is not one tool call more', async () => {
    const tooMany = { complete: false, error: { code: 'LLM_PROTOCOL', message: expect.stringContaining('1024') } }
    expect(await outcomeOf(provider, dataOnly(calls(...many(1025)), end, '[DONE]'))).toMatchObject(tooMany)
    expect(await outcomeOf(anthropic(), named(...blocks(1025), { type: 'message_stop' }))).toMatchObject(tooMany)
  })

  test('is choices up to 1024, and not one more', async () => {
    const choices = (count: number) =>
      dataOnly({
        choices: Array.from({ length: count }, (_, index) => ({
          index,
          delta: { content: 'x' },
          finish_reason: 'stop',
        })),
      })
    expect((await outcomeOf(provider, choices(1024))).choices.length).toBe(1024)
    expect(await outcomeOf(provider, choices(1025))).toMatchObject({
      complete: false,
      error: { code: 'LLM_PROTOCOL', message: expect.stringContaining('1024') },
    })
  })

  test('is no work per delta: every piece of the arguments is looked at once', async () => {
    const parse = vi.spyOn(JSON, 'parse')
    const begin = calls({ index: 0, function: fn('read', '{"a":"') })
    const again = calls({ index: 0, function: fn('read', '}') })
    const wire = dataOnly(begin, ...Array.from({ length: 1000 }, () => again), end)
    await outcomeOf(provider, wire)
    const parsed = parse.mock.calls.reduce((sum, [text]) => sum + text.length, 0)
    parse.mockRestore()
    expect(parsed).toBeLessThan(2 * wire.length)
  })
})
