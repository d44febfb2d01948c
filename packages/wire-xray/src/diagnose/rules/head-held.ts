import type { Verdict } from '../diagnosis.ts'
import { fixFor } from '../fixes.ts'
import type { Look } from '../look.ts'
import { ms, seen } from '../seen.ts'

/** Milliseconds a head may take. */
const LATE = 500
/** Milliseconds between a head and what follows that are none. */
const TOGETHER = 2

/** A head that comes with the first content, late: an EventSource is not open until then. */
export function headHeld({ isStream, head, reads, after, hop }: Look): Verdict | undefined {
  if (!isStream || !head || after(head.at) <= LATE) return undefined
  const headEnd = head.finding.bytes.at(-1)?.[1] ?? 0
  const body = reads.find(({ range }) => range[1] > headEnd)
  if (!body || body.at - head.at > TOGETHER) return undefined
  const isKnownToHold = hop.products.includes('nginx')
  return {
    code: 'HEAD_HELD',
    severity: isKnownToHold ? 'warn' : 'info',
    confidence: isKnownToHold ? 'likely' : 'hint',
    text: `the head came ${ms(after(head.at))} after the request, together with the first content: ${isKnownToHold ? 'nginx that buffers holds it until then' : 'a hop held it until then, or the server did'}`,
    fix: fixFor(
      'In the server send the head at once (flushHeaders() in Node).',
      { nginx: 'proxy_buffering off;' },
      hop,
    ),
    evidence: [seen(head), { at: body.at, direction: 'down', bytes: body.range, what: 'the first content' }],
  }
}
