import type { Finding } from './finding.ts'
import { formatRow, layoutOf, wrap } from './format.ts'
import { createRedactor } from './redact.ts'
import { rowsOf } from './rows.ts'
import type { Direction, Layer, Span } from './span.ts'
import { createXray } from './xray.ts'

/** How an explanation looks. */
export interface ExplainOptions {
  /** ANSI colours, one for each layer. They only repeat what the names say. Default false. */
  readonly color?: boolean
  /** The width to stay within, at least 40. Default 80. */
  readonly columns?: number
  /** Show credentials (Authorization, cookies, API keys) instead of stars. Default false. */
  readonly showSecrets?: boolean
}

const MIN_COLUMNS = 40

/**
 * The annotated hexdump of one direction of a connection, from its first byte on: a row for each element with its
 * offset, bytes, text and name, and a line marked ✗ where the stream becomes unreadable or ends too early.
 *
 * Long elements are shortened, and their length in bytes is said. CR and LF show as ␍ and ␊, a space as ·, and a byte
 * that is no ASCII as ▒.
 *
 * @throws RangeError when `columns` is below 40
 */
export function explain(bytes: Uint8Array, options: ExplainOptions = {}): string {
  const { color = false, columns = 80, showSecrets = false } = options
  if (!(columns >= MIN_COLUMNS)) throw new RangeError(`columns must be at least ${MIN_COLUMNS}, not ${columns}`)
  const { spans, errors } = look(bytes)
  const shown = showSecrets ? bytes : createRedactor()(bytes, spans)
  const rows = rowsOf(spans)
  const layout = layoutOf(rows, bytes.length, Math.floor(columns))
  const paint = color ? (layer: Layer, text: string) => `\x1b[${COLORS[layer]}m${text}\x1b[0m` : plain
  const lines = rows.map((row) => paint(row.layer, formatRow(row, shown, layout)))
  const marks = errors.flatMap(({ code, summary }) => wrap(`✗ ${code ?? 'error'}, ${summary}`, layout.columns))
  return [...lines, ...marks.map((mark) => (color ? `\x1b[31m${mark}\x1b[0m` : mark))].join('\n')
}

const COLORS: Readonly<Record<Layer, number>> = { http: 36, chunked: 33, sse: 32, llm: 35, body: 90 }

function look(bytes: Uint8Array): { spans: readonly Span[]; errors: readonly Finding[] } {
  const spans: Span[] = []
  const errors: Finding[] = []
  const xray = createXray(
    (span) => spans.push(span),
    (finding) => finding.kind === 'error' && errors.push(finding),
  )
  const direction = directionOf(bytes)
  xray.push(direction, bytes)
  xray.end(direction)
  return { spans, errors }
}

/** A response begins with its version, a request never does: `/` is not a character of a method. */
function directionOf(bytes: Uint8Array): Direction {
  return Array.from('HTTP/').every((char, at) => bytes[at] === char.charCodeAt(0)) ? 'down' : 'up'
}

function plain(_layer: Layer, text: string): string {
  return text
}
