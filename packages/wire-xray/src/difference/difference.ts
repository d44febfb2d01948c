import { latin1 } from '@sse-from-scratch/http-raw'
import { CREDENTIALS } from '@sse-from-scratch/http-raw/headers'
import { type Reading, readBytes, type Subject } from '../reading.ts'
import { createRedactor } from '../redact.ts'
import { type Row, rowsOf } from '../rows.ts'
import { linesOf } from './lines-of.ts'

/** What two runs of bytes are meant to be: what an x-ray can read, or JSON, or text. */
export type DifferenceSubject = Subject | 'json' | 'text'

/** Bytes, and what they are. */
export interface Version {
  readonly bytes: Uint8Array
  /** The same, a character for each byte. */
  readonly text: string
  /** The bytes as they may be shown. */
  readonly shown: Uint8Array
  readonly rows: readonly Row[]
  readonly findings: Reading['findings']
}

/** Where two runs of bytes part, and what is there. */
export interface Difference {
  readonly as: DifferenceSubject
  readonly expected: Version
  readonly got: Version
  /** The first byte that differs, or where the shorter of them ends. */
  readonly at: number
  /** The row of that byte in what was expected; its last row when it ends there. */
  readonly wanted: Row | undefined
  /** What is expected from there on, and what is there instead. */
  readonly missing: string
  readonly instead: string
}

/** Says what somebody had in mind who wrote these bytes, and what becomes of that; `undefined` when it knows nothing. */
export type Explanation = (difference: Difference) => string | undefined

/** Compares; `undefined` when there is no difference. */
export function differenceOf(
  expected: Uint8Array,
  got: Uint8Array,
  as: DifferenceSubject,
  showSecrets: boolean,
): Difference | undefined {
  const at = firstDifference(expected, got)
  if (at === undefined) return undefined
  const [left, right] = [versionOf(expected, as, showSecrets), versionOf(got, as, showSecrets)]
  const wanted = rowAt(left.rows, at) ?? left.rows.at(-1)
  return { as, expected: left, got: right, at, wanted, missing: left.text.slice(at), instead: right.text.slice(at) }
}

/** The row a byte is in. */
export function rowAt(rows: readonly Row[], at: number): Row | undefined {
  return rows.find(({ start, end }) => start <= at && at < end)
}

/** What bytes are that nobody said anything about: HTTP and its parts are known by how they begin. */
export function subjectOf(bytes: Uint8Array): DifferenceSubject {
  const text = latin1(bytes.subarray(0, 64))
  if (/^(?:HTTP\/\d|[A-Z]+ \S+ HTTP\/)/.test(text)) return 'message'
  if (/^[\da-f]+(?:;[^\r\n]*)?\r\n/i.test(text)) return 'chunked-body'
  if (/^(?:\xef\xbb\xbf)?(?:(?:data|event|id|retry)(?::|\r|\n)|:)/.test(text)) return 'event-stream'
  return /^\s*[{[]/.test(text) ? 'json' : 'text'
}

function firstDifference(expected: Uint8Array, got: Uint8Array): number | undefined {
  const shorter = Math.min(expected.length, got.length)
  for (let at = 0; at < shorter; at++) if (expected[at] !== got[at]) return at
  return expected.length === got.length ? undefined : shorter
}

function versionOf(bytes: Uint8Array, as: DifferenceSubject, showSecrets: boolean): Version {
  const text = latin1(bytes)
  if (as === 'json' || as === 'text') return { bytes, text, shown: bytes, rows: linesOf(bytes, as), findings: [] }
  const { spans, findings } = readBytes(bytes, { as })
  const shown = showSecrets || !mayHoldSecrets(text) ? bytes : createRedactor()(bytes, spans)
  return { bytes, text, shown, rows: rowsOf(spans), findings }
}

/** A redactor hides the rest of a head that is broken, as nobody knows what is in it. Here all of it is known. */
function mayHoldSecrets(text: string): boolean {
  const lower = text.toLowerCase()
  return CREDENTIALS.some((name) => lower.includes(name)) || /[?&][^=\s]*(?:key|token|sig)/.test(lower)
}
