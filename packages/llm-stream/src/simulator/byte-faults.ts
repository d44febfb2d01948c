import { dataOf, isChunked, isInterim, reframed, withBadSize, withoutCrlf, withWrongSize } from './chunk-surgery.ts'
import { cutPoint } from './cut-point.ts'
import type { Cut, FaultSpec, Place } from './fault-spec.ts'

/** What a write of the HTTP encoder holds: a head, one event (counted from 1) as one chunk, or the end of the body. */
export type Mark = { readonly kind: 'head' } | { readonly kind: 'end' } | { readonly kind: 'event'; readonly n: number }

/** What to do with a connection, one after the other. */
export type Step =
  | { readonly kind: 'write'; readonly bytes: Uint8Array }
  /** Infinity: until the client leaves. */
  | { readonly kind: 'wait'; readonly milliseconds: number }
  /** Nothing comes after one of these. */
  | { readonly kind: 'fin' | 'rst' | 'forget' }

/** Makes of what should be written what is. Pure: it is told of no socket and no clock. */
export interface ByteFaults {
  pass(bytes: Uint8Array, mark: Mark): Iterable<Step>
}

interface Stop {
  readonly at: Place
  readonly inside: Cut['inside'] | undefined
  readonly step: Step
}

const NOTHING = new Uint8Array(0)

/** `contentLength` is what the head says, where the body has the framing `length`. */
export function createByteFaults(spec: FaultSpec, contentLength?: number): ByteFaults {
  const stops = new Set(stopsOf(spec))
  let sent = 0
  let chunked = true // unless the client speaks HTTP/1.0

  function damagedHead(head: Uint8Array): Uint8Array {
    if (isInterim(head)) return head
    chunked = isChunked(head)
    return spec.framing ? reframed(head, contentLength, spec.http10 === true) : head
  }

  function damaged(bytes: Uint8Array, mark: Mark): Uint8Array {
    if (mark.kind === 'head') return damagedHead(bytes)
    if (!chunked) return bytes
    if (mark.kind === 'end') return spec.framing || spec.noLastChunk ? NOTHING : bytes
    return damagedChunk(bytes, mark.n, spec)
  }

  /** How much of `bytes` comes before the stop; `undefined` if all of it does. */
  function offsetOf({ at, inside }: Stop, bytes: Uint8Array, mark: Mark): number | undefined {
    if (at.unit === 'byte') return at.n <= sent + bytes.length ? Math.max(at.n - sent, 0) : undefined
    if (mark.kind === 'head') return undefined
    if (mark.kind === 'end') return 0 // the answer was shorter: better late than never
    if (mark.n < at.n) return undefined
    if (inside === 'chunk-size' && !chunked) return undefined
    return inside ? cutPoint(bytes, inside) : bytes.length
  }

  return {
    *pass(bytes, mark) {
      const wire = damaged(bytes, mark)
      const due = [...stops]
        .map((stop) => ({ stop, offset: offsetOf(stop, wire, mark) }))
        .filter((each): each is { stop: Stop; offset: number } => each.offset !== undefined)
        .sort((a, b) => a.offset - b.offset)
      let at = 0
      for (const { stop, offset } of due) {
        yield* inPieces(wire.subarray(at, offset), mark, spec)
        at = offset
        stops.delete(stop)
        yield stop.step
      }
      yield* inPieces(wire.subarray(at), mark, spec)
      sent += wire.length
      if (mark.kind === 'end' && (spec.framing || spec.noLastChunk)) yield { kind: 'fin' }
    },
  }
}

/** In the order in which they come where they are at the same place: silence, then the end. */
function* stopsOf({ stall, cut, halfOpen }: FaultSpec): Iterable<Stop> {
  const together = stall && cut && stall.at.unit === cut.at.unit && stall.at.n === cut.at.n
  const inside = cut?.inside
  if (halfOpen) yield { at: halfOpen, inside: undefined, step: { kind: 'forget' } }
  if (stall) {
    yield { at: stall.at, inside: together ? inside : undefined, step: { kind: 'wait', milliseconds: stall.time } }
  }
  if (cut && cut.end !== 'clean') yield { at: cut.at, inside, step: { kind: cut.end } }
}

function* inPieces(bytes: Uint8Array, mark: Mark, { split, splitHead, drip }: FaultSpec): Iterable<Step> {
  const most = drip === undefined ? ((mark.kind === 'head' ? splitHead : undefined) ?? split) : 1
  if (most === undefined && bytes.length > 0) yield { kind: 'write', bytes }
  if (most === undefined) return
  for (let at = 0; at < bytes.length; at += most) {
    yield { kind: 'write', bytes: bytes.subarray(at, at + most) }
    yield { kind: 'wait', milliseconds: drip ?? 0 } // writes of one turn would leave as one
  }
}

/** The chunk of the n-th event. */
function damagedChunk(chunk: Uint8Array, n: number, { framing, corrupt, sizeOff }: FaultSpec): Uint8Array {
  if (framing) return dataOf(chunk)
  if (sizeOff?.at.n === n) return withWrongSize(chunk, sizeOff.by)
  if (corrupt?.at.n === n) return corrupt.what === 'size' ? withBadSize(chunk) : withoutCrlf(chunk)
  return chunk
}
