import { describe, expect, test } from 'vitest'
import { EVENT_STREAM, look } from './look.ts'

/** What is found of an answer: kind, part and text or summary, and the bytes of each. */
function answer(stream: string, head = EVENT_STREAM) {
  const { findings } = look('down', head + stream)
  return findings
    .filter(({ layer }) => layer === 'llm')
    .map(({ kind, part, text, summary, code, bytes }) => ({
      said: [kind, part ?? code, text ?? summary].filter((word) => word !== undefined).join(' '),
      bytes: bytes.map(([start, end]) => (head + stream).slice(start, end)),
    }))
}

const said = (stream: string, head?: string) => answer(stream, head).map((found) => found.said)
const events = (...data: readonly unknown[]) =>
  data.map((item) => `data: ${typeof item === 'string' ? item : JSON.stringify(item)}\n\n`).join('')

const NDJSON = 'HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n'

describe('the five wire formats', () => {
  test('Chat Completions: text, thoughts, refusals and arguments, why it stopped, what it cost, and the end mark', () => {
    const chunk = (delta: unknown, rest: object = {}) => ({
      id: 'c',
      model: 'm',
      choices: [{ index: 0, delta, ...rest }],
    })
    const call = { index: 0, id: 'x', function: { name: 'f', arguments: '{"a"' } }
    expect(
      said(
        events(
          chunk({ content: 'Hi' }),
          chunk({ reasoning_content: 'hm' }),
          chunk({ refusal: 'no' }),
          chunk({ tool_calls: [call] }),
          chunk({}, { finish_reason: 'stop' }),
          { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } },
          '[DONE]',
        ),
      ),
    ).toEqual([
      'delta text Hi',
      'delta reasoning hm',
      'delta refusal no',
      'delta arguments {"a"',
      'stop stop',
      'usage 3 tokens in, 4 out',
      'done the end mark',
    ])
  })

  test('Responses', () => {
    expect(
      said(
        events(
          { type: 'response.created', response: { id: 'r', model: 'm' } },
          { type: 'response.output_text.delta', output_index: 0, content_index: 0, delta: 'Hi' },
          { type: 'response.completed', response: { usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 } } },
        ),
      ),
    ).toEqual(['delta text Hi', 'done the end mark', 'usage 1 tokens in, 2 out', 'stop completed'])
  })

  test('Anthropic', () => {
    expect(
      said(
        events(
          { type: 'message_start', message: { id: 'm', model: 'c', usage: { input_tokens: 5, output_tokens: 1 } } },
          { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
          { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
          { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
          { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Hi' } },
          { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } },
          { type: 'message_stop' },
        ),
      ),
    ).toEqual([
      'usage 5 tokens in, 1 out',
      'delta reasoning hm',
      'delta text Hi',
      'usage 5 tokens in, 9 out',
      'stop end_turn',
      'done the end mark',
    ])
  })

  test('Gemini', () => {
    const candidate = { content: { parts: [{ text: 'Hi' }], role: 'model' }, finishReason: 'STOP', index: 0 }
    expect(said(events({ candidates: [candidate], responseId: 'g' }))).toEqual(
      expect.arrayContaining(['delta text Hi', 'stop STOP']),
    )
  })

  test('Ollama, line by line', () => {
    const lines = [
      { model: 'm', message: { role: 'assistant', content: '', thinking: 'hm' }, done: false },
      { model: 'm', message: { role: 'assistant', content: 'Hi' }, done: false },
      { model: 'm', message: { content: '' }, done: true, done_reason: 'stop', prompt_eval_count: 1, eval_count: 2 },
    ]
    expect(said(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), NDJSON)).toEqual([
      'delta reasoning hm',
      'delta text Hi',
      'done the end mark',
      'usage 1 tokens in, 2 out',
      'stop stop',
    ])
  })
})

test('a delta is the bytes of its text in the JSON, and not those of an equal text elsewhere', () => {
  const [delta] = answer(events({ id: 'Hi', choices: [{ index: 0, delta: { role: 'Hi', content: 'Hi' } }] }))
  expect(delta?.bytes).toEqual(['Hi'])
})

test('a text that no string of the event is by itself has the bytes of its event', () => {
  const line = JSON.stringify({
    model: 'm',
    message: { tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] },
    done: false,
  })
  expect(answer(`${line}\n`, NDJSON)).toEqual([{ said: 'delta arguments {"a":1}', bytes: [`${line}\n`] }])
})

test('an error that the provider puts into the stream is a failure, with the code of llm-stream', () => {
  const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }
  expect(said(events({ type: 'ping' }, overloaded))).toEqual([expect.stringMatching(/^failure LLM_OVERLOADED /)])
})

test('what is between the events of an answer and is no JSON is left alone', () => {
  const chunk = { choices: [{ index: 0, delta: { content: 'Hi' } }] }
  expect(said(events(chunk, 'ping', chunk))).toEqual(['delta text Hi', 'delta text Hi'])
})

test('deltas of a format nobody knows are found by where they stand, and not called by a part', () => {
  expect(said(events({ delta: 'Hi' }))).toEqual(['delta Hi'])
})

describe('JSON line by line (NDJSON)', () => {
  test.each(['application/x-ndjson', 'application/ndjson; charset=utf-8', 'application/jsonl'])('is %s', (type) => {
    const { found } = look('down', `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n\r\n{"a":1}\n`)
    expect(found).toContain('body line: {"a":1}')
  })

  test('names objects as JSON, their texts as deltas, and all else as lines', () => {
    const { named } = look('down', `${NDJSON}{"response":"Hi"}\r\nno\n\n{"a":1}`)
    expect(named.slice(-7)).toEqual([
      ['llm json', '{"response":"'],
      ['llm delta', 'Hi'],
      ['llm json', '"}\r'],
      ['body end-of-line', '\n'],
      ['body line', 'no'],
      ['body end-of-line', '\n\n'],
      ['llm json', '{"a":1}'],
    ])
  })

  test('finds each line that is not empty, the last one also without its line feed', () => {
    expect(look('down', `${NDJSON}{"a":1}\r\n\n{"b":2}`).found.slice(1)).toEqual([
      'body line: {"a":1}',
      'body line: {"b":2}',
    ])
  })

  test('gives up on a line that is too long, and not on the framing around it', () => {
    const head = NDJSON.replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n')
    const line = 'x'.repeat(1024 * 1024 + 1)
    const { named, findings } = look('down', `${head}${line.length.toString(16)}\r\n${line}\r\n0\r\n\r\n`)
    expect(findings.filter(({ kind }) => kind === 'error').map(({ code }) => code)).toEqual(['TCP_LINE_TOO_LONG'])
    expect(named.slice(-5).map(([name, text]) => [name, text.length])).toEqual([
      ['body unreadable', 1],
      ['chunked crlf', 2],
      ['chunked chunk-size', 1],
      ['chunked crlf', 2],
      ['chunked blank-line', 2],
    ])
  })
})
