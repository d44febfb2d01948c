import type { Finding } from '../finding.ts'
import type { Version } from './difference.ts'

/** What the decoders made of the first message in a version: nothing else may be said of the receiver. */
export type Verdict =
  /** `at` is the byte that was refused, `start` where began what it broke: of a chunk, its size. */
  | { readonly kind: 'refused'; readonly code: string; readonly start: number; readonly at: number }
  /** The bytes end inside the message; `start` is where its last chunk begins, or would. */
  | { readonly kind: 'waiting'; readonly start: number }
  | { readonly kind: 'whole' }

/** Reads the verdict from the findings. What is wrong with a message behind the first is no fault of the first. */
export function verdictOn({ findings }: Version): Verdict {
  const error = findings.find(isErrorOfFirst)
  const range = error?.bytes[0]
  if (error === undefined || range === undefined) return { kind: 'whole' }
  const [start, end] = range
  const { code = '' } = error
  return code.endsWith('_INCOMPLETE') ? { kind: 'waiting', start } : { kind: 'refused', code, start, at: end - 1 }
}

/** Whether the message is refused because of a byte from `at` on. */
export function isRefusedFrom(version: Version, at: number): boolean {
  const verdict = verdictOn(version)
  return verdict.kind === 'refused' && verdict.at >= at
}

/** Where the chunked body ends; `undefined` when it does not. */
export function endOfBody(version: Version): number | undefined {
  if (verdictOn(version).kind !== 'whole') return undefined
  return version.rows.find(({ layer, element }) => layer === 'chunked' && element === 'blank-line')?.end
}

/** Where the last chunk begins. */
export function lastChunkAt(version: Version): number | undefined {
  return version.findings.find(({ kind, exchange }) => kind === 'last-chunk' && exchange === 0)?.bytes[0]?.[0]
}

/** The chunks that are there from their size to the CRLF behind their data, the last one not among them. */
export function chunksOf({ findings }: Version): readonly (readonly [start: number, end: number])[] {
  return findings
    .filter(({ kind, exchange }) => kind === 'chunk' && exchange === 0)
    .flatMap(({ bytes: [range] }) => (range ? [range] : []))
}

function isErrorOfFirst({ kind, exchange }: Finding): boolean {
  return kind === 'error' && exchange === 0
}
