import type { Verdict } from '../diagnosis.ts'
import { DO_NOT_BUFFER, fixFor } from '../fixes.ts'
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
      isKnownToHold || hop.product === undefined ? NGINX : others(hop),
      hop,
    ),
    evidence: [seen(head), { at: body.at, direction: 'down', bytes: body.range, what: 'the first content' }],
  }
}

/** What holds heads that nobody has to hold. */
const NGINX = { nginx: 'proxy_buffering off;' } as const

/** A hop that is known is not told the lines of another. */
function others({ products }: Look['hop']): Partial<typeof DO_NOT_BUFFER> {
  return Object.fromEntries(
    Object.entries(DO_NOT_BUFFER).filter(([name]) => products.some((product) => product === name)),
  )
}
