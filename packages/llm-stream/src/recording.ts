import { LlmError } from './errors.ts'
import { type JsonObject, objectOf, parseJson, textOf } from './json.ts'
import type { RecordedRead } from './recorded-read.ts'
import { readLine } from './recording-line.ts'

export { createMaskedEntries, type MaskedEntries, type MaskedEntriesSetup } from './masked-entries.ts'
export type { ContentPart } from './masked-way.ts'
export type {
  RecordedBytes,
  RecordedDirection,
  RecordedEnd,
  RecordedError,
  RecordedGap,
  RecordedOpen,
  RecordedRead,
  RecordedReset,
  RecordedStall,
  RecordedWait,
} from './recorded-read.ts'
export { encodeRecordedRead } from './recording-line.ts'
export { missingFrom } from './recording-missing.ts'

/** What a recording says about itself in its first line. */
export interface RecordingHead {
  /** When it began, by the clock on the wall (RFC 3339). */
  readonly startedAt: string
  /** The origin that was asked. */
  readonly target: string
  /** Header fields whose values are stars. */
  readonly redacted: readonly string[]
}

/** A recording, read. */
export interface Recording {
  readonly head: RecordingHead
  readonly entries: readonly RecordedRead[]
  /** Whether the last line is cut: who wrote it was stopped in the middle, and that line is left out. */
  readonly cut: boolean
  /** Lines in the middle that are no entries, and were left out; not there if all were. */
  readonly skipped?: readonly SkippedLine[]
}

/** A line that cannot be read. */
export interface SkippedLine {
  /** Counted from 1; the head is the first. */
  readonly number: number
  readonly why: string
}

/** The first line of a recording (`.xray.jsonl`), its line end included. */
export function encodeRecordingHead({ startedAt, target, redacted }: RecordingHead): string {
  return `${JSON.stringify({ xray: 1, wall: startedAt, clock: 'ms', target, redacted })}\n`
}

/**
 * Reads a recording: a line of JSON for its head, then one for each entry. Kinds of entries that are not known are left
 * out, they are for later readers; so is a last line that was cut. Any other line that is no entry is named in `skipped`: if it
 * held bytes, there is a `gap` in its place, since nobody knows what they were.
 *
 * @throws LlmError `LLM_BAD_RECORDING` when the first line is no head of a recording of this version
 */
export function parseRecording(text: string): Recording {
  const lines = text.split('\n')
  const last = lines.pop() ?? '' // empty, when the last line has its end
  const [first, ...rest] = lines
  const head = headIn(parseJson(first ?? last))
  const cut = last !== '' && first !== undefined && parseJson(last) === undefined
  if (last !== '' && first !== undefined && !cut) rest.push(last) // whole but for its line end
  const skipped: SkippedLine[] = []
  let at = 0 // of the entry before
  const entries = rest.flatMap((line, index) => {
    const entry = entryIn(line)
    if (typeof entry === 'string') skipped.push({ number: index + 2, why: entry })
    const read = typeof entry === 'string' ? gapFor(line, at) : entry
    at = read?.at ?? at
    return read ?? []
  })
  return { head, entries, cut, ...(skipped.length > 0 && { skipped }) }
}

function headIn(line: unknown): RecordingHead {
  const { xray, wall, target, redacted } = objectOf(line)
  if (xray !== 1) {
    const why = xray === undefined ? 'the first line of a recording begins with {"xray":1' : `version ${String(xray)}`
    throw new LlmError('LLM_BAD_RECORDING', `not a recording that can be read: ${why}`)
  }
  const names = Array.isArray(redacted) ? redacted.filter((name) => typeof name === 'string') : []
  return { startedAt: textOf(wall), target: textOf(target), redacted: names }
}

/** What is wrong with a line is said in words. */
function entryIn(line: string): RecordedRead | string | undefined {
  if (line.trim() === '') return undefined
  const json = parseJson(line)
  return json === undefined ? 'not JSON' : readLine(objectOf(json) as JsonObject)
}

/** What a broken line says of itself, in the form in which we write it: bytes of a direction are missing there. */
function gapFor(line: string, at: number): RecordedRead | undefined {
  const [, connection, direction] = /"c":(\d{1,15}),"k":"(up|down|gap)"/.exec(line) ?? []
  if (connection === undefined || direction === undefined) return undefined
  return { kind: 'gap', at, connection: Number(connection), direction: direction === 'up' ? 'up' : 'down', size: 0 }
}
