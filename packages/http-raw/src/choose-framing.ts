import type { BodyEncoder } from './body.ts'
import { createDiscardingEncoder, createIdentityEncoder } from './body-encoder.ts'
import type { Fields } from './fields.ts'
import type { Answer, FramedResponse, Framer } from './frame-response.ts'
import type { RequestHead } from './head.ts'

/** How the end of a body is told. */
export interface Framing {
  /** The field line that says so. */
  readonly line: string
  readonly body: FramedResponse['body']
  readonly encoder?: BodyEncoder
  /** Whether the end can be told without closing the connection. */
  readonly delimited: boolean
}

/** RFC 9112 §6: by a length that is known, by a coding that the client can read, or else by closing. */
export function chooseFraming(answer: Answer, request: RequestHead | undefined, { transferCodings }: Framer): Framing {
  const { status, fields, size } = answer
  if (status === 204) return { line: '', body: 'absent', delimited: true }
  if (status === 304 || request?.method === 'HEAD') return frameAbsentBody(answer)
  const length = declaredLength(fields)
  if (size !== undefined) {
    if (length !== undefined && length !== size) {
      throw new TypeError(`Content-Length is ${length}, the body has ${size} bytes`)
    }
    return { line: length === undefined ? lengthLine(size) : '', body: 'whole', delimited: true }
  }
  if (length !== undefined) return { line: '', encoder: createIdentityEncoder(length), body: 'open', delimited: true }
  const coding = request?.version === '1.1' ? transferCodings[0] : undefined
  if (!coding) return { line: '', encoder: createIdentityEncoder(), body: 'open', delimited: false }
  const line = `Transfer-Encoding: ${coding.name}\r\n`
  return { line, encoder: coding.createEncoder(), body: 'open', delimited: true }
}

/** RFC 9110 §8.6: the length that the same answer would have to a GET may be told, and need not. */
function frameAbsentBody({ status, fields, size }: Answer): Framing {
  const told = declaredLength(fields) !== undefined
  const line = size !== undefined && status !== 304 && !told ? lengthLine(size) : ''
  if (size !== undefined || status === 304) return { line, body: 'absent', delimited: true }
  return { line, encoder: createDiscardingEncoder(), body: 'open', delimited: true }
}

function lengthLine(length: number): string {
  return `Content-Length: ${length}\r\n`
}

/** The Content-Length a handler has set itself, to write a body piece by piece. */
function declaredLength(fields: Fields): number | undefined {
  if (!fields.has('content-length')) return undefined
  const values = fields.all('content-length')
  const length = Number(values[0])
  if (values.length === 1 && /^\d+$/.test(values[0] ?? '') && Number.isSafeInteger(length)) return length
  throw new TypeError('Content-Length is not one number')
}
