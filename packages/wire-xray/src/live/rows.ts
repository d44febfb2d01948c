import type { Finding } from '../finding.ts'
import { printable } from '../printable.ts'
import type { ByteRange, Direction, Layer } from '../span.ts'
import type { Group } from './group.ts'
import { happenedRows } from './happened-rows.ts'

/** What a row is about: a layer, the socket under all of them, or what went wrong. */
export type RowLayer = Layer | 'tcp' | 'error'

/** One line of the table, without its times. */
export interface Row {
  readonly layer: RowLayer
  readonly direction?: Direction
  readonly what: string
  /** The same where there is little room. */
  readonly short?: string
  readonly range?: ByteRange
}

/** Findings of one layer that one read is shown with; more are counted. */
const MOST = 4

const LAYERS: readonly Layer[] = ['http', 'chunked', 'sse', 'llm', 'body']

/** What happened, then what was found in it, from the lowest layer to the highest. */
export function rowsOf({ cause, found }: Group): readonly Row[] {
  const items = [cause, ...found]
  const findings = items.flatMap((item) =>
    item.kind === 'finding' && item.finding.kind !== 'error' ? item.finding : [],
  )
  const errors = items.flatMap((item) => (item.kind === 'finding' && item.finding.kind === 'error' ? item.finding : []))
  const notes = items.flatMap((item): Row[] =>
    item.kind === 'note' ? [{ layer: 'error', what: `! ${item.text}` }] : [],
  )
  return [
    ...happenedRows(cause),
    ...LAYERS.flatMap((layer) => shortened(findings.filter((finding) => finding.layer === layer))),
    ...errors.map(errorRow),
    ...notes,
  ]
}

/** All of them, or as many as fit and how many more. Chunks are only of interest by their sizes. */
function shortened(findings: readonly Finding[]): readonly Row[] {
  const [first, ...more] = findings
  if (!first) return []
  if (first.kind === 'chunk' && more.length > 0) return chunkRows(findings)
  if (findings.length <= MOST) return findings.map(findingRow)
  const left = findings.slice(MOST - 1)
  const { layer, direction } = first
  const range: ByteRange = [startOf(left[0] as Finding), endOf(left.at(-1) as Finding)]
  return [...findings.slice(0, MOST - 1).map(findingRow), { layer, direction, what: `… ${left.length} more`, range }]
}

function chunkRows(findings: readonly Finding[]): readonly Row[] {
  const chunks = findings.filter(({ kind }) => kind === 'chunk')
  const others = findings.filter(({ kind }) => kind !== 'chunk')
  const sizes = new Set(chunks.map(({ summary }) => summary))
  const [first] = chunks
  if (!first) return others.map(findingRow)
  const times = chunks.length === 1 ? '' : `  ×${chunks.length}`
  const what = sizes.size === 1 ? `${first.summary}${times}` : `${chunks.length} chunks`
  const range: ByteRange = [startOf(first), endOf(chunks.at(-1) as Finding)]
  return [{ layer: 'chunked', direction: first.direction, what, range }, ...others.map(findingRow)]
}

function findingRow(finding: Finding): Row {
  const { layer, direction, kind, summary } = finding
  const what = NAMED.has(kind) ? `${kind}: ${summary}` : summary
  const short = kind === 'delta' ? { short: `"${printable(finding.text ?? '')}"` } : {}
  return { layer, direction, what, ...short, range: [startOf(finding), endOf(finding)] }
}

/** Kinds whose summary does not say what they are. */
const NAMED: ReadonlySet<Finding['kind']> = new Set([
  'interim',
  'comment',
  'trailers',
  'line',
  'stop',
  'usage',
  'done',
  'failure',
])

function errorRow({ direction, code, summary }: Finding): Row {
  return { layer: 'error', direction, what: `✗ ${code ?? 'error'} ${summary}` }
}

function startOf({ bytes }: Finding): number {
  return bytes[0]?.[0] ?? 0
}

function endOf({ bytes }: Finding): number {
  return bytes.at(-1)?.[1] ?? 0
}
