import type { Limits } from '@sse-from-scratch/http-raw'
import type { CodedOptions } from './coded.ts'
import { createContentNamer } from './content.ts'
import type { Conversation } from './conversation.ts'
import type { Finding } from './finding.ts'
import { createFindings } from './findings.ts'
import type { Head } from './heads.ts'
import { type ContentNamer, type Find, MESSAGE_BODY, type Name, type Put } from './name.ts'
import type { PlainPart } from './plain.ts'
import type { Place } from './ranges.ts'
import { type Carriage, createReads } from './reads.ts'
import { createSide } from './side.ts'
import type { ByteRange, Direction, Span } from './span.ts'
import type { Complete, Plain } from './xray.ts'

/** Who hears what the bytes of a connection are. */
export interface XrayListener {
  /** Not given: spans are not made. */
  readonly onSpan: ((span: Span) => void) | undefined
  onFinding(finding: Finding, carriage: Carriage): void
  onPlain(plain: Plain): void
  onComplete(message: Complete): void
}

/** What the two lanes of a connection share. */
export interface LaneContext {
  readonly listener: XrayListener
  readonly conversation: Conversation
  readonly limits: Partial<Limits>
  readonly lookInto: boolean
  createCoded(options: CodedOptions): ContentNamer
  /** Something begins to be decompressed, or is. */
  work(change: 1 | -1): void
}

/** One direction of a connection on its way to the listeners: spans joined and flushed, findings with their reads. */
export interface Lane {
  push(bytes: Uint8Array, at: number): void
  end(): void
  /** Throws what a listener threw since the last time. */
  rethrow(): void
}

export function createLane(direction: Direction, context: LaneContext): Lane {
  const { listener, lookInto, createCoded, work } = context
  const { onSpan } = listener
  const reads = createReads()
  let start = 0 // of the span that is not out yet
  let offset = 0
  let name: Name | undefined
  let ended = false
  let thrown: { readonly error: unknown } | undefined

  const findings = createFindings(direction, (finding) => tell(tellFinding, finding))

  /** An error of a listener's must neither be taken for a decoder's nor cost us bytes: it waits. */
  function tell<Told>(listen: (told: Told) => void, told: Told): void {
    try {
      listen(told)
    } catch (error) {
      thrown ??= { error }
    }
  }

  function tellFinding(finding: Finding): void {
    listener.onFinding(finding, reads.carried(finding.bytes))
  }

  function flush(): void {
    if (onSpan && name && offset > start) {
      const { layer, element } = name
      tell(onSpan, { direction, start, end: offset, layer, element })
    }
    start = offset
  }

  function put(next: Name, size: number): void {
    if (onSpan && next !== name) {
      flush()
      name = next
    }
    offset += size
    findings.report()
  }

  function rethrow(): void {
    const error = thrown
    thrown = undefined
    if (error) throw error.error
  }

  function complete(): void {
    const { at } = reads.carried([]).last
    tell(listener.onComplete, { direction, exchange: findings.exchange, at })
  }

  function createContent({ fields }: Head, range: ByteRange, name: Put, find: Find): ContentNamer {
    if (!lookInto) return { push: (bytes) => name(MESSAGE_BODY, bytes.length), end: () => {} }
    const { exchange } = findings
    const hearPlain = (part: PlainPart) => tell(listener.onPlain, { direction, exchange, ...part })
    const coded = { createCoded, hearPlain, wake: findings.report, work }
    return createContentNamer(fields, range, { find, put: name, place, coded })
  }

  const place: Place = { offset: 0, body: 0, chunk: -1 }
  const { begin, report } = findings
  const side = createSide({ ...context, direction, begin, put, report, complete, createContent }, place)
  return {
    push(bytes, at) {
      if (ended) throw new TypeError(`bytes behind the end of direction ${direction}`)
      if (bytes.length > 0) reads.add(offset, at)
      side.push(bytes)
      flush()
      name = undefined
      rethrow()
    },
    end() {
      if (ended) return
      ended = true
      side.end()
      report()
      rethrow()
    },
    rethrow,
  }
}
