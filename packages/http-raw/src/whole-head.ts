import { endOfRun, TARGET_BYTE, TOKEN_BYTE, VALUE_BYTE } from './byte-class.ts'
import { fieldsIn } from './fields.ts'
import { latin1 } from './grammar.ts'
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

/** A valid one: most requests are for the same as the one before. */
let lastHost = ''

/** For a request to a target that begins with `/`, with one Host. */
export function takeWholeRequestHead(
  bytes: Uint8Array,
  from: number,
  limits: Limits,
  emit: (head: RequestHead) => void,
): number {
  const methodEnd = endOfRun(bytes, from, TOKEN_BYTE)
  const target = methodEnd + 1
  if (methodEnd === from || bytes[methodEnd] !== SP || bytes[target] !== SLASH) return 0
  const targetEnd = endOfRun(bytes, target, TARGET_BYTE)
  if (bytes[targetEnd] !== SP || targetEnd - target > limits.targetSize) return 0
  const version = versionAt(bytes, targetEnd + 1)
  const lineEnd = targetEnd + 1 + VERSION_SIZE
  if (version === undefined || bytes[lineEnd] !== CR || bytes[lineEnd + 1] !== LF) return 0
  const scanned = scanFields(bytes, from, lineEnd + 2, limits.fieldCount)
  if (scanned === undefined || scanned.size > limits.headSize) return 0

  const text = latin1(bytes, from, from + scanned.size)
  const method = text.slice(0, methodEnd - from)
  const fields = fieldsIn(text, scanned.marks, scanned.names)
  const host = fields.get('host') // two of them are joined by a blank, and no host has one
  if (method === 'CONNECT' || host === undefined || !(host === lastHost || isHost(host))) return 0
  lastHost = host
  emit({ method, target: text.slice(target - from, targetEnd - from), version, fields })
  return scanned.size
}

/** For a response with a status line as the grammar has it, and no folded field lines. */
export function takeWholeResponseHead(
  bytes: Uint8Array,
  from: number,
  limits: Limits,
  emit: (head: ResponseHead) => void,
): number {
  const version = versionAt(bytes, from)
  const code = from + VERSION_SIZE + 1
  const reason = code + 4
  if (version === undefined || bytes[code - 1] !== SP || bytes[reason - 1] !== SP) return 0
  const lineEnd = endOfRun(bytes, reason, VALUE_BYTE)
  if (bytes[lineEnd] !== CR || bytes[lineEnd + 1] !== LF) return 0
  const scanned = scanFields(bytes, from, lineEnd + 2, limits.fieldCount)
  if (scanned === undefined || scanned.size > limits.headSize) return 0

  const text = latin1(bytes, from, from + scanned.size)
  const digits = text.slice(code - from, code - from + 3)
  if (!/^[1-9]\d\d$/.test(digits)) return 0
  const fields = fieldsIn(text, scanned.marks, scanned.names)
  emit({ version, status: Number(digits), reason: text.slice(reason - from, lineEnd - from), fields })
  return scanned.size
}

const VERSION_1 = Array.from('HTTP/1.', (character) => character.charCodeAt(0))
const VERSION_SIZE = VERSION_1.length + 1

function versionAt(bytes: Uint8Array, at: number): HttpVersion | undefined {
  for (let i = 0; i < VERSION_1.length; i++) if (bytes[at + i] !== VERSION_1[i]) return undefined
  const minor = bytes[at + VERSION_1.length]
  if (minor === 0x31) return '1.1'
  return minor === 0x30 ? '1.0' : undefined
}
