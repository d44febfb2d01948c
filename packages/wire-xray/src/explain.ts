import { formatRow, layoutOf, wrap } from './format.ts'
import type { PlainSpan } from './plain.ts'
import { type ReadingOptions, readBytes } from './reading.ts'
import { createRedactor } from './redact.ts'
import { type Row, rowsOf } from './rows.ts'
import type { Layer } from './span.ts'
import type { Plain } from './xray.ts'

/** How an explanation looks. */
export interface ExplainOptions extends ReadingOptions {
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
 * Long elements are shortened in their middle, and their length in bytes is said. What was in compressed content follows
 * behind it, with offsets of its own. CR and LF show as ␍ and ␊, a space as ·, and a byte
 * that is no ASCII as ▒.
 *
 * @throws RangeError when `columns` is below 40
 */
export function explain(bytes: Uint8Array, options: ExplainOptions = {}): string {
  const { color = false, columns = 80, showSecrets = false } = options
  if (!(columns >= MIN_COLUMNS)) throw new RangeError(`columns must be at least ${MIN_COLUMNS}, not ${columns}`)
  const width = Math.floor(columns)
  const { spans, findings, plain } = readBytes(bytes, options)
  const shown = showSecrets ? bytes : createRedactor()(bytes, spans)
  const paint = color ? inColor : uncoloured
  const errors = findings.filter(({ kind }) => kind === 'error')
  return [
    ...table(rowsOf(spans), shown, width, paint),
    ...contents(plain).flatMap(({ title, spans, bytes }) => [
      ...wrap(title, width),
      ...table(rowsOf(spans), bytes, width, paint),
    ]),
    ...errors
      .flatMap(({ code, summary }) => wrap(`✗ ${code ?? 'error'}, ${summary}`, width))
      .map((mark) => paint(31, mark)),
  ].join('\n')
}

type Paint = (color: number, text: string) => string

function table(rows: readonly Row[], bytes: Uint8Array, columns: number, paint: Paint): string[] {
  const layout = layoutOf(rows, bytes.length, columns)
  return rows.map((row) => paint(COLORS[row.layer], formatRow(row, bytes, layout)))
}

interface Content {
  readonly title: string
  readonly bytes: Uint8Array
  readonly spans: readonly PlainSpan[]
}

/** The decompressed content of each message that has some. */
function contents(parts: readonly Plain[]): Content[] {
  const exchanges = [...new Set(parts.map(({ exchange }) => exchange))]
  return exchanges.map((exchange) => {
    const ours = parts.filter((part) => part.exchange === exchange)
    const bytes = Buffer.concat(ours.map((part) => part.bytes))
    const compressed = new Map(ours.flatMap(({ from }) => from.map(([start, end]) => [start, end])))
    const size = [...compressed].reduce((sum, [start, end]) => sum + end - start, 0)
    const title = `decompressed, ${bytes.length} B out of ${size} B:`
    return { title, bytes, spans: joined(ours.flatMap(({ spans }) => spans)) }
  })
}

const COLORS: Readonly<Record<Layer, number>> = { http: 36, chunked: 33, sse: 32, llm: 35, body: 90 }

/** Spans that go on where what came out at once ends, put together. */
function joined(spans: readonly PlainSpan[]): PlainSpan[] {
  const all: PlainSpan[] = []
  for (const span of spans) {
    const last = all.at(-1)
    if (last?.layer === span.layer && last.element === span.element) all[all.length - 1] = { ...last, end: span.end }
    else all.push(span)
  }
  return all
}

function inColor(color: number, text: string): string {
  return `\x1b[${color}m${text}\x1b[0m`
}

function uncoloured(_color: number, text: string): string {
  return text
}
