import { asBytes } from '@sse-from-scratch/course'
import { LlmError, openai } from '@sse-from-scratch/llm-stream'
import type { Explain, StreamFailure } from './contract.ts'

export const explain: Explain = (failure) => {
  const { message: say, retryable, retryAfter } = errorOf(failure)
  const retry = retryable && (failure.kind === 'status' || failure.delivered === '')
  return { retry, ...(retry && retryAfter !== undefined && { afterMs: retryAfter }), say }
}

/** The package throws: here its error is asked what it knows. */
function errorOf(failure: StreamFailure): LlmError {
  if (failure.kind === 'cut') return new LlmError('LLM_TRUNCATED', 'the stream ended without saying that it was done')
  if (failure.kind === 'status') {
    const { status, headers, body, key } = failure
    const provider = openai(key === undefined ? {} : { apiKey: key })
    return provider.readError(status, { get: (name) => headers[name] }, asBytes(body))
  }
  try {
    openai().createMapper().map({ type: 'message', data: failure.data, lastEventId: '' })
  } catch (error) {
    if (error instanceof LlmError) return error
  }
  return new LlmError('LLM_PROTOCOL', 'an event that is no error')
}
