import { type FieldLine, type Limits, latin1, parseFieldLine } from '@sse-from-scratch/http-raw/decoder'
import { ChunkedError } from './errors.ts'
import { LF } from './octets.ts'

/**
 * Fields that nobody may send after the body (RFC 9110 §6.5.1): by then it is too late for what they would change.
 *
 * They say how to find the message's end, where to route it, or who sent it. A program that merged them into the
 * header section could be talked into a second opinion about each.
 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  // message framing
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // routing
  'forwarded',
  'host',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  // authentication
  'authorization',
  'cookie',
  'proxy-authenticate',
  'proxy-authorization',
  'set-cookie',
  'www-authenticate',
])

export function isForbiddenInTrailers(name: string): boolean {
  return FORBIDDEN.has(name.toLowerCase())
}

export interface TrailerReader {
  /** Takes bytes up to and including the empty line that ends the section; returns how many that was. */
  push(bytes: Uint8Array): number
  readonly done: boolean
  /** What may be kept of the section. Forbidden fields are dropped, as RFC 9110 §6.5.1 asks. */
  readonly fields: readonly FieldLine[]
}

/** Reads `trailer-section CRLF` (RFC 9112 §7.1.2): field lines, as in a head, until an empty one. */
export function createTrailerReader(limits: Limits): TrailerReader {
  const fields: FieldLine[] = []
  let line = '' // the one that is arriving, up to its LF
  let size = 0 // of the lines before it
  let count = 0
  let done = false

  function finishLine(): void {
    size += line.length + 1
    if (size > limits.trailerSize || ++count > limits.trailerCount) throw tooManyTrailers(limits)
    if (!line.endsWith('\r')) throw new ChunkedError('CHUNKED_BAD_DELIMITER', 'a bare LF in the trailer section')
    const field = parseFieldLine(line.slice(0, -1))
    if (!isForbiddenInTrailers(field[0])) fields.push(field)
    line = ''
  }

  return {
    get done() {
      return done
    },
    fields,
    push(bytes) {
      let at = 0
      while (at < bytes.length && !done) {
        const lf = bytes.indexOf(LF, at)
        const end = lf === -1 ? bytes.length : lf
        line += latin1(bytes.subarray(at, end))
        at = lf === -1 ? end : lf + 1
        if (lf !== -1 && line === '\r') done = true
        else if (lf !== -1) finishLine()
        else if (line !== '\r' && size + line.length > limits.trailerSize) throw tooManyTrailers(limits)
      }
      return at
    },
  }
}

function tooManyTrailers({ trailerSize, trailerCount }: Limits): ChunkedError {
  const message = `more than ${trailerSize} bytes or ${trailerCount} fields of trailers`
  return new ChunkedError('CHUNKED_TOO_MUCH_OVERHEAD', message, { status: 431 })
}
