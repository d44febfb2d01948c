import { createXray, type Finding, type Span } from '@sse-from-scratch/wire-xray'
import { join } from '../look.ts'
import type { Specimen } from './specimen.ts'
import { wordingsFor } from './subject.ts'

export type Outcome =
  | { readonly kind: 'complete' }
  | { readonly kind: 'incomplete'; readonly code: string }
  /** Refused in the read that begins at `from` and ends before `to`. */
  | { readonly kind: 'error'; readonly code: string; readonly from: number; readonly to: number }

/** What the decoders made of a specimen that arrived in some reads. */
export interface Decoded {
  readonly events: readonly Event[]
  readonly outcome: Outcome
  /** Bytes that were taken; what is left is for somebody else. */
  readonly taken: number
}

export interface Event {
  /** Where the read ended that completed it: exact when bytes come one by one. */
  readonly at: number
  readonly words: readonly string[]
  /** Data that came between two other events, joined: how it was cut is no business of a log. */
  readonly data?: Uint8Array
}

/** A byte that a decoder took, as the state diagrams want to know it. */
export interface Step {
  readonly before: string
  readonly byte: number
  /** What became of it: the next state, or the code with which it was refused. */
  readonly after: string
  readonly refused: boolean
}

/** Runs the package's own decoders over the reads, one message after the other. */
export function decode(
  specimen: Specimen,
  reads: Iterable<Uint8Array>,
  onStep: (step: Step) => void = () => {},
): Decoded {
  const next = wordingsFor(specimen)
  const events: Event[] = []
  let message = next()
  let begun = ['Chunked body', 'Event stream'].includes(specimen.subject) // any other may not come at all
  let over = false // what follows is no message of this kind any more
  let taken = 0
  let data: Uint8Array[] = []

  function flush(): void {
    if (data.length > 0) events.push({ at: taken, words: ['data'], data: Buffer.concat(data) })
    data = []
  }

  function emit(event: unknown, at: number): void {
    const emitted = message.inWords(event)
    if ('data' in emitted) return void data.push(emitted.data.slice())
    flush()
    events.push({ at, words: emitted.words })
  }

  function push(bytes: Uint8Array): number {
    const { decoder } = message
    const before = decoder.state
    const size = decoder.push(bytes, (event) => emit(event, taken + bytes.length))
    if (size === 1) onStep({ before, byte: bytes[0] as number, after: decoder.state, refused: false })
    begun = true
    if (decoder.state !== 'done') return size
    over = !message.goesOn
    message = next()
    begun = false
    return size
  }

  for (const read of reads) {
    for (let rest = read; rest.length > 0 && !over; ) {
      const before = message.decoder.state
      try {
        const size = push(rest)
        taken += size
        rest = rest.subarray(size)
      } catch (error) {
        const code = codeOf(error)
        flush()
        if (rest.length === 1) onStep({ before, byte: rest[0] as number, after: code, refused: true })
        return { events, taken, outcome: { kind: 'error', code, from: taken, to: taken + rest.length } }
      }
    }
  }
  let outcome: Outcome = { kind: 'complete' }
  try {
    if (begun) message.decoder.end((event) => emit(event, taken))
  } catch (error) {
    outcome = { kind: 'incomplete', code: codeOf(error) }
  }
  flush()
  return { events, taken, outcome }
}

/** What an x-ray needs in front to see what follows. */
const HEADS: Partial<Record<Specimen['subject'], string>> = {
  'Chunked body': 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
  'Event stream': 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n',
}

export interface Seen {
  readonly spans: readonly Span[]
  readonly findings: readonly Finding[]
}

/** What the x-ray says to the same reads, with offsets from the specimen's first byte on. Of lines it knows nothing. */
export function xray(specimen: Specimen, reads: Iterable<Uint8Array>): Seen {
  const { subject, limits, methods } = specimen
  const spans: Span[] = []
  const findings: Finding[] = []
  if (subject === 'Lines') return { spans, findings }
  const prefix = Buffer.from(HEADS[subject] ?? '')
  const direction = subject === 'Request' ? 'up' : 'down'
  const eye = createXray(
    (span) => {
      if (span.direction === direction) spans.push(span)
    },
    (finding) => {
      if (finding.direction === direction) findings.push(finding)
    },
    { limits: subject === 'Event stream' ? {} : limits },
  )
  if (methods.some((method) => method !== 'GET')) {
    for (const method of methods)
      eye.push('up', Buffer.from(`${method} ${method === 'CONNECT' ? 'a:1' : '/'} HTTP/1.0\r\n\r\n`))
  }
  eye.push(direction, prefix)
  for (const read of reads) eye.push(direction, read)
  eye.end(direction)
  const shift = prefix.length
  return {
    spans: join(spans)
      .filter(({ start }) => start >= shift)
      .map((span) => ({ ...span, start: span.start - shift, end: span.end - shift })),
    findings: findings
      .map((finding) => ({
        ...finding,
        summary: '', // says offsets and sizes in words
        bytes: finding.bytes.map(([start, end]) => [start - shift, end - shift] as const),
      }))
      .filter(({ kind, bytes }) => kind === 'error' || (bytes[0]?.[1] ?? 0) > 0),
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  throw error
}
