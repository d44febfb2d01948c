import { parseJson } from '../json.ts'
import { type Generation, type Part, tokensOf } from './generate.ts'
import type { Answer, Frame } from './wire-format.ts'

/** One member of the stream. */
export interface Piece extends Pick<Frame, 'holdsToken' | 'last'> {
  readonly value: object
}

/** A token a piece, for each candidate in turn; a call comes whole; the last piece of each says why it is over. */
export function* pieces(answer: Answer): Iterable<Piece> {
  const spoken = answer.choices.map((choice) => choice.parts.flatMap(spokenParts))
  const longest = Math.max(...spoken.map(({ length }) => length))
  let count = 0
  for (let i = 0; i <= longest; i++) {
    for (const [index, choice] of answer.choices.entries()) {
      const part = spoken[index]?.[i]
      if (part) {
        count += part.tokens
        yield { value: { candidates: [candidate(index, [part.part])], ...about(answer, count) }, holdsToken: true }
      } else if (i === spoken[index]?.length) {
        const value = { candidates: [candidate(index, [{ text: '' }], choice)], ...about(answer, tokenCount(answer)) }
        yield { value, holdsToken: false, last: index === lastToEnd(spoken) }
      }
    }
  }
}

/** Of all choices, the one that is over last. */
function lastToEnd(spoken: readonly (readonly unknown[])[]): number {
  const lengths = spoken.map(({ length }) => length)
  return lengths.lastIndexOf(Math.max(...lengths))
}

function spokenParts(part: Part): readonly { readonly part: object; readonly tokens: number }[] {
  if (part.kind !== 'call') return part.tokens.map((token) => ({ part: textPart(part.kind, token), tokens: 1 }))
  const args = parseJson(part.tokens.join('')) // a call that was cut does not come at all
  return args === undefined ? [] : [{ part: { functionCall: { name: part.name, args } }, tokens: part.tokens.length }]
}

export function joinedParts({ parts }: Generation): readonly object[] {
  return parts.flatMap((part) =>
    part.kind === 'call' ? spokenParts(part).map((each) => each.part) : [textPart(part.kind, part.tokens.join(''))],
  )
}

function textPart(kind: Part['kind'], text: string): object {
  return { text, ...(kind === 'reasoning' && { thought: true }) }
}

const FINISH_REASONS = {
  end: 'STOP',
  stop: 'STOP',
  calls: 'STOP',
  length: 'MAX_TOKENS',
  refusal: 'PROHIBITED_CONTENT',
  filter: 'SAFETY',
} as const

export function candidate(index: number, parts: readonly object[], choice?: Generation): object {
  const finish = choice && { finishReason: FINISH_REASONS[choice.reason] }
  return { content: { parts, role: 'model' }, ...finish, index }
}

export function tokenCount({ choices }: Answer): number {
  return choices.reduce((sum, choice) => sum + tokensOf(choice).length, 0)
}

export function about({ id, ask, promptTokens, choices }: Answer, soFar: number): object {
  const thoughts = choices.reduce((sum, choice) => sum + tokensOf(choice, 'reasoning').length, 0)
  const thought = Math.min(thoughts, soFar)
  return {
    usageMetadata: {
      promptTokenCount: promptTokens,
      candidatesTokenCount: soFar - thought,
      totalTokenCount: promptTokens + soFar,
      ...(thought > 0 && { thoughtsTokenCount: thought }),
    },
    modelVersion: ask.model,
    responseId: id,
  }
}
