import { latin1 } from '@sse-from-scratch/http-raw'
import { CREDENTIALS } from '@sse-from-scratch/http-raw/headers'
import { createQueryGrammar } from './query-grammar.ts'
import type { Span } from './span.ts'

/** Takes bytes with the spans that name them, and returns a copy in which credentials are stars. */
export type Redactor = (bytes: Uint8Array, spans: readonly Span[]) => Uint8Array

const STAR = 42
/** Of a field name we need to know no more than this to know that it is none of ours. */
const ENOUGH = 1 + Math.max(...CREDENTIALS.map((name) => name.length))

/**
 * Makes a redactor for one direction of a connection: give it the bytes of each push, and the spans that push reported.
 *
 * Stars take the place of credential fields (Authorization, cookies, API keys) and of such parameters in a query,
 * one for a byte, so that every offset stays true. Names and values may be cut between two calls. Of a head that breaks
 * off the byte that broke it is shown, and no more: which of the bytes behind it are a key, nobody can say.
 */
export function createRedactor(): Redactor {
  let name = '' // of the current field line
  let inName = false
  let inHead = false // or in a trailer section
  let broken = false
  let isSecret = createQueryGrammar()

  /** Keeps up with where the head is: a span of it begins, or goes on. */
  function enter(element: string, part: Uint8Array): void {
    const wasInName = inName
    inName = element === 'field-name'
    if (element === 'method') isSecret = createQueryGrammar()
    if (inName) name = ((wasInName ? name : '') + latin1(part.subarray(0, ENOUGH))).slice(0, ENOUGH).toLowerCase()
    inHead = inHead ? element !== 'blank-line' : HEAD.has(element)
  }

  function hides(element: string, byte: number): boolean {
    switch (element) {
      case 'request-target':
        return isSecret(byte)
      case 'field-value':
        return CREDENTIALS.includes(name)
      case 'unreadable': {
        const isFirst = !broken
        broken = true
        return inHead && !isFirst
      }
      default:
        return false
    }
  }

  return (bytes, spans) => {
    const redacted = new Uint8Array(bytes)
    let at = 0
    for (const { layer, element, start, end } of spans) {
      const part = redacted.subarray(at, at + end - start)
      at += part.length
      const isHttp = layer === 'http' || layer === 'chunked'
      if (isHttp) enter(element, part)
      if (!isHttp && element !== 'unreadable') continue
      part.forEach((byte, index) => {
        if (hides(element, byte)) part[index] = STAR
      })
    }
    return redacted
  }
}

/** What a head begins with, and a trailer section that has any field. */
const HEAD: ReadonlySet<string> = new Set(['method', 'http-version', 'field-name'])
