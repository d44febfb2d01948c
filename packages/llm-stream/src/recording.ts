import { LlmError } from './errors.ts'
import { type JsonObject, objectOf, parseJson, textOf } from './json.ts'
import type { RecordedRead } from './recorded-read.ts'
import { readLine } from './recording-line.ts'

export { type ContentPart, createMaskedEntries, type MaskedEntries, type MaskedEntriesSetup } from './masked-entries.ts'
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
}

/** The first line of a recording (`.xray.jsonl`), its line end included. */
export function encodeRecordingHead({ startedAt, target, redacted }: RecordingHead): string {
  return `${JSON.stringify({ xray: 1, wall: startedAt, clock: 'ms', target, redacted })}\n`
}

/**
 * Reads a recording: a line of JSON for its head, then one for each entry. Kinds of entries that are not known are left
 * out, they are for later readers; so is a last line that was cut.
 *
 * @throws LlmError `LLM_BAD_RECORDING` for anything else that is no such line, with its number
 */
export function parseRecording(text: string): Recording {
  const lines = text.split('\n')
  const last = lines.pop() ?? '' // empty, when the last line has its end
  const [first, ...rest] = lines
  const head = headIn(parseJson(first ?? last))
  const entries = rest.flatMap((line, index) => entryIn(line, index + 2))
  if (last === '' || first === undefined) return { head, entries, cut: false }
  const whole = parseJson(last) // whole but for its line end, perhaps
  return {
    head,
    entries: whole === undefined ? entries : [...entries, ...entryIn(last, lines.length + 1)],
    cut: whole === undefined,
  }
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

function entryIn(line: string, number: number): readonly RecordedRead[] {
  if (line.trim() === '') return []
  const json = parseJson(line)
  const entry = json === undefined ? 'not JSON' : readLine(objectOf(json) as JsonObject)
  if (typeof entry === 'string') throw new LlmError('LLM_BAD_RECORDING', `line ${number} of a recording: ${entry}`)
  return entry === undefined ? [] : [entry]
}
