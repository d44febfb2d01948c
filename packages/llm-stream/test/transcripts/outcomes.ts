import type { LlmErrorCode, StopReason, ToolCall, Usage } from '@sse-from-scratch/llm-stream'

/** What an engineer would want to be told about a transcript. Whatever is left out must be empty or absent. */
export interface Expected {
  readonly error?: LlmErrorCode
  readonly retryable?: true
  readonly text?: string
  readonly reasoning?: string
  readonly refusal?: string
  readonly calls?: readonly Partial<ToolCall>[]
  readonly citations?: number
  readonly stop?: readonly [reason: StopReason | undefined, raw: string]
  readonly usage?: Usage
  /** Of the second choice: its text and its reason. */
  readonly second?: readonly [text: string, reason: StopReason]
  /** The provider that wants the turn back as it is. */
  readonly turn?: string
  /** `start` said this; absent where there was nothing to say it with. */
  readonly start?: readonly [id: string, model: string]
  /** What has to have come for the answer to be complete, when it is not the format's usual mark. */
  readonly end?: string
}

const usage: Usage = { inputTokens: 12, outputTokens: 7, totalTokens: 19 }
const details = { cachedInputTokens: 4, cacheWriteTokens: 0, reasoningTokens: 2 }
const done = { stop: ['stop', 'stop'] } as const
const call = (id: string, name: string, args: unknown) => ({ id, name, args, complete: true })
const cutCall = (id: string, name: string, text: string) => ({ id, name, arguments: text, args: null, complete: false })
const read = (id: string, path = 'a') => call(id, 'read', { path })
const called = { stop: ['tool-calls', 'tool_calls'] } as const
const hello = 'Grüße, 世界 🌍'

/** By provider and file, without `.txt`. */
export const outcomes: Readonly<Record<string, Readonly<Record<string, Expected>>>> = {
  openai: {
    plain: { ...done, text: hello, usage: { ...usage, cachedInputTokens: 4, cacheWriteTokens: 2, reasoningTokens: 2 } },
    'parallel-calls': { ...called, calls: [read('call_a'), read('call_b', 'b')], usage },
    'two-calls': { ...called, calls: [read('call_a'), call('call_b', 'now', {})], usage },
    'forced-call': { stop: ['tool-calls', 'stop'], calls: [read('call_a')] },
    'custom-tool': {
      ...called,
      calls: [{ id: 'call_a', name: 'run', arguments: 'SELECT {}', args: 'SELECT {}', complete: true, custom: true }],
    },
    'function-call': { stop: ['tool-calls', 'function_call'], calls: [read('call-0-0')] },
    refusal: { stop: ['refusal', 'stop'], refusal: 'I cannot.' },
    'two-choices': { ...called, text: 'a', calls: [read('call_a')], second: ['bB', 'length'] },
    moderation: { ...done, text: 'a' },
    audio: { ...done, text: 'Hello' },
    'length-in-a-call': { stop: ['length', 'length'], calls: [cutCall('call_a', 'write', '{"path":"a.t')], usage },
    'no-done': { ...done, text: 'a', usage },
    'no-last-blank-line': { ...done, text: 'a' },
    'no-finish': { error: 'LLM_TRUNCATED', retryable: true, text: 'ab' },
    'after-done': { ...done, text: 'a' },
    'empty-events': { ...done, text: 'a' },
    'crlf-and-bom': { ...done, text: 'ab' },
    'odd-members': { ...done, text: 'ab' },
    'name-late': { ...called, calls: [read('call_a')] },
    'name-repeated': { ...called, calls: [read('call-0-0')] },
    'think-inline': { ...done, text: '<think>hm</think>So.' },
    'json-body': {
      ...called,
      turn: 'openai',
      text: 'Hello',
      reasoning: 'hm',
      calls: [call('call_a', 'read', {})],
      usage,
    },
    'error-in-band': { error: 'LLM_PROVIDER', retryable: true, text: 'a' },
    'error-flat': { error: 'LLM_PROVIDER', retryable: true },
    'error-named': { error: 'LLM_OVERLOADED', retryable: true },
    'error-json': { error: 'LLM_QUOTA' },
    page: { error: 'LLM_PROTOCOL' },
    openrouter: { ...done, text: 'So.', reasoning: 'hm mm', usage, start: ['gen-1', 'x/y'] },
    'openrouter-error': { error: 'LLM_PROVIDER', retryable: true, text: 'a', start: ['gen-1', 'x/y'] },
    groq: { ...done, text: 'a', usage },
    'groq-error': { error: 'LLM_PROVIDER', text: 'a' },
    deepseek: {
      ...done,
      text: 'So.',
      reasoning: 'hm',
      usage: { ...usage, cachedInputTokens: 8, reasoningTokens: 2 },
    },
    'deepseek-no-resource': { error: 'LLM_OVERLOADED', retryable: true, text: 'a' },
    'usage-in-every-chunk': { ...done, text: 'ab', usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 } },
    moonshot: { ...done, text: 'a', usage },
    azure: { ...done, text: 'a' },
    'azure-filtered': { stop: ['content-filter', 'content_filter'], text: 'a' },
    mistral: { ...called, text: 'So.', reasoning: 'hm', calls: [read('D681PevKs')], usage },
    ollama: {
      ...called,
      reasoning: 'hm',
      calls: [read('call_a'), read('call_b', 'b')],
      usage,
      start: ['chatcmpl-7', 'qwen3'],
    },
    'lm-studio': { ...called, turn: 'openai', reasoning: 'hm', calls: [read('365174485')] },
    gemini: {
      stop: ['tool-calls', 'stop'],
      calls: [{ ...read('call-0-0'), signature: 'c2ln' }, read('call-0-1', 'b')],
    },
    'llama-server': { ...done, text: 'a', usage },
    'litellm-cited': { ...done, text: 'a', citations: 1 },
    'not-json': { error: 'LLM_PROTOCOL', text: 'a' },
  },
  anthropic: {
    plain: { stop: ['stop', 'end_turn'], text: hello, usage: { inputTokens: 25, outputTokens: 9, totalTokens: 34 } },
    'thinking-and-calls': {
      stop: ['tool-calls', 'tool_use'],
      turn: 'anthropic',
      reasoning: 'hm',
      calls: [read('toolu_a'), call('toolu_b', 'now', {})],
      usage: {
        inputTokens: 4625,
        outputTokens: 89,
        totalTokens: 4714,
        cachedInputTokens: 4000,
        cacheWriteTokens: 600,
        reasoningTokens: 12,
      },
    },
    'redacted-thinking': { stop: ['stop', 'end_turn'], text: 'a', usage: total(25, 9) },
    citations: { stop: ['stop', 'end_turn'], text: 'green', citations: 1, usage: total(25, 9) },
    'server-tools': { stop: ['pause', 'pause_turn'], turn: 'anthropic', text: 'a', usage: total(25, 9) },
    refusal: { stop: ['refusal', 'refusal'], text: 'I', usage: total(25, 9) },
    'usage-is-cumulative': {
      stop: ['stop', 'end_turn'],
      text: 'a',
      usage: { ...total(8742, 9), cachedInputTokens: 8717 },
    },
    'data-only': { stop: ['stop', 'end_turn'], text: 'a', usage: total(25, 9) },
    unknown: { stop: ['stop', 'stop_sequence'], text: 'a', usage: total(25, 9) },
    'max-tokens-in-a-call': {
      stop: ['length', 'max_tokens'],
      calls: [cutCall('toolu_a', 'write', '{"path":"a.txt"')],
      usage: total(25, 9),
    },
    'max-tokens-before-input': {
      stop: ['length', 'max_tokens'],
      calls: [cutCall('toolu_a', 'write', '')],
      usage: total(25, 9),
    },
    'fine-grained': {
      stop: ['tool-calls', 'tool_use'],
      calls: [call('toolu_a', 'f', { x: 1 }), call('toolu_b', 'g', { y: 2 })],
      usage: total(25, 9),
    },
    'error-in-band': { error: 'LLM_OVERLOADED', retryable: true, text: 'a', usage: total(25, 1) },
    'error-first': { error: 'LLM_QUOTA' },
    'error-of-a-proxy': { error: 'LLM_PROVIDER', retryable: true, usage: total(25, 1) },
    'no-message-stop': {
      error: 'LLM_TRUNCATED',
      retryable: true,
      stop: ['stop', 'end_turn'],
      text: 'a',
      usage: total(25, 9),
    },
    'no-last-blank-line': { stop: ['stop', 'end_turn'], text: 'a', usage: total(25, 9) },
    'llama-server': {
      stop: ['tool-calls', 'tool_use'],
      reasoning: 'hm',
      calls: [read('call_a')],
      usage: total(25, 9),
    },
    'json-body': {
      stop: ['tool-calls', 'tool_use'],
      turn: 'anthropic',
      text: 'Hi',
      reasoning: 'hm',
      citations: 1,
      calls: [read('toolu_a')],
      usage: total(1, 2),
      start: ['msg_1', 'm'],
    },
  },
  'openai-responses': {
    plain: { ...ended('stop'), text: hello, usage: { ...usage, ...details } },
    'reasoning-and-calls': {
      ...ended('tool-calls'),
      reasoning: 'hm',
      calls: [read('call_a'), call('call_b', 'now', {})],
      usage: { ...usage, ...details },
    },
    'parallel-calls': {
      ...ended('tool-calls'),
      calls: [read('call_a'), read('call_b', 'b')],
      usage: { ...usage, ...details },
    },
    'custom-tool': {
      ...ended('tool-calls'),
      calls: [{ id: 'call_a', name: 'run', arguments: 'SELECT {}', args: 'SELECT {}', complete: true, custom: true }],
    },
    refusal: { ...ended('refusal'), refusal: 'I cannot.' },
    'server-tools': {
      ...ended('stop'),
      text: 'a',
      reasoning: 'hm',
      citations: 1,
      usage: { ...usage, ...details },
    },
    incomplete: { stop: ['length', 'max_output_tokens'], text: 'ab', usage: { ...usage, ...details } },
    'incomplete-call': {
      stop: ['length', 'max_output_tokens'],
      calls: [cutCall('call_a', 'write', '{"path":"a.t')],
    },
    filtered: { stop: ['content-filter', 'content_filter'], text: 'a' },
    failed: { error: 'LLM_PROVIDER', retryable: true, text: 'a' },
    error: { error: 'LLM_RATE_LIMITED', retryable: true },
    'error-nested': { error: 'LLM_QUOTA' },
    'no-end': { error: 'LLM_TRUNCATED', retryable: true, text: 'a' },
    'done-only': { ...ended('tool-calls'), text: 'ab', calls: [read('call_a')] },
    'completed-only': {
      ...ended('tool-calls'),
      text: 'Hi',
      reasoning: 'hm',
      citations: 1,
      calls: [read('call_a')],
      usage: { ...usage, ...details },
    },
    'json-body': {
      ...ended('tool-calls'),
      text: 'Hi',
      reasoning: 'hm',
      citations: 1,
      calls: [read('call_a')],
      usage: { ...usage, ...details },
      end: '"total_tokens":19',
    },
    unknown: { ...ended('stop'), text: 'a' },
    'json-body-not-yet': { error: 'LLM_PROTOCOL' },
    'sealed-reasoning': {
      ...ended('tool-calls'),
      reasoning: 'hm',
      calls: [read('call_a')],
      turn: 'openai-responses',
    },
    'llama-server': {
      ...ended('tool-calls'),
      text: 'So.',
      reasoning: 'hm',
      calls: [read('fc_a'), read('fc_b', 'b')],
      usage,
      start: ['resp_1', 'qwen3'],
    },
  },
  gemini: {
    plain: { stop: ['stop', 'STOP'], text: hello, usage: { ...usage, cachedInputTokens: 4 } },
    thoughts: {
      stop: ['stop', 'STOP'],
      text: 'So.',
      reasoning: 'hm',
      usage: { ...usage, reasoningTokens: 5 },
    },
    calls: {
      stop: ['tool-calls', 'STOP'],
      calls: [{ ...read('call-0-0'), signature: 'c2ln' }, read('x1', 'b'), call('call-0-2', 'now', {})],
      usage: total(12, 9),
    },
    'partial-args': {
      stop: ['tool-calls', 'STOP'],
      calls: [call('call-0-0', 'light', { brightness: 50, room: { name: 'living' }, on: [true], 'a b': null })],
      usage: total(12, 9),
    },
    'partial-args-cut': {
      stop: ['length', 'MAX_TOKENS'],
      calls: [cutCall('call-0-0', 'write', '{"path":"/etc/x"')],
      usage: total(12, 9),
    },
    blocked: {
      stop: ['content-filter', 'PROHIBITED_CONTENT'],
      usage: total(12, 0),
      end: '"blockReason":"PROHIBITED_CONTENT"',
    },
    safety: { stop: ['content-filter', 'SAFETY'], text: 'a', start: ['r1', 'gemini-3-flash'] },
    'malformed-call': { stop: [undefined, 'MALFORMED_FUNCTION_CALL'], start: ['', 'gemini-3-flash'] },
    continuation: { stop: ['pause', 'CONTINUATION'], text: 'a' },
    citations: { stop: ['stop', 'STOP'], text: 'ab', citations: 2 },
    'two-candidates': {
      stop: ['stop', 'STOP'],
      text: 'aA',
      second: ['bB', 'length'],
      start: ['', 'gemini-3-flash'],
    },
    'server-code': { stop: ['stop', 'STOP'], text: '1' },
    'error-in-band': { error: 'LLM_OVERLOADED', retryable: true, text: 'a' },
    'error-bare': { error: 'LLM_RATE_LIMITED', retryable: true },
    'error-bare-behind': { error: 'LLM_RATE_LIMITED', retryable: true, text: 'a' },
    'error-in-array': { error: 'LLM_RATE_LIMITED', retryable: true },
    array: { stop: ['stop', 'STOP'], text: 'ab', usage: total(12, 2) },
    'no-finish': { error: 'LLM_TRUNCATED', retryable: true, text: 'a', usage: total(12, 1) },
    'no-last-blank-line': { stop: ['stop', 'STOP'], text: 'a', usage: total(12, 2) },
  },
  ollama: {
    plain: { ...done, text: hello, usage },
    'thinking-and-calls': {
      stop: ['tool-calls', 'stop'],
      reasoning: 'hm',
      calls: [read('call-0-0'), call('call_x', 'now', {})],
      usage,
    },
    length: { stop: ['length', 'length'], text: 'a', usage },
    unload: { stop: [undefined, 'load'] },
    'after-done': { ...done, text: 'a', usage },
    error: { error: 'LLM_PROVIDER', text: 'a' },
    'error-first': { error: 'LLM_PROVIDER' },
    'no-done': { error: 'LLM_TRUNCATED', retryable: true, text: 'ab' },
    'no-last-line-feed': { ...done, text: 'a', usage },
    'crlf-and-blank-lines': { ...done, text: 'a', usage },
    'not-json': { error: 'LLM_PROTOCOL', text: 'a' },
  },
}

function total(inputTokens: number, outputTokens: number): Usage {
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens }
}

function ended(reason: StopReason): Pick<Expected, 'stop'> {
  return { stop: [reason, 'completed'] }
}
