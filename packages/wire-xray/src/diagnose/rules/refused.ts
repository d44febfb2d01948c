import type { Verdict } from '../diagnosis.ts'
import type { Look } from '../look.ts'
import { seen } from '../seen.ts'

/** Framing that no receiver can read on from (RFC 9112 §7.1). */
export function badChunk({ exchange, found }: Look): Verdict | undefined {
  const error = found.find(({ finding }) => finding.kind === 'error' && finding.code === exchange.end.code)
  if (exchange.end.kind !== 'unreadable' || !error || !exchange.end.code?.startsWith('CHUNKED_')) return undefined
  return {
    code: 'BAD_CHUNK',
    severity: 'error',
    confidence: 'certain',
    text: `the chunks cannot be read on: ${error.finding.summary} (${exchange.end.code})`,
    fix:
      exchange.end.code === 'CHUNKED_BAD_DELIMITER'
        ? 'A chunk-size counts bytes, and not characters. If the server is right, something on the way changed its bytes.'
        : 'A chunk-size is hexadecimal digits and CRLF. Look for who writes chunks by hand, or writes into the stream besides.',
    evidence: [seen(error)],
  }
}

/** A head, or what there is instead of one, that is no HTTP/1. */
export function badHttp({ exchange, found }: Look): Verdict | undefined {
  const { kind, code } = exchange.end
  const error = found.find(({ finding }) => finding.kind === 'error' && finding.code === code)
  if (kind !== 'unreadable' || !error || code?.startsWith('CHUNKED_')) return undefined
  return {
    code: 'BAD_HTTP',
    severity: 'error',
    confidence: 'certain',
    text: `the answer is no HTTP/1.1 from there on: ${error.finding.summary} (${code})`,
    fix: 'Look at the bytes that the server writes there.',
    evidence: [seen(error)],
  }
}
