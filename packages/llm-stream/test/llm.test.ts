import {
  anthropic,
  EMPTY_ANSWER,
  fold,
  type LlmEvent,
  type MockStep,
  openai,
  startMockServer,
  streamChat,
} from '@sse-from-scratch/llm-stream'
import { expect, test } from 'vitest'

const chat = { model: 'm', messages: [{ role: 'user', content: 'hi' }] } as const
const d = (x: unknown, event?: string): MockStep => ({
  send: { ...(event && { event }), data: typeof x === 'string' ? x : JSON.stringify(x) },
})
const scripts = {
  openai: [
    d({ id: 'c1', model: 'm', choices: [{ delta: { role: 'assistant' } }] }),
    d({ choices: [{ delta: { content: 'Hel' } }] }),
    { wait: 2 },
    d({ choices: [{ delta: { content: 'lo' } }] }),
    d({ choices: [{ delta: {}, finish_reason: 'stop' }] }),
    d({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 } }),
    d('[DONE]'),
  ] as MockStep[],
  anthropic: [
    d({ message: { id: 'c1', model: 'm', usage: { input_tokens: 3 } } }, 'message_start'),
    d({ index: 0, content_block: { type: 'text' } }, 'content_block_start'),
    d({ type: 'ping' }, 'ping'),
    d({ index: 0, delta: { type: 'text_delta', text: 'Hel' } }, 'content_block_delta'),
    d({ index: 0, delta: { type: 'text_delta', text: 'lo' } }, 'content_block_delta'),
    d({ index: 0 }, 'content_block_stop'),
    d({ delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } }, 'message_delta'),
    d({}, 'message_stop'),
  ] as MockStep[],
}
test.each([openai(), anthropic()])('$name folds to the same answer', async (provider) => {
  await using mock = await startMockServer(() => scripts[provider.name as 'openai'])
  const events: LlmEvent[] = []
  for await (const event of streamChat(provider, chat, { baseUrl: mock.url })) events.push(event)
  expect(events.reduce(fold, EMPTY_ANSWER)).toEqual({
    text: 'Hello',
    reasoning: '',
    toolCalls: [],
    inputTokens: 3,
    outputTokens: 2,
    stop: 'end',
  })
})
test('a cut answer is an error', async () => {
  await using mock = await startMockServer(() => [...scripts.openai.slice(0, 3), { wait: 5 }, { cut: true }])
  let text = ''
  const run = async () => {
    for await (const e of streamChat(openai(), chat, { baseUrl: mock.url })) if (e.kind === 'text') text += e.text
  }
  await expect(run()).rejects.toMatchObject({
    code: expect.stringMatching(/CHUNKED_INCOMPLETE|TCP_RESET|LLM_TRUNCATED/),
  })
  expect(text).toBe('Hel')
})
