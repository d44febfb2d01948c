import type { Verdict } from '../diagnosis.ts'
import { DO_NOT_CACHE, fixFor } from '../fixes.ts'
import type { Look } from '../look.ts'
import { seen } from '../seen.ts'

/** A stream that comes from a store, and not from the server. */
export function cachedStream({ head, response, isStream, hop, after }: Look): Verdict | undefined {
  if (!head || !response || !isStream) return undefined
  const { fields } = response
  const age = Number(fields.get('age') ?? 0)
  const signs = [
    ...(age > after(head.at) / 1000 + 1 ? [`Age: ${age}`] : []), // it is older than this request
    ...['x-cache', 'cf-cache-status', 'x-cache-status']
      .filter((name) => /\bhit\b/i.test(fields.get(name) ?? ''))
      .map((name) => `${name}: ${fields.get(name)?.slice(0, 40)}`),
    ...(/^\d+ \d+$/.test(fields.get('x-varnish') ?? '') ? [`X-Varnish: ${fields.get('x-varnish')}`] : []),
  ]
  if (signs.length === 0) return undefined
  return {
    code: 'CACHED_STREAM',
    severity: 'error',
    confidence: 'certain',
    text: `this stream was kept for somebody else before (${signs.join(', ')})`,
    fix: fixFor('Send Cache-Control: no-store with streams.', DO_NOT_CACHE, hop),
    evidence: [seen(head)],
  }
}
