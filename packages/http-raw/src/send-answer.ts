import type { Connection } from '@sse-from-scratch/tcp-echo'
import { nameOf } from '@sse-from-scratch/tcp-echo/limits'
import { toLatin1 } from './grammar.ts'

/** `TypeError` for a body that is neither bytes nor text: an object would else be taken for no body at all. */
export function checkContent(content: unknown): void {
  if (content === undefined || typeof content === 'string' || content instanceof Uint8Array) return
  throw new TypeError(
    `the body of an answer is a Uint8Array or a string, not ${nameOf(content)}: JSON.stringify it, say`,
  )
}

/** How many bytes the content of an answer has, text as UTF-8. */
export function sizeOf(content: Uint8Array | string | undefined): number | undefined {
  return typeof content === 'string' ? Buffer.byteLength(content) : content?.length
}

/**
 * Sends an answer as one write; `undefined` if it is polite to go on at once. `head` has one character per byte, and
 * `size` is that of the content: text of so many bytes as characters is ASCII, so that it and the head go out together.
 */
export function sendAnswer(
  connection: Connection,
  head: string,
  content: Uint8Array | string | undefined,
  size: number,
  isLast: boolean,
): Promise<void> | undefined {
  if (content === undefined || size === 0) return sendText(connection, head, isLast)
  if (typeof content !== 'string') return connection.write(toLatin1(head), content)
  return size === content.length
    ? sendText(connection, head + content, isLast)
    : connection.write(toLatin1(head), Buffer.from(content))
}

function sendText(connection: Connection, latin1: string, isLast: boolean): Promise<void> | undefined {
  return connection.send ? connection.send(latin1, isLast) : connection.write(toLatin1(latin1))
}
