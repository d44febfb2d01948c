import type { Connection } from '@sse-from-scratch/tcp-echo'
import { before, tooSlow } from './deadline.ts'
import { createFirstBytes } from './first-bytes.ts'
import type { RequestHead } from './head.ts'
import { createRequestHeadDecoder } from './head-grammar.ts'
import type { ServerSettings } from './server-options.ts'

/** Who waits for a request. Is told one of the two, once, and must not throw. */
export interface HeadReceiver {
  /** `null` if none comes: the client closes, is too slow to begin, or the server is closing. */
  onHead(head: RequestHead | null): void
  /** What came is not one, not all of one, or too slow to be. */
  onRefused(error: unknown): void
}

/** What a client sends on one connection: a head, the bytes of its body, the next head. */
export interface RequestSource extends Pick<Connection, 'read' | 'unread'> {
  /** The next head, if all of it has arrived. Throws as the decoder does. */
  takeHead(): RequestHead | undefined
  /** Waits for one, when {@link takeHead} has none. */
  awaitHead(receiver: HeadReceiver): void
  /** Whether there are bytes that nobody has decoded yet. */
  hasBytes(): boolean
  /** Gives all that was not decoded back to the connection: it is not HTTP. */
  release(): void
  /** Resolves when no read of the connection is waiting any more. */
  idle(): Promise<void>
  /** No request is waited for from now on. */
  stop(): void
}

const EMPTY = new Uint8Array(0)

/** Refuses as the decoder and the connection do, and with `HTTP_TIMEOUT` for a head that takes too long. */
export function createRequestSource(connection: Connection, settings: ServerSettings): RequestSource {
  const { headTimeout } = settings
  const heads = createRequestHeadDecoder(settings.limits)
  const firstBytes = createFirstBytes(connection, settings)
  let undecoded: Uint8Array = EMPTY
  let decoded: RequestHead | undefined
  let inHead = false
  let reading: Promise<unknown> | undefined
  let over = false
  let receiver: HeadReceiver

  const keep = (head: RequestHead) => {
    decoded = head
  }

  function takeHead(): RequestHead | undefined {
    if (undecoded.length === 0) return undefined
    const taken = heads.push(undecoded, keep)
    undecoded = taken === undecoded.length ? EMPTY : undecoded.subarray(taken)
    const head = decoded
    decoded = undefined
    inHead = head === undefined
    return head
  }

  function onFirstBytes(bytes: Uint8Array | null): void {
    undecoded = bytes ?? EMPTY
    try {
      const head = bytes && !over ? takeHead() : null
      if (head === undefined) awaitRest()
      else receiver.onHead(head)
    } catch (error) {
      receiver.onRefused(error)
    }
  }

  function awaitRest(): void {
    const late = () => tooSlow('the request head', 'headTimeout', headTimeout)
    before(restOfHead(), headTimeout, late).then(receiver.onHead, receiver.onRefused)
  }

  async function restOfHead(): Promise<RequestHead | null> {
    while (!over) {
      const bytes = await read()
      if (bytes === null) {
        heads.end(keep)
        return null
      }
      undecoded = bytes
      const head = takeHead()
      if (head) return head
    }
    return null
  }

  function read(): Promise<Uint8Array | null> {
    if (undecoded.length > 0) {
      const bytes = undecoded
      undecoded = EMPTY
      return Promise.resolve(bytes)
    }
    const read = connection.read()
    reading = read
    return read
  }

  return {
    read,
    takeHead,
    awaitHead(who) {
      receiver = who
      if (inHead) awaitRest()
      else firstBytes.wait(onFirstBytes)
    },
    unread(bytes) {
      if (bytes.length > 0) undecoded = bytes
    },
    hasBytes: () => undecoded.length > 0,
    release() {
      connection.unread(undecoded)
      undecoded = EMPTY
    },
    async idle() {
      await firstBytes.idle()
      await reading?.catch(() => {})
    },
    stop() {
      over = true
      firstBytes.stop()
    },
  }
}
