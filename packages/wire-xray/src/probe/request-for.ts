import { encodeRequestHead, Fields } from '@sse-from-scratch/http-raw'
import type { ProbeOptions } from './probe.ts'

/** What is asked, on the wire. */
export interface ProbeRequest {
  readonly method: string
  readonly bytes: readonly Uint8Array[]
}

/** @throws TypeError for what is neither `http:` nor `https:`, and for fields or a method that cannot be sent */
export function requestFor(url: URL, { method, fields, body }: ProbeOptions): ProbeRequest {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError(`cannot ask ${url.protocol}`)
  const content = new TextEncoder().encode(body ?? '')
  const added = [
    ['Host', url.host],
    ['Accept', 'text/event-stream, application/x-ndjson, */*;q=0.1'],
    ['User-Agent', 'xray'],
    ['Connection', 'close'],
    ...(body === undefined
      ? []
      : [['Content-Type', 'application/json'] as const, ['Content-Length', `${content.length}`] as const]),
  ] as const
  const given = added.reduce((all, [name, value]) => (all.has(name) ? all : all.with(name, value)), new Fields(fields))
  const verb = method ?? (body === undefined ? 'GET' : 'POST')
  const head = { method: verb, target: `${url.pathname}${url.search}`, version: '1.1', fields: given } as const
  return { method: verb, bytes: [encodeRequestHead(head), ...(content.length > 0 ? [content] : [])] }
}
