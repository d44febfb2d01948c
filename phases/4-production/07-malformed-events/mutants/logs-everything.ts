import type { Delta, SafeDelta } from '../contract.ts'

const REASONS = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool-calls'],
  ['content_filter', 'content-filter'],
] as const)

export const safeDelta: SafeDelta = ({ data }) => {
  if (data.trim() === '') return []
  if (data.trim() === '[DONE]') return [{ kind: 'end' }]
  let json: unknown
  try {
    json = JSON.parse(data)
  } catch {
    return { malformed: `not JSON: ${data}` }
  }

  const { choices, usage } = objectOf(json)
  const all = Array.isArray(choices) ? choices.map(objectOf) : [] // some servers leave it out where only the usage is told
  const { delta, finish_reason: reason } = all.find(({ index = 0 }) => index === 0) ?? {}
  const { content } = objectOf(delta)
  const { prompt_tokens: input, completion_tokens: output } = objectOf(usage)
  return [
    ...(isText(content) ? [{ kind: 'text', text: content } as const] : []),
    ...(isText(reason) ? [stop(reason)] : []),
    ...(isCount(input) && isCount(output) ? [{ kind: 'usage', input, output } as const] : []),
  ]
}

/** Its members if it is an object, and none if it is anything else: so one may always ask for a member. */
function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

function stop(reason: string): Delta {
  return { kind: 'stop', reason: REASONS.get(reason as 'stop') ?? 'other' }
}
