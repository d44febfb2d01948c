import { objectOf, parseJson } from '../json.ts'
import type { Generation, Part } from './generate.ts'
import { hash } from './random.ts'

/** An answer of no parts is one empty text. */
export function blocksOf(choice: Generation | undefined): readonly Part[] {
  return choice && choice.parts.length > 0 ? choice.parts : [{ kind: 'text', tokens: [] }]
}

export function emptyBlock(part: Part): object {
  if (part.kind === 'call') return { type: 'tool_use', id: callId(part.id), name: part.name, input: {} }
  return part.kind === 'reasoning' ? { type: 'thinking', thinking: '', signature: '' } : { type: 'text', text: '' }
}

export function wholeBlock(part: Part): object {
  const text = part.tokens.join('')
  if (part.kind === 'reasoning') return { type: 'thinking', thinking: text, signature: signatureOf(part) }
  if (part.kind === 'call') return { ...emptyBlock(part), input: objectOf(parseJson(text)) } // {} where it was cut
  return { type: 'text', text, citations: null }
}

/** The end of a thought is signed, and the first piece of a tool's input is empty. */
export function* deltasOf(part: Part): Iterable<{ readonly delta: object; readonly holdsToken: boolean }> {
  const { kind, tokens } = part
  if (kind === 'call') yield { delta: { type: 'input_json_delta', partial_json: '' }, holdsToken: false }
  for (const token of tokens) yield { delta: deltaOf(kind, token), holdsToken: true }
  if (kind === 'reasoning') {
    yield { delta: { type: 'signature_delta', signature: signatureOf(part) }, holdsToken: false }
  }
}

function deltaOf(kind: Part['kind'], token: string): object {
  if (kind === 'call') return { type: 'input_json_delta', partial_json: token }
  if (kind === 'reasoning') return { type: 'thinking_delta', thinking: token }
  return { type: 'text_delta', text: token }
}

/** Looks like one, and signs nothing. */
function signatureOf({ tokens }: Part): string {
  return btoa(`simulated-${hash(tokens.join(''))}`)
}

function callId(id: string): string {
  return `toolu_01${id.slice(2)}`
}
