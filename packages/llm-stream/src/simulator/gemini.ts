import { EVENT_STREAM_HEADERS } from '@sse-from-scratch/sse-server'
import { COMMENT, textFrame } from './framing.ts'
import { readGenerateContent } from './gemini-ask.ts'
import { geminiError } from './gemini-errors.ts'
import { about, candidate, joinedParts, pieces, tokenCount } from './gemini-pieces.ts'
import { randomId } from './random.ts'
import { MODEL, type WireFormat } from './wire-format.ts'

/** Google's generateContent. With `alt=sse` events whose lines end in CRLF, and nothing says that it is over but the end. */
export const gemini: WireFormat = {
  service: 'gemini',

  fields: () => ({ 'x-gemini-service-tier': 'standard' }),

  indexed: (name, i) => `${name}[${i}]`,

  apiKey: (fields, query) => fields.get('x-goog-api-key') ?? query.get('key') ?? undefined,

  refusal: geminiError,

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

  failureFrame: (refusal) => textFrame(`data: ${JSON.stringify(geminiError(refusal))}\r\n\r\n`).bytes,
}

/** The same without `alt=sse`: one JSON array, of which the members come as they are made. */
export const geminiArray: WireFormat = {
  ...gemini,

  streamFields: { 'Content-Type': 'application/json; charset=UTF-8' },

  *frames(answer) {
    let before = '['
    for (const { value, holdsToken } of pieces(answer)) {
      yield textFrame(`${before}${JSON.stringify(value)}`, { holdsToken })
      before = ',\r\n'
    }
    yield textFrame(']', { last: true })
  },

  keepAlive: textFrame('\n').bytes,

  failureFrame: (refusal) => textFrame(`,\r\n${JSON.stringify(geminiError(refusal))}]`).bytes,
}
