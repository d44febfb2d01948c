import { anthropic, gemini, type LlmMapper, ollama, openai, openaiResponses } from '@sse-from-scratch/llm-stream'

/** The mapper for an answer in whose stream this data stands; `undefined` when it is of none of the five wire formats. */
export function mapperFor(data: string): LlmMapper | undefined {
  const body = objectIn(data)
  if (body === undefined) return undefined
  const type = typeof body['type'] === 'string' ? body['type'] : ''
  if (type.startsWith('response.')) return openaiResponses().createMapper()
  if (ANTHROPIC.test(type)) return anthropic().createMapper()
  if (Array.isArray(body['choices'])) return openai().createMapper()
  if (Array.isArray(body['candidates']) || 'usageMetadata' in body) return gemini().createMapper()
  if (typeof body['done'] === 'boolean' && typeof body['model'] === 'string') return ollama().createMapper()
  if ('error' in body) return openai().createMapper()
  return undefined
}

const ANTHROPIC = /^(?:message(?:_start|_delta|_stop)?|content_block_(?:start|delta|stop)|ping|error)$/

function objectIn(data: string): Readonly<Record<string, unknown>> | undefined {
  if (!/^\s*\{/.test(data)) return undefined
  try {
    return JSON.parse(data) as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}
