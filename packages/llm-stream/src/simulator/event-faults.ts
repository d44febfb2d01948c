import { cutPoint } from './cut-point.ts'
import type { FailureName } from './failures.ts'
import type { FaultSpec } from './fault-spec.ts'
import type { Frame } from './wire-format.ts'

/** What the faults need to know of the wire format. */
export interface EventFaultSetup {
  readonly spec: FaultSpec
  /** Bytes that mean nothing. */
  readonly keepAlive: Uint8Array
  /** An error as an event. */
  readonly failureFrame: (failure: FailureName) => Uint8Array
}

/** A stream with the faults that are faults of its events; those of its bytes are for `createByteFaults`. Pure. */
export function* withEventFaults(frames: Iterable<Frame>, setup: EventFaultSetup): Iterable<Frame> {
  const { cr, bom, noBlankLine } = setup.spec
  let first = true
  let held: Frame | undefined // the last one looks different, and only its successor knows that it is not
  for (const frame of happening(frames, setup)) {
    if (held) yield held
    const bytes = cr ? inCr(frame.bytes) : frame.bytes
    held = { ...frame, bytes: bom && first ? Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes) : bytes }
    first = false
    if (noBlankLine) continue
    yield held
    held = undefined
  }
  if (held) yield { ...held, bytes: withoutBlankLine(held.bytes) }
}

/** The events that there are, up to the one behind which there are none. */
function* happening(frames: Iterable<Frame>, { spec, keepAlive, failureFrame }: EventFaultSetup): Iterable<Frame> {
  const { error, drop, noDone, cut, commentsOnly } = spec
  let n = 0
  for (const frame of frames) {
    n += 1
    if (error && (n === error.at.n || frame.last)) {
      yield { bytes: failureFrame(error.failure), holdsToken: false }
      return
    }
    const end = cut?.end === 'clean' && n >= cut.at.n ? cleanEnd(frame, cut.inside) : undefined
    if (end !== undefined) {
      yield { ...frame, bytes: frame.bytes.subarray(0, end) }
      return
    }
    if (n !== drop?.n && !(noDone && frame.last)) yield frame
    if (n !== commentsOnly?.at.n) continue
    for (;;) yield { bytes: keepAlive, holdsToken: false, wait: commentsOnly.every }
  }
}

/** Where in a frame the answer stops; `undefined` if this frame has no such place. */
function cleanEnd({ bytes }: Frame, inside: 'utf8' | 'json' | 'chunk-size' | undefined): number | undefined {
  return inside ? cutPoint(bytes, inside) : bytes.length
}

const LF = 10
const CR = 13

/** Every line end is one CR (HTML §9.2.5 allows it). */
function inCr(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte) => byte !== CR).map((byte) => (byte === LF ? CR : byte))
}

function withoutBlankLine(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] === LF || bytes[end - 1] === CR)) end -= 1
  return bytes.subarray(0, end)
}
