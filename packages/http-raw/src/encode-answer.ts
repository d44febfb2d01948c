import { toLatin1 } from './grammar.ts'

/** How many bytes the content of an answer has, text as UTF-8. */
export function sizeOf(content: Uint8Array | string | undefined): number | undefined {
  return typeof content === 'string' ? Buffer.byteLength(content) : content?.length
}

/**
 * An answer as it is written; the connection makes one write of it. `head` has one character per byte, and `size` is that
 * of the content: text of so many bytes as characters is ASCII, so that it and the head are encoded in one go.
 */
export function encodeAnswer(
  head: string,
  content: Uint8Array | string | undefined,
  size: number = 0,
): readonly Uint8Array[] {
  if (content === undefined || size === 0) return [toLatin1(head)]
  if (typeof content !== 'string') return [toLatin1(head), content]
  return size === content.length ? [toLatin1(head + content)] : [toLatin1(head), Buffer.from(content)]
}
