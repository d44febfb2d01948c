import type { Fields } from '@sse-from-scratch/http-raw'
import type { ServerSentEvent } from '@sse-from-scratch/sse-client/decoder'
import { LlmError } from '../errors.ts'
import type { LlmMapper } from '../provider.ts'
import { createAnthropicMapper } from '../providers/anthropic-mapper.ts'
import { createGeminiMapper } from '../providers/gemini-mapper.ts'
import { createOllamaMapper } from '../providers/ollama-mapper.ts'
import { createOpenaiMapper } from '../providers/openai-mapper.ts'
import { createResponsesMapper } from '../providers/responses-mapper.ts'
import type { FailureName } from './failures.ts'
import { openaiResponses } from './openai-responses.ts'
import { failed } from './refusal.ts'
import { formatOf, splitTarget } from './routes.ts'
import type { WireFormat } from './wire-format.ts'

/** How a service says things in its streams: for whoever stands between it and its client, and wants to say them, too. */
export interface StreamWords {
  /** An error inside a stream, its blank line or line end included. */
  failure(name: FailureName): Uint8Array
  /** For one answer: give it every event in turn, and it says which is the last mark (`[DONE]`, `message_stop`, …). */
  createEndWatch(): (event: ServerSentEvent) => boolean
}

/** Whose words the answer to a request is in, by its target and fields. Who is not known speaks as OpenAI does. */
export function streamWords(request: { readonly target: string; readonly fields: Fields }): StreamWords {
  const { path, query } = splitTarget(request.target)
  const format = formatOf(path, query, request.fields)
  return {
    failure: (name) => format.failureFrame(failed(name, format), ''),
    createEndWatch() {
      const mapper = mapperOf(format)
      return (event) => {
        if (mapper.done) return false
        take(event, mapper)
        return mapper.done
      }
    },
  }
}

/** Whatever the event says, the stream is none of our business. */
function take(event: ServerSentEvent, mapper: LlmMapper): void {
  try {
    mapper.map(event)
  } catch (error) {
    if (!(error instanceof LlmError)) throw error
  }
}

function mapperOf(format: WireFormat): LlmMapper {
  if (format === openaiResponses) return createResponsesMapper(format.service)
  if (format.service === 'anthropic') return createAnthropicMapper(format.service)
  if (format.service === 'gemini') return createGeminiMapper(format.service)
  return format.service === 'ollama' ? createOllamaMapper(format.service) : createOpenaiMapper(format.service)
}
