import { readdirSync, readFileSync } from 'node:fs'
import {
  anthropic,
  gemini,
  type LlmEvent,
  ollama,
  openai,
  openaiResponses,
  type Provider,
} from '@sse-from-scratch/llm-stream'
import { createAnswerDecoder } from '../src/answer-decoder.ts'
import { LlmError } from '../src/errors.ts'
import { createFold } from '../src/fold.ts'
import { type Expected, outcomes } from './transcripts/outcomes.ts'

/** One answer as it was on the wire. */
export interface Transcript {
  readonly name: string
  readonly provider: Provider
  readonly body: Uint8Array<ArrayBuffer>
  readonly expected: Expected
}

const baseUrl = 'http://sim.example'
export const providers: Readonly<Record<string, Provider>> = {
  openai: openai({ baseUrl }),
  anthropic: anthropic({ baseUrl }),
  'openai-responses': openaiResponses({ baseUrl }),
  gemini: gemini({ baseUrl }),
  ollama: ollama({ baseUrl }),
}

const folder = new URL('transcripts/', import.meta.url)

/** All of them. A file's first line says where the shape is documented; the rest is the body, byte for byte. */
export const transcripts: readonly Transcript[] = Object.entries(providers).flatMap(([family, provider]) =>
  readdirSync(new URL(`${family}/`, folder)).map((file) => {
    const name = file.replace(/\.txt$/, '')
    const bytes = new Uint8Array(readFileSync(new URL(`${family}/${file}`, folder)))
    const expected = outcomes[family]?.[name]
    if (!expected) throw new Error(`outcomes.ts does not say what comes of ${family}/${file}`)
    return { name: `${family}/${name}`, provider, body: bytes.slice(bytes.indexOf(0x0a) + 1), expected }
  }),
)

/** What comes of a body without any I/O. */
export interface Decoded {
  readonly complete: boolean
  readonly error: LlmError | undefined
  readonly events: readonly LlmEvent[]
  readonly answer: ReturnType<ReturnType<typeof createFold>['answer']>
}

export function decode(provider: Provider, reads: Iterable<Uint8Array>, flushLastEvent = true): Decoded {
  const options = { maxEventSize: 4 * 1024 * 1024, flushLastEvent, contentType: 'text/event-stream' }
  const decoder = createAnswerDecoder(provider.createMapper(), options)
  const fold = createFold()
  const events: LlmEvent[] = []
  const take = (event: LlmEvent) => {
    events.push(event)
    fold.take(event)
  }
  const finish = (error: LlmError | undefined) => ({
    complete: error === undefined,
    error,
    events,
    answer: fold.answer(),
  })
  try {
    for (const read of reads) {
      decoder.push(read, take)
      if (decoder.done) return finish(undefined)
    }
    decoder.end(take)
    return finish(undefined)
  } catch (error) {
    if (!(error instanceof LlmError)) throw error
    return finish(error)
  }
}
