/** Answers of three providers, event by event, as they are on the wire. */
export interface WireFormat {
  readonly path: string
  readonly start: readonly string[]
  token(text: string): string
  readonly end: readonly string[]
}

const WORDS = ['hello', ' world', ' the', ' stream', ' of', ' tokens', ' is', ' quite', ' long', '.\\n']

/** The text of the nth token; one in ten has an escape in it, as line ends and quotes are. */
export function wordAt(nth: number): string {
  return WORDS[nth % WORDS.length] as string
}

const chunk = (choices: string, usage = 'null') =>
  `data: {"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion.chunk","created":1741569952,"model":"gpt-5.4-mini","service_tier":"default","system_fingerprint":"fp_44709d6fcb","choices":[${choices}],"usage":${usage}}\n\n`
const choice = (delta: string, reason = 'null') =>
  `{"index":0,"delta":{${delta}},"logprobs":null,"finish_reason":${reason}}`

const openai: WireFormat = {
  path: '/chat/completions',
  start: [chunk(choice('"role":"assistant","content":"","refusal":null'))],
  token: (text) => chunk(choice(`"content":"${text}"`)),
  end: [
    chunk(choice('', '"stop"')),
    chunk('', '{"prompt_tokens":12,"completion_tokens":20000,"total_tokens":20012}'),
    'data: [DONE]\n\n',
  ],
}

const typed = (type: string, members: string) => `event: ${type}\ndata: {"type":"${type}"${members}}\n\n`

const anthropic: WireFormat = {
  path: '/messages',
  start: [
    typed(
      'message_start',
      ',"message":{"id":"msg_01XFDUDYJgAACzvnptvVoYEL","type":"message","role":"assistant","content":[],"model":"claude-haiku-5-5","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":1}}',
    ),
    typed('content_block_start', ',"index":0,"content_block":{"type":"text","text":""}'),
    typed('ping', ''),
  ],
  token: (text) => typed('content_block_delta', `,"index":0,"delta":{"type":"text_delta","text":"${text}"}`),
  end: [
    typed('content_block_stop', ',"index":0'),
    typed(
      'message_delta',
      ',"delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":12,"output_tokens":20000}',
    ),
    typed('message_stop', ''),
  ],
}

let counted = 0

/** Gemini counts its tokens anew in every event. */
const response = (text: string, reason = '') =>
  `data: {"candidates": [{"content": {"parts": [{"text": "${text}"}],"role": "model"}${reason},"index": 0}],"usageMetadata": {"promptTokenCount": 12,"candidatesTokenCount": ${++counted},"totalTokenCount": ${12 + counted}},"modelVersion": "gemini-3-flash","responseId": "aBcDeFgHiJkLmNoPqRsTuVw"}\r\n\r\n`

const gemini: WireFormat = {
  path: ':streamGenerateContent',
  start: [],
  token: (text) => response(text),
  end: [response('', ',"finishReason": "STOP"')],
}

export const formats = { openai, anthropic, gemini } as const

/** The format that is asked for at this address. */
export function formatAt(url: string): WireFormat {
  const format = Object.values(formats).find(({ path }) => url.includes(path))
  if (!format) throw new RangeError(`no provider answers at ${url}`)
  return format
}

export function chunkOf(event: string): string {
  return `${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`
}
