import { createXray, type Direction, type Finding, type Span } from '@sse-from-scratch/wire-xray'

/** Text to bytes as UTF-8. */
export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export interface Look {
  readonly spans: readonly Span[]
  readonly findings: readonly Finding[]
  /** Each span as its name and its text. */
  readonly named: readonly (readonly [name: string, text: string])[]
  /** Each finding on a line: `sse event: message: hello`. */
  readonly found: readonly string[]
}

/** What an x-ray says about one direction that arrives in these reads and then ends. */
export function look(direction: Direction, ...reads: readonly (Uint8Array | string)[]): Look {
  const spans: Span[] = []
  const findings: Finding[] = []
  const xray = createXray(
    (span) => spans.push(span),
    (finding) => findings.push(finding),
  )
  const parts = reads.map((read) => (typeof read === 'string' ? encode(read) : read))
  for (const part of parts) xray.push(direction, part)
  xray.end(direction)
  return { spans: join(spans), findings, ...inWords(join(spans), findings, Buffer.concat(parts)) }
}

/** Spans that were cut by the end of a push, put together again. */
export function join(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last && last.end === span.start && last.layer === span.layer && last.element === span.element) {
      joined[joined.length - 1] = { ...last, end: span.end }
    } else joined.push(span)
  }
  return joined
}

function inWords(spans: readonly Span[], findings: readonly Finding[], bytes: Buffer): Pick<Look, 'named' | 'found'> {
  return {
    named: spans.map(({ layer, element, start, end }) => [`${layer} ${element}`, bytes.toString('utf8', start, end)]),
    found: findings.map(({ layer, kind, summary }) => `${layer} ${kind}: ${summary}`),
  }
}

/** Only what comes behind the head, which is the same in many tests. */
export function behindHead({ named }: Look): readonly (readonly [name: string, text: string])[] {
  return named.slice(named.findIndex(([name]) => name === 'http blank-line') + 1)
}

export const EVENT_STREAM = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n'
export const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
