import { chunked } from '@sse-from-scratch/chunked'
import { createRequestDecoder, type MessageEvent, type RequestHead, toLatin1 } from '@sse-from-scratch/http-raw'
import { createHostReplacer } from './host-value.ts'

/** Takes bytes of a client and gives what the target is sent in their place. */
export type HostRewriter = (bytes: Uint8Array) => readonly Uint8Array[]

const LF = 10

/** More than servers read: what they refuse is theirs to refuse. What is longer leaves as it came. */
const LIMITS = { targetSize: 64 * 1024, headSize: 64 * 1024, fieldCount: 1024 } as const

/**
 * Writes `authority` into the Host field of every request on a connection, and leaves every other byte alone.
 *
 * A request decoder says where heads begin and end. From the first byte it refuses on, and behind a CONNECT, everything
 * leaves as it came: it is no HTTP/1 that we could change. (What follows a 101 is refused by itself, as far as anybody
 * switches to what begins like HTTP/1.)
 */
export function createHostRewriter(authority: string): HostRewriter {
  const value = toLatin1(authority)
  let decoder = nextRequest()
  let replace = createHostReplacer(value)
  let inHead = true
  let isHttp = true

  function take(event: MessageEvent<RequestHead>): void {
    if (event.kind !== 'head') return
    inHead = false
    isHttp = event.head.method !== 'CONNECT'
  }

  function begin(): void {
    decoder = nextRequest()
    replace = createHostReplacer(value)
    inHead = true
  }

  /** One line of a head, or what there is of a body; says how much that was. */
  function rewrite(bytes: Uint8Array, parts: Uint8Array[]): number {
    if (decoder.state === 'done') begin()
    const isLine = inHead
    const piece = isLine ? bytes.subarray(0, bytes.indexOf(LF) + 1 || bytes.length) : bytes
    const taken = decoder.push(piece, take)
    if (isLine) replace(piece, parts)
    else parts.push(piece.subarray(0, taken))
    return taken
  }

  return (bytes) => {
    const parts: Uint8Array[] = []
    let at = 0
    try {
      while (at < bytes.length && isHttp) at += rewrite(at === 0 ? bytes : bytes.subarray(at), parts)
    } catch {
      isHttp = false // who looks at the bytes says why
    }
    if (at < bytes.length) parts.push(bytes.subarray(at))
    return parts
  }
}

function nextRequest() {
  return createRequestDecoder({ transferCodings: [chunked], limits: LIMITS })
}
