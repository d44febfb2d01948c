import type { Connection, Decoder } from '@sse-from-scratch/tcp-echo'
import type { MessageEvent } from './message-decoder.ts'
import { createPieceJoiner } from './piece-joiner.ts'

export interface MessageEventsOptions {
  /** The head has been read already: the decoder is that of the body. */
  readonly headless?: boolean
  /** Gives up on a read of the body that takes too long. */
  readonly within?: (read: Promise<Uint8Array | null>) => Promise<Uint8Array | null>
  /** Runs before the body is first waited for, unless some of it is there already. */
  readonly beforeBody?: () => Promise<void>
  /** The last byte of the message has arrived; some of it may still be unread here. */
  readonly onComplete?: () => void
  /** Once aborted, every read rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

/** The events of one message, for whoever asks for the next one. */
export interface MessageEvents<Head> {
  /** The next event; `undefined` if the peer closed before the message began. Rejects for ever once something is wrong. */
  next(): Promise<MessageEvent<Head> | undefined>
  /** The first thing that was wrong with this message, once something is. */
  readonly failure: { readonly error: unknown } | undefined
  /** Makes every later {@link next} reject. */
  fail(error: unknown): void
  /** Resolves when no read of ours is waiting any more: one that was given up as too slow still is. */
  idle(): Promise<void>
}

/** The I/O shell around a message decoder: one read of the connection at a time, only when asked. */
export function createMessageEvents<Head>(
  connection: Pick<Connection, 'read' | 'unread'>,
  decoder: Decoder<MessageEvent<Head>>,
  options: MessageEventsOptions,
): MessageEvents<Head> {
  const { signal, within = (read) => read } = options
  const events: MessageEvent<Head>[] = []
  const joiner = createPieceJoiner()
  let failure: { readonly error: unknown } | undefined
  let pumping: Promise<void> | undefined
  let reading: Promise<unknown> = Promise.resolve()
  let phase: 'head' | 'before-body' | 'body' = options.headless ? 'before-body' : 'head'
  let over = false // the peer has sent FIN

  function emit(event: MessageEvent<Head>): void {
    if (event.kind === 'data' && joiner.add(event.data)) return
    emitJoined()
    events.push(event)
    if (event.kind === 'end') options.onComplete?.()
  }

  function emitJoined(): void {
    const data = joiner.take()
    if (data) events.push({ kind: 'data', data })
  }

  async function next(): Promise<MessageEvent<Head> | undefined> {
    for (;;) {
      if (signal?.aborted) throw signal.reason
      const event = events.shift()
      if (event) {
        if (event.kind === 'head') phase = 'before-body'
        return event
      }
      if (failure) throw failure.error
      if (over) return undefined
      if (phase === 'before-body') {
        phase = 'body'
        await options.beforeBody?.()
      } else await pump()
    }
  }

  /** However many ask, one read at a time. */
  function pump(): Promise<void> {
    pumping ??= pumpOnce().finally(() => {
      pumping = undefined
    })
    return pumping
  }

  async function pumpOnce(): Promise<void> {
    const read = connection.read()
    reading = read
    try {
      const bytes = await (phase === 'body' ? within(read) : read)
      over = bytes === null
      if (bytes === null) decoder.end(emit)
      else connection.unread(bytes.subarray(decoder.push(bytes, emit)))
    } catch (error) {
      fail(error)
    }
    emitJoined()
  }

  function fail(error: unknown): void {
    failure ??= { error }
  }

  return {
    next,
    fail,
    get failure() {
      return failure
    },
    async idle() {
      await reading.catch(() => {})
    },
  }
}
