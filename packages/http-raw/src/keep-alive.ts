import type { ResponseHead } from './head.ts'
import { persists } from './persistence.ts'

/** How much sooner than the server we close: its clock started when its answer left, ours when that had arrived. */
const MARGIN = 1000

/**
 * How many milliseconds the connection may be kept after this exchange: Infinity if the server gives no time, and
 * `undefined` if either side does not persist (RFC 9112 §9.3). `Keep-Alive: timeout=5` is a hint from RFC 2068 §19.7.1.1,
 * which never became a standard and which many servers send.
 */
export function keepAliveTime(request: { readonly persists: boolean }, response: ResponseHead): number | undefined {
  if (!request.persists || !persists(response)) return undefined
  if (response.status === 101) return undefined // it speaks another protocol now (RFC 9110 §15.2.2)
  const seconds = timeoutHint(response)
  if (seconds === undefined) return Number.POSITIVE_INFINITY
  const time = seconds * 1000 - MARGIN
  return time > 0 ? time : undefined
}

function timeoutHint({ fields }: ResponseHead): number | undefined {
  for (const parameter of fields.list('keep-alive')) {
    const seconds = /^timeout=(\d{1,9})$/.exec(parameter)?.[1]
    if (seconds !== undefined) return Number(seconds)
  }
  return undefined
}
