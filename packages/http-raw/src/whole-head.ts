import { byteAt, endOfRun, endOfValue, lookAt, TARGET_BYTE, TOKEN_BYTE, textAt, wordAt, wordOf } from './byte-runs.ts'
import { fieldValue } from './field-marks.ts'
import { fieldsIn } from './fields.ts'
import type { HttpVersion, RequestHead, ResponseHead } from './head.ts'
import type { Limits } from './limits.ts'
import { isHost } from './request-target.ts'
import { scanFields } from './scan-fields.ts'

/*
 * A shortcut, and nothing but: takes a head that begins at `from` and lies whole in `bytes`, and is as nearly all are. Hands it
 * to `emit` and returns its size, or else returns 0.
 *
 * What is cut, unusual or wrong is left to the lines of the decoder, which would have taken the rest as well, more slowly,
 * and which know what to say. Delete this file and its two calls, and every test but its own still passes;
 * `npm run bench:http -- --only head`, run with and without, says what it is worth.
 */

const LF = 10
const CR = 13
const SP = 32
const SLASH = 47
const ZERO = 48

/** A valid one: most requests are for the same as the one before. */
let lastHost = ''

/** For a request to a target that begins with `/`, with one Host. */
export function takeWholeRequestHead(
  bytes: Uint8Array,
  from: number,
  limits: Limits,
  emit: (head: RequestHead) => void,
): number {
  const start = lookAt(bytes, from)
  const methodEnd = endOfRun(start, TOKEN_BYTE)
  const target = methodEnd + 1
  if (methodEnd === start || byteAt(methodEnd) !== SP || byteAt(target) !== SLASH) return 0
  const targetEnd = endOfRun(target, TARGET_BYTE)
  if (byteAt(targetEnd) !== SP || targetEnd - target > limits.targetSize) return 0
  const version = versionAt(targetEnd + 1)
  const lineEnd = targetEnd + 1 + VERSION_SIZE
  if (version === undefined || byteAt(lineEnd) !== CR || byteAt(lineEnd + 1) !== LF) return 0
  const scanned = scanFields(start, lineEnd + 2, limits.fieldCount)
  if (scanned === undefined || scanned.size > limits.headSize || scanned.host < 0) return 0

  const text = textAt(start, start + scanned.size)
  const method = text.slice(0, methodEnd - start)
  const fields = fieldsIn(text, scanned.marks, scanned.names)
  const host = fieldValue(text, scanned.marks, scanned.host)
  if (method === 'CONNECT' || !(host === lastHost || isHost(host))) return 0
  lastHost = host
  emit({ method, target: text.slice(target - start, targetEnd - start), version, fields })
  return scanned.size
}

/** For a response with a status line as the grammar has it, and no folded field lines. */
export function takeWholeResponseHead(
  bytes: Uint8Array,
  from: number,
  limits: Limits,
  emit: (head: ResponseHead) => void,
): number {
  const start = lookAt(bytes, from)
  const version = versionAt(start)
  const code = start + VERSION_SIZE + 1
  const reason = code + 4
  if (version === undefined || byteAt(code - 1) !== SP) return 0
  const status = statusAt(code)
  if (status < 100 || byteAt(reason - 1) !== SP) return 0
  const lineEnd = endOfValue(reason)
  if (byteAt(lineEnd) !== CR || byteAt(lineEnd + 1) !== LF) return 0
  const scanned = scanFields(start, lineEnd + 2, limits.fieldCount)
  if (scanned === undefined || scanned.size > limits.headSize) return 0

  const text = textAt(start, start + scanned.size)
  const fields = fieldsIn(text, scanned.marks, scanned.names)
  emit({ version, status, reason: text.slice(reason - start, lineEnd - start), fields })
  return scanned.size
}

/** `3DIGIT`; 0 for what is not. */
function statusAt(at: number): number {
  let status = 0
  for (let i = 0; i < 3; i++) {
    const digit = byteAt(at + i) - ZERO
    if (digit < 0 || digit > 9) return 0
    status = status * 10 + digit
  }
  return status
}

const VERSION_SIZE = 8

/** What `HTTP/1.0` and `HTTP/1.1` begin and end with. */
const HTTP = wordOf('HTTP')
const MINOR_0 = wordOf('/1.0')
const MINOR_1 = wordOf('/1.1')

function versionAt(at: number): HttpVersion | undefined {
  if (wordAt(at) !== HTTP) return undefined
  const end = wordAt(at + 4)
  if (end === MINOR_1) return '1.1'
  return end === MINOR_0 ? '1.0' : undefined
}
