import { explain } from '@sse-from-scratch/wire-xray'

/** What a run of bytes is, so that its parts can be named. */
export type Grammar = 'message' | 'chunked' | 'event-stream' | 'bytes'

/** A head for what is shown without one: the labeller names bytes from the first of a connection on. */
const HEADS: Readonly<Record<Grammar, string>> = {
  message: '',
  chunked: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
  'event-stream': 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n',
  bytes: 'HTTP/1.1 200 OK\r\n\r\n',
}

/** The annotated hexdump of bytes. */
export function showBytes(bytes: Uint8Array, grammar: Grammar = 'message'): string {
  const head = new TextEncoder().encode(HEADS[grammar])
  const rows = explain(Buffer.concat([head, bytes]), { columns: 78 }).split('\n')
  return rows.flatMap((row) => withoutHead(row, head.length)).join('\n')
}

/** A row as it is without the head before it; none if it is of that head, or says that a part of a message ends too early. */
function withoutHead(row: string, length: number): string[] {
  const [, offset, rest] = /^([0-9a-f]{4,}) (.*)$/.exec(row) ?? []
  if (offset === undefined) return length > 0 && /^(✗ \w+_INCOMPLETE| {2})/.test(row) ? [] : [` ${row}`]
  const at = Number.parseInt(offset, 16) - length
  return at < 0 ? [] : [` ${at.toString(16).padStart(4, '0')} ${rest}`]
}
