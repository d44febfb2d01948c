import type { Delta, FromOpenAI, StopReason } from '../contract.ts'

/** As much of a chunk as we look at. Any member may be missing: many servers speak this, each a little differently. */
interface Chunk {
  readonly error?: { readonly message?: string; readonly type?: string } | string | null
  readonly choices?: readonly Choice[] | null
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null
}
interface Choice {
  readonly index?: number
  readonly delta?: { readonly content?: string | null; readonly tool_calls?: readonly Call[] | null } | null
  readonly finish_reason?: string | null
}
interface Call {
  readonly index?: number
  readonly id?: string
  readonly function?: { readonly name?: string; readonly arguments?: string }
}

const REASONS: Readonly<Record<string, StopReason>> = {
  stop: 'stop',
  length: 'length',
  tool_calls: 'tool-calls',
  content_filter: 'content-filter',
}

export const fromOpenAI: FromOpenAI = async function* (events) {
  const calls: { readonly wire: number; readonly id: string }[] = [] // in the order in which they began

  function toolDelta({ index: wire = 0, id = '', function: { name = '', arguments: json = '' } = {} }: Call): Delta {
    const last = calls.findLastIndex((call) => call.wire === wire)
    // Some servers give each call the index 0, so a new id begins a new call. Some repeat the id in each piece.
    if (last !== -1 && (id === '' || id === calls[last]?.id)) return { kind: 'tool', index: last, json }
    return { kind: 'tool', index: calls.push({ wire, id }) - 1, id, name, json }
  }

  for await (const { data } of events) {
    if (data === '[DONE]') {
      yield { kind: 'end' }
      return // the loop is left, and with it the source: the connection may stay open for a long time
    }
    const { error, choices, usage } = parse(data)
    if (error) throw failure('Provider', typeof error === 'string' ? error : `${error.type}: ${error.message}`)
    const choice = choices?.find(({ index = 0 }) => index === 0) // none where only the usage is told
    if (choice?.delta?.content) yield { kind: 'text', text: choice.delta.content }
    for (const call of choice?.delta?.tool_calls ?? []) yield toolDelta(call)
    if (choice?.finish_reason) yield { kind: 'stop', reason: REASONS[choice.finish_reason] ?? 'other' }
    if (usage) yield { kind: 'usage', input: usage.prompt_tokens ?? 0, output: usage.completion_tokens ?? 0 }
  }
}

function parse(data: string): Chunk {
  try {
    return JSON.parse(data) ?? {}
  } catch {
    throw failure('Malformed', `no JSON: ${data.slice(0, 40)}`)
  }
}

const failure = (_code: 'Provider' | 'Malformed', message: string) => new Error(message)
