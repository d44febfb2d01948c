import { createWholeNamer } from './coded-whole.ts'
import type { Finding } from './finding.ts'
import type { ByteRange, Direction, Span } from './span.ts'
import { createXrayWith, type Plain } from './xray.ts'

/**
 * What the first byte begins: a message (request or response, as it says), the body behind `Transfer-Encoding: chunked`, an
 * event stream, or JSON line by line.
 */
export type Subject = 'message' | 'chunked-body' | 'event-stream' | 'json-lines'

/** What it takes to read bytes of one direction. */
export interface ReadingOptions {
  /** Default: `message`. */
  readonly as?: Subject
  /** Of a message: requests go up, responses down. Default: what begins with `HTTP/` is a response. */
  readonly direction?: Direction
  /** Of the request a response answers: one to HEAD has no body (RFC 9112 §6.3). Default: GET. */
  readonly method?: string
}

/** What an x-ray says of bytes that are all there is. */
export interface Reading {
  readonly spans: readonly Span[]
  readonly findings: readonly Finding[]
  /** What was in compressed content. */
  readonly plain: readonly Plain[]
}

const HEADS: Readonly<Record<Exclude<Subject, 'message'>, string>> = {
  'chunked-body': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
  'event-stream': 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n',
  'json-lines': 'HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n',
}

/** Reads bytes as what they are said to be; offsets begin with the first of them. */
export function readBytes(bytes: Uint8Array, options: ReadingOptions = {}): Reading {
  const { as = 'message', method = 'GET', direction: given = directionOf(bytes) } = options
  const spans: Span[] = []
  const findings: Finding[] = []
  const plain: Plain[] = []
  const direction = as === 'message' ? given : 'down'
  const xray = createXrayWith(
    (span) => span.direction === direction && spans.push(span),
    (finding) => finding.direction === direction && findings.push(finding),
    { onPlain: (part) => plain.push({ ...part, bytes: new Uint8Array(part.bytes) }) },
    createWholeNamer,
  )
  if (direction === 'down' && method !== 'GET') xray.push('up', requestOf(method))
  const head = as === 'message' ? NOTHING : new TextEncoder().encode(HEADS[as])
  xray.push(direction, head)
  xray.push(direction, bytes)
  xray.end(direction)
  return head.length === 0 ? { spans, findings, plain } : withoutHead({ spans, findings, plain }, head.length)
}

/** The same, with offsets from the first byte behind the head on. */
function withoutHead({ spans, findings, plain }: Reading, size: number): Reading {
  const shift = ([start, end]: ByteRange) => [start - size, end - size] as const
  return {
    spans: spans
      .filter(({ start }) => start >= size)
      .map((span) => ({ ...span, start: span.start - size, end: span.end - size })),
    findings: findings
      .filter(({ kind, bytes: [range] }) => kind === 'error' || (range?.[1] ?? 0) > size)
      .map((finding) => ({ ...finding, summary: shifted(finding.summary, size), bytes: finding.bytes.map(shift) })),
    plain,
  }
}

/** The offset that the summary of an error says. */
function shifted(summary: string, size: number): string {
  return summary.replace(/(?<=^(?:the stream ends at )?byte )\d+/, (at) => `${Number(at) - size}`)
}

const NOTHING = new Uint8Array()

function requestOf(method: string): Uint8Array {
  const target = method === 'CONNECT' ? 'a:1' : '/'
  return new TextEncoder().encode(`${method} ${target} HTTP/1.1\r\nHost: a:1\r\nContent-Length: 0\r\n\r\n`)
}

/** A response begins with its version, a request never does: `/` is not a character of a method. */
function directionOf(bytes: Uint8Array): Direction {
  return Array.from('HTTP/').every((char, at) => bytes[at] === char.charCodeAt(0)) ? 'down' : 'up'
}
