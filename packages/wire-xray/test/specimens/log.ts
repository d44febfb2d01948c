import type { Span } from '@sse-from-scratch/wire-xray'
import { type Decoded, decode, type Outcome, type Seen, xray } from './read.ts'
import type { Specimen } from './specimen.ts'
import { quote } from './wire.ts'

/**
 * The log of a specimen, from a reading byte by byte: `off=0 len=3 http method "GET"` for each span of the x-ray,
 * `off=16 head …` for what a decoder said once it had the bytes before that offset, and how it ended.
 */
function formatLog(specimen: Specimen, decoded: Decoded, seen: Seen): string {
  const { bytes, subject } = specimen
  const { outcome, taken } = decoded
  const named = outcome.kind === 'error' || seen.findings.some(isOwnError) || isTunnel(seen.spans, taken)
  const end = named ? bytes.length : taken // what is left behind a message is not ours to name
  const spans = seen.spans.filter(({ start }) => start < end).map((span) => ({ ...span, end: Math.min(span.end, end) }))
  const entries = [
    ...spans.map((span) => ({ at: span.start, order: 1, lines: [spanLine(span, bytes)] })),
    ...eventEntries(decoded, subject === 'Lines'),
  ].sort((a, b) => a.at - b.at || a.order - b.order)
  const leftover =
    end < bytes.length ? [`off=${end} len=${bytes.length - end} leftover ${quote(bytes.subarray(end))}`] : []
  const own = seen.findings
    .filter(isOwnError)
    .map(({ code, bytes: [range] }) => `x-ray ${code} at off=${(range?.[1] ?? 0) - 1}`)
  const lines = [...entries.flatMap((entry) => entry.lines), ...leftover, ...own, outcomeInWords(outcome)]
  return lines.map((line) => `${line}\n`).join('')
}

function isOwnError({ code }: { readonly code?: string }): boolean {
  return code?.startsWith('XRAY_') === true
}

function isTunnel(spans: readonly Span[], taken: number): boolean {
  return spans.some(({ start, element }) => start >= taken && element === 'tunnel')
}

function spanLine({ start, end, layer, element }: Span, bytes: Uint8Array): string {
  return `off=${start} len=${end - start} ${layer} ${element} ${quote(bytes.subarray(start, end))}`
}

/** Data is in the spans already; the lines of the line decoder have no spans, so they say how long they were. */
function eventEntries({ events }: Decoded, areLines: boolean): { at: number; order: number; lines: string[] }[] {
  let start = 0
  return events
    .filter(({ data }) => data === undefined)
    .map(({ at, words: [first = '', ...rest] }) => {
      const line = areLines ? `off=${start} len=${at - start} ${first}` : `off=${at} ${first}`
      start = at
      return { at, order: 0, lines: [line, ...rest] }
    })
}

function outcomeInWords(outcome: Outcome): string {
  if (outcome.kind === 'error') return `error ${outcome.code} at off=${outcome.from}`
  return outcome.kind === 'incomplete' ? `incomplete ${outcome.code}` : 'complete'
}

/** The log of a specimen: what its log block has to say. */
export function logOf(specimen: Specimen): string {
  const reads = Array.from(specimen.bytes, (byte) => Uint8Array.of(byte))
  return formatLog(specimen, decode(specimen, reads), xray(specimen, reads))
}
