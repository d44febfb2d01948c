import type { RequestHead, ResponseHead } from '@sse-from-scratch/http-raw'
import { printable } from './printable.ts'

export type Head = RequestHead | ResponseHead

/** Whether another head comes behind this one, for the same request (RFC 9110 §15.2). A 101 is the last of HTTP. */
export function isInterim(head: Head): boolean {
  return 'status' in head && head.status < 200 && head.status !== 101
}

/** `GET /path`, `200 OK`. */
export function summaryOf(head: Head): string {
  if ('method' in head) return `${printable(head.method)} ${printable(withoutQuery(head.target))}`
  return `${head.status} ${printable(head.reason)}`.trimEnd()
}

/** Queries carry keys and tokens, and summaries end up in logs. */
function withoutQuery(target: string): string {
  const query = target.indexOf('?')
  return query === -1 ? target : `${target.slice(0, query)}?…`
}
