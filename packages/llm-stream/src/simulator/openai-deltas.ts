import { type Generation, type Part, tokensOf } from './generate.ts'

/** What one chunk adds to a choice. */
export interface Delta {
  readonly delta: Readonly<Record<string, unknown>>
  readonly holdsToken: boolean
}

/** OpenAI keeps what its models think to itself; `reasoning_content` is what the servers after it say. */
const MEMBERS = { text: 'content', refusal: 'refusal', reasoning: 'reasoning_content' } as const

/** A choice as it is streamed. */
export function* deltasOf({ parts }: Generation): Iterable<Delta> {
  let calls = 0
  for (const part of parts) {
    if (part.kind === 'call') yield* callDeltas(part, calls++)
    else for (const token of part.tokens) yield { delta: { [MEMBERS[part.kind]]: token }, holdsToken: true }
  }
}

function* callDeltas(call: Call, index: number): Iterable<Delta> {
  yield { delta: { tool_calls: [{ index, ...described(call, '') }] }, holdsToken: false }
  for (const token of call.tokens) {
    const more = call.custom ? { custom: { input: token } } : { function: { arguments: token } }
    yield { delta: { tool_calls: [{ index, ...more }] }, holdsToken: true }
  }
}

type Call = Extract<Part, { kind: 'call' }>

function described({ id, name, custom }: Call, text: string): object {
  const type = custom ? { type: 'custom', custom: { name, input: text } } : null
  return { id: `call_${id}`, ...(type ?? { type: 'function', function: { name, arguments: text } }) }
}

/** A choice as a whole. */
export function message(choice: Generation): object {
  const said = (kind: Part['kind']) => tokensOf(choice, kind).join('')
  const calls = choice.parts.filter((part) => part.kind === 'call')
  return {
    role: 'assistant',
    content: choice.parts.some(({ kind }) => kind === 'text') ? said('text') : null,
    refusal: said('refusal') || null,
    annotations: [],
    ...(said('reasoning') !== '' && { reasoning_content: said('reasoning') }),
    ...(calls.length > 0 && { tool_calls: calls.map((call) => described(call, call.tokens.join(''))) }),
  }
}
