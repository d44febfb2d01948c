import type { Delta, FromAnthropic } from '../contract.ts'

/** As much of an event as we look at. Which members it has depends on its type. */
interface Body {
  readonly type?: string
  readonly index?: number
  readonly message?: { readonly usage?: Usage }
  readonly content_block?: { readonly type: string; readonly id?: string; readonly name?: string }
  readonly delta?: { readonly text?: string; readonly partial_json?: string; readonly stop_reason?: string | null }
  readonly usage?: Usage
  readonly error?: { readonly type: string; readonly message: string }
}
type Usage = Readonly<Record<string, unknown>>

const STOP = 'stop'
const REASONS = { end_turn: STOP, stop_sequence: STOP, max_tokens: 'length', tool_use: 'tool-calls' } as const

export const fromAnthropic: FromAnthropic = async function* (events) {
  const tools = new Map<number | undefined, number>() // index of the block -> which call it is: text blocks are no calls
  let counts: Usage = {}

  function usage(news: Usage): Delta {
    const said = Object.entries(news).filter(([, value]) => typeof value === 'number')
    counts = { ...counts, ...Object.fromEntries(said) } // totals so far: replace, never add; what is not said stays
    const count = (name: string) => Number(counts[name] ?? 0)
    const cached = count('cache_read_input_tokens') + count('cache_creation_input_tokens')
    return { kind: 'usage', input: count('input_tokens') + cached, output: count('output_tokens') }
  }

  for await (const { data } of events) {
    const { type, index, message, content_block: block, delta = {}, usage: news, error } = parse(data)
    if (type === 'error') throw failure('Provider', `${error?.type}: ${error?.message}`)
    if (message?.usage) yield usage(message.usage)
    if (type === 'content_block_start' && block?.type === 'tool_use') {
      const { id = '', name = '' } = block
      yield { kind: 'tool', index: tools.set(index, tools.size).size - 1, id, name, json: '' }
    }
    if (delta.text) yield { kind: 'text', text: delta.text }
    const call = tools.get(index)
    if (delta.partial_json && call !== undefined) yield { kind: 'tool', index: call, json: delta.partial_json }
    if (news) yield usage(news)
    const reason = delta.stop_reason
    if (reason) yield { kind: 'stop', reason: REASONS[reason as keyof typeof REASONS] ?? 'other' }
    if (type !== 'message_stop') continue // a ping, the end of a block, and what will be invented next year
    yield { kind: 'end' }
    return
  }
}

function parse(data: string): Body {
  try {
    return JSON.parse(data) ?? {}
  } catch {
    throw failure('Malformed', `no JSON: ${data.slice(0, 40)}`)
  }
}

const failure = (_code: 'Provider' | 'Malformed', message: string) => new Error(message)
