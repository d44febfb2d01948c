import type { ByteRange, Direction } from '../span.ts'

/** What may be wrong with an exchange. Codes are stable; what they mean is in the README. */
export type DiagnosisCode =
  // who holds what
  | 'BURST_AFTER_SILENCE'
  | 'SIZE_QUANTUM'
  | 'TIME_QUANTUM_200MS'
  | 'SPLIT_EVENT_40MS'
  | 'HEAD_HELD'
  | 'COMPRESSED_STREAM'
  | 'COMPRESSOR_NOT_FLUSHED'
  | 'CACHED_STREAM'
  // how it ended
  | 'NO_ANSWER'
  | 'NO_TERMINATOR'
  | 'RESET_MID_BODY'
  | 'APP_END_MISSING'
  | 'EVENT_LOST_AT_END'
  | 'IDLE_CUT'
  | 'STALL'
  | 'CLIENT_GONE'
  | 'CLIENT_SLOW'
  | 'RECONNECT_LOOP'
  // what is wrong in it
  | 'BAD_CHUNK'
  | 'BAD_HTTP'
  | 'WRONG_CONTENT_TYPE'
  | 'CONTENT_LENGTH_ON_STREAM'
  | 'CLOSE_DELIMITED'
  | 'UNKNOWN_SSE_FIELD'
  | 'ERROR_INSIDE_200'
  | 'UTF8_SPLIT'
  | 'ID_GAP'
  | 'HOP_FINGERPRINT'
  // what two taps see
  | 'HOP_HOLDS'
  | 'ITL_TOO_GOOD'
  | 'ONE_BEHIND'
  // what nobody can see
  | 'CANNOT_TELL'

/** What is wrong with one exchange, how that is known, and what to do about it. */
export interface Diagnosis {
  readonly code: DiagnosisCode
  /** `error`: the client gets less, or later, than it was sent; `warn`: it may; `info`: worth knowing. */
  readonly severity: 'error' | 'warn' | 'info'
  /** `certain`: the bytes say it; `likely`: hardly anything else looks like this; `hint`: other things do, too. */
  readonly confidence: 'certain' | 'likely' | 'hint'
  /** Which exchange, by the number it has in its timeline. */
  readonly exchange: number
  /** What was seen, in a sentence with its numbers. */
  readonly text: string
  /** What to do; lines of configuration stand on lines of their own, behind the product's name. Empty for nothing. */
  readonly fix: string
  /** What it rests on. */
  readonly evidence: readonly Evidence[]
}

/** One thing that was seen. */
export interface Evidence {
  /** Milliseconds, on the clock of the items. */
  readonly at: number
  readonly direction: Direction
  /** Its bytes, from the first to the last, in the stream of its direction; none for what is an end. */
  readonly bytes?: ByteRange
  /** A word for it: `head`, `event 3`, `FIN`. */
  readonly what: string
}

/** What a rule says; whose exchange it is, is not for it to say. */
export type Verdict = Omit<Diagnosis, 'exchange'>
