import { LlmError, type LlmEvent, openai, type Provider } from '@sse-from-scratch/llm-stream'
import type { Delta, FromOpenAI, ParsedEvent, StopReason } from './contract.ts'

export const fromOpenAI: FromOpenAI = (events) => deltasOf(openai(), events)

/** What a mapper of the package makes of these events, in the words of the course. */
export async function* deltasOf(provider: Provider, events: AsyncIterable<ParsedEvent>): AsyncGenerator<Delta> {
  const mapper = provider.createMapper()
  for await (const { type, data } of events) {
    const found = named(() => mapper.map({ type, data, lastEventId: '' }))
    for (const event of found) yield* deltaOf(event)
    if (!mapper.done) continue
    yield { kind: 'end' }
    return
  }
}

const REASONS: readonly unknown[] = ['stop', 'length', 'tool-calls', 'content-filter'] satisfies StopReason[]

function deltaOf(event: LlmEvent): Delta[] {
  if ('choice' in event && event.choice !== 0) return []
  if (event.kind === 'text') return [{ kind: 'text', text: event.text }]
  if (event.kind === 'stop')
    return [{ kind: 'stop', reason: REASONS.includes(event.reason) ? (event.reason as StopReason) : 'other' }]
  if (event.kind === 'usage')
    return [{ kind: 'usage', input: event.usage.inputTokens, output: event.usage.outputTokens }]
  if (event.kind !== 'tool-call') return []
  const { index, id, name, arguments: json } = event
  return [{ kind: 'tool', index, ...(id !== undefined && { id }), ...(name !== undefined && { name }), json }]
}

function named<T>(map: () => T): T {
  try {
    return map()
  } catch (error) {
    if (!(error instanceof LlmError)) throw error
    const code = error.code === 'LLM_PROTOCOL' ? 'Malformed' : 'Provider'
    throw Object.assign(new Error(error.message, { cause: error }), { code })
  }
}
