import type { DiagnosisCode } from '../diagnose/index.ts'

/** What may be wrong, as somebody would say it who has looked. The order decides nothing. */
export const SYMPTOMS: Readonly<Partial<Record<DiagnosisCode, string>>> = {
  BURST_AFTER_SILENCE: 'somebody held all of it, and let go at once',
  SIZE_QUANTUM: 'a buffer is passed on only when it is full',
  TIME_QUANTUM_200MS: 'a corked socket lets go every 200 ms',
  HEAD_HELD: 'the head waited for the first content',
  COMPRESSOR_NOT_FLUSHED: 'a compressor kept the events to itself',
  IDLE_CUT: 'somebody cut the connection after a silence',
  NO_TERMINATOR: 'the connection ended inside the body',
  RESET_MID_BODY: 'the connection was reset inside the body',
  APP_END_MISSING: 'HTTP ended well, but the end mark of the model is missing',
  EVENT_LOST_AT_END: 'the last event lacks its blank line',
  BAD_CHUNK: 'the chunked coding is broken',
  ERROR_INSIDE_200: 'an error came inside of a 200',
  WRONG_CONTENT_TYPE: 'the Content-Type does not say that it is an event stream',
  STALL: 'it stopped in the middle, and nobody ended it',
}

export const HEALTHY = 'nothing: each event came when there was one'
