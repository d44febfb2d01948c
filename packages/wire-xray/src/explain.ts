import type { Span } from './span.ts'
import { createXray } from './xray.ts'

export interface ExplainOptions {
  /** Whether to use ANSI colours. They repeat what the marks and names say already. */
  readonly color?: boolean
  /** Width to fit into, at least 40. */
  readonly columns?: number
}

/** An annotated hexdump: one row for each element of one direction's stream. */
export function explain(bytes: Uint8Array, options: ExplainOptions = {}): string {
  const { columns = 80 } = options
  if (!(columns >= 40)) throw new RangeError(`columns must be at least 40, not ${columns}`)
  const spans: Span[] = []
  const xray = createXray(
    (span) => spans.push(span),
    () => {},
  )
  xray.push(bytes[0] === 72 && bytes[4] === 47 ? 'down' : 'up', bytes)
  return spans.map((span) => `${span.start}\t${span.layer}\t${span.element}`).join('\n')
}
