import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import { parseJson } from '../json.ts'
import { FAILURES } from './failures.ts'
import { COMMENT, textFrame } from './framing.ts'
import { readGenerateContent } from './gemini-ask.ts'
import { type Generation, type Part, tokensOf } from './generate.ts'
import { randomId } from './random.ts'
import type { Refusal } from './refusal.ts'
import { type Answer, type Frame, MODEL, type WireFormat } from './wire-format.ts'

/** Google's generateContent. With `alt=sse` events whose lines end in CRLF, and nothing says that it is over but the end. */
export const gemini: WireFormat = {
  service: 'gemini',

  fields: () => ({ 'x-gemini-service-tier': 'standard' }),

  indexed: (name, i) => `${name}[${i}]`,

  apiKey: (fields, query) => fields.get('x-goog-api-key') ?? query.get('key') ?? undefined,

  refusal: errorBody,

  models: () => ({
    models: [
      {
        name: `models/${MODEL}`,
        version: '1',
        displayName: 'Simulator',
        inputTokenLimit: 1_048_576,
        outputTokenLimit: 65_536,
        supportedGenerationMethods: ['generateContent', 'streamGenerateContent'],
      },
    ],
  }),

  readAsk: readGenerateContent,

  answerId: (random) => randomId(random, 22),

  whole: (answer) => ({
    candidates: answer.choices.map((choice, index) => candidate(index, joinedParts(choice), choice)),
    ...about(answer, tokenCount(answer)),
  }),

  streamFields: EVENT_STREAM_HEADERS,

  *frames(answer) {
    for (const { value, ...more } of pieces(answer)) yield textFrame(`data: ${JSON.stringify(value)}\r\n\r\n`, more)
  },

  keepAlive: COMMENT,

  failureFrame: (refusal) => textFrame(`data: ${JSON.stringify(errorBody(refusal))}\r\n\r\n`).bytes,
}

/** The same without `alt=sse`: one JSON array, of which the members come as they are made. */
export const geminiArray: WireFormat = {
  ...gemini,

  streamFields: { 'Content-Type': 'application/json; charset=UTF-8' },

  *frames(answer) {
    let before = '['
    for (const { value, ...more } of pieces(answer)) {
      yield textFrame(`${before}${JSON.stringify(value)}`, more)
      before = ',\r\n'
    }
    yield textFrame(']', { last: true })
  },

  keepAlive: textFrame('\n').bytes,

  failureFrame: (refusal) => textFrame(`,\r\n${JSON.stringify(errorBody(refusal))}]`).bytes,
}

const CODES: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** The delay before the next try is in the body here, and in no field (google.rpc.RetryInfo). */
function errorBody({ status, message, failure, fields }: Refusal): object {
  const name = failure ? FAILURES[failure].gemini.name : (CODES[status] ?? 'INVALID_ARGUMENT')
  const { 'Retry-After': after } = fields
  const seconds = Number(after) // NaN for a date, and where there is none
  const retry = { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${seconds}s` }
  return { error: { code: status, message, status: name, ...(seconds >= 0 && { details: [retry] }) } }
}

interface Piece extends Pick<Frame, 'holdsToken'> {
  readonly value: object
}

/** A token a piece, for each candidate in turn; a call comes whole; the last piece of each says why it is over. */
function* pieces(answer: Answer): Iterable<Piece> {
  const spoken = answer.choices.map((choice) => choice.parts.flatMap(spokenParts))
  const longest = Math.max(...spoken.map(({ length }) => length))
  let count = 0
  for (let i = 0; i <= longest; i++) {
    for (const [index, choice] of answer.choices.entries()) {
      const part = spoken[index]?.[i]
      if (part) {
        count += part.tokens
        yield { value: { candidates: [candidate(index, [part.part])], ...about(answer, count) }, holdsToken: true }
      } else if (i === spoken[index]?.length) {
        const value = { candidates: [candidate(index, [{ text: '' }], choice)], ...about(answer, tokenCount(answer)) }
        yield { value, holdsToken: false }
      }
    }
  }
}

function spokenParts(part: Part): readonly { readonly part: object; readonly tokens: number }[] {
  if (part.kind !== 'call') return part.tokens.map((token) => ({ part: textPart(part.kind, token), tokens: 1 }))
  const args = parseJson(part.tokens.join('')) // a call that was cut does not come at all
  return args === undefined ? [] : [{ part: { functionCall: { name: part.name, args } }, tokens: part.tokens.length }]
}

function joinedParts({ parts }: Generation): readonly object[] {
  return parts.flatMap((part) =>
    part.kind === 'call' ? spokenParts(part).map((each) => each.part) : [textPart(part.kind, part.tokens.join(''))],
  )
}

function textPart(kind: Part['kind'], text: string): object {
  return { text, ...(kind === 'reasoning' && { thought: true }) }
}

const FINISH_REASONS = {
  end: 'STOP',
  stop: 'STOP',
  calls: 'STOP',
  length: 'MAX_TOKENS',
  refusal: 'PROHIBITED_CONTENT',
  filter: 'SAFETY',
} as const

function candidate(index: number, parts: readonly object[], choice?: Generation): object {
  const finish = choice && { finishReason: FINISH_REASONS[choice.reason] }
  return { content: { parts, role: 'model' }, ...finish, index }
}

function tokenCount({ choices }: Answer): number {
  return choices.reduce((sum, choice) => sum + tokensOf(choice).length, 0)
}

function about({ id, ask, promptTokens, choices }: Answer, soFar: number): object {
  const thoughts = choices.reduce((sum, choice) => sum + tokensOf(choice, 'reasoning').length, 0)
  const thought = Math.min(thoughts, soFar)
  return {
    usageMetadata: {
      promptTokenCount: promptTokens,
      candidatesTokenCount: soFar - thought,
      totalTokenCount: promptTokens + soFar,
      ...(thought > 0 && { thoughtsTokenCount: thought }),
    },
    modelVersion: ask.model,
    responseId: id,
  }
}
