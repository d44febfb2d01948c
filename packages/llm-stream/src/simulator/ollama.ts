import { objectOf, parseJson } from '../json.ts'
import { textFrame } from './framing.ts'
import { type Generation, type Part, tokensOf } from './generate.ts'
import { readChat, readGenerate } from './ollama-ask.ts'
import { type Answer, type Frame, MODEL, MODEL_CREATED, type WireFormat } from './wire-format.ts'

/** Ollama's own `/api/chat`: a line of JSON for each token (NDJSON), the last of them `done`. */
export const ollamaChat: WireFormat = {
  service: 'ollama',
  fields: () => ({}),
  indexed: (name, i) => `${name}[${i}]`,
  apiKey: (fields) => fields.get('authorization')?.match(/^Bearer +(.+)$/i)?.[1],
  refusal: ({ message }) => ({ error: message }),

  models: () => ({
    models: [
      {
        name: MODEL,
        model: MODEL,
        modified_at: new Date(MODEL_CREATED * 1000).toISOString(),
        size: 0,
        digest: '0'.repeat(64),
        details: {
          format: 'chain',
          family: MODEL,
          families: [MODEL],
          parameter_size: '0B',
          quantization_level: 'none',
        },
      },
    ],
  }),

  readAsk: readChat,
  answerId: () => '', // there are none

  whole: (answer) => ({ ...head(answer), message: messageOf(answer.choices[0]), ...ending(answer) }),

  streamFields: { 'Content-Type': 'application/x-ndjson' },

  *frames(answer) {
    for (const part of answer.choices[0]?.parts ?? []) {
      for (const message of messagesIn(part)) yield line({ ...head(answer), message, done: false }, true)
    }
    yield line({ ...head(answer), message: { role: 'assistant', content: '' }, ...ending(answer) }, false)
  },

  keepAlive: textFrame('\n').bytes,

  failureFrame: ({ message }) => line({ error: message }, false).bytes,
}

/** Ollama's `/api/generate`: the same, where an answer is a text. */
export const ollamaGenerate: WireFormat = {
  ...ollamaChat,

  readAsk: readGenerate,

  whole: (answer) => ({ ...head(answer), ...saidIn(answer.choices[0]), ...ending(answer) }),

  *frames(answer) {
    for (const part of answer.choices[0]?.parts ?? []) {
      for (const token of part.tokens) {
        const said = part.kind === 'reasoning' ? { response: '', thinking: token } : { response: token }
        yield line({ ...head(answer), ...said, done: false }, true)
      }
    }
    yield line({ ...head(answer), response: '', ...ending(answer) }, false)
  },
}

function line(value: object, holdsToken: boolean): Frame {
  return textFrame(`${JSON.stringify(value)}\n`, { holdsToken, last: 'done' in value && value.done === true })
}

function head({ ask, created }: Answer): object {
  return { model: ask.model, created_at: new Date(created).toISOString() }
}

/** A call comes whole, and its arguments are an object. */
function* messagesIn(part: Part): Iterable<object> {
  const role = 'assistant'
  if (part.kind === 'call') yield { role, content: '', tool_calls: [callOf(part)] }
  else if (part.kind === 'reasoning') for (const thinking of part.tokens) yield { role, content: '', thinking }
  else for (const content of part.tokens) yield { role, content }
}

function callOf(part: Extract<Part, { kind: 'call' }>): object {
  return { function: { name: part.name, arguments: objectOf(parseJson(part.tokens.join(''))) } }
}

function messageOf(choice: Generation | undefined): object {
  const { response, ...thinking } = saidIn(choice)
  const calls = choice?.parts.filter((part) => part.kind === 'call').map(callOf) ?? []
  return { role: 'assistant', content: response, ...thinking, ...(calls.length > 0 && { tool_calls: calls }) }
}

function saidIn(choice: Generation | undefined): { readonly response: string; readonly thinking?: string } {
  const said = (kind: Part['kind']) => (choice ? tokensOf(choice, kind).join('') : '')
  const thinking = said('reasoning')
  return { response: said('text') + said('refusal'), ...(thinking !== '' && { thinking }) }
}

/** Durations are in nanoseconds, and only as true as the pace is. */
function ending({ choices, promptTokens, tokenTime }: Answer): object {
  const count = choices[0] ? tokensOf(choices[0]).length : 0
  const duration = Math.max(Math.round(count * tokenTime * 1e6), 1)
  return {
    done: true,
    done_reason: choices[0]?.reason === 'length' ? 'length' : 'stop',
    total_duration: duration,
    load_duration: 0,
    prompt_eval_count: promptTokens,
    prompt_eval_duration: 0,
    eval_count: count,
    eval_duration: duration,
  }
}
