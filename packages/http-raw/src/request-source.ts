import type { Connection } from '@sse-from-scratch/tcp-echo'
import { createAlarm } from './alarm.ts'
import { before, tooSlow } from './deadline.ts'
import type { RequestHead } from './head.ts'
import { createRequestHeadDecoder } from './head-grammar.ts'
import type { ServerSettings } from './server-options.ts'

/** What a client sends on one connection: a head, the bytes of its body, the next head. */
export interface RequestSource extends Pick<Connection, 'read' | 'unread'> {
  /** The next head, if all of it has arrived: of requests that came in one read, none waits for a promise. */
  takeHead(): RequestHead | undefined
  /** Waits for one. `null` if none comes: the client closes, is too slow to begin, or the server is closing. */
  nextHead(): Promise<RequestHead | null>
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

/**
 * Throws and rejects as the decoder and the connection do, and with `HTTP_TIMEOUT` for a head that takes too long.
 *
 * What can be made once a connection is: one promise a read, and none a head that came with another.
 */
export function createRequestSource(connection: Connection, settings: ServerSettings): RequestSource {
  const { headTimeout, keepAliveTimeout, closing } = settings
  const heads = createRequestHeadDecoder(settings.limits)
  let undecoded: Uint8Array = EMPTY
  let decoded: RequestHead | undefined
  let inHead = false
  let reading: Promise<unknown> | undefined
  let over = false
  let resolve: (head: RequestHead | null | Promise<RequestHead | null>) => void = () => {}
  let reject: (error: unknown) => void = () => {}

  const keep = (head: RequestHead) => {
    decoded = head
  }
  const giveUp = () => resolve(null)
  const firstByte = createAlarm(headTimeout, giveUp)
  const nextRequest = createAlarm(keepAliveTimeout, giveUp)
  let alarm = firstByte
  closing?.addEventListener('abort', giveUp, { once: true })

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
    stopWaiting()
    try {
      undecoded = bytes ?? EMPTY
      resolve(bytes === null || over ? null : (takeHead() ?? restOfHeadInTime()))
    } catch (error) {
      reject(error)
    }
  }

  /** Between two requests nothing is lost, and nobody needs to know. */
  function onBroken(): void {
    stopWaiting()
    resolve(null)
  }

  function stopWaiting(): void {
    alarm.stop()
    if (alarm === firstByte) firstByte.cancel()
    alarm = nextRequest
  }

  function restOfHeadInTime(): Promise<RequestHead | null> {
    return before(restOfHead(), headTimeout, () => tooSlow('the request head', 'headTimeout', headTimeout))
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

  return {
    read,
    takeHead,
    nextHead() {
      if (inHead) return restOfHeadInTime()
      return new Promise((onHead, onError) => {
        resolve = onHead
        reject = onError
        if (closing?.aborted) return giveUp()
        alarm.start()
        read().then(onFirstBytes, onBroken)
      })
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
      await reading?.catch(() => {})
    },
    stop() {
      over = true
      alarm.cancel()
      closing?.removeEventListener('abort', giveUp)
    },
  }
}
