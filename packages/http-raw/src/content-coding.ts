import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'
import type { Fields } from './fields.ts'

/** What takes a content coding off again. */
export type ContentDecoder =
  | ReturnType<typeof createGunzip>
  | ReturnType<typeof createInflate>
  | ReturnType<typeof createBrotliDecompress>

/** A content coding we can read (RFC 9110 §8.4.1). */
export interface ContentCoding {
  readonly name: string
  /** The decoder for a body that begins with this byte. */
  createDecoder(firstByte: number): ContentDecoder
}

const gzip: ContentCoding = { name: 'gzip', createDecoder: () => createGunzip() }

/**
 * By §8.4.1.2 the zlib format (RFC 1950); some servers send what is inside it (RFC 1951), and always have. The lower half of
 * the first byte tells: 8 in zlib's, and never in the other's, where it would be a stored block with dirty padding.
 */
const deflate: ContentCoding = {
  name: 'deflate',
  createDecoder: (firstByte) => ((firstByte & 0x0f) === 8 ? createInflate() : createInflateRaw()),
}

/** RFC 7932. */
const br: ContentCoding = { name: 'br', createDecoder: () => createBrotliDecompress() }

const CODINGS: ReadonlyMap<string, ContentCoding> = new Map([
  ['gzip', gzip],
  ['x-gzip', gzip], // §8.4.1.3: the same
  ['deflate', deflate],
  ['br', br],
])

/** What to ask for (RFC 9110 §12.5.3). Not for a part of a body: nobody can decode from the middle (Fetch §4.6). */
export function acceptEncoding(fields: Fields): string {
  return fields.has('range') ? 'identity' : 'gzip, deflate, br'
}

/**
 * The codings of a body, the one to take off first first (RFC 9110 §8.4: they are listed in the order in which they were
 * applied), or `undefined` if one of them is not known here or there are more than `most`.
 */
export function contentCodings(fields: Fields, most: number): readonly ContentCoding[] | undefined {
  const names = fields.list('content-encoding').filter((name) => name !== 'identity')
  const codings = names.map((name) => CODINGS.get(name)).filter((coding) => coding !== undefined)
  return codings.length === names.length && names.length <= most ? codings.reverse() : undefined
}
