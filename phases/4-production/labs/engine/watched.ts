import { chunked } from '@sse-from-scratch/chunked'
import { createResponseDecoder } from '@sse-from-scratch/http-raw'
import { createContent, sizesIn } from './content.ts'

/** What a client saw, with times in milliseconds of `performance.now()`. */
export interface Watched {
  readonly askedAt: number
  /** When the head was whole; undefined if it never was. */
  readonly headAt: number | undefined
  readonly status: number
  /** The head as it came. */
  readonly head: string
  /** All that came, as Latin-1. */
  readonly wire: string
  /** The data of the last event. */
  readonly last: string
  /** When each event was seen. */
  readonly seen: readonly number[]
  /** Reads that brought events. */
  readonly bursts: number
  /** Sizes of chunks, as they are written. */
  readonly sizes: readonly string[]
  /** `whole`: HTTP says that nothing is missing. */
  readonly end: 'whole' | 'FIN' | 'RST' | 'refused' | 'left'
  readonly endedAt: number
}

/** Takes the reads of an answer, and notes what came when. */
export interface Notes {
  /** How it ended; undefined as long as it goes on. */
  readonly end: Watched['end'] | undefined
  /** A read; null for FIN, undefined for RST. */
  take(read: Uint8Array | null | undefined): Promise<void>
  sum(askedAt: number): Watched
}

export function createNotes(leaveAfter: number, onEvents: (count: number) => void): Notes {
  const seen: number[] = []
  let [wire, last, bursts, status] = ['', '', 0, 0]
  let headAt: number | undefined
  let end: Watched['end'] | undefined
  const decoder = createResponseDecoder('GET', { transferCodings: [chunked] })
  const content = createContent((data) => {
    last = data
    seen.push(performance.now())
    onEvents(seen.length)
  })

  function push(bytes: Uint8Array): void {
    wire += Buffer.from(bytes).toString('latin1')
    decoder.push(bytes, (event) => {
      if (event.kind === 'head') {
        headAt = performance.now()
        status = event.head.status
        if (/^content-encoding: *gzip\r$/im.test(wire)) content.unzip()
      }
      if (event.kind === 'data') content.push(event.data)
      if (event.kind === 'end') end = 'whole'
    })
  }

  return {
    get end() {
      return end
    },
    async take(read) {
      if (read === undefined) end = 'RST'
      else if (read === null) end = endOf(decoder)
      else {
        const before = seen.length
        try {
          push(read)
        } catch {
          end = 'refused'
        }
        await content.settled()
        if (seen.length > before) bursts++
        if (seen.length >= leaveAfter) end ??= 'left'
      }
    },
    sum(askedAt) {
      const [head = '', ...body] = wire.split('\r\n\r\n')
      const sizes = /^transfer-encoding: *chunked\r?$/im.test(head) ? sizesIn(body.join('\r\n\r\n')) : []
      const endedAt = performance.now()
      return { askedAt, headAt, status, head, wire, last, seen, bursts, sizes, end: end ?? 'left', endedAt }
    },
  }
}

/** FIN is an end like any other for a body that ends with the connection. */
function endOf(decoder: ReturnType<typeof createResponseDecoder>): Watched['end'] {
  let isWhole = false
  try {
    decoder.end((event) => (isWhole ||= event.kind === 'end'))
  } catch {}
  return isWhole ? 'whole' : 'FIN'
}
