import type { Part } from './generate.ts'

/** One event of a stream, without its number. */
export interface Happening {
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
  readonly holdsToken?: boolean
}

/** What the kinds of items have in common: how each begins, is filled and ends. */
export interface ItemKind {
  /** The item, with its content or before it has any. */
  item(part: Part, id: string, over: boolean): object
  /** Events between the item's beginning and its end. */
  fill(part: Part, where: Where): Iterable<Happening>
  readonly prefix: string
}

interface Where {
  readonly item_id: string
  readonly output_index: number
}

const text: ItemKind = {
  prefix: 'msg',
  item: (part, id, over) => ({
    id,
    type: 'message',
    status: over ? 'completed' : 'in_progress',
    role: 'assistant',
    content: over ? [contentOf(part, joined(part))] : [],
  }),
  *fill(part, where) {
    const at = { ...where, content_index: 0 }
    const refusal = part.kind === 'refusal'
    const name = refusal ? 'refusal' : 'output_text'
    const logprobs = refusal ? {} : { logprobs: [] }
    yield { type: 'response.content_part.added', body: { ...at, part: contentOf(part, '') } }
    for (const delta of part.tokens) {
      yield { type: `response.${name}.delta`, body: { ...at, delta, ...logprobs }, holdsToken: true }
    }
    const whole = refusal ? { refusal: joined(part) } : { text: joined(part) }
    yield { type: `response.${name}.done`, body: { ...at, ...whole, ...logprobs } }
    yield { type: 'response.content_part.done', body: { ...at, part: contentOf(part, joined(part)) } }
  },
}

const reasoning: ItemKind = {
  prefix: 'rs',
  item: (part, id, over) => ({ id, type: 'reasoning', summary: over ? [summaryOf(joined(part))] : [] }),
  *fill(part, where) {
    const at = { ...where, summary_index: 0 }
    yield { type: 'response.reasoning_summary_part.added', body: { ...at, part: summaryOf('') } }
    for (const delta of part.tokens) {
      yield { type: 'response.reasoning_summary_text.delta', body: { ...at, delta }, holdsToken: true }
    }
    yield { type: 'response.reasoning_summary_text.done', body: { ...at, text: joined(part) } }
    yield { type: 'response.reasoning_summary_part.done', body: { ...at, part: summaryOf(joined(part)) } }
  },
}

const call: ItemKind = {
  prefix: 'fc',
  item(part, id, over) {
    if (part.kind !== 'call') throw new TypeError(`not a call: ${part.kind}`)
    const content = over ? joined(part) : ''
    return {
      id,
      type: part.custom ? 'custom_tool_call' : 'function_call',
      status: over ? 'completed' : 'in_progress',
      ...(part.custom ? { input: content } : { arguments: content }),
      call_id: `call_${part.id}`,
      name: part.name,
    }
  },
  *fill(part, where) {
    const custom = part.kind === 'call' && part.custom
    const type = custom ? 'response.custom_tool_call_input' : 'response.function_call_arguments'
    for (const delta of part.tokens) yield { type: `${type}.delta`, body: { ...where, delta }, holdsToken: true }
    const whole = custom ? { input: joined(part) } : { arguments: joined(part) }
    yield { type: `${type}.done`, body: { ...where, ...whole } }
  },
}

/** How each kind of part becomes an item. */
export const KINDS: Readonly<Record<Part['kind'], ItemKind>> = { text, refusal: text, reasoning, call }

function contentOf({ kind }: Part, content: string): object {
  if (kind === 'refusal') return { type: 'refusal', refusal: content }
  return { type: 'output_text', text: content, annotations: [], logprobs: [] }
}

function summaryOf(content: string): object {
  return { type: 'summary_text', text: content }
}

function joined({ tokens }: Part): string {
  return tokens.join('')
}
