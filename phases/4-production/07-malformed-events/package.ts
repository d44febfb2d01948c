import { LlmError, openai } from '@sse-from-scratch/llm-stream'
import type { Delta, SafeDelta } from './contract.ts'

/** A stream has begun: to the package, `[DONE]` behind nothing ends nothing. */
const BEGINNING = { type: 'message', data: '{"choices":[{"index":0,"delta":{}}]}', lastEventId: '' }

const REASONS = ['stop', 'length', 'tool-calls', 'content-filter'] as const

export const safeDelta: SafeDelta = ({ type, data }) => {
  const mapper = openai().createMapper() // a new one for each event: it has a memory, and here it must not
  mapper.map(BEGINNING)
  const deltas: Delta[] = []
  try {
    for (const event of mapper.map({ type, data, lastEventId: '' })) {
      if ('choice' in event && event.choice !== 0) continue
      if (event.kind === 'text') deltas.push({ kind: 'text', text: event.text })
      if (event.kind === 'stop')
        deltas.push({ kind: 'stop', reason: REASONS.find((reason) => reason === event.reason) ?? 'other' })
      if (event.kind === 'usage')
        deltas.push({ kind: 'usage', input: event.usage.inputTokens, output: event.usage.outputTokens })
    }
  } catch (error) {
    if (!(error instanceof LlmError)) throw error
    return error.code === 'LLM_PROTOCOL' ? { malformed: error.message } : []
  }
  return mapper.done ? [{ kind: 'end' }] : deltas
}
